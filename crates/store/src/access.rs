//! 审计记录: every look at personal data, every export, print and failed try, every administrator's act (catalogue 11.3).

use domain::audit::AuditKind;
use jiff::Timestamp;

use crate::case::unknown_key;
use crate::db::{StoreError, Tx, Value};
use crate::params;

/// Writes an entry; where it came from is the transaction's origin. Neither `what` nor `reason` names a person of a case.
pub fn record(
    tx: &mut Tx<'_>,
    at: Timestamp,
    kind: AuditKind,
    account_id: Option<i64>,
    case_id: Option<i64>,
    what: &str,
    reason: &str,
) -> Result<(), StoreError> {
    let address = tx.origin().to_owned();
    tx.execute(
        "INSERT INTO access_record (at, kind, account_id, case_id, what, reason, address) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![at, kind.key(), account_id, case_id, what, reason, address],
    )
    .map(drop)
}

/// An entry, for the auditor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Row id.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Of which kind.
    pub kind: AuditKind,
    /// Who.
    pub account_name: Option<String>,
    /// Her login.
    pub login: Option<String>,
    /// Which case.
    pub case_number: Option<String>,
    /// What was seen or tried.
    pub what: String,
    /// Why, in the person's words.
    pub reason: String,
    /// From where.
    pub address: String,
}

/// Which entries. Every field narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whose: her login in full, or a part of her name.
    pub person: String,
    /// Only about this case.
    pub case_number: String,
    /// Only of this kind.
    pub kind: Option<AuditKind>,
    /// Only from this address.
    pub address: String,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub before: Option<Timestamp>,
    /// The oldest first.
    pub oldest_first: bool,
}

/// That somebody looked at a report or a complaint against staff is told; at which one and why is not.
const HIDDEN: &str = "c.kind IN ('report', 'staff_complaint')";

/// Entries beyond row `beyond` in the order wanted.
pub fn search(tx: &mut Tx<'_>, wanted: &Wanted, beyond: Option<i64>, limit: i64) -> Result<Vec<AccessRow>, StoreError> {
    let (mut conditions, mut values) = (vec!["1 = 1".to_owned()], Vec::<Value>::new());
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if !wanted.person.is_empty() {
        let (login, name) = (bind((&wanted.person).into()), bind(format!("%{}%", wanted.person).into()));
        conditions.push(format!("(a.login = {login} OR a.name LIKE {name})"));
    }
    if !wanted.case_number.is_empty() {
        conditions.push(format!("c.number = {} AND NOT ({HIDDEN})", bind((&wanted.case_number).into())));
    }
    if let Some(kind) = wanted.kind {
        conditions.push(format!("r.kind = {}", bind(kind.key().into())));
    }
    if !wanted.address.is_empty() {
        conditions.push(format!("r.address = {}", bind((&wanted.address).into())));
    }
    if let Some(from) = wanted.from {
        conditions.push(format!("r.at >= {}", bind(from.into())));
    }
    if let Some(before) = wanted.before {
        conditions.push(format!("r.at < {}", bind(before.into())));
    }
    let (compared, order) = if wanted.oldest_first { (">", "ASC") } else { ("<", "DESC") };
    if let Some(beyond) = beyond {
        conditions.push(format!("r.id {compared} {}", bind(beyond.into())));
    }
    let limit = bind(limit.into());
    let sql = format!(
        "SELECT r.id, r.at, r.kind, a.name, a.login, CASE WHEN {HIDDEN} THEN NULL ELSE c.number END, r.what, \
         CASE WHEN {HIDDEN} THEN '' ELSE r.reason END, r.address FROM access_record r LEFT JOIN account a ON a.id = r.account_id \
         LEFT JOIN cases c ON c.id = r.case_id WHERE {} ORDER BY r.id {order} LIMIT {limit}",
        conditions.join(" AND ")
    );
    let rows = tx.query(&sql, &values)?;
    rows.iter()
        .map(|row| {
            Ok(AccessRow {
                id: row.int(0)?,
                at: row.timestamp(1)?,
                kind: AuditKind::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
                account_name: row.opt_text(3)?,
                login: row.opt_text(4)?,
                case_number: row.opt_text(5)?,
                what: row.text(6)?,
                reason: row.text(7)?,
                address: row.text(8)?,
            })
        })
        .collect()
}

/// Entries before row `before`, newest first.
pub fn latest(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<Vec<AccessRow>, StoreError> {
    search(tx, &Wanted::default(), Some(before), limit)
}

/// Removes up to `limit` entries from before an instant, the oldest first, but none beyond row `upto`; gives how many.
pub fn remove(tx: &mut Tx<'_>, before: Timestamp, upto: i64, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM access_record WHERE id IN \
               (SELECT id FROM access_record WHERE at < $1 AND id <= $2 ORDER BY id LIMIT $3)";
    tx.execute(sql, params![before, upto, limit])
}
