//! 查阅记录: every look at personal data (catalogue 11.3).

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// Writes a look.
pub fn record(
    tx: &mut Tx<'_>,
    at: Timestamp,
    account_id: Option<i64>,
    case_id: Option<i64>,
    what: &str,
    reason: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO access_record (at, account_id, case_id, what, reason) VALUES ($1, $2, $3, $4, $5)",
        params![at, account_id, case_id, what, reason],
    )
    .map(drop)
}

/// A look, for the auditor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Row id.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub account_name: Option<String>,
    /// Which case.
    pub case_number: Option<String>,
    /// What was seen or tried.
    pub what: String,
    /// Why, in the person's words.
    pub reason: String,
}

/// Looks before row `before`, newest first. That somebody looked at a report or a complaint against staff is told, at which one and why is not.
pub fn latest(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<Vec<AccessRow>, StoreError> {
    let rows = tx.query(
        "SELECT r.id, r.at, a.name, CASE WHEN c.kind IN ('report', 'staff_complaint') THEN NULL ELSE c.number END, r.what, \
         CASE WHEN c.kind IN ('report', 'staff_complaint') THEN '' ELSE r.reason END FROM access_record r LEFT JOIN account a ON a.id = r.account_id \
         LEFT JOIN cases c ON c.id = r.case_id WHERE r.id < $1 ORDER BY r.id DESC LIMIT $2",
        params![before, limit],
    )?;
    rows.iter()
        .map(|row| {
            Ok(AccessRow {
                id: row.int(0)?,
                at: row.timestamp(1)?,
                account_name: row.opt_text(2)?,
                case_number: row.opt_text(3)?,
                what: row.text(4)?,
                reason: row.text(5)?,
            })
        })
        .collect()
}
