//! 发件箱: written in the act's own transaction, delivered afterwards with proof.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The case it is about.
    pub case_id: Option<i64>,
    /// The event that made it.
    pub event_number: Option<i64>,
    /// `complainant`, `respondent`, `staff`.
    pub recipient: String,
    /// `in_app`, `sms`, `email`, `phone`, `letter`.
    pub channel: String,
    /// Number or address.
    pub address: String,
    /// Subject line.
    pub subject: String,
    /// Text.
    pub body: String,
    /// The paper it carries.
    pub paper_id: Option<i64>,
    /// `waiting`, `sent`, `failed`, `by_hand` (a person must deliver it), `no_gateway`.
    pub state: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// Not before.
    pub next_try_at: Timestamp,
    /// Tries so far.
    pub attempts: i64,
    /// When it was delivered.
    pub done_at: Option<Timestamp>,
    /// What proves it.
    pub proof: String,
    /// What went wrong last.
    pub error: String,
}

const COLUMNS: &str = "id, case_id, event_number, recipient, channel, address, subject, body, paper_id, state, created_at, \
    next_try_at, attempts, done_at, proof, error";

/// Writes a message; gives its id.
pub fn insert(tx: &mut Tx<'_>, message: &MessageRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO outbox (case_id, event_number, recipient, channel, address, subject, body, paper_id, state, \
         created_at, next_try_at, attempts, done_at, proof, error) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, '') RETURNING id",
        params![
            message.case_id,
            message.event_number,
            &message.recipient,
            &message.channel,
            &message.address,
            &message.subject,
            &message.body,
            message.paper_id,
            &message.state,
            message.created_at,
            message.next_try_at,
            message.done_at,
            &message.proof,
        ],
    )?;
    returned_id(row)
}

/// Messages of a channel that wait for a machine to deliver them, the oldest first.
pub fn waiting(tx: &mut Tx<'_>, channel: &str, now: Timestamp, limit: i64) -> Result<Vec<MessageRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' AND next_try_at <= $1 AND channel = $2 \
         ORDER BY next_try_at, id LIMIT $3"
    );
    tx.query(&sql, params![now, channel, limit])?.iter().map(message).collect()
}

/// The messages of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<MessageRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE case_id = $1 ORDER BY id");
    tx.query(&sql, params![case_id])?.iter().map(message).collect()
}

/// One message.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<MessageRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE id = $1");
    tx.first(&sql, params![id])?.map(|row| message(&row)).transpose()
}

/// Messages in a state, newest first, from before row `before` on: for the administrator's page.
pub fn in_state(tx: &mut Tx<'_>, state: &str, before: i64, limit: i64) -> Result<Vec<MessageRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&sql, params![state, before, limit])?.iter().map(message).collect()
}

/// How many messages are in each state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query("SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state", &[])?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Writes what became of a message, only if it is still in the state and at the number of tries that were seen; `false` when
/// it is not.
pub fn settle(tx: &mut Tx<'_>, message: &MessageRow, seen_state: &str, seen_attempts: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE outbox SET state = $1, next_try_at = $2, attempts = $3, done_at = $4, proof = $5, error = $6 \
         WHERE id = $7 AND state = $8 AND attempts = $9",
        params![
            &message.state,
            message.next_try_at,
            message.attempts,
            message.done_at,
            &message.proof,
            &message.error,
            message.id,
            seen_state,
            seen_attempts
        ],
    )?;
    Ok(changed == 1)
}

/// Lets messages of a channel wait for its machine that were written since then while there was none; gives how many.
pub fn release(tx: &mut Tx<'_>, channel: &str, written_since: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE outbox SET state = 'waiting', next_try_at = $1 \
         WHERE state = 'no_gateway' AND channel = $2 AND created_at >= $3",
        params![now, channel, written_since],
    )
}

/// Marks waiting messages of a channel that has no machine any more; gives how many.
pub fn withhold(tx: &mut Tx<'_>, channel: &str) -> Result<u64, StoreError> {
    tx.execute("UPDATE outbox SET state = 'no_gateway' WHERE state = 'waiting' AND channel = $1", params![channel])
}

fn message(row: &Row) -> Result<MessageRow, StoreError> {
    Ok(MessageRow {
        id: row.int(0)?,
        case_id: row.opt_int(1)?,
        event_number: row.opt_int(2)?,
        recipient: row.text(3)?,
        channel: row.text(4)?,
        address: row.text(5)?,
        subject: row.text(6)?,
        body: row.text(7)?,
        paper_id: row.opt_int(8)?,
        state: row.text(9)?,
        created_at: row.timestamp(10)?,
        next_try_at: row.timestamp(11)?,
        attempts: row.int(12)?,
        done_at: row.opt_timestamp(13)?,
        proof: row.text(14)?,
        error: row.text(15)?,
    })
}
