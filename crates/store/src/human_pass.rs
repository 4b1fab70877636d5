//! 人机确认: passes of strangers who showed that somebody is there, by keyed hashes; the same for every process on the database.

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::params;

/// Gives a pass for an answered question; `false` when that question was answered before.
pub fn give(
    tx: &mut Tx<'_>,
    question_hash: &str,
    pass_hash: &str,
    uses: u32,
    ends_at: Timestamp,
) -> Result<bool, StoreError> {
    let given = tx.execute(
        "INSERT INTO human_pass (question_hash, pass_hash, uses_left, ends_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (question_hash) DO NOTHING",
        params![question_hash, pass_hash, i64::from(uses), ends_at],
    )?;
    Ok(given == 1)
}

/// Uses a pass once; `false` when there is none, it has ended, or it is used up.
pub fn spend(tx: &mut Tx<'_>, pass_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let spent = tx.execute(
        "UPDATE human_pass SET uses_left = uses_left - 1 WHERE pass_hash = $1 AND uses_left > 0 AND ends_at > $2",
        params![pass_hash, now],
    )?;
    Ok(spent == 1)
}

/// Throws away what has ended.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM human_pass WHERE ends_at <= $1", params![now])
}
