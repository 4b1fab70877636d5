//! 接口令牌: printed once, kept as a hash.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A token's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Row id.
    pub id: i64,
    /// Who uses it.
    pub name: String,
    /// What it may do, joined by commas.
    pub scopes: String,
    /// The organisation it is confined to.
    pub organization_id: Option<i64>,
    /// Requests a minute; none for a trusted one.
    pub per_minute: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, name, scopes, organization_id, per_minute, created_at, revoked_at";

/// Writes a token's hash; gives its id.
pub fn insert(
    tx: &mut Tx<'_>,
    hash: &str,
    name: &str,
    scopes: &str,
    organization_id: Option<i64>,
    per_minute: Option<i64>,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO api_token (token_hash, name, scopes, organization_id, per_minute, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        params![hash, name, scopes, organization_id, per_minute, now],
    )?;
    returned_id(row)
}

/// The token with this hash, taken back or not.
pub fn by_hash(tx: &mut Tx<'_>, hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_token WHERE token_hash = $1");
    tx.first(&sql, params![hash])?.map(|row| token(&row)).transpose()
}

/// Every token.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<TokenRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_token ORDER BY id");
    tx.query(&sql, &[])?.iter().map(token).collect()
}

/// Takes a token back.
pub fn revoke(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", params![now, id]).map(drop)
}

fn token(row: &Row) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        id: row.int(0)?,
        name: row.text(1)?,
        scopes: row.text(2)?,
        organization_id: row.opt_int(3)?,
        per_minute: row.opt_int(4)?,
        created_at: row.timestamp(5)?,
        revoked_at: row.opt_timestamp(6)?,
    })
}
