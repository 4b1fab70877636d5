//! Settings of this installation, a key and a value each.

use crate::db::{StoreError, Tx};
use crate::params;

/// Keeps a setting.
pub fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO installation (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, value],
    )
    .map(drop)
}

/// A setting.
pub fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>, StoreError> {
    tx.first("SELECT value FROM installation WHERE key = $1", params![key])?.map(|row| row.text(0)).transpose()
}
