//! 当事人: the only table with names, phones and addresses in full.

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A person or a business in a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// `complainant`, `respondent`, later `agent`, `representative`, `guardian`.
    pub role: String,
    /// 姓名（名称）.
    pub name: String,
    /// 电话, digits as normalised.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// 邮编.
    pub postcode: String,
    /// Electronic mail.
    pub email: String,
    /// Code table `id_kinds`.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 联系人.
    pub contact_name: String,
    /// Trading platform.
    pub platform: String,
    /// 告知方式.
    pub notify_by: String,
}

/// Writes a party; gives its id.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, party: &Party) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO party (case_id, role, name, phone, address, postcode, email, id_kind, id_number, credit_code, \
         contact_name, platform, notify_by, mandate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '') \
         RETURNING id",
        params![
            case_id,
            &party.role,
            &party.name,
            &party.phone,
            &party.address,
            &party.postcode,
            &party.email,
            &party.id_kind,
            &party.id_number,
            &party.credit_code,
            &party.contact_name,
            &party.platform,
            &party.notify_by,
        ],
    )?;
    returned_id(row)
}

/// The parties of a case, in the order they came in.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<Party>, StoreError> {
    let rows = tx.query(
        "SELECT role, name, phone, address, postcode, email, id_kind, id_number, credit_code, contact_name, platform, \
         notify_by FROM party WHERE case_id = $1 ORDER BY id",
        params![case_id],
    )?;
    rows.iter().map(party).collect()
}

fn party(row: &Row) -> Result<Party, StoreError> {
    Ok(Party {
        role: row.text(0)?,
        name: row.text(1)?,
        phone: row.text(2)?,
        address: row.text(3)?,
        postcode: row.text(4)?,
        email: row.text(5)?,
        id_kind: row.text(6)?,
        id_number: row.text(7)?,
        credit_code: row.text(8)?,
        contact_name: row.text(9)?,
        platform: row.text(10)?,
        notify_by: row.text(11)?,
    })
}

/// An earlier case of the same person or business, for the history beside a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierCase {
    /// Case number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Status key.
    pub status: String,
    /// Outcome key.
    pub outcome: Option<String>,
    /// When it came in.
    pub received_at: jiff::Timestamp,
    /// The responsible bureau's path, for the reader's scope.
    pub bureau_path: String,
}

/// Cases filed from this phone, newest first, at most `limit`.
pub fn cases_by_phone(tx: &mut Tx<'_>, phone: &str, limit: i64) -> Result<Vec<EarlierCase>, StoreError> {
    earlier(tx, "p.phone = $1 AND p.role = 'complainant'", phone, limit)
}

/// Cases against this credit code, newest first, at most `limit`.
pub fn cases_by_credit_code(tx: &mut Tx<'_>, credit_code: &str, limit: i64) -> Result<Vec<EarlierCase>, StoreError> {
    earlier(tx, "p.credit_code = $1 AND p.role = 'respondent'", credit_code, limit)
}

fn earlier(tx: &mut Tx<'_>, condition: &str, value: &str, limit: i64) -> Result<Vec<EarlierCase>, StoreError> {
    let sql = format!(
        "SELECT c.number, c.title, c.status, c.outcome, c.received_at, b.path FROM party p JOIN cases c ON c.id = p.case_id \
         JOIN organization b ON b.id = c.bureau_id WHERE {condition} ORDER BY p.id DESC LIMIT $2"
    );
    let rows = tx.query(&sql, params![value, limit])?;
    rows.iter()
        .map(|row| {
            Ok(EarlierCase {
                number: row.text(0)?,
                title: row.text(1)?,
                status: row.text(2)?,
                outcome: row.opt_text(3)?,
                received_at: row.timestamp(4)?,
                bureau_path: row.text(5)?,
            })
        })
        .collect()
}
