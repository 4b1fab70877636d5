//! 身份密库: keys, the key in escrow, sealed identities with their wraps, requests and openings. Nothing here can be read
//! without a private key, and no private key is here in clear.

use domain::role::Role;
use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A person's key, locked under her password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Row id.
    pub id: i64,
    /// Whose.
    pub account_id: i64,
    /// To this is sealed.
    pub public_key: Vec<u8>,
    /// The private key under her password.
    pub locked_key: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The bureau whose reports are sealed to it, once somebody admitted it.
    pub admitted_for: Option<i64>,
}

const KEY: &str = "k.id, k.account_id, k.public_key, k.locked_key, k.made_at, k.admitted_for";

fn key(row: &Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: row.int(0)?,
        account_id: row.int(1)?,
        public_key: row.blob(2)?,
        locked_key: row.blob(3)?,
        made_at: row.timestamp(4)?,
        admitted_for: row.opt_int(5)?,
    })
}

/// Keeps a fresh key; the one she had before is replaced.
pub fn put_key(
    tx: &mut Tx<'_>,
    account_id: i64,
    public: &[u8],
    locked: &[u8],
    now: Timestamp,
) -> Result<i64, StoreError> {
    lose_key(tx, account_id, now)?;
    let row = tx.first(
        "INSERT INTO account_key (account_id, public_key, locked_key, made_at) VALUES ($1, $2, $3, $4) RETURNING id",
        params![account_id, public, locked, now],
    )?;
    returned_id(row)
}

/// The key that a person has now.
pub fn live_key(tx: &mut Tx<'_>, account_id: i64) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!("SELECT {KEY} FROM account_key k WHERE k.account_id = $1 AND k.replaced_at IS NULL");
    tx.first(&sql, params![account_id])?.as_ref().map(key).transpose()
}

/// Puts the same key under another password; `false` when it is not hers any more.
pub fn relock_key(tx: &mut Tx<'_>, id: i64, locked: &[u8]) -> Result<bool, StoreError> {
    let changed = tx
        .execute("UPDATE account_key SET locked_key = $1 WHERE id = $2 AND replaced_at IS NULL", params![locked, id])?;
    Ok(changed == 1)
}

/// Ends the key that a person has: nobody opens it any more.
pub fn lose_key(tx: &mut Tx<'_>, account_id: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE account_key SET replaced_at = $1 WHERE account_id = $2 AND replaced_at IS NULL",
        params![now, account_id],
    )
    .map(drop)
}

/// From now on the bureau's reports are sealed to this key too; `by` is none when escrow holders or the first custodian did it.
pub fn admit_key(tx: &mut Tx<'_>, id: i64, bureau_id: i64, by: Option<i64>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE account_key SET admitted_for = $1, admitted_by = $2, admitted_at = $3 WHERE id = $4",
        params![bureau_id, by, now, id],
    )
    .map(drop)
}

/// Whether any key was ever admitted for the bureau.
pub fn ever_admitted(tx: &mut Tx<'_>, bureau_id: i64) -> Result<bool, StoreError> {
    Ok(tx.first("SELECT 1 FROM account_key WHERE admitted_for = $1 LIMIT 1", params![bureau_id])?.is_some())
}

/// A person who keeps the identities of a bureau.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodianRow {
    /// Who.
    pub account_id: i64,
    /// 姓名.
    pub name: String,
    /// Her key, when she has one.
    pub key: Option<KeyRow>,
}

/// The custodians of a bureau that may come in.
pub fn custodians(tx: &mut Tx<'_>, bureau_id: i64) -> Result<Vec<CustodianRow>, StoreError> {
    let rows = tx.query(
        "SELECT DISTINCT a.id, a.name FROM account a JOIN account_role r ON r.account_id = a.id \
         JOIN organization o ON o.id = r.organization_id WHERE a.active = 1 AND r.role = $1 AND o.bureau_id = $2 ORDER BY a.id",
        params![Role::IdentityCustodian.key(), bureau_id],
    )?;
    let mut custodians = Vec::new();
    for row in &rows {
        let account_id = row.int(0)?;
        custodians.push(CustodianRow { account_id, name: row.text(1)?, key: live_key(tx, account_id)? });
    }
    Ok(custodians)
}

