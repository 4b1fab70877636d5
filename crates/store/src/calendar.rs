//! 节假日安排 beyond the years inside the program.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// Keeps a year's notice, new or corrected.
pub fn put(tx: &mut Tx<'_>, year: i16, notice: &str, source: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO calendar_year (year, notice, source, imported_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (year) DO UPDATE SET notice = excluded.notice, source = excluded.source, imported_at = excluded.imported_at",
        params![i64::from(year), notice, source, now],
    )
    .map(drop)
}

/// The notices imported, by year: the text as imported.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(i64, String)>, StoreError> {
    let rows = tx.query("SELECT year, notice FROM calendar_year ORDER BY year", &[])?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}
