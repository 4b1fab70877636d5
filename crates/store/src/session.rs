//! 登录会话: found by the hash of a random cookie.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub account_id: i64,
    /// Last used.
    pub seen_at: Timestamp,
    /// Ends at the latest.
    pub expires_at: Timestamp,
}

/// Opens a session.
pub fn insert(
    tx: &mut Tx<'_>,
    token_hash: &str,
    account_id: i64,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        params![token_hash, account_id, now, expires_at],
    )
    .map(drop)
}

/// The session with this hash.
pub fn find(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<SessionRow>, StoreError> {
    let row =
        tx.first("SELECT account_id, seen_at, expires_at FROM session WHERE token_hash = $1", params![token_hash])?;
    row.map(|row| Ok(SessionRow { account_id: row.int(0)?, seen_at: row.timestamp(1)?, expires_at: row.timestamp(2)? }))
        .transpose()
}

/// Notes that a session was used.
pub fn touch(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE session SET seen_at = $1 WHERE token_hash = $2", params![now, token_hash]).map(drop)
}

/// Ends a session.
pub fn delete(tx: &mut Tx<'_>, token_hash: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![token_hash]).map(drop)
}

/// Ends every session of an account.
pub fn delete_of(tx: &mut Tx<'_>, account_id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE account_id = $1", params![account_id]).map(drop)
}

/// Ends sessions that expired or were idle since `idle_before`.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp, idle_before: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM session WHERE expires_at <= $1 OR seen_at < $2", params![now, idle_before])
}
