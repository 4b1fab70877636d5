//! A repeated request gets the first one's answer.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// The first request under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Hash of the request's body.
    pub request_hash: String,
    /// The answer that was given.
    pub response: String,
}

/// What was answered under this key, if anything.
pub fn find(tx: &mut Tx<'_>, scope: &str, key: &str) -> Result<Option<Answered>, StoreError> {
    let row =
        tx.first("SELECT request_hash, response FROM idempotency WHERE scope = $1 AND key = $2", params![scope, key])?;
    row.map(|row| Ok(Answered { request_hash: row.text(0)?, response: row.text(1)? })).transpose()
}

/// Claims the key and keeps the answer; `false` when another request was first.
pub fn keep(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    request_hash: &str,
    response: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "INSERT INTO idempotency (scope, key, request_hash, response, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (scope, key) DO NOTHING",
        params![scope, key, request_hash, response, now],
    )?;
    Ok(changed == 1)
}

/// Forgets keys older than `before`, at most `limit`.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM idempotency WHERE (scope, key) IN \
         (SELECT scope, key FROM idempotency WHERE created_at < $1 ORDER BY created_at, scope, key LIMIT $2)",
        params![before, limit],
    )
}
