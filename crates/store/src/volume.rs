//! 案卷: a closed case as a file (catalogue 9.1).

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeRow {
    /// 案卷号.
    pub file_number: String,
    /// 保管期限, in the words of its source.
    pub retention: String,
    /// 卷内目录 as JSON.
    pub contents: String,
    /// Who closed it.
    pub closed_by: Option<i64>,
    /// When.
    pub closed_at: Timestamp,
}

/// Writes a file; a case that is closed again after it was taken up keeps its place on the shelf.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, volume: &VolumeRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO case_volume (case_id, file_number, retention, contents, closed_by, closed_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id) DO UPDATE SET retention = excluded.retention, \
         contents = excluded.contents, closed_by = excluded.closed_by, closed_at = excluded.closed_at",
        params![case_id, &volume.file_number, &volume.retention, &volume.contents, volume.closed_by, volume.closed_at],
    )
    .map(drop)
}

/// The file of a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Option<VolumeRow>, StoreError> {
    let row = tx.first(
        "SELECT file_number, retention, contents, closed_by, closed_at FROM case_volume WHERE case_id = $1",
        params![case_id],
    )?;
    row.map(|row| {
        Ok(VolumeRow {
            file_number: row.text(0)?,
            retention: row.text(1)?,
            contents: row.text(2)?,
            closed_by: row.opt_int(3)?,
            closed_at: row.timestamp(4)?,
        })
    })
    .transpose()
}
