//! 交接: what a person hands over before her post changes, who takes it, and that both signed.

use domain::case_kind::CaseKind;
use domain::handover::Thing;
use domain::status::Status;
use jiff::Timestamp;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A hand-over as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverRow {
    /// Row id.
    pub id: i64,
    /// Whose things.
    pub account_id: i64,
    /// Her name.
    pub name: String,
    /// Where she worked when it is read.
    pub organization: String,
    /// That organisation's path.
    pub path: String,
    /// That organisation's bureau.
    pub bureau_id: i64,
    /// Why.
    pub reason: String,
    /// Who began it.
    pub opened_by: Option<String>,
    /// When.
    pub opened_at: Timestamp,
    /// Who signed for the giving side.
    pub signed_by: Option<i64>,
    /// That person's name.
    pub signer: Option<String>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// Since when nothing more is to be done.
    pub closed_at: Option<Timestamp>,
}

/// Something handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Row id.
    pub id: i64,
    /// What.
    pub what: Thing,
    /// Of which case: id, number, line.
    pub case: Option<(i64, String, String)>,
    /// How many, where it is no case.
    pub count: i64,
    /// Who takes it.
    pub taker_id: i64,
    /// Her name.
    pub taker: String,
    /// Who gave it.
    pub giver: Option<String>,
    /// When.
    pub given_at: Timestamp,
    /// When she signed that she has it.
    pub taken_at: Option<Timestamp>,
}

/// A case in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCase {
    /// The case.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
    /// The office that has it.
    pub unit_id: Option<i64>,
    /// She is in charge; otherwise the second officer.
    pub leads: bool,
    /// What falls due first, in microseconds.
    pub next_due_at: i64,
    /// The next meeting that was appointed and not held.
    pub meeting_at: Option<Timestamp>,
}

/// Begins a hand-over; gives its id. A person has one open at a time.
pub fn insert(
    tx: &mut Tx<'_>,
    account_id: i64,
    reason: &str,
    by: Option<i64>,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO handover (account_id, reason, opened_by, opened_at) VALUES ($1, $2, $3, $4) RETURNING id",
        params![account_id, reason, by, at],
    )?;
    returned_id(row)
}

const SELECT: &str = "SELECT h.id, h.account_id, a.name, o.name, o.path, o.bureau_id, h.reason, b.name, h.opened_at, h.signed_by, \
    s.name, h.signed_at, h.closed_at FROM handover h JOIN account a ON a.id = h.account_id \
    JOIN organization o ON o.id = a.organization_id LEFT JOIN account b ON b.id = h.opened_by \
    LEFT JOIN account s ON s.id = h.signed_by";

/// One hand-over.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<HandoverRow>, StoreError> {
    Ok(many(tx, "h.id = $1", params![id])?.pop())
}

/// The one that a person has open.
pub fn open_of(tx: &mut Tx<'_>, account_id: i64) -> Result<Option<HandoverRow>, StoreError> {
    Ok(many(tx, "h.account_id = $1 AND h.closed_at IS NULL", params![account_id])?.pop())
}

/// Those of the people of a subtree, the open ones first, then the latest, at most `limit`.
pub fn under(tx: &mut Tx<'_>, reach: &str, limit: i64) -> Result<Vec<HandoverRow>, StoreError> {
    let condition = "o.path LIKE $1 ORDER BY CASE WHEN h.closed_at IS NULL THEN 0 ELSE 1 END, h.id DESC LIMIT $2";
    many(tx, condition, params![format!("{reach}%"), limit])
}

/// Those in which a person gives or takes, the open ones first, then the latest, at most `limit`.
pub fn of_person(tx: &mut Tx<'_>, account_id: i64, limit: i64) -> Result<Vec<HandoverRow>, StoreError> {
    let condition = "h.account_id = $1 OR h.id IN (SELECT handover_id FROM handover_item WHERE taker_id = $1) \
        ORDER BY CASE WHEN h.closed_at IS NULL THEN 0 ELSE 1 END, h.id DESC LIMIT $2";
    many(tx, condition, params![account_id, limit])
}

