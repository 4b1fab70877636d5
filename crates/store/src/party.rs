//! 当事人: the only table with names, phones and addresses in full.

use domain::case_kind::CaseKind;
use jiff::Timestamp;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A person or a business in a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Row id; 0 before it is written.
    pub id: i64,
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
    /// 购买途径, code table `sales_channels`, in a report 举报的是什么, code table `report_targets`; of the respondent.
    pub sales_channel: String,
    /// 告知方式.
    pub notify_by: String,
    /// 委托、推选、监护: on what authority she acts, as kept by `casework::parties`; empty for the two sides themselves.
    pub mandate: String,
    /// Row id of the party for whom she acts.
    pub represents_id: Option<i64>,
    /// When she ceased to take part.
    pub ended_at: Option<Timestamp>,
}

/// Writes a party; gives its id.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, party: &Party) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO party (case_id, role, name, phone, address, postcode, email, id_kind, id_number, credit_code, \
         contact_name, platform, notify_by, mandate, represents_id, sales_channel) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16) RETURNING id",
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
            &party.mandate,
            party.represents_id,
            &party.sales_channel,
        ],
    )?;
    returned_id(row)
}

/// How a consumer is reached, as she corrects it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Electronic mail.
    pub email: String,
    /// Code table `id_kinds`.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
}

/// Writes the consumer's name, telephone, address and identity paper as corrected; the queue's name follows.
pub fn correct(tx: &mut Tx<'_>, case_id: i64, contact: &Contact) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE party SET name = $1, phone = $2, address = $3, email = $4, id_kind = $5, id_number = $6 WHERE case_id = $7 \
         AND role = 'complainant'",
        params![
            &contact.name,
            &contact.phone,
            &contact.address,
            &contact.email,
            &contact.id_kind,
            &contact.id_number,
            case_id
        ],
    )?;
    tx.execute("UPDATE cases SET complainant_name = $1 WHERE id = $2", params![&contact.name, case_id]).map(drop)
}

/// A party ceases to take part; `false` when there is none of this case, or it had ended.
pub fn end(tx: &mut Tx<'_>, case_id: i64, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE party SET ended_at = $1 WHERE id = $2 AND case_id = $3 AND ended_at IS NULL",
        params![at, id, case_id],
    )?;
    Ok(changed > 0)
}

/// The parties of a case, in the order they came in.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<Party>, StoreError> {
    let rows = tx.query(
        "SELECT role, name, phone, address, postcode, email, id_kind, id_number, credit_code, contact_name, platform, \
         notify_by, id, mandate, represents_id, ended_at, sales_channel FROM party WHERE case_id = $1 ORDER BY id",
        params![case_id],
    )?;
    rows.iter().map(party).collect()
}

fn party(row: &Row) -> Result<Party, StoreError> {
    Ok(Party {
        id: row.int(12)?,
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
        mandate: row.text(13)?,
        represents_id: row.opt_int(14)?,
        ended_at: row.opt_timestamp(15)?,
        sales_channel: row.text(16)?,
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
    pub received_at: Timestamp,
    /// What kind of case; never one that only discipline officers may know of.
    pub kind: CaseKind,
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
        "SELECT c.number, c.title, c.status, c.outcome, c.received_at, b.path, c.kind FROM party p JOIN cases c ON c.id = p.case_id \
         JOIN organization b ON b.id = c.bureau_id WHERE {condition} AND c.kind NOT IN ('report', 'staff_complaint') ORDER BY p.id DESC LIMIT $2"
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
                kind: CaseKind::from_key(row.str(6)?).ok_or_else(|| unknown_key(6))?,
            })
        })
        .collect()
}