/// Logins of active accounts that have no key yet.
pub fn without_key(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(
        "SELECT login FROM account a WHERE a.active = 1 AND NOT EXISTS \
         (SELECT 1 FROM account_key k WHERE k.account_id = a.id AND k.replaced_at IS NULL) ORDER BY login",
        &[],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The key in escrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscrowRow {
    /// Row id.
    pub id: i64,
    /// To this is sealed.
    pub public_key: Vec<u8>,
    /// Shares there are.
    pub holders: i64,
    /// Shares that give the key back.
    pub needed: i64,
    /// Who has one, one name a line.
    pub names: String,
    /// When the ceremony was.
    pub made_at: Timestamp,
}

/// Keeps a key in escrow; the one before is replaced.
pub fn put_escrow(tx: &mut Tx<'_>, new: &EscrowRow) -> Result<i64, StoreError> {
    tx.execute("UPDATE escrow SET replaced_at = $1 WHERE replaced_at IS NULL", params![new.made_at])?;
    let row = tx.first(
        "INSERT INTO escrow (public_key, holders, needed, names, made_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![&new.public_key[..], new.holders, new.needed, &new.names, new.made_at],
    )?;
    returned_id(row)
}

/// The key in escrow, once there was a ceremony.
pub fn escrow(tx: &mut Tx<'_>) -> Result<Option<EscrowRow>, StoreError> {
    let row = tx.first(
        "SELECT id, public_key, holders, needed, names, made_at FROM escrow WHERE replaced_at IS NULL \
         ORDER BY id DESC LIMIT 1",
        &[],
    )?;
    let escrow = |row: Row| {
        Ok(EscrowRow {
            id: row.int(0)?,
            public_key: row.blob(1)?,
            holders: row.int(2)?,
            needed: row.int(3)?,
            names: row.text(4)?,
            made_at: row.timestamp(5)?,
        })
    };
    row.map(escrow).transpose()
}

/// Something that was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// Row id.
    pub id: i64,
    /// Of which case.
    pub case_id: i64,
    /// That case's number: what is sealed opens only with it.
    pub number: String,
    /// What of it: `reporter`.
    pub what: String,
    /// The sealed text.
    pub body: Vec<u8>,
    /// When it was sealed.
    pub made_at: Timestamp,
}

/// Keeps what was sealed for a case.
pub fn put_identity(
    tx: &mut Tx<'_>,
    case_id: i64,
    what: &str,
    suite: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO sealed_identity (case_id, what, suite, body, made_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![case_id, what, suite, body, now],
    )?;
    returned_id(row)
}

const IDENTITY: &str = "i.id, i.case_id, c.number, i.what, i.body, i.made_at";

fn identity_row(row: &Row) -> Result<IdentityRow, StoreError> {
    Ok(IdentityRow {
        id: row.int(0)?,
        case_id: row.int(1)?,
        number: row.text(2)?,
        what: row.text(3)?,
        body: row.blob(4)?,
        made_at: row.timestamp(5)?,
    })
}

/// What was sealed of a case.
pub fn identity(tx: &mut Tx<'_>, case_id: i64, what: &str) -> Result<Option<IdentityRow>, StoreError> {
    let sql = format!(
        "SELECT {IDENTITY} FROM sealed_identity i JOIN cases c ON c.id = i.case_id WHERE i.case_id = $1 AND i.what = $2"
    );
    tx.first(&sql, params![case_id, what])?.as_ref().map(identity_row).transpose()
}

/// Puts a text that was sealed anew in the place of the one before.
pub fn renew_identity(tx: &mut Tx<'_>, id: i64, suite: &str, body: &[u8], now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE sealed_identity SET suite = $1, body = $2, renewed_at = $3 WHERE id = $4";
    tx.execute(sql, params![suite, body, now, id]).map(drop)
}

/// Keeps a sealed file; gives its id.
pub fn put_file(tx: &mut Tx<'_>, case_id: i64, body: &[u8], now: Timestamp) -> Result<i64, StoreError> {
    let sql = "INSERT INTO sealed_file (case_id, body, sealed_at) VALUES ($1, $2, $3) RETURNING id";
    returned_id(tx.first(sql, params![case_id, body, now])?)
}

/// A sealed file of a case.
pub fn file(tx: &mut Tx<'_>, case_id: i64, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT body FROM sealed_file WHERE case_id = $1 AND id = $2";
    tx.first(sql, params![case_id, id])?.map(|row| row.blob(0)).transpose()
}

/// Who has a wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// A person's key.
    Key(i64),
    /// The key in escrow.
    Escrow(i64),
}

