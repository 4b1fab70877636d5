//! 调解会: appointments and what became of them.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Row id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The event that appointed it.
    pub event_number: i64,
    /// When it is to be.
    pub at: Timestamp,
    /// Where.
    pub place: String,
    /// `onsite`, `phone`, `video`.
    pub mode: String,
    /// When it was held.
    pub held_at: Option<Timestamp>,
}

/// Writes an appointment; gives its id.
pub fn insert(
    tx: &mut Tx<'_>,
    case_id: i64,
    event_number: i64,
    at: Timestamp,
    place: &str,
    mode: &str,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO meeting (case_id, event_number, at, place, mode) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![case_id, event_number, at, place, mode],
    )?;
    returned_id(row)
}

/// Marks the appointments of a case that are not held yet as held.
pub fn hold(tx: &mut Tx<'_>, case_id: i64, held_at: Timestamp) -> Result<u64, StoreError> {
    tx.execute("UPDATE meeting SET held_at = $1 WHERE case_id = $2 AND held_at IS NULL", params![held_at, case_id])
}

/// Forgets the appointments of a case that were never held: the case came to its end without them. Its history keeps them.
pub fn clear(tx: &mut Tx<'_>, case_id: i64) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM meeting WHERE case_id = $1 AND held_at IS NULL", params![case_id])
}

/// The last appointments of cases in mediation that are from `from` until before `until` and of which nobody was reminded yet, at
/// most `limit`.
pub fn to_be_reminded(
    tx: &mut Tx<'_>,
    from: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<MeetingRow>, StoreError> {
    let rows = tx.query(
        "SELECT m.id, m.case_id, m.event_number, m.at, m.place, m.mode, m.held_at FROM meeting m \
         JOIN cases c ON c.id = m.case_id WHERE m.held_at IS NULL AND m.at >= $1 AND m.at < $2 AND m.reminded_at IS NULL \
         AND c.status = 'mediating' AND NOT EXISTS (SELECT 1 FROM meeting later WHERE later.case_id = m.case_id AND later.id > m.id) \
         ORDER BY m.at, m.id LIMIT $3",
        params![from, until, limit],
    )?;
    rows.iter().map(meeting).collect()
}

/// Notes that both sides were reminded; `false` when another sweep was first.
pub fn note_reminded(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed =
        tx.execute("UPDATE meeting SET reminded_at = $1 WHERE id = $2 AND reminded_at IS NULL", params![at, id])?;
    Ok(changed == 1)
}

/// The appointments of a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<MeetingRow>, StoreError> {
    let rows = tx.query(
        "SELECT id, case_id, event_number, at, place, mode, held_at FROM meeting WHERE case_id = $1 ORDER BY id",
        params![case_id],
    )?;
    rows.iter().map(meeting).collect()
}

fn meeting(row: &Row) -> Result<MeetingRow, StoreError> {
    Ok(MeetingRow {
        id: row.int(0)?,
        case_id: row.int(1)?,
        event_number: row.int(2)?,
        at: row.timestamp(3)?,
        place: row.text(4)?,
        mode: row.text(5)?,
        held_at: row.opt_timestamp(6)?,
    })
}
