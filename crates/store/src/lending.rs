//! 借阅、停止销毁: who has something of the archive in hand, and what is held back from destruction.

use domain::case_kind::CaseKind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// Something asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLoan {
    /// What.
    pub item_id: i64,
    /// For whom.
    pub borrower_id: i64,
    /// Whether it needs approval: the side part, or a report.
    pub sealed: bool,
    /// 用途.
    pub purpose: String,
    /// Until when.
    pub due_day: Date,
    /// Who wrote it down.
    pub asked_by: i64,
}

/// A loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanRow {
    /// Row id.
    pub id: i64,
    /// What was asked.
    pub asked: NewLoan,
    /// Her name.
    pub borrower: String,
    /// `asked`, `refused`, `out`, `returned`.
    pub state: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Who decided.
    pub decider: Option<String>,
    /// What the decider said.
    pub opinion: String,
    /// When it came back.
    pub returned_at: Option<Timestamp>,
    /// Number of the item, and the kind of its case.
    pub number: String,
    /// The kind of its case.
    pub kind: Option<CaseKind>,
}

const SELECT: &str = "SELECT l.id, l.item_id, l.borrower_id, l.sealed, l.purpose, l.due_day, l.asked_by, b.name, l.state, l.asked_at, \
    d.name, l.opinion, l.returned_at, i.number, c.kind FROM archive_loan l JOIN account b ON b.id = l.borrower_id \
    JOIN archive_item i ON i.id = l.item_id LEFT JOIN cases c ON c.id = i.case_id LEFT JOIN account d ON d.id = l.decided_by";

/// Writes a loan down: out at once, or asked for where it needs approval. Nothing when the item is out or asked for already.
pub fn lend(tx: &mut Tx<'_>, loan: &NewLoan, at: Timestamp) -> Result<Option<i64>, StoreError> {
    let open = "SELECT id FROM archive_loan WHERE item_id = $1 AND state IN ('asked', 'out')";
    if tx.first(open, params![loan.item_id])?.is_some() {
        return Ok(None);
    }
    let row = tx.first(
        "INSERT INTO archive_loan (item_id, borrower_id, sealed, purpose, due_day, state, asked_by, asked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![
            loan.item_id,
            loan.borrower_id,
            loan.sealed,
            &loan.purpose,
            loan.due_day,
            if loan.sealed { "asked" } else { "out" },
            loan.asked_by,
            at
        ],
    )?;
    returned_id(row).map(Some)
}

/// Decides what was asked for; `false` when that was done already.
pub fn decide(
    tx: &mut Tx<'_>,
    id: i64,
    granted: bool,
    opinion: &str,
    by: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let state = if granted { "out" } else { "refused" };
    let changed = tx.execute(
        "UPDATE archive_loan SET state = $1, opinion = $2, decided_by = $3, decided_at = $4 WHERE id = $5 AND state = 'asked'",
        params![state, opinion, by, at, id],
    )?;
    Ok(changed == 1)
}

/// Writes down that it came back; `false` when it was not out.
pub fn take_back(tx: &mut Tx<'_>, id: i64, by: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE archive_loan SET state = 'returned', returned_at = $1, taken_back_by = $2 WHERE id = $3 AND state = 'out'",
        params![at, by, id],
    )?;
    Ok(changed == 1)
}

/// One loan.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<LoanRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE l.id = $1"), params![id])?.map(|row| loan(&row)).transpose()
}

/// The loans of an item, the latest first.
pub fn of_item(tx: &mut Tx<'_>, item_id: i64) -> Result<Vec<LoanRow>, StoreError> {
    many(tx, "l.item_id = $1 ORDER BY l.id DESC", &[Value::Int(item_id)])
}

/// Loans that are late on a day and of which nobody was reminded on that day.
pub fn late(tx: &mut Tx<'_>, today: Date, again_after: Date, limit: i64) -> Result<Vec<LoanRow>, StoreError> {
    let condition = "l.state = 'out' AND l.due_day < $1 AND (l.reminded_day IS NULL OR l.reminded_day <= $2) \
        ORDER BY l.id LIMIT $3";
    many(tx, condition, &[today.into(), again_after.into(), limit.into()])
}

