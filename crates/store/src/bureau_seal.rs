//! 电子印章: the pictures of the seals of bureaus. None is ever changed; a new one takes the place of the one before.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BureauSealRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// Whose.
    pub organization_id: i64,
    /// Hash of the picture, which lies with the evidence.
    pub sha256: String,
    /// Width on paper in millimetres.
    pub width_mm: i64,
    /// Height on paper in millimetres.
    pub height_mm: i64,
    /// From when.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: Option<i64>,
    /// Until when, once it is ended.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, organization_id, sha256, width_mm, height_mm, added_at, added_by, ended_at";

/// Writes a seal; gives its id.
pub fn insert(tx: &mut Tx<'_>, seal: &BureauSealRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO bureau_seal (organization_id, sha256, width_mm, height_mm, added_at, added_by) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        params![seal.organization_id, &seal.sha256, seal.width_mm, seal.height_mm, seal.added_at, seal.added_by],
    )?;
    returned_id(row)
}

/// Ends whatever seal of a bureau is in force; `false` when none is.
pub fn end(tx: &mut Tx<'_>, organization_id: i64, by: Option<i64>, at: Timestamp) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE bureau_seal SET ended_at = $1, ended_by = $2 WHERE organization_id = $3 AND ended_at IS NULL",
        params![at, by, organization_id],
    )?;
    Ok(ended > 0)
}

/// The seals of a bureau, the latest first.
pub fn of_bureau(tx: &mut Tx<'_>, organization_id: i64) -> Result<Vec<BureauSealRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM bureau_seal WHERE organization_id = $1 ORDER BY id DESC");
    tx.query(&sql, params![organization_id])?.iter().map(seal).collect()
}

fn seal(row: &Row) -> Result<BureauSealRow, StoreError> {
    Ok(BureauSealRow {
        id: row.int(0)?,
        organization_id: row.int(1)?,
        sha256: row.text(2)?,
        width_mm: row.int(3)?,
        height_mm: row.int(4)?,
        added_at: row.timestamp(5)?,
        added_by: row.opt_int(6)?,
        ended_at: row.opt_timestamp(7)?,
    })
}
