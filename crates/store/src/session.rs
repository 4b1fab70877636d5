//! 登录会话: found by the hash of a random cookie.

use domain::account::Gate;
use jiff::Timestamp;

use crate::case::unknown_key;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of its cookie.
    pub token_hash: String,
    /// Whose.
    pub account_id: i64,
    /// Begun.
    pub created_at: Timestamp,
    /// Last used.
    pub seen_at: Timestamp,
    /// Ends at the latest.
    pub expires_at: Timestamp,
    /// With which browser, in words.
    pub device: String,
    /// From which address.
    pub address: String,
    /// What must be done before it opens.
    pub gate: Gate,
    /// Wrong second factors so far.
    pub wrong: i64,
    /// When she last proved who she is.
    pub proved_at: Timestamp,
}

const COLUMNS: &str =
    "token_hash, account_id, created_at, seen_at, expires_at, device, address, gate, wrong, proved_at";

/// Opens a session.
pub fn insert(tx: &mut Tx<'_>, session: &SessionRow) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO session ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
        params![
            &session.token_hash,
            session.account_id,
            session.created_at,
            session.seen_at,
            session.expires_at,
            &session.device,
            &session.address,
            session.gate.key(),
            session.wrong,
            session.proved_at
        ],
    )
    .map(drop)
}

/// The session with this hash.
pub fn find(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<SessionRow>, StoreError> {
    let row = tx.first(&format!("SELECT {COLUMNS} FROM session WHERE token_hash = $1"), params![token_hash])?;
    row.as_ref().map(session).transpose()
}

/// The sessions of an account whose second factor is not missing, the last used first.
pub fn of_account(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<SessionRow>, StoreError> {
    let rows = tx.query(
        &format!(
            "SELECT {COLUMNS} FROM session WHERE account_id = $1 AND gate <> 'prove' ORDER BY seen_at DESC, token_hash"
        ),
        params![account_id],
    )?;
    rows.iter().map(session).collect()
}

/// Notes that a session was used.
pub fn touch(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE session SET seen_at = $1 WHERE token_hash = $2", params![now, token_hash]).map(drop)
}

/// It opens: nothing is missing any more.
pub fn open_gate(tx: &mut Tx<'_>, token_hash: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE session SET gate = 'open' WHERE token_hash = $1", params![token_hash]).map(drop)
}

/// Notes that its holder proved who she is.
pub fn prove(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE session SET proved_at = $1, seen_at = $1, wrong = 0 WHERE token_hash = $2",
        params![now, token_hash],
    )
    .map(drop)
}

/// Counts a wrong second factor; gives how many there were.
pub fn note_wrong(tx: &mut Tx<'_>, token_hash: &str) -> Result<i64, StoreError> {
    let row =
        tx.first("UPDATE session SET wrong = wrong + 1 WHERE token_hash = $1 RETURNING wrong", params![token_hash])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Ends a session.
pub fn delete(tx: &mut Tx<'_>, token_hash: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![token_hash]).map(drop)
}

/// Ends every session of an account.
pub fn delete_of(tx: &mut Tx<'_>, account_id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE account_id = $1", params![account_id]).map(drop)
}

/// Ends sessions that expired or were idle since `idle_before`.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp, idle_before: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM session WHERE expires_at <= $1 OR seen_at < $2", params![now, idle_before])
}

fn session(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        token_hash: row.text(0)?,
        account_id: row.int(1)?,
        created_at: row.timestamp(2)?,
        seen_at: row.timestamp(3)?,
        expires_at: row.timestamp(4)?,
        device: row.text(5)?,
        address: row.text(6)?,
        gate: Gate::from_key(row.str(7)?).ok_or_else(|| unknown_key(7))?,
        wrong: row.int(8)?,
        proved_at: row.timestamp(9)?,
    })
}
