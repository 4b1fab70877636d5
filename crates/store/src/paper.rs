//! 文书与材料: every paper of a case, in the order it came.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The event that made it.
    pub event_number: i64,
    /// Key of its letter template, or `evidence`.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Document number (文号), empty when it has none.
    pub number: String,
    /// The filled letter as JSON, frozen; empty for evidence.
    pub body: String,
    /// The file, for evidence.
    pub attachment_id: Option<i64>,
    /// When.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: Option<i64>,
}

const COLUMNS: &str = "id, event_number, kind, title, number, body, attachment_id, made_at, made_by";

/// Writes a paper; gives its id.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, paper: &PaperRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO paper (case_id, event_number, kind, title, number, body, attachment_id, made_at, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        params![
            case_id,
            paper.event_number,
            &paper.kind,
            &paper.title,
            &paper.number,
            &paper.body,
            paper.attachment_id,
            paper.made_at,
            paper.made_by
        ],
    )?;
    returned_id(row)
}

/// Writes what a paper says anew: only where what it said may not be kept.
pub fn rewrite(tx: &mut Tx<'_>, id: i64, body: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE paper SET body = $1 WHERE id = $2", params![body, id]).map(drop)
}

/// Takes away what the files of a case hold, whoever brought them, and the names of both sides with how they are reached; gives
/// the hashes of the files, whose bytes nothing names any more.
pub fn clear(tx: &mut Tx<'_>, case_id: i64, instead: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT sha256 FROM attachment WHERE case_id = $1 AND sha256 <> '' \
        UNION ALL SELECT sha256 FROM derived_copy WHERE case_id = $2 AND sha256 <> ''";
    let files = tx.query(sql, params![case_id, case_id])?;
    for sql in [
        "UPDATE attachment SET name = $1, size = 0, sha256 = '' WHERE case_id = $2",
        "UPDATE derived_copy SET name = $1, source_title = $1, size = 0, sha256 = '' WHERE case_id = $2",
        "UPDATE paper SET title = $1 WHERE case_id = $2 AND attachment_id IS NOT NULL",
        "UPDATE party SET name = $1, phone = '', address = '', postcode = '', email = '', id_kind = '', id_number = '', \
         credit_code = '', contact_name = '', mandate = '' WHERE case_id = $2",
        "UPDATE outbox SET address = '', body = $1 WHERE case_id = $2",
        "UPDATE report_message SET body = $1 WHERE case_id = $2",
    ] {
        tx.execute(sql, params![instead, case_id])?;
    }
    files.iter().map(|row| row.text(0)).collect()
}

/// The papers of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<PaperRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM paper WHERE case_id = $1 ORDER BY id");
    tx.query(&sql, params![case_id])?.iter().map(paper).collect()
}

/// One paper of a case; none when it belongs to another.
pub fn find(tx: &mut Tx<'_>, case_id: i64, id: i64) -> Result<Option<PaperRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM paper WHERE case_id = $1 AND id = $2");
    tx.first(&sql, params![case_id, id])?.map(|row| paper(&row)).transpose()
}

/// One paper, with the id of its case, wherever it belongs: for what brings proof of its own, a code or a link.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<(i64, PaperRow)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, case_id FROM paper WHERE id = $1");
    tx.first(&sql, params![id])?.map(|row| Ok((row.int(9)?, paper(&row)?))).transpose()
}

/// Keeps the hash of a file that was handed out of a paper.
pub fn note_print(tx: &mut Tx<'_>, id: i64, sha256: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO paper_print (paper_id, sha256, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![id, sha256, at]).map(drop)
}

/// When a file with this hash was first handed out of a paper.
pub fn printed(tx: &mut Tx<'_>, id: i64, sha256: &str) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT made_at FROM paper_print WHERE paper_id = $1 AND sha256 = $2";
    tx.first(sql, params![id, sha256])?.map(|row| row.timestamp(0)).transpose()
}

fn paper(row: &Row) -> Result<PaperRow, StoreError> {
    Ok(PaperRow {
        id: row.int(0)?,
        event_number: row.int(1)?,
        kind: row.text(2)?,
        title: row.text(3)?,
        number: row.text(4)?,
        body: row.text(5)?,
        attachment_id: row.opt_int(6)?,
        made_at: row.timestamp(7)?,
        made_by: row.opt_int(8)?,
    })
}
