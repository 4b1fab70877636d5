//! 遮挡副本: what is known of a copy that was made to leave; its bytes lie in the data folder under their hash.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// What it was made from: `facts`, `paper-3`, `file-12`.
    pub source: String,
    /// What that is called.
    pub source_title: String,
    /// Hash of the original.
    pub source_sha256: String,
    /// Its own name.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Hash of its bytes, which is also where they lie.
    pub sha256: String,
    /// What for: a key of the masking rules.
    pub purpose: String,
    /// Who gets it.
    pub recipient: String,
    /// How often each kind is covered, as JSON.
    pub covered: String,
    /// By whom.
    pub made_by: Option<i64>,
    /// Her name, when it is read.
    pub made_by_name: Option<String>,
    /// When.
    pub made_at: Timestamp,
}

const COLUMNS: &str = "d.id, d.source, d.source_title, d.source_sha256, d.name, d.media_type, d.size, d.sha256, d.purpose, \
                       d.recipient, d.covered, d.made_by, a.name, d.made_at";

/// Writes a copy's record; gives its id.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, copy: &CopyRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO derived_copy (case_id, source, source_title, source_sha256, name, media_type, size, sha256, purpose, \
         recipient, covered, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        params![
            case_id,
            &copy.source,
            &copy.source_title,
            &copy.source_sha256,
            &copy.name,
            &copy.media_type,
            copy.size,
            &copy.sha256,
            &copy.purpose,
            &copy.recipient,
            &copy.covered,
            copy.made_by,
            copy.made_at
        ],
    )?;
    returned_id(row)
}

/// The copies of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<CopyRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM derived_copy d LEFT JOIN account a ON a.id = d.made_by WHERE d.case_id = $1 ORDER BY d.id"
    );
    tx.query(&sql, params![case_id])?.iter().map(copy).collect()
}

/// One copy of a case; none when it belongs to another.
pub fn find(tx: &mut Tx<'_>, case_id: i64, id: i64) -> Result<Option<CopyRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM derived_copy d LEFT JOIN account a ON a.id = d.made_by WHERE d.case_id = $1 AND d.id = $2"
    );
    tx.first(&sql, params![case_id, id])?.map(|row| copy(&row)).transpose()
}

fn copy(row: &Row) -> Result<CopyRow, StoreError> {
    Ok(CopyRow {
        id: row.int(0)?,
        source: row.text(1)?,
        source_title: row.text(2)?,
        source_sha256: row.text(3)?,
        name: row.text(4)?,
        media_type: row.text(5)?,
        size: row.int(6)?,
        sha256: row.text(7)?,
        purpose: row.text(8)?,
        recipient: row.text(9)?,
        covered: row.text(10)?,
        made_by: row.opt_int(11)?,
        made_by_name: row.opt_text(12)?,
        made_at: row.timestamp(13)?,
    })
}
