//! 个人信息请求: what people asked about their own data, what was decided, and what was done about it.

use domain::case_kind::CaseKind;
use domain::personal_data::{Asker, Right};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A request before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// The case in which she stands.
    pub case_id: i64,
    /// What is asked for.
    pub right: Right,
    /// Who asks.
    pub asker: Asker,
    /// In her words; who asks for another says by what right.
    pub words: String,
    /// The corrected particulars as JSON, until they are decided on.
    pub wanted: String,
    /// Who took it down at a counter; none when she asked on her own page.
    pub taken_by: Option<i64>,
    /// By when it is answered.
    pub due_day: Date,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Row id.
    pub id: i64,
    /// What was asked.
    pub asked: NewRequest,
    /// When.
    pub asked_at: Timestamp,
    /// The case's number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// Its kind.
    pub kind: CaseKind,
    /// Who took it down.
    pub taker: Option<String>,
    /// What was decided.
    pub decided: Option<Decided>,
}

/// A decision on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Granted, or refused.
    pub granted: bool,
    /// Key of the ground of refusal; empty when granted.
    pub ground: String,
    /// Why, in words.
    pub reason: String,
    /// When the ground ends by itself: the last day of a file's keeping.
    pub ends_on: Option<Date>,
    /// What was put right, as keys joined by commas.
    pub fields: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Writes a request; gives its id.
pub fn insert(tx: &mut Tx<'_>, new: &NewRequest, at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO personal_request (case_id, wish, asker, words, wanted, taken_by, due_day, asked_at, ground, reason, fields) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '') RETURNING id",
        params![
            new.case_id,
            new.right.key(),
            new.asker.key(),
            &new.words,
            &new.wanted,
            new.taken_by,
            new.due_day,
            at
        ],
    )?;
    returned_id(row)
}

const SELECT: &str = "SELECT p.id, p.case_id, p.wish, p.asker, p.words, p.wanted, p.taken_by, p.due_day, p.asked_at, c.number, \
    c.title, c.kind, t.name, p.granted, p.ground, p.reason, p.ends_on, p.fields, d.name, p.decided_at FROM personal_request p \
    JOIN cases c ON c.id = p.case_id LEFT JOIN account t ON t.id = p.taken_by LEFT JOIN account d ON d.id = p.decided_by";

/// One request.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<RequestRow>, StoreError> {
    Ok(many(tx, "p.id = $1", params![id])?.pop())
}

/// The requests about a case, the latest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<RequestRow>, StoreError> {
    many(tx, "p.case_id = $1 ORDER BY p.id DESC", params![case_id])
}

/// The requests about cases of a bureau: open ones by their day, then decided ones, the latest first; at most `limit`.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    let condition = "c.bureau_id = $1 ORDER BY CASE WHEN p.decided_at IS NULL THEN 0 ELSE 1 END, \
        CASE WHEN p.decided_at IS NULL THEN p.due_day ELSE '' END, p.id DESC LIMIT $2";
    many(tx, condition, params![bureau_id, limit])
}

/// Writes a decision, and forgets what was wanted; `false` when it was decided already.
pub fn decide(tx: &mut Tx<'_>, id: i64, decided: &Decided, by: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE personal_request SET granted = $1, ground = $2, reason = $3, ends_on = $4, fields = $5, decided_by = $6, \
         decided_at = $7, wanted = '' WHERE id = $8 AND decided_at IS NULL",
        params![
            decided.granted,
            &decided.ground,
            &decided.reason,
            decided.ends_on,
            &decided.fields,
            by,
            decided.at,
            id
        ],
    )?;
    Ok(changed == 1)
}

