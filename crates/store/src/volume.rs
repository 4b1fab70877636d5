//! 案卷: a closed case as a file (catalogue 9.1).

use jiff::Timestamp;

use crate::db::{StoreError, Tx, Value};
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

/// Keeps the order in which somebody laid the papers of a part.
pub fn set_order(
    tx: &mut Tx<'_>,
    case_id: i64,
    part: &str,
    papers: &[i64],
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let papers = papers.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    tx.execute(
        "INSERT INTO volume_order (case_id, part, papers, moved_by, moved_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (case_id, part) DO UPDATE SET papers = excluded.papers, moved_by = excluded.moved_by, \
         moved_at = excluded.moved_at",
        params![case_id, part, papers, by, at],
    )
    .map(drop)
}

/// The ids of papers in the order in which somebody laid them, all parts.
pub fn order(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query("SELECT papers FROM volume_order WHERE case_id = $1 ORDER BY part", params![case_id])?;
    let mut papers = Vec::new();
    for row in &rows {
        papers.extend(row.str(0)?.split(',').filter_map(|id| id.parse::<i64>().ok()));
    }
    Ok(papers)
}

/// Numbers of the cases that have a file, with its number, by file number from after one: of one bureau, of one year, or all.
pub fn closed(tx: &mut Tx<'_>, wanted: &Closed, after: &str, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    let mut params: Vec<Value> = vec![after.into()];
    let mut conditions = vec!["i.case_id IS NOT NULL AND i.destroyed_at IS NULL AND i.number > $1".to_owned()];
    let mut narrow = |column: &str, value: Value| {
        params.push(value);
        conditions.push(format!("{column} = ${}", params.len()));
    };
    if let Some(bureau) = wanted.bureau {
        narrow("i.bureau_id", bureau.into());
    }
    if let Some(year) = wanted.year {
        narrow("i.year", year.into());
    }
    if let Some(number) = &wanted.file {
        narrow("i.number", number.into());
    }
    params.push(limit.into());
    let sql = format!(
        "SELECT i.number, c.number FROM archive_item i JOIN cases c ON c.id = i.case_id WHERE {} ORDER BY i.number LIMIT ${}",
        conditions.join(" AND "),
        params.len()
    );
    tx.query(&sql, &params)?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Which files. Every field narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    /// Of this bureau.
    pub bureau: Option<i64>,
    /// Closed in this year.
    pub year: Option<i64>,
    /// Only the one with this file number.
    pub file: Option<String>,
}
