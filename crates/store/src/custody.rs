//! 保管记录: what became of an original after it came in. Rows are only ever added.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// One thing that happened to an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyRow {
    /// The file of evidence.
    pub attachment_id: i64,
    /// When.
    pub at: Timestamp,
    /// Key of what happened.
    pub what: String,
    /// Who, when a member of staff did it.
    pub account_id: Option<i64>,
    /// Her name, when it is read.
    pub account_name: Option<String>,
    /// Why, for whom, or what was found.
    pub words: String,
}

/// Adds a row.
pub fn insert(tx: &mut Tx<'_>, row: &CustodyRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO custody (attachment_id, at, what, account_id, words) VALUES ($1, $2, $3, $4, $5)",
        params![row.attachment_id, row.at, &row.what, row.account_id, &row.words],
    )
    .map(drop)
}

/// What happened to the files of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<CustodyRow>, StoreError> {
    let rows = tx.query(
        "SELECT c.attachment_id, c.at, c.what, c.account_id, a.name, c.words FROM custody c \
         JOIN attachment f ON f.id = c.attachment_id LEFT JOIN account a ON a.id = c.account_id \
         WHERE f.case_id = $1 ORDER BY c.id",
        params![case_id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(CustodyRow {
                attachment_id: row.int(0)?,
                at: row.timestamp(1)?,
                what: row.text(2)?,
                account_id: row.opt_int(3)?,
                account_name: row.opt_text(4)?,
                words: row.text(5)?,
            })
        })
        .collect()
}
