//! 登录失败: wrong tries of one login, by the source they come from.

use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx};
use crate::params;

/// What is known of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRow {
    /// Which: `network:…`, `device:…`, `strangers`, `inside`.
    pub source: String,
    /// Wrong tries in a row.
    pub failures: i64,
    /// Those that the account's owner was not told of.
    pub untold: i64,
    /// The last of them.
    pub failed_at: Option<Timestamp>,
    /// No further try before.
    pub waits_until: Option<Timestamp>,
    /// Somebody signed in from there; remembered until then.
    pub known_until: Option<Timestamp>,
}

const COLUMNS: &str = "source, failures, untold, failed_at, waits_until, known_until";

/// One source of a login.
pub fn find(tx: &mut Tx<'_>, login_hash: &str, source: &str) -> Result<Option<SourceRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM login_source WHERE login_hash = $1 AND source = $2");
    tx.first(&sql, params![login_hash, source])?.as_ref().map(row).transpose()
}

/// Every source of a login, the last wrong one first.
pub fn of_login(tx: &mut Tx<'_>, login_hash: &str) -> Result<Vec<SourceRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM login_source WHERE login_hash = $1 ORDER BY COALESCE(failed_at, 0) DESC, source"
    );
    tx.query(&sql, params![login_hash])?.iter().map(row).collect()
}

/// Writes what is known of a source now.
pub fn put(tx: &mut Tx<'_>, login_hash: &str, source: &SourceRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO login_source (login_hash, source, failures, untold, failed_at, waits_until, known_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (login_hash, source) DO UPDATE SET \
         failures = excluded.failures, untold = excluded.untold, failed_at = excluded.failed_at, \
         waits_until = excluded.waits_until, known_until = excluded.known_until",
        params![
            login_hash,
            &source.source,
            source.failures,
            source.untold,
            source.failed_at,
            source.waits_until,
            source.known_until
        ],
    )
    .map(drop)
}

/// The owner of the login has been told of everything.
pub fn told(tx: &mut Tx<'_>, login_hash: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE login_source SET untold = 0 WHERE login_hash = $1 AND untold > 0", params![login_hash]).map(drop)
}

/// Nobody waits any longer to try this login.
pub fn release(tx: &mut Tx<'_>, login_hash: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE login_source SET failures = 0, waits_until = NULL WHERE login_hash = $1", params![login_hash])
        .map(drop)
}

/// Forgets all devices and networks of a login.
pub fn forget(tx: &mut Tx<'_>, login_hash: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE login_source SET known_until = NULL WHERE login_hash = $1", params![login_hash]).map(drop)
}

/// Throws away what was quiet since `quiet_before`, told and not remembered any more.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp, quiet_before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM login_source WHERE untold = 0 AND (failed_at IS NULL OR failed_at < $1) \
         AND (waits_until IS NULL OR waits_until <= $2) AND (known_until IS NULL OR known_until <= $2)",
        params![quiet_before, now],
    )
}

fn row(row: &Row) -> Result<SourceRow, StoreError> {
    Ok(SourceRow {
        source: row.text(0)?,
        failures: row.int(1)?,
        untold: row.int(2)?,
        failed_at: row.opt_timestamp(3)?,
        waits_until: row.opt_timestamp(4)?,
        known_until: row.opt_timestamp(5)?,
    })
}
