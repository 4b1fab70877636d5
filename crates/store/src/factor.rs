//! 第二重验证: codes and passkeys of an account, its recovery codes, and what passkeys are asked to sign.

use domain::account::FactorKind;
use jiff::Timestamp;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// Whose.
    pub account_id: i64,
    /// What kind.
    pub kind: FactorKind,
    /// What she calls it.
    pub name: String,
    /// A passkey's own name for itself.
    pub credential: Option<String>,
    /// The sealed secret of a code, the public key of a passkey.
    pub secret: Vec<u8>,
    /// The last time step used, or the authenticator's own counter.
    pub counter: i64,
    /// Set up.
    pub made_at: Timestamp,
    /// Last used.
    pub used_at: Option<Timestamp>,
}

impl std::fmt::Debug for FactorRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "FactorRow({} {} {} {:?})", self.kind.key(), self.name, self.counter, self.used_at)
    }
}

const COLUMNS: &str = "id, account_id, kind, name, credential, secret, counter, made_at, used_at";

/// Writes a factor; gives its id.
pub fn insert(tx: &mut Tx<'_>, factor: &FactorRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO account_factor (account_id, kind, name, credential, secret, counter, made_at, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![
            factor.account_id,
            factor.kind.key(),
            &factor.name,
            factor.credential.as_deref(),
            factor.secret.as_slice(),
            factor.counter,
            factor.made_at,
            factor.used_at
        ],
    )?;
    returned_id(row)
}

/// The factors of an account, the oldest first.
pub fn of_account(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<FactorRow>, StoreError> {
    many(tx, "account_id = $1 ORDER BY id", params![account_id])
}

/// Whether an account has any.
pub fn any(tx: &mut Tx<'_>, account_id: i64) -> Result<bool, StoreError> {
    Ok(tx.first("SELECT 1 FROM account_factor WHERE account_id = $1 LIMIT 1", params![account_id])?.is_some())
}

/// The passkey of this name.
pub fn by_credential(tx: &mut Tx<'_>, credential: &str) -> Result<Option<FactorRow>, StoreError> {
    Ok(many(tx, "credential = $1", params![credential])?.pop())
}

/// Notes that a factor was used with a counter above the last one; `false` when it is not above.
pub fn spend(tx: &mut Tx<'_>, id: i64, counter: i64, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE account_factor SET counter = $1, used_at = $2 WHERE id = $3 AND counter < $1",
        params![counter, now, id],
    )?;
    Ok(changed == 1)
}

/// Notes that a passkey which counts nothing was used.
pub fn touch(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE account_factor SET used_at = $1 WHERE id = $2", params![now, id]).map(drop)
}

/// Removes a factor of an account.
pub fn delete(tx: &mut Tx<'_>, account_id: i64, id: i64) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM account_factor WHERE account_id = $1 AND id = $2", params![account_id, id])? == 1)
}

/// Removes every factor and every recovery code of an account.
pub fn delete_of(tx: &mut Tx<'_>, account_id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM account_factor WHERE account_id = $1", params![account_id])?;
    tx.execute("DELETE FROM recovery_code WHERE account_id = $1", params![account_id]).map(drop)
}

/// Replaces the recovery codes of an account.
pub fn put_codes(tx: &mut Tx<'_>, account_id: i64, hashes: &[String]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM recovery_code WHERE account_id = $1", params![account_id])?;
    for hash in hashes {
        tx.execute("INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)", params![account_id, hash])?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when there is none such, or it was used.
pub fn spend_code(tx: &mut Tx<'_>, account_id: i64, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_hash = $3 AND used_at IS NULL",
        params![now, account_id, hash],
    )?;
    Ok(changed == 1)
}

/// How many recovery codes are left.
pub fn codes_left(tx: &mut Tx<'_>, account_id: i64) -> Result<i64, StoreError> {
    tx.first("SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL", params![account_id])?
        .map_or(Ok(0), |row| row.int(0))
}

/// Keeps what a passkey is asked to sign, and for what.
pub fn ask(tx: &mut Tx<'_>, hash: &str, purpose: &str, expires_at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO passkey_challenge (hash, purpose, expires_at) VALUES ($1, $2, $3)",
        params![hash, purpose, expires_at],
    )
    .map(drop)
}

/// Takes it back: good once, for this purpose, in time.
pub fn take(tx: &mut Tx<'_>, hash: &str, purpose: &str, now: Timestamp) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "DELETE FROM passkey_challenge WHERE hash = $1 AND purpose = $2 AND expires_at > $3",
        params![hash, purpose, now],
    )?;
    Ok(taken == 1)
}

/// Forgets what nobody signed in time.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM passkey_challenge WHERE expires_at <= $1", params![now])
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<FactorRow>, StoreError> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM account_factor WHERE {condition}"), params)?;
    rows.iter().map(factor).collect()
}

fn factor(row: &Row) -> Result<FactorRow, StoreError> {
    Ok(FactorRow {
        id: row.int(0)?,
        account_id: row.int(1)?,
        kind: FactorKind::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
        name: row.text(3)?,
        credential: row.opt_text(4)?,
        secret: row.blob(5)?,
        counter: row.int(6)?,
        made_at: row.timestamp(7)?,
        used_at: row.opt_timestamp(8)?,
    })
}
