//! 草稿: an unfinished filing, found by the hash of a random key that only its owner has.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// Writes a draft, new or again. `owner` is `public` or `account:ID`.
pub fn put(tx: &mut Tx<'_>, key_hash: &str, owner: &str, data: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO draft (key_hash, owner, data, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (key_hash) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at",
        params![key_hash, owner, data, now],
    )
    .map(drop)
}

/// The draft under this key.
pub fn get(tx: &mut Tx<'_>, key_hash: &str, owner: &str) -> Result<Option<String>, StoreError> {
    let row = tx.first("SELECT data FROM draft WHERE key_hash = $1 AND owner = $2", params![key_hash, owner])?;
    row.map(|row| row.text(0)).transpose()
}

/// The drafts of an owner: key hash, data, last change.
pub fn of_owner(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
    let rows = tx.query(
        "SELECT key_hash, data, updated_at FROM draft WHERE owner = $1 ORDER BY updated_at DESC, key_hash",
        params![owner],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.timestamp(2)?))).collect()
}

/// Gives an owner's drafts to another; tells how many.
pub fn give(tx: &mut Tx<'_>, owner: &str, to: &str) -> Result<u64, StoreError> {
    tx.execute("UPDATE draft SET owner = $1 WHERE owner = $2", params![to, owner])
}

/// Takes a draft away.
pub fn delete(tx: &mut Tx<'_>, key_hash: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM draft WHERE key_hash = $1", params![key_hash]).map(drop)
}

/// Takes away public drafts nobody touched since `before`, and their files' records; gives the files' hashes.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(
        "DELETE FROM attachment WHERE case_id IS NULL AND draft_hash IN \
         (SELECT key_hash FROM draft WHERE updated_at < $1) RETURNING sha256",
        params![before],
    )?;
    tx.execute("DELETE FROM draft WHERE updated_at < $1", params![before])?;
    let mut hashes = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    hashes.sort_unstable();
    Ok(hashes)
}
