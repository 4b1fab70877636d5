//! 编号: series of numbers without gaps inside a committed history.

use crate::case::returned_id;
use crate::db::{StoreError, Tx};
use crate::params;

/// The next number of a series, from 1.
pub fn next(tx: &mut Tx<'_>, series: &str) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO number_series (series, last) VALUES ($1, 1) \
         ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last",
        params![series],
    )?;
    returned_id(row)
}
