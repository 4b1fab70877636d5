//! 待办旁件: what others than the holder of a case's desk have to do about it.

use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// An errand with what a list shows of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrandRow {
    /// What is to be done; key of `domain::turns::ErrandKind`.
    pub kind: String,
    /// On which desk.
    pub desk: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// The case's number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// The respondent's name.
    pub respondent_name: String,
    /// What falls due first on the case, in microseconds.
    pub next_due_at: i64,
}

/// Opens an errand.
pub fn open(tx: &mut Tx<'_>, case_id: i64, kind: &str, desk: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO errand (case_id, kind, desk, opened_at) VALUES ($1, $2, $3, $4)",
        params![case_id, kind, desk, at],
    )
    .map(drop)
}

/// Closes an open errand of a case; `false` when there was none.
pub fn close(tx: &mut Tx<'_>, case_id: i64, kind: &str, desk: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE errand SET closed_at = $1 WHERE case_id = $2 AND kind = $3 AND desk = $4 AND closed_at IS NULL",
        params![at, case_id, kind, desk],
    )?;
    Ok(changed > 0)
}

/// The open errands on these desks, the oldest first, at most `limit`.
pub fn on_desks(tx: &mut Tx<'_>, desks: &[String], limit: i64) -> Result<Vec<ErrandRow>, StoreError> {
    if desks.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=desks.len()).map(|place| format!("${place}")).collect();
    let mut values: Vec<Value> = desks.iter().map(|desk| Value::Text(desk.clone())).collect();
    values.push(Value::Int(limit));
    let sql = format!(
        "SELECT e.kind, e.desk, e.opened_at, c.number, c.title, c.respondent_name, c.next_due_at FROM errand e \
         JOIN cases c ON c.id = e.case_id WHERE e.closed_at IS NULL AND e.desk IN ({}) \
         ORDER BY e.opened_at, e.id LIMIT ${}",
        places.join(", "),
        values.len()
    );
    tx.query(&sql, &values)?.iter().map(errand).collect()
}

/// The open errands of a case: kind and desk.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<(String, String)>, StoreError> {
    let rows = tx.query(
        "SELECT kind, desk FROM errand WHERE case_id = $1 AND closed_at IS NULL ORDER BY id",
        params![case_id],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Reports that ended in one of these ways, are not put away, and never had an errand of this kind, by id after `after`: what an
/// older version closed.
pub fn never_opened(
    tx: &mut Tx<'_>,
    kind: &str,
    outcomes: [&str; 2],
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query(
        "SELECT c.id FROM cases c WHERE c.kind = 'report' AND c.status IN ('concluded', 'told') AND c.outcome IN ($1, $2) \
         AND c.id > $3 AND NOT EXISTS (SELECT 1 FROM errand e WHERE e.case_id = c.id AND e.kind = $4) ORDER BY c.id LIMIT $5",
        params![outcomes[0], outcomes[1], after, kind, limit],
    )?;
    rows.iter().map(|row| row.int(0)).collect()
}

fn errand(row: &Row) -> Result<ErrandRow, StoreError> {
    Ok(ErrandRow {
        kind: row.text(0)?,
        desk: row.text(1)?,
        opened_at: row.timestamp(2)?,
        number: row.text(3)?,
        title: row.text(4)?,
        respondent_name: row.text(5)?,
        next_due_at: row.int(6)?,
    })
}
