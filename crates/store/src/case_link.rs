//! 关联: cases that belong together.

use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A link, seen from one of its two cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Row id.
    pub id: i64,
    /// How they belong together; a key of `domain::link::Relation`.
    pub relation: String,
    /// This case is the one from which the link was made (the merged one, the one that was split).
    pub outgoing: bool,
    /// The other case.
    pub other_id: i64,
    /// Its number.
    pub other_number: String,
    /// Its line.
    pub other_title: String,
    /// Its status, as a key.
    pub other_status: String,
    /// Its kind, as a key.
    pub other_kind: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Links two cases.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, other_id: i64, relation: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO case_link (case_id, other_id, relation, made_at) VALUES ($1, $2, $3, $4)",
        params![case_id, other_id, relation, at],
    )
    .map(drop)
}

/// Undoes the links of this kind between two cases, whichever made them; `false` when there was none.
pub fn undo(tx: &mut Tx<'_>, case_id: i64, other_id: i64, relation: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE case_link SET undone_at = $1 WHERE undone_at IS NULL AND relation = $4 \
         AND ((case_id = $2 AND other_id = $3) OR (case_id = $3 AND other_id = $2))",
        params![at, case_id, other_id, relation],
    )?;
    Ok(changed > 0)
}

/// The links of a case that hold, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<LinkRow>, StoreError> {
    let rows = tx.query(
        "SELECT l.id, l.relation, CASE WHEN l.case_id = $1 THEN 1 ELSE 0 END, c.id, c.number, c.title, c.status, c.kind, \
         l.made_at FROM case_link l JOIN cases c ON c.id = CASE WHEN l.case_id = $1 THEN l.other_id ELSE l.case_id END \
         WHERE l.undone_at IS NULL AND (l.case_id = $1 OR l.other_id = $1) ORDER BY l.id",
        params![case_id],
    )?;
    rows.iter().map(link).collect()
}

fn link(row: &Row) -> Result<LinkRow, StoreError> {
    Ok(LinkRow {
        id: row.int(0)?,
        relation: row.text(1)?,
        outgoing: row.int(2)? == 1,
        other_id: row.int(3)?,
        other_number: row.text(4)?,
        other_title: row.text(5)?,
        other_status: row.text(6)?,
        other_kind: row.text(7)?,
        made_at: row.timestamp(8)?,
    })
}
