//! 证据文件: what is known of a file; its bytes lie in the data folder under their hash.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// Its case, once filed.
    pub case_id: Option<i64>,
    /// Its draft, until then.
    pub draft_hash: Option<String>,
    /// The name it came with.
    pub name: String,
    /// What its bytes are (sniffed, never believed).
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Hash of its bytes, which is also where they lie.
    pub sha256: String,
    /// `complainant`, `staff`, `program`.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
}

const COLUMNS: &str = "id, case_id, draft_hash, name, media_type, size, sha256, added_by, added_at";

/// Writes a file's record; gives its id.
pub fn insert(tx: &mut Tx<'_>, file: &AttachmentRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO attachment (case_id, draft_hash, name, media_type, size, sha256, added_by, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![
            file.case_id,
            file.draft_hash.clone(),
            &file.name,
            &file.media_type,
            file.size,
            &file.sha256,
            &file.added_by,
            file.added_at
        ],
    )?;
    returned_id(row)
}

/// Whether any record names bytes with this hash: a file, a copy that was made of one, something in the archive, a seal, a signature.
pub fn names(tx: &mut Tx<'_>, sha256: &str) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM attachment WHERE sha256 = $1 UNION ALL SELECT id FROM derived_copy WHERE sha256 = $1 \
        UNION ALL SELECT id FROM archive_item WHERE sha256 = $1 UNION ALL SELECT id FROM bureau_seal WHERE sha256 = $1 \
        UNION ALL SELECT paper_id FROM paper_signature WHERE sha256 = $1 LIMIT 1";
    Ok(tx.first(sql, params![sha256])?.is_some())
}

/// The files of a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<AttachmentRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM attachment WHERE case_id = $1 ORDER BY id");
    tx.query(&sql, params![case_id])?.iter().map(attachment).collect()
}

/// The files of a draft.
pub fn of_draft(tx: &mut Tx<'_>, draft_hash: &str) -> Result<Vec<AttachmentRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM attachment WHERE draft_hash = $1 ORDER BY id");
    tx.query(&sql, params![draft_hash])?.iter().map(attachment).collect()
}

/// One file of a case; none when it belongs to another.
pub fn find(tx: &mut Tx<'_>, case_id: i64, id: i64) -> Result<Option<AttachmentRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM attachment WHERE case_id = $1 AND id = $2");
    tx.first(&sql, params![case_id, id])?.map(|row| attachment(&row)).transpose()
}

/// Moves a draft's files to the case it became.
pub fn adopt(tx: &mut Tx<'_>, draft_hash: &str, case_id: i64) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE attachment SET case_id = $1, draft_hash = NULL WHERE draft_hash = $2 AND case_id IS NULL",
        params![case_id, draft_hash],
    )
}

/// Takes a file out of a draft.
pub fn remove_from_draft(tx: &mut Tx<'_>, draft_hash: &str, id: i64) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM attachment WHERE draft_hash = $1 AND id = $2 AND case_id IS NULL", params![draft_hash, id])
}

fn attachment(row: &Row) -> Result<AttachmentRow, StoreError> {
    Ok(AttachmentRow {
        id: row.int(0)?,
        case_id: row.opt_int(1)?,
        draft_hash: row.opt_text(2)?,
        name: row.text(3)?,
        media_type: row.text(4)?,
        size: row.int(5)?,
        sha256: row.text(6)?,
        added_by: row.text(7)?,
        added_at: row.timestamp(8)?,
    })
}
