//! 案件事件: one for every act, chained by hash.

use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx, Value};
use crate::many::{pieces, values};
use crate::params;

/// An event as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Place in the case's history, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Key of the act.
    pub act: String,
    /// `staff`, `complainant`, `program`, `system`.
    pub actor_kind: String,
    /// Account or token.
    pub actor_id: Option<i64>,
    /// Name of the account, when a member of staff acted.
    pub actor_name: Option<String>,
    /// Law and article.
    pub basis: String,
    /// The act as JSON.
    pub data: String,
    /// Hash over the one before and all fields.
    pub hash: String,
}

/// Appends an event; the key refuses a second one with the same number.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, event: &EventRow) -> Result<(), StoreError> {
    insert_all(tx, &[(case_id, event)])
}

/// Appends events of many cases at once; the key refuses a second one with the same number.
pub fn insert_all(tx: &mut Tx<'_>, events: &[(i64, &EventRow)]) -> Result<(), StoreError> {
    const TYPES: [&str; 9] = ["BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT", "BIGINT", "TEXT", "TEXT", "TEXT"];
    for piece in pieces(events) {
        let sql = format!(
            "INSERT INTO case_event (case_id, number, at, act, actor_kind, actor_id, basis, data, hash) VALUES {}",
            values(&TYPES, piece.len())
        );
        let row = |(case_id, event): &(i64, &EventRow)| -> [Value; 9] {
            [
                (*case_id).into(),
                event.number.into(),
                event.at.into(),
                (&event.act).into(),
                (&event.actor_kind).into(),
                event.actor_id.into(),
                (&event.basis).into(),
                (&event.data).into(),
                (&event.hash).into(),
            ]
        };
        tx.execute(&sql, &piece.iter().flat_map(row).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// The history of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<EventRow>, StoreError> {
    let rows = tx.query(
        "SELECT e.number, e.at, e.act, e.actor_kind, e.actor_id, a.name, e.basis, e.data, e.hash FROM case_event e \
         LEFT JOIN account a ON a.id = e.actor_id AND e.actor_kind = 'staff' WHERE e.case_id = $1 ORDER BY e.number",
        params![case_id],
    )?;
    rows.iter().map(event).collect()
}

fn event(row: &Row) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        number: row.int(0)?,
        at: row.timestamp(1)?,
        act: row.text(2)?,
        actor_kind: row.text(3)?,
        actor_id: row.opt_int(4)?,
        actor_name: row.opt_text(5)?,
        basis: row.text(6)?,
        data: row.text(7)?,
        hash: row.text(8)?,
    })
}

/// Ids of cases beyond `after` in which something happened since then, in their order.
pub fn cases_since(tx: &mut Tx<'_>, since: Timestamp, after: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT DISTINCT case_id FROM case_event WHERE at >= $1 AND case_id > $2 ORDER BY case_id LIMIT $3";
    tx.query(sql, params![since, after, limit])?.iter().map(|row| row.int(0)).collect()
}
