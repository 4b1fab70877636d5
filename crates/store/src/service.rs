//! 送达: tries to serve a paper, and where a side said that papers reach it.

use domain::mediation::Side;
use domain::service::{ServiceOutcome, ServiceWay};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A try to serve a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The paper.
    pub paper_id: i64,
    /// To whom.
    pub side: Side,
    /// How.
    pub way: ServiceWay,
    /// What came of it.
    pub outcome: ServiceOutcome,
    /// The day of that.
    pub day: Date,
    /// The day on which it counts as served.
    pub effective_on: Option<Date>,
    /// 邮件号.
    pub tracking: String,
    /// The receipt (送达回证).
    pub receipt_id: Option<i64>,
    /// A file of evidence that proves it.
    pub proof_id: Option<i64>,
    /// Who noted it.
    pub made_by: Option<i64>,
    /// When.
    pub made_at: Timestamp,
}

/// Where and how papers reach a side (送达地址确认书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    /// Which side.
    pub side: Side,
    /// It consents to electronic ways.
    pub electronic: bool,
    /// 手机号码.
    pub mobile: String,
    /// 传真号码.
    pub fax: String,
    /// 电子邮件地址.
    pub email: String,
    /// 即时通讯账号.
    pub account: String,
    /// 送达地址.
    pub address: String,
    /// 邮政编码.
    pub postcode: String,
    /// 收件人.
    pub receiver: String,
    /// 收件人联系电话.
    pub receiver_phone: String,
    /// The day of the signature.
    pub signed_on: Date,
    /// The signed sheet.
    pub proof_id: Option<i64>,
}

/// Writes a try; gives its id.
pub fn insert(tx: &mut Tx<'_>, case_id: i64, service: &ServiceRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO service (case_id, paper_id, side, way, outcome, day, effective_on, tracking, receipt_id, proof_id, \
         made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        params![
            case_id,
            service.paper_id,
            service.side.key(),
            service.way.key(),
            service.outcome.key(),
            service.day,
            service.effective_on,
            &service.tracking,
            service.receipt_id,
            service.proof_id,
            service.made_by,
            service.made_at,
        ],
    )?;
    returned_id(row)
}

/// Every try in a case, the first one first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<ServiceRow>, StoreError> {
    let sql = "SELECT id, paper_id, side, way, outcome, day, effective_on, tracking, receipt_id, proof_id, made_by, made_at \
        FROM service WHERE case_id = $1 ORDER BY id";
    tx.query(sql, params![case_id])?.iter().map(service).collect()
}

/// Keeps what a side signed, in place of what it signed before.
pub fn put_address(tx: &mut Tx<'_>, case_id: i64, address: &AddressRow, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO service_address (case_id, side, electronic, mobile, fax, email, account, address, postcode, receiver, \
         receiver_phone, signed_on, proof_id, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         ON CONFLICT (case_id, side) DO UPDATE SET electronic = excluded.electronic, mobile = excluded.mobile, \
         fax = excluded.fax, email = excluded.email, account = excluded.account, address = excluded.address, \
         postcode = excluded.postcode, receiver = excluded.receiver, receiver_phone = excluded.receiver_phone, \
         signed_on = excluded.signed_on, proof_id = excluded.proof_id, noted_at = excluded.noted_at",
        params![
            case_id,
            address.side.key(),
            i64::from(address.electronic),
            &address.mobile,
            &address.fax,
            &address.email,
            &address.account,
            &address.address,
            &address.postcode,
            &address.receiver,
            &address.receiver_phone,
            address.signed_on,
            address.proof_id,
            at,
        ],
    )
    .map(drop)
}

/// What the sides of a case signed.
pub fn addresses(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<AddressRow>, StoreError> {
    let sql = "SELECT side, electronic, mobile, fax, email, account, address, postcode, receiver, receiver_phone, signed_on, \
        proof_id FROM service_address WHERE case_id = $1 ORDER BY side";
    tx.query(sql, params![case_id])?.iter().map(address).collect()
}

fn service(row: &Row) -> Result<ServiceRow, StoreError> {
    Ok(ServiceRow {
        id: row.int(0)?,
        paper_id: row.int(1)?,
        side: Side::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
        way: ServiceWay::from_key(row.str(3)?).ok_or_else(|| unknown_key(3))?,
        outcome: ServiceOutcome::from_key(row.str(4)?).ok_or_else(|| unknown_key(4))?,
        day: row.date(5)?,
        effective_on: row.opt_date(6)?,
        tracking: row.text(7)?,
        receipt_id: row.opt_int(8)?,
        proof_id: row.opt_int(9)?,
        made_by: row.opt_int(10)?,
        made_at: row.timestamp(11)?,
    })
}

fn address(row: &Row) -> Result<AddressRow, StoreError> {
    Ok(AddressRow {
        side: Side::from_key(row.str(0)?).ok_or_else(|| unknown_key(0))?,
        electronic: row.int(1)? != 0,
        mobile: row.text(2)?,
        fax: row.text(3)?,
        email: row.text(4)?,
        account: row.text(5)?,
        address: row.text(6)?,
        postcode: row.text(7)?,
        receiver: row.text(8)?,
        receiver_phone: row.text(9)?,
        signed_on: row.date(10)?,
        proof_id: row.opt_int(11)?,
    })
}
