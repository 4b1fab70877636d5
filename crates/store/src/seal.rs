//! 封存: the seals over the ledger.

use domain::seal::Seal;
use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A seal that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealRow {
    /// What was sealed.
    pub seal: Seal,
    /// What is published of it.
    pub print: String,
    /// When.
    pub made_at: Timestamp,
}

const COLUMNS: &str = "day, suite, first_entry, last_entry, root, previous, print, made_at";

/// Keeps a seal; a day has one.
pub fn insert(tx: &mut Tx<'_>, row: &SealRow) -> Result<(), StoreError> {
    let seal = &row.seal;
    let sql = format!("INSERT INTO seal ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    let params =
        params![seal.day, &seal.suite, seal.first, seal.last, &seal.root, &seal.previous, &row.print, row.made_at];
    tx.execute(&sql, params).map(drop)
}

/// The last seal.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<SealRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM seal ORDER BY day DESC LIMIT 1");
    tx.first(&sql, &[])?.as_ref().map(row_of).transpose()
}

/// Every seal, the oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<SealRow>, StoreError> {
    tx.query(&format!("SELECT {COLUMNS} FROM seal ORDER BY day"), &[])?.iter().map(row_of).collect()
}

fn row_of(row: &Row) -> Result<SealRow, StoreError> {
    let seal = Seal {
        day: row.date(0)?,
        suite: row.text(1)?,
        first: row.int(2)?,
        last: row.int(3)?,
        root: row.text(4)?,
        previous: row.text(5)?,
    };
    Ok(SealRow { seal, print: row.text(6)?, made_at: row.timestamp(7)? })
}
