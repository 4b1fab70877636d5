//! 相似案件: cases that share a telephone, an address, an order or a shop with another, for the signals of art. 17 and for likely
//! duplicates. Of a report only whom it names is compared: who reports an offence is nobody's business here.

use domain::case_kind::CaseKind;
use domain::status::Status;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// Another case, with what is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeRow {
    /// Row id.
    pub id: i64,
    /// Case number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// Outcome key.
    pub outcome: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// Code table `goods_categories`.
    pub category: String,
    /// Code table `problem_categories`.
    pub problem: String,
    /// 商品或者服务.
    pub goods: String,
    /// 订单号.
    pub order_number: String,
    /// 购买日期.
    pub bought_on: Option<Date>,
    /// 事实经过.
    pub facts: String,
    /// The consumer's name; compared, never shown.
    pub complainant_name: String,
    /// The other side's name.
    pub respondent_name: String,
    /// The other side's credit code.
    pub credit_code: String,
    /// The operator that the respondent is, the one that goes on where two were merged.
    pub operator: Option<i64>,
    /// The consumer's telephone; compared, never shown.
    pub phone: String,
    /// Officer in charge.
    pub lead: Option<i64>,
    /// Second officer.
    pub partner: Option<i64>,
    /// The bureau's path.
    pub bureau_path: String,
    /// The office's path, when an office has it.
    pub unit_path: Option<String>,
    /// The intake centre's path.
    pub intake_path: String,
}

/// What another case has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikeKey<'a> {
    /// The consumer's telephone.
    Phone(&'a str),
    /// The consumer's address.
    Address(&'a str),
    /// The telephone of who acts for the consumer.
    Agent(&'a str),
    /// The order.
    Order(&'a str),
    /// The name of the shop.
    Respondent(&'a str),
    /// The registered operator, when there is one.
    Operator(Option<i64>),
}

/// Complaints with this in common received since then, newest first, `but` left out.
pub fn by(
    tx: &mut Tx<'_>,
    key: LikeKey<'_>,
    but: i64,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<LikeRow>, StoreError> {
    let of_operator = crate::search::of_operator("$1");
    let (condition, value) = match key {
        LikeKey::Phone("")
        | LikeKey::Address("")
        | LikeKey::Agent("")
        | LikeKey::Order("")
        | LikeKey::Respondent("") => {
            return Ok(Vec::new());
        }
        LikeKey::Operator(None) => return Ok(Vec::new()),
        LikeKey::Phone(value) => ("p.phone = $1", Value::from(value)),
        LikeKey::Address(value) => ("p.address = $1", Value::from(value)),
        LikeKey::Agent(value) => {
            ("c.id IN (SELECT case_id FROM party WHERE role = 'agent' AND phone = $1)", Value::from(value))
        }
        LikeKey::Order(value) => ("c.order_number = $1", Value::from(value)),
        LikeKey::Respondent(value) => ("c.respondent_name = $1", Value::from(value)),
        LikeKey::Operator(Some(id)) => (of_operator.as_str(), Value::from(id)),
    };
    matching(tx, CaseKind::Complaint, condition, value, but, since, limit)
}

/// Reports of this shop, or of this registered operator, received since then, newest first, `but` left out.
pub fn reports(
    tx: &mut Tx<'_>,
    shop: LikeKey<'_>,
    but: i64,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<LikeRow>, StoreError> {
    let of_operator = crate::search::of_operator("$1");
    match shop {
        LikeKey::Respondent(name) if !name.is_empty() => {
            matching(tx, CaseKind::Report, "c.respondent_name = $1", name.into(), but, since, limit)
        }
        LikeKey::Operator(Some(id)) => matching(tx, CaseKind::Report, &of_operator, id.into(), but, since, limit),
        _ => Ok(Vec::new()),
    }
}

fn matching(
    tx: &mut Tx<'_>,
    kind: CaseKind,
    condition: &str,
    value: Value,
    but: i64,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<LikeRow>, StoreError> {
    let sql = format!(
        "SELECT c.id, c.number, c.title, c.status, c.outcome, c.received_at, c.category, c.problem, c.goods, \
         c.order_number, c.bought_on, c.facts, c.complainant_name, c.respondent_name, r.credit_code, p.phone, c.lead_id, \
         c.partner_id, b.path, u.path, i.path, COALESCE(o.merged_into, o.id) FROM cases c LEFT JOIN party p ON p.case_id = c.id AND p.role = 'complainant' \
         LEFT JOIN party r ON r.case_id = c.id AND r.role = 'respondent' JOIN organization b ON b.id = c.bureau_id \
         JOIN organization i ON i.id = c.intake_id LEFT JOIN organization u ON u.id = c.unit_id \
         LEFT JOIN operator o ON o.id = c.operator_id WHERE {condition} AND c.id <> $2 AND c.received_at >= $3 AND c.kind = $5 ORDER BY c.id DESC LIMIT $4"
    );
    tx.query(&sql, params![value, but, since, limit, kind.key()])?.iter().map(row_of).collect()
}

fn row_of(row: &Row) -> Result<LikeRow, StoreError> {
    Ok(LikeRow {
        id: row.int(0)?,
        number: row.text(1)?,
        title: row.text(2)?,
        status: Status::from_key(row.str(3)?).ok_or_else(|| crate::case::unknown_key(3))?,
        outcome: row.opt_text(4)?,
        received_at: row.timestamp(5)?,
        category: row.text(6)?,
        problem: row.text(7)?,
        goods: row.text(8)?,
        order_number: row.text(9)?,
        bought_on: row.opt_date(10)?,
        facts: row.text(11)?,
        complainant_name: row.text(12)?,
        respondent_name: row.text(13)?,
        credit_code: row.opt_text(14)?.unwrap_or_default(),
        phone: row.opt_text(15)?.unwrap_or_default(),
        lead: row.opt_int(16)?,
        partner: row.opt_int(17)?,
        bureau_path: row.text(18)?,
        unit_path: row.opt_text(19)?,
        intake_path: row.text(20)?,
        operator: row.opt_int(21)?,
    })
}