/// Those that wait for a person to sign: for what she takes, or for what she gave; the oldest first.
pub fn waiting(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<HandoverRow>, StoreError> {
    let condition = "h.closed_at IS NULL AND ((h.account_id = $1 AND h.signed_at IS NULL) OR EXISTS \
        (SELECT 1 FROM handover_item i WHERE i.handover_id = h.id AND i.taker_id = $1 AND i.taken_at IS NULL)) ORDER BY h.id";
    many(tx, condition, params![account_id])
}

/// Adds something that was handed over. `count` is 1 for a case.
pub fn add(
    tx: &mut Tx<'_>,
    handover_id: i64,
    (what, case_id, count): (Thing, Option<i64>, i64),
    taker_id: i64,
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO handover_item (handover_id, what, case_id, count, taker_id, given_by, given_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![handover_id, what.key(), case_id, count, taker_id, by, at],
    )
    .map(drop)
}

/// What was handed over, in the order in which it was.
pub fn items(tx: &mut Tx<'_>, handover_id: i64) -> Result<Vec<ItemRow>, StoreError> {
    let rows = tx.query(
        "SELECT i.id, i.what, c.id, c.number, c.title, i.count, i.taker_id, t.name, g.name, i.given_at, i.taken_at \
         FROM handover_item i JOIN account t ON t.id = i.taker_id LEFT JOIN account g ON g.id = i.given_by \
         LEFT JOIN cases c ON c.id = i.case_id WHERE i.handover_id = $1 ORDER BY i.id",
        params![handover_id],
    )?;
    rows.iter().map(item).collect()
}

/// She signs that she has what was given to her; gives how many things.
pub fn take(tx: &mut Tx<'_>, handover_id: i64, taker_id: i64, at: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE handover_item SET taken_at = $1 WHERE handover_id = $2 AND taker_id = $3 AND taken_at IS NULL",
        params![at, handover_id, taker_id],
    )
}

/// Signs for the giving side; `false` when somebody did.
pub fn sign(tx: &mut Tx<'_>, id: i64, by: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE handover SET signed_by = $1, signed_at = $2 WHERE id = $3 AND signed_at IS NULL AND closed_at IS NULL",
        params![by, at, id],
    )?;
    Ok(changed == 1)
}

/// Ends it; `false` when it was ended.
pub fn close(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed =
        tx.execute("UPDATE handover SET closed_at = $1 WHERE id = $2 AND closed_at IS NULL", params![at, id])?;
    Ok(changed == 1)
}

/// The cases in a person's hands: open ones, and ended ones about which something waits on her desk; what falls due first on top.
pub fn cases_of(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<HeldCase>, StoreError> {
    let rows = tx.query(
        "SELECT c.id, c.number, c.title, c.kind, c.status, c.unit_id, c.lead_id, c.next_due_at, \
         (SELECT MIN(m.at) FROM meeting m WHERE m.case_id = c.id AND m.held_at IS NULL) FROM cases c \
         WHERE c.id IN (SELECT id FROM cases WHERE lead_id = $1 AND open = 1 \
         UNION SELECT id FROM cases WHERE partner_id = $1 AND open = 1 \
         UNION SELECT case_id FROM errand WHERE desk = $2 AND closed_at IS NULL) ORDER BY c.next_due_at, c.id",
        params![account_id, format!("officer:{account_id}")],
    )?;
    rows.iter().map(|row| held(row, account_id)).collect()
}

fn held(row: &Row, account_id: i64) -> Result<HeldCase, StoreError> {
    Ok(HeldCase {
        id: row.int(0)?,
        number: row.text(1)?,
        title: row.text(2)?,
        kind: CaseKind::from_key(row.str(3)?).ok_or_else(|| unknown_key(3))?,
        status: Status::from_key(row.str(4)?).ok_or_else(|| unknown_key(4))?,
        unit_id: row.opt_int(5)?,
        leads: row.opt_int(6)? == Some(account_id),
        next_due_at: row.int(7)?,
        meeting_at: row.opt_timestamp(8)?,
    })
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<HandoverRow>, StoreError> {
    tx.query(&format!("{SELECT} WHERE {condition}"), params)?.iter().map(handover).collect()
}

fn handover(row: &Row) -> Result<HandoverRow, StoreError> {
    Ok(HandoverRow {
        id: row.int(0)?,
        account_id: row.int(1)?,
        name: row.text(2)?,
        organization: row.text(3)?,
        path: row.text(4)?,
        bureau_id: row.int(5)?,
        reason: row.text(6)?,
        opened_by: row.opt_text(7)?,
        opened_at: row.timestamp(8)?,
        signed_by: row.opt_int(9)?,
        signer: row.opt_text(10)?,
        signed_at: row.opt_timestamp(11)?,
        closed_at: row.opt_timestamp(12)?,
    })
}

fn item(row: &Row) -> Result<ItemRow, StoreError> {
    let case = match (row.opt_int(2)?, row.opt_text(3)?, row.opt_text(4)?) {
        (Some(id), Some(number), Some(title)) => Some((id, number, title)),
        _ => None,
    };
    Ok(ItemRow {
        id: row.int(0)?,
        what: Thing::from_key(row.str(1)?).ok_or_else(|| unknown_key(1))?,
        case,
        count: row.int(5)?,
        taker_id: row.int(6)?,
        taker: row.text(7)?,
        giver: row.opt_text(8)?,
        given_at: row.timestamp(9)?,
        taken_at: row.opt_timestamp(10)?,
    })
}
