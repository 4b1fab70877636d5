//! 举报: by what its reporter finds it again, and what she and the officers wrote to each other.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// What one side wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Row id.
    pub id: i64,
    /// `reporter` or `officer`.
    pub sender: String,
    /// The words.
    pub body: String,
    /// When.
    pub sent_at: Timestamp,
}

/// Keeps the hash of a receipt code.
pub fn put_code(tx: &mut Tx<'_>, case_id: i64, code_hash: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO report_code (case_id, code_hash, made_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![case_id, code_hash, at]).map(drop)
}

/// The case whose receipt code has this hash.
pub fn by_code(tx: &mut Tx<'_>, code_hash: &str) -> Result<Option<i64>, StoreError> {
    let found = tx.first("SELECT case_id FROM report_code WHERE code_hash = $1", params![code_hash])?;
    found.map(|row| row.int(0)).transpose()
}

/// Whether the case is found by a receipt code.
pub fn has_code(tx: &mut Tx<'_>, case_id: i64) -> Result<bool, StoreError> {
    Ok(tx.first("SELECT case_id FROM report_code WHERE case_id = $1", params![case_id])?.is_some())
}

/// Writes a message; gives its id.
pub fn write(tx: &mut Tx<'_>, case_id: i64, sender: &str, body: &str, at: Timestamp) -> Result<i64, StoreError> {
    let sql = "INSERT INTO report_message (case_id, sender, body, sent_at) VALUES ($1, $2, $3, $4) RETURNING id";
    returned_id(tx.first(sql, params![case_id, sender, body, at])?)
}

/// What was written about a case, oldest first.
pub fn messages(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<MessageRow>, StoreError> {
    let sql = "SELECT id, sender, body, sent_at FROM report_message WHERE case_id = $1 ORDER BY id";
    tx.query(sql, params![case_id])?.iter().map(message).collect()
}

fn message(row: &Row) -> Result<MessageRow, StoreError> {
    Ok(MessageRow { id: row.int(0)?, sender: row.text(1)?, body: row.text(2)?, sent_at: row.timestamp(3)? })
}