/// Notes that the borrower was reminded; `false` when she was on that day already.
pub fn note_reminded(tx: &mut Tx<'_>, id: i64, day: Date) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE archive_loan SET reminded_day = $1 WHERE id = $2 AND state = 'out' AND (reminded_day IS NULL OR reminded_day < $3)",
        params![day, id, day],
    )?;
    Ok(changed == 1)
}

/// What somebody has in hand and has to bring back, the first due first.
pub fn in_hand(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<LoanRow>, StoreError> {
    many(tx, "l.borrower_id = $1 AND l.state = 'out' ORDER BY l.due_day, l.id", &[Value::Int(account_id)])
}

/// What waits for a decision at a bureau, the oldest first.
pub fn asked(tx: &mut Tx<'_>, bureau_id: i64) -> Result<Vec<LoanRow>, StoreError> {
    many(tx, "l.state = 'asked' AND i.bureau_id = $1 ORDER BY l.id", &[Value::Int(bureau_id)])
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<LoanRow>, StoreError> {
    tx.query(&format!("{SELECT} WHERE {condition}"), params)?.iter().map(loan).collect()
}

fn loan(row: &Row) -> Result<LoanRow, StoreError> {
    let kind = row.opt_text(14)?;
    Ok(LoanRow {
        id: row.int(0)?,
        asked: NewLoan {
            item_id: row.int(1)?,
            borrower_id: row.int(2)?,
            sealed: row.int(3)? == 1,
            purpose: row.text(4)?,
            due_day: row.date(5)?,
            asked_by: row.int(6)?,
        },
        borrower: row.text(7)?,
        state: row.text(8)?,
        asked_at: row.timestamp(9)?,
        decider: row.opt_text(10)?,
        opinion: row.text(11)?,
        returned_at: row.opt_timestamp(12)?,
        number: row.text(13)?,
        kind: kind.map(|key| CaseKind::from_key(&key).ok_or_else(|| unknown_key(14))).transpose()?,
    })
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// Row id.
    pub id: i64,
    /// Why.
    pub reason: String,
    /// Who put it on.
    pub put_by: String,
    /// When.
    pub put_at: Timestamp,
    /// Who lifted it.
    pub lifted_by: Option<String>,
    /// When.
    pub lifted_at: Option<Timestamp>,
    /// Why.
    pub lift_reason: String,
}

/// Holds an item back from destruction; gives the hold's id.
pub fn hold(tx: &mut Tx<'_>, item_id: i64, reason: &str, by: i64, at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO archive_hold (item_id, reason, put_by, put_at) VALUES ($1, $2, $3, $4) RETURNING id",
        params![item_id, reason, by, at],
    )?;
    returned_id(row)
}

/// Lifts a hold; `false` when it was lifted already.
pub fn lift(tx: &mut Tx<'_>, item_id: i64, id: i64, reason: &str, by: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE archive_hold SET lifted_by = $1, lifted_at = $2, lift_reason = $3 WHERE id = $4 AND item_id = $5 AND lifted_at IS NULL",
        params![by, at, reason, id, item_id],
    )?;
    Ok(changed == 1)
}

/// What holds or held an item, the latest first.
pub fn holds(tx: &mut Tx<'_>, item_id: i64) -> Result<Vec<HoldRow>, StoreError> {
    let rows = tx.query(
        "SELECT h.id, h.reason, p.name, h.put_at, l.name, h.lifted_at, h.lift_reason FROM archive_hold h \
         JOIN account p ON p.id = h.put_by LEFT JOIN account l ON l.id = h.lifted_by WHERE h.item_id = $1 ORDER BY h.id DESC",
        params![item_id],
    )?;
    let hold = |row: &Row| {
        Ok(HoldRow {
            id: row.int(0)?,
            reason: row.text(1)?,
            put_by: row.text(2)?,
            put_at: row.timestamp(3)?,
            lifted_by: row.opt_text(4)?,
            lifted_at: row.opt_timestamp(5)?,
            lift_reason: row.text(6)?,
        })
    };
    rows.iter().map(hold).collect()
}