/// A data key for one holder, before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWrap {
    /// Of which identity.
    pub identity_id: i64,
    /// `custodian`, `reader`, `escrow`.
    pub holder: &'static str,
    /// For which key.
    pub keeper: Keeper,
    /// The wrapped data key.
    pub wrapped: Vec<u8>,
    /// Who granted it; none at the sealing and by escrow holders.
    pub granted_by: Option<i64>,
    /// Ends then by itself.
    pub until: Option<Timestamp>,
}

/// Writes a wrap.
pub fn put_wrap(tx: &mut Tx<'_>, wrap: &NewWrap, now: Timestamp) -> Result<(), StoreError> {
    let (key_id, escrow_id) = match wrap.keeper {
        Keeper::Key(id) => (Some(id), None),
        Keeper::Escrow(id) => (None, Some(id)),
    };
    tx.execute(
        "INSERT INTO sealed_wrap (identity_id, holder, key_id, escrow_id, wrapped, granted_by, granted_at, until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![wrap.identity_id, wrap.holder, key_id, escrow_id, &wrap.wrapped[..], wrap.granted_by, now, wrap.until],
    )
    .map(drop)
}

/// A data key for one holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapRow {
    /// Row id.
    pub id: i64,
    /// Of what.
    pub identity: IdentityRow,
    /// `custodian`, `reader`, `escrow`.
    pub holder: String,
    /// Whose; none for the key in escrow.
    pub account_id: Option<i64>,
    /// Her name.
    pub name: Option<String>,
    /// For which key of hers.
    pub key_id: Option<i64>,
    /// The wrapped data key.
    pub wrapped: Vec<u8>,
    /// Who granted it.
    pub granted_by: Option<String>,
    /// When.
    pub granted_at: Timestamp,
    /// Ends then by itself.
    pub until: Option<Timestamp>,
    /// That key is still hers and she may come in.
    pub opens: bool,
}

/// The wraps of an identity that were not revoked, the oldest first.
pub fn wraps(tx: &mut Tx<'_>, identity_id: i64) -> Result<Vec<WrapRow>, StoreError> {
    wraps_where(tx, "w.identity_id = $1", params![identity_id])
}

/// The wraps that a keeper has and that were not revoked, the oldest first.
pub fn held(tx: &mut Tx<'_>, keeper: Keeper) -> Result<Vec<WrapRow>, StoreError> {
    match keeper {
        Keeper::Key(id) => wraps_where(tx, "w.key_id = $1", params![id]),
        Keeper::Escrow(id) => wraps_where(tx, "w.escrow_id = $1", params![id]),
    }
}

/// What a key keeps of cases that another bureau than this has by now, the oldest first, at most `limit`.
pub fn held_elsewhere(tx: &mut Tx<'_>, key_id: i64, bureau_id: i64, limit: i64) -> Result<Vec<WrapRow>, StoreError> {
    let condition = "w.key_id = $1 AND w.holder = 'custodian' AND c.bureau_id <> $2";
    let mut wraps = wraps_where(tx, condition, params![key_id, bureau_id])?;
    wraps.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(wraps)
}

/// What a key keeps and somebody lost since it was sealed, the oldest first, at most `limit`. A single look that ended is no loss.
pub fn to_renew(tx: &mut Tx<'_>, key_id: i64, limit: i64) -> Result<Vec<WrapRow>, StoreError> {
    let condition = "w.key_id = $1 AND w.holder = 'custodian' AND EXISTS (SELECT 1 FROM sealed_wrap gone \
         WHERE gone.identity_id = i.id AND gone.until IS NULL AND gone.key_id IS NOT NULL \
         AND gone.revoked_at > COALESCE(i.renewed_at, i.made_at))";
    let mut wraps = wraps_where(tx, condition, params![key_id])?;
    wraps.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(wraps)
}

/// To what is sealed for a key.
pub fn public_key(tx: &mut Tx<'_>, key_id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    tx.first("SELECT public_key FROM account_key WHERE id = $1", params![key_id])?.map(|row| row.blob(0)).transpose()
}

