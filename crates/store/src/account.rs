//! 账号, 角色, 登录会话.

use domain::role::Role;
use jiff::Timestamp;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// What she types to come in.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// Where she works.
    pub organization_id: i64,
    /// argon2id, in PHC form.
    pub password_hash: String,
    /// Must choose a new password at the next login.
    pub must_change: bool,
    /// May come in.
    pub active: bool,
    /// For compare-and-set.
    pub version: i64,
}

/// A role at an organisation, with the subtree it looks over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// What she may do.
    pub role: Role,
    /// Where.
    pub organization_id: i64,
    /// That organisation's bureau.
    pub bureau_id: i64,
    /// What kind it is.
    pub kind: String,
    /// Its path.
    pub path: String,
    /// What it looks over.
    pub reach: String,
}

/// What the door needs to know of an account besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityRow {
    /// When the password was set.
    pub password_set_at: Timestamp,
    /// Last signed in.
    pub last_login_at: Option<Timestamp>,
    /// Until when setting up a second factor may be put off.
    pub factor_later_until: Option<Timestamp>,
}

const COLUMNS: &str = "id, login, name, phone, organization_id, password_hash, must_change, active, version";

/// Writes an account; gives its id.
pub fn insert(tx: &mut Tx<'_>, account: &AccountRow, now: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO account (login, name, phone, organization_id, password_hash, password_set_at, must_change, active, \
         version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) RETURNING id",
        params![
            &account.login,
            &account.name,
            &account.phone,
            account.organization_id,
            &account.password_hash,
            now,
            account.must_change,
            account.active
        ],
    )?;
    returned_id(row)
}

/// Changes name, phone, place and whether it is active; `false` when somebody else did in between.
pub fn update(tx: &mut Tx<'_>, account: &AccountRow) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE account SET name = $1, phone = $2, organization_id = $3, active = $4, version = version + 1 \
         WHERE id = $5 AND version = $6",
        params![&account.name, &account.phone, account.organization_id, account.active, account.id, account.version],
    )?;
    Ok(changed == 1)
}

/// Sets a password's hash; the one before is remembered, so that it is not taken again.
pub fn set_password(tx: &mut Tx<'_>, id: i64, hash: &str, must_change: bool, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO former_password (account_id, password_hash, set_at) \
         SELECT id, password_hash, password_set_at FROM account WHERE id = $1",
        params![id],
    )?;
    tx.execute(
        "UPDATE account SET password_hash = $1, password_set_at = $2, must_change = $3 WHERE id = $4",
        params![hash, now, must_change, id],
    )
    .map(drop)
}

/// The same password under a hash that costs more; `false` when it was changed meanwhile.
pub fn rehash(tx: &mut Tx<'_>, id: i64, before: &str, hash: &str) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE account SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
        params![hash, id, before],
    )?;
    Ok(changed == 1)
}

/// The hashes of the last passwords, the present one first.
pub fn last_passwords(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<Vec<String>, StoreError> {
    let mut hashes = Vec::new();
    for row in tx.query("SELECT password_hash FROM account WHERE id = $1", params![id])? {
        hashes.push(row.text(0)?);
    }
    let former = tx.query(
        "SELECT password_hash FROM former_password WHERE account_id = $1 ORDER BY id DESC LIMIT $2",
        params![id, limit - 1],
    )?;
    for row in former {
        hashes.push(row.text(0)?);
    }
    Ok(hashes)
}

/// Notes a login.
pub fn note_login(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE account SET last_login_at = $1 WHERE id = $2", params![now, id]).map(drop)
}

/// Setting up a second factor may be put off until then.
pub fn allow_later(tx: &mut Tx<'_>, id: i64, until: Option<Timestamp>) -> Result<(), StoreError> {
    tx.execute("UPDATE account SET factor_later_until = $1 WHERE id = $2", params![until, id]).map(drop)
}

/// What the door needs to know of an account.
pub fn security(tx: &mut Tx<'_>, id: i64) -> Result<Option<SecurityRow>, StoreError> {
    let row =
        tx.first("SELECT password_set_at, last_login_at, factor_later_until FROM account WHERE id = $1", params![id])?;
    row.map(|row| {
        Ok(SecurityRow {
            password_set_at: row.timestamp(0)?,
            last_login_at: row.opt_timestamp(1)?,
            factor_later_until: row.opt_timestamp(2)?,
        })
    })
    .transpose()
}

/// The account with this login.
pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<AccountRow>, StoreError> {
    Ok(many(tx, "login = $1", params![login])?.pop())
}

/// The account with this id.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<AccountRow>, StoreError> {
    Ok(many(tx, "id = $1", params![id])?.pop())
}

/// The accounts at an organisation.
pub fn at_organization(tx: &mut Tx<'_>, organization_id: i64) -> Result<Vec<AccountRow>, StoreError> {
    many(tx, "organization_id = $1 ORDER BY name, id", params![organization_id])
}

/// Active accounts that hold a role at an organisation.
pub fn with_role(tx: &mut Tx<'_>, organization_id: i64, role: Role) -> Result<Vec<AccountRow>, StoreError> {
    many(
        tx,
        "active = 1 AND id IN (SELECT account_id FROM account_role WHERE organization_id = $1 AND role = $2) ORDER BY id",
        params![organization_id, role.key()],
    )
}

/// Active accounts that hold a role at an organisation of a bureau.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64) -> Result<Vec<AccountRow>, StoreError> {
    many(
        tx,
        "active = 1 AND id IN (SELECT r.account_id FROM account_role r JOIN organization o ON o.id = r.organization_id \
         WHERE o.bureau_id = $1) ORDER BY id",
        params![bureau_id],
    )
}

/// Accounts from row `after` on, at most `limit`.
pub fn after(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<AccountRow>, StoreError> {
    many(tx, "id > $1 ORDER BY id LIMIT $2", params![after, limit])
}

/// How many accounts there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.first("SELECT COUNT(*) FROM account", &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Gives a role at an organisation.
pub fn grant(tx: &mut Tx<'_>, account_id: i64, role: Role, organization_id: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO account_role (account_id, role, organization_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        params![account_id, role.key(), organization_id],
    )
    .map(drop)
}

/// Takes a role away.
pub fn revoke(tx: &mut Tx<'_>, account_id: i64, role: Role, organization_id: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM account_role WHERE account_id = $1 AND role = $2 AND organization_id = $3",
        params![account_id, role.key(), organization_id],
    )
    .map(drop)
}

/// The roles of an account.
pub fn grants(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<GrantRow>, StoreError> {
    let rows = tx.query(
        "SELECT r.role, r.organization_id, o.bureau_id, o.kind, o.path, o.reach FROM account_role r \
         JOIN organization o ON o.id = r.organization_id WHERE r.account_id = $1 ORDER BY r.role, r.organization_id",
        params![account_id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(GrantRow {
                role: Role::from_key(row.str(0)?).ok_or_else(|| unknown_key(0))?,
                organization_id: row.int(1)?,
                bureau_id: row.int(2)?,
                kind: row.text(3)?,
                path: row.text(4)?,
                reach: row.text(5)?,
            })
        })
        .collect()
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<AccountRow>, StoreError> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM account WHERE {condition}"), params)?;
    rows.iter().map(account).collect()
}

fn account(row: &Row) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: row.int(0)?,
        login: row.text(1)?,
        name: row.text(2)?,
        phone: row.text(3)?,
        organization_id: row.int(4)?,
        password_hash: row.text(5)?,
        must_change: row.bool(6)?,
        active: row.bool(7)?,
        version: row.int(8)?,
    })
}
