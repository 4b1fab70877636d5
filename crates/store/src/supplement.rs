//! 补正: what a consumer was asked to bring, by which day, and whether she did.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementRow {
    /// Row id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// `materials` or `identity`.
    pub kind: String,
    /// What is missing: keys of `domain::materials`, joined by commas.
    pub wanted: String,
    /// What else was said.
    pub words: String,
    /// The last day.
    pub by_day: Date,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When she answered.
    pub answered_at: Option<Timestamp>,
    /// When it was noted that she had not.
    pub lapsed_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, case_id, kind, wanted, words, by_day, asked_at, answered_at, lapsed_at";

/// Writes a request; gives its id.
pub fn insert(tx: &mut Tx<'_>, row: &SupplementRow) -> Result<i64, StoreError> {
    let written = tx.first(
        "INSERT INTO supplement (case_id, kind, wanted, words, by_day, asked_at) VALUES ($1, $2, $3, $4, $5, $6) \
         RETURNING id",
        params![row.case_id, &row.kind, &row.wanted, &row.words, row.by_day, row.asked_at],
    )?;
    returned_id(written)
}

/// The requests of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<SupplementRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM supplement WHERE case_id = $1 ORDER BY id");
    tx.query(&sql, params![case_id])?.iter().map(supplement).collect()
}

/// Her answer: every request of the case that waits for one is answered; gives how many.
pub fn answer(tx: &mut Tx<'_>, case_id: i64, at: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE supplement SET answered_at = $1 WHERE case_id = $2 AND answered_at IS NULL",
        params![at, case_id],
    )
}

/// The requests whose day was before `today`, unanswered and not noted, of cases that still wait for the decision.
pub fn lapsing(tx: &mut Tx<'_>, today: Date, limit: i64) -> Result<Vec<SupplementRow>, StoreError> {
    let columns = COLUMNS.split(", ").map(|column| format!("s.{column}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {columns} FROM supplement s JOIN cases c ON c.id = s.case_id WHERE s.answered_at IS NULL \
         AND s.lapsed_at IS NULL AND s.by_day < $1 AND c.status = 'registered' ORDER BY s.by_day, s.id LIMIT $2"
    );
    tx.query(&sql, params![today, limit])?.iter().map(supplement).collect()
}

/// Notes that the day passed; `false` when it was answered or noted meanwhile.
pub fn note_lapsed(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE supplement SET lapsed_at = $1 WHERE id = $2 AND answered_at IS NULL AND lapsed_at IS NULL",
        params![at, id],
    )?;
    Ok(changed > 0)
}

fn supplement(row: &Row) -> Result<SupplementRow, StoreError> {
    Ok(SupplementRow {
        id: row.int(0)?,
        case_id: row.int(1)?,
        kind: row.text(2)?,
        wanted: row.text(3)?,
        words: row.text(4)?,
        by_day: row.date(5)?,
        asked_at: row.timestamp(6)?,
        answered_at: row.opt_timestamp(7)?,
        lapsed_at: row.opt_timestamp(8)?,
    })
}