/// The wraps for every key that a person ever had, not revoked, the oldest first.
pub fn held_by_account(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<WrapRow>, StoreError> {
    wraps_where(tx, "k.account_id = $1", params![account_id])
}

fn wraps_where(tx: &mut Tx<'_>, condition: &str, values: &[Value]) -> Result<Vec<WrapRow>, StoreError> {
    let sql = format!(
        "SELECT {IDENTITY}, w.id, w.holder, a.id, a.name, w.key_id, w.wrapped, g.name, w.granted_at, w.until, \
         CASE WHEN k.id IS NULL OR (k.replaced_at IS NULL AND a.active = 1) THEN 1 ELSE 0 END FROM sealed_wrap w \
         JOIN sealed_identity i ON i.id = w.identity_id JOIN cases c ON c.id = i.case_id \
         LEFT JOIN account_key k ON k.id = w.key_id LEFT JOIN account a ON a.id = k.account_id \
         LEFT JOIN account g ON g.id = w.granted_by WHERE {condition} AND w.revoked_at IS NULL ORDER BY w.id"
    );
    let wrap = |row: &Row| {
        Ok(WrapRow {
            identity: identity_row(row)?,
            id: row.int(6)?,
            holder: row.text(7)?,
            account_id: row.opt_int(8)?,
            name: row.opt_text(9)?,
            key_id: row.opt_int(10)?,
            wrapped: row.blob(11)?,
            granted_by: row.opt_text(12)?,
            granted_at: row.timestamp(13)?,
            until: row.opt_timestamp(14)?,
            opens: row.bool(15)?,
        })
    };
    tx.query(&sql, values)?.iter().map(wrap).collect()
}

/// Takes a wrap away; its bytes go with it.
pub fn revoke_wrap(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sealed_wrap SET revoked_at = $1, wrapped = $2 WHERE id = $3 AND revoked_at IS NULL",
        params![now, Vec::<u8>::new(), id],
    )
    .map(drop)
}

/// Somebody's wish to see an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Row id.
    pub id: i64,
    /// Which identity.
    pub identity_id: i64,
    /// Of which case.
    pub case_id: i64,
    /// That case's number.
    pub number: String,
    /// Who asks.
    pub account_id: i64,
    /// Her name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Granted; none while it waits.
    pub approved: Option<bool>,
    /// What was answered.
    pub answer: String,
    /// A grant ends then.
    pub until: Option<Timestamp>,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Keeps a request; gives its id.
pub fn ask(
    tx: &mut Tx<'_>,
    identity_id: i64,
    account_id: i64,
    reason: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO identity_request (identity_id, account_id, reason, asked_at, answer) VALUES ($1, $2, $3, $4, '') \
         RETURNING id",
        params![identity_id, account_id, reason, now],
    )?;
    returned_id(row)
}

/// The requests for an identity, the newest first.
pub fn requests(tx: &mut Tx<'_>, identity_id: i64) -> Result<Vec<RequestRow>, StoreError> {
    requests_where(tx, "r.identity_id = $1 ORDER BY r.id DESC", params![identity_id])
}

/// The request with this id.
pub fn request(tx: &mut Tx<'_>, id: i64) -> Result<Option<RequestRow>, StoreError> {
    Ok(requests_where(tx, "r.id = $1", params![id])?.pop())
}

/// Requests that wait for a decision on the cases of a bureau, the oldest first, at most `limit`.
pub fn waiting(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    requests_where(
        tx,
        "r.decided_at IS NULL AND c.bureau_id = $1 ORDER BY r.asked_at, r.id LIMIT $2",
        params![bureau_id, limit],
    )
}

/// Requests that wait for a decision on what a key keeps, wherever the case is, the oldest first, at most `limit`.
pub fn waiting_for(tx: &mut Tx<'_>, key_id: i64, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    requests_where(
        tx,
        "r.decided_at IS NULL AND EXISTS (SELECT 1 FROM sealed_wrap w WHERE w.identity_id = i.id AND w.key_id = $1 \
         AND w.holder = 'custodian' AND w.revoked_at IS NULL) ORDER BY r.asked_at, r.id LIMIT $2",
        params![key_id, limit],
    )
}

