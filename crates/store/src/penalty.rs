//! 处罚决定: what is known of the penalties of an operator. They are public by law; from which report one came is not told here.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A penalty decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PenaltyRow {
    /// 决定书文号.
    pub number: String,
    /// Its day.
    pub decided_on: Date,
    /// Keys of the kinds of penalty, joined by commas.
    pub kinds: String,
    /// 罚没款, in 分.
    pub sum: i64,
}

/// A penalty with who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The decision.
    pub penalty: PenaltyRow,
    /// The bureau that decided.
    pub bureau: String,
}

/// Keeps the decision of a case, in place of what was kept before.
pub fn put(tx: &mut Tx<'_>, case_id: i64, penalty: &PenaltyRow, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO penalty (case_id, number, decided_on, kinds, sum, noted_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, decided_on = excluded.decided_on, \
         kinds = excluded.kinds, sum = excluded.sum, noted_at = excluded.noted_at",
        params![case_id, &penalty.number, penalty.decided_on, &penalty.kinds, penalty.sum, at],
    )
    .map(drop)
}

/// The decision of a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Option<PenaltyRow>, StoreError> {
    let sql = "SELECT number, decided_on, kinds, sum FROM penalty WHERE case_id = $1";
    tx.first(sql, params![case_id])?.as_ref().map(penalty).transpose()
}

/// The decisions against an operator, and those that were merged into it, from this day on, the latest first.
pub fn of_operator(tx: &mut Tx<'_>, operator: i64, since: Date) -> Result<Vec<Decided>, StoreError> {
    let sql = format!(
        "SELECT p.number, p.decided_on, p.kinds, p.sum, b.name FROM penalty p JOIN cases c ON c.id = p.case_id \
         JOIN organization b ON b.id = c.bureau_id WHERE {} AND p.decided_on >= $2 ORDER BY p.decided_on DESC, p.case_id DESC",
        crate::search::of_operator("$1")
    );
    let rows = tx.query(&sql, params![operator, since])?;
    rows.iter().map(|row| Ok(Decided { penalty: penalty(row)?, bureau: row.text(4)? })).collect()
}

fn penalty(row: &Row) -> Result<PenaltyRow, StoreError> {
    Ok(PenaltyRow { number: row.text(0)?, decided_on: row.date(1)?, kinds: row.text(2)?, sum: row.int(3)? })
}