/// Nothing but keeping from now on: no publication, no delegation; whoever draws a sample leaves the case out.
pub fn restrict(tx: &mut Tx<'_>, case_id: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE cases SET consent_publish = 0, consent_delegate = 0 WHERE id = $1", params![case_id])?;
    tx.execute("DELETE FROM visit WHERE case_id = $1 AND done_at IS NULL", params![case_id]).map(drop)
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<RequestRow>, StoreError> {
    tx.query(&format!("{SELECT} WHERE {condition}"), params)?.iter().map(request).collect()
}

fn request(row: &Row) -> Result<RequestRow, StoreError> {
    let decided = match (row.opt_int(13)?, row.opt_timestamp(19)?) {
        (Some(granted), Some(at)) => Some(Decided {
            granted: granted == 1,
            ground: row.text(14)?,
            reason: row.text(15)?,
            ends_on: row.opt_date(16)?,
            fields: row.text(17)?,
            by: row.opt_text(18)?.unwrap_or_default(),
            at,
        }),
        _ => None,
    };
    Ok(RequestRow {
        id: row.int(0)?,
        asked: NewRequest {
            case_id: row.int(1)?,
            right: Right::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
            asker: Asker::from_key(row.str(3)?).ok_or_else(|| unknown_key(3))?,
            words: row.text(4)?,
            wanted: row.text(5)?,
            taken_by: row.opt_int(6)?,
            due_day: row.date(7)?,
        },
        asked_at: row.timestamp(8)?,
        number: row.text(9)?,
        title: row.text(10)?,
        kind: CaseKind::from_key(row.str(11)?).ok_or_else(|| unknown_key(11))?,
        taker: row.opt_text(12)?,
        decided,
    })
}

/// Takes away what points to the person who filed: her particulars, her words, what she was sent, what she sealed. Numbers, days
/// and outcomes stay, and so does the history. Gives the hashes of her files, whose bytes nothing names any more.
pub fn erase(tx: &mut Tx<'_>, case_id: i64, instead: &str) -> Result<Vec<String>, StoreError> {
    let files = tx.query(
        "SELECT sha256 FROM attachment WHERE case_id = $1 AND added_by = 'complainant' AND sha256 <> '' UNION \
         SELECT s.sha256 FROM paper_signature s JOIN paper p ON p.id = s.paper_id WHERE p.case_id = $1 ORDER BY 1",
        params![case_id],
    )?;
    for sql in [
        "UPDATE party SET name = $1, phone = '', address = '', postcode = '', email = '', id_kind = '', id_number = '', \
         credit_code = '', contact_name = '', mandate = '' WHERE case_id = $2 AND (role = 'complainant' OR represents_id IN \
         (SELECT id FROM party WHERE case_id = $2 AND role = 'complainant'))",
        "UPDATE cases SET complainant_name = $1, facts = $1, demand_text = '', order_number = '' WHERE id = $2",
        "UPDATE paper SET title = $1 WHERE case_id = $2 AND attachment_id IN \
         (SELECT id FROM attachment WHERE case_id = $2 AND added_by = 'complainant')",
        "UPDATE outbox SET address = '', body = $1 WHERE case_id = $2 AND recipient = 'complainant'",
        "UPDATE service_address SET mobile = '', fax = '', email = '', account = '', address = $1, postcode = '', receiver = '', \
         receiver_phone = '' WHERE case_id = $2 AND side = 'complainant'",
        "UPDATE supplement SET words = $1 WHERE case_id = $2",
        "UPDATE visit SET words = $1 WHERE case_id = $2",
        "UPDATE report_message SET body = $1 WHERE case_id = $2 AND sender = 'reporter'",
        "UPDATE attachment SET name = $1, size = 0, sha256 = '' WHERE case_id = $2 AND added_by = 'complainant'",
    ] {
        tx.execute(sql, params![instead, case_id])?;
    }
    tx.execute(
        "DELETE FROM paper_signature WHERE paper_id IN (SELECT id FROM paper WHERE case_id = $1)",
        params![case_id],
    )?;
    let nothing = Value::Blob(Vec::new());
    for sql in [
        "UPDATE sealed_identity SET body = $1 WHERE case_id = $2",
        "UPDATE sealed_file SET body = $1 WHERE case_id = $2",
    ] {
        tx.execute(sql, &[nothing.clone(), Value::Int(case_id)])?;
    }
    files.iter().map(|row| row.text(0)).collect()
}