fn requests_where(tx: &mut Tx<'_>, condition: &str, values: &[Value]) -> Result<Vec<RequestRow>, StoreError> {
    let sql = format!(
        "SELECT r.id, r.identity_id, i.case_id, c.number, r.account_id, a.name, r.reason, r.asked_at, d.name, r.approved, \
         r.answer, r.until, r.used_at FROM identity_request r JOIN sealed_identity i ON i.id = r.identity_id \
         JOIN cases c ON c.id = i.case_id JOIN account a ON a.id = r.account_id \
         LEFT JOIN account d ON d.id = r.decided_by WHERE {condition}"
    );
    let request = |row: &Row| {
        Ok(RequestRow {
            id: row.int(0)?,
            identity_id: row.int(1)?,
            case_id: row.int(2)?,
            number: row.text(3)?,
            account_id: row.int(4)?,
            name: row.text(5)?,
            reason: row.text(6)?,
            asked_at: row.timestamp(7)?,
            decided_by: row.opt_text(8)?,
            approved: row.opt_int(9)?.map(|approved| approved == 1),
            answer: row.text(10)?,
            until: row.opt_timestamp(11)?,
            used_at: row.opt_timestamp(12)?,
        })
    };
    tx.query(&sql, values)?.iter().map(request).collect()
}

/// Decides a request; `false` when somebody did before. `until` is given when it is granted.
pub fn decide(
    tx: &mut Tx<'_>,
    id: i64,
    by: i64,
    until: Option<Timestamp>,
    answer: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE identity_request SET decided_by = $1, decided_at = $2, approved = $3, until = $4, answer = $5 \
         WHERE id = $6 AND decided_at IS NULL",
        params![by, now, until.is_some(), until, answer, id],
    )?;
    Ok(changed == 1)
}

/// Uses a grant up; `false` when it was used before.
pub fn spend(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let changed =
        tx.execute("UPDATE identity_request SET used_at = $1 WHERE id = $2 AND used_at IS NULL", params![now, id])?;
    Ok(changed == 1)
}

/// A look at an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningRow {
    /// Who.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who had granted it, when it took a grant.
    pub approved_by: Option<String>,
}

/// Keeps a look.
pub fn note_opening(
    tx: &mut Tx<'_>,
    identity_id: i64,
    account_id: i64,
    request_id: Option<i64>,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO identity_opening (identity_id, account_id, request_id, reason, at) VALUES ($1, $2, $3, $4, $5)",
        params![identity_id, account_id, request_id, reason, now],
    )
    .map(drop)
}

/// Every look at an identity, the newest first.
pub fn openings(tx: &mut Tx<'_>, identity_id: i64) -> Result<Vec<OpeningRow>, StoreError> {
    let rows = tx.query(
        "SELECT a.name, o.reason, o.at, d.name FROM identity_opening o JOIN account a ON a.id = o.account_id \
         LEFT JOIN identity_request r ON r.id = o.request_id LEFT JOIN account d ON d.id = r.decided_by \
         WHERE o.identity_id = $1 ORDER BY o.id DESC",
        params![identity_id],
    )?;
    let opening = |row: &Row| {
        Ok(OpeningRow {
            name: row.text(0)?,
            reason: row.text(1)?,
            at: row.timestamp(2)?,
            approved_by: row.opt_text(3)?,
        })
    };
    rows.iter().map(opening).collect()
}

/// How many looks there were since then.
pub fn openings_since(tx: &mut Tx<'_>, since: Timestamp) -> Result<i64, StoreError> {
    tx.first("SELECT COUNT(*) FROM identity_opening WHERE at >= $1", params![since])?.map_or(Ok(0), |row| row.int(0))
}

/// Numbers of the cases whose identity fewer than `least` custodians can open, with how many can, at most `limit`.
pub fn thinly_held(tx: &mut Tx<'_>, least: i64, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT c.number, COUNT(DISTINCT a.id) FROM sealed_identity i JOIN cases c ON c.id = i.case_id \
         LEFT JOIN sealed_wrap w ON w.identity_id = i.id AND w.holder = 'custodian' AND w.revoked_at IS NULL \
         LEFT JOIN account_key k ON k.id = w.key_id AND k.replaced_at IS NULL \
         LEFT JOIN account a ON a.id = k.account_id AND a.active = 1 \
         GROUP BY i.id, c.number HAVING COUNT(DISTINCT a.id) < $1 ORDER BY c.number LIMIT $2",
        params![least, limit],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}
