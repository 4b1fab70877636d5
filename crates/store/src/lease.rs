//! 租约: one process at a time sweeps or delivers, in one process or across a cluster.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// Takes or renews a lease; `false` while another holds it.
pub fn take(tx: &mut Tx<'_>, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
         WHERE lease.holder = excluded.holder OR lease.until <= $4",
        params![name, holder, until, now],
    )?;
    Ok(changed == 1)
}

/// Gives a lease back.
pub fn give_back(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM lease WHERE name = $1 AND holder = $2", params![name, holder]).map(drop)
}
