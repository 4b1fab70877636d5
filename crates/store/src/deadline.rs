//! 期限: frozen when it starts; moves only by a recorded act.

use domain::clock::Suspension;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{Head, returned_id};
use crate::db::{Row, StoreError, Tx, Value};
use crate::many::{pieces, values};
use crate::params;

/// A running or stopped deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// Key of the limit in its rule set.
    pub limit_key: String,
    /// The step in Chinese.
    pub name: String,
    /// The rule set it comes from.
    pub rule_set: String,
    /// Law.
    pub law: String,
    /// Article.
    pub article: String,
    /// `statutory` or `promised`.
    pub basis: String,
    /// Who must act.
    pub bearer: String,
    /// `workday`, `day`, `hour`.
    pub unit: String,
    /// In `unit`.
    pub length: i64,
    /// Granted on top, in `unit`.
    pub extended_by: i64,
    /// When it started.
    pub started_at: Timestamp,
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// Its last day.
    pub due_day: Date,
    /// Rests on a year whose holidays are not published.
    pub provisional: bool,
    /// Version of the calendar it was counted with.
    pub calendar: String,
    /// Pauses.
    pub suspensions: Vec<Suspension>,
    /// When it was met or ended.
    pub stopped_at: Option<Timestamp>,
    /// By which trigger.
    pub stopped_by: Option<String>,
    /// The morning on which the officer is to be reminded; none when the limit is too short or already as good as over.
    pub remind_at: Option<Timestamp>,
    /// When the sweep reminded.
    pub reminded_at: Option<Timestamp>,
    /// When the sweep noted that it passed.
    pub overdue_noted_at: Option<Timestamp>,
}

impl DeadlineRow {
    /// Whether the clock stands still now.
    pub fn is_paused(&self) -> bool {
        self.suspensions.iter().any(|pause| pause.until.is_none())
    }
}

/// A running deadline with where the history of its case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The deadline.
    pub deadline: DeadlineRow,
    /// Its case.
    pub head: Head,
}

const COLUMNS: &str = "id, case_id, limit_key, name, rule_set, law, article, basis, bearer, unit, length, extended_by, \
    started_at, due_at, due_day, provisional, calendar, suspensions, stopped_at, stopped_by, overdue_noted_at, remind_at, \
    reminded_at";

/// Writes a deadline that starts; gives its id.
pub fn insert(tx: &mut Tx<'_>, deadline: &DeadlineRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO deadline (case_id, limit_key, name, rule_set, law, article, basis, bearer, unit, length, extended_by, \
         started_at, due_at, due_day, provisional, calendar, suspensions, remind_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id",
        params![
            deadline.case_id,
            &deadline.limit_key,
            &deadline.name,
            &deadline.rule_set,
            &deadline.law,
            &deadline.article,
            &deadline.basis,
            &deadline.bearer,
            &deadline.unit,
            deadline.length,
            deadline.extended_by,
            deadline.started_at,
            deadline.due_at,
            deadline.due_day,
            deadline.provisional,
            &deadline.calendar,
            pauses_text(&deadline.suspensions),
            deadline.remind_at,
        ],
    )?;
    returned_id(row)
}

/// Every deadline of a case, in the order they started.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<DeadlineRow>, StoreError> {
    many(tx, "case_id = $1 ORDER BY id", params![case_id])
}

/// Running deadlines that are past `now` and not yet noted, the longest past first, at most `limit`.
pub fn newly_overdue(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<DeadlineRow>, StoreError> {
    many(
        tx,
        "stopped_at IS NULL AND overdue_noted_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
        params![now, limit],
    )
}

/// Running deadlines of this limit that are past `now`, the longest past first, at most `at_most`.
pub fn past(tx: &mut Tx<'_>, limit: &str, now: Timestamp, at_most: i64) -> Result<Vec<DeadlineRow>, StoreError> {
    many(
        tx,
        "stopped_at IS NULL AND due_at <= $1 AND limit_key = $2 ORDER BY due_at, id LIMIT $3",
        params![now, limit, at_most],
    )
}

/// Running deadlines of which somebody is to be reminded by now, and that are not over yet, at most `limit`.
pub fn to_be_reminded(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<DeadlineRow>, StoreError> {
    many(
        tx,
        "stopped_at IS NULL AND reminded_at IS NULL AND remind_at <= $1 AND due_at > $1 ORDER BY remind_at, id LIMIT $2",
        params![now, limit],
    )
}

/// Running deadlines of the cases after this one, case by case, at most `limit` of them: for a recount. The last case may be cut.
pub fn running_of_cases(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<Running>, StoreError> {
    let columns = COLUMNS.replace(", ", ", d.");
    let sql = format!(
        "SELECT d.{columns}, c.number, c.version, c.event_head FROM deadline d JOIN cases c ON c.id = d.case_id \
         WHERE d.stopped_at IS NULL AND d.case_id > $1 ORDER BY d.case_id, d.id LIMIT $2"
    );
    let running = |row: &Row| {
        let head = Head { number: row.text(23)?, version: row.int(24)?, event_head: row.text(25)? };
        Ok(Running { deadline: deadline(row)?, head })
    };
    tx.query(&sql, params![after, limit])?.iter().map(running).collect()
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<DeadlineRow>, StoreError> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM deadline WHERE {condition}"), params)?;
    rows.iter().map(deadline).collect()
}

/// Stops a running deadline.
pub fn stop(tx: &mut Tx<'_>, id: i64, at: Timestamp, by: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deadline SET stopped_at = $1, stopped_by = $2 WHERE id = $3 AND stopped_at IS NULL",
        params![at, by, id],
    )
    .map(drop)
}

/// Lets a deadline run again whose stop was undone (the leader sent the outcome back).
pub fn reopen(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE deadline SET stopped_at = NULL, stopped_by = NULL WHERE id = $1", params![id]).map(drop)
}

/// Writes a moved deadline: its pauses, its extension, its new end.
pub fn move_to(tx: &mut Tx<'_>, deadline: &DeadlineRow) -> Result<(), StoreError> {
    move_all(tx, &[deadline])
}

/// Writes many moved deadlines at once.
pub fn move_all(tx: &mut Tx<'_>, deadlines: &[&DeadlineRow]) -> Result<(), StoreError> {
    const TYPES: [&str; 12] = [
        "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT",
    ];
    for piece in pieces(deadlines) {
        let sql = format!(
            "UPDATE deadline SET extended_by = v.column2, due_at = v.column3, due_day = v.column4, \
             provisional = v.column5, calendar = v.column6, suspensions = v.column7, overdue_noted_at = v.column8, \
             remind_at = v.column9, reminded_at = v.column10, unit = v.column11, length = v.column12 \
             FROM (VALUES {}) AS v WHERE deadline.id = v.column1",
            values(&TYPES, piece.len())
        );
        let row = |deadline: &&DeadlineRow| -> [Value; 12] {
            [
                deadline.id.into(),
                deadline.extended_by.into(),
                deadline.due_at.into(),
                deadline.due_day.into(),
                deadline.provisional.into(),
                (&deadline.calendar).into(),
                pauses_text(&deadline.suspensions).into(),
                deadline.overdue_noted_at.into(),
                deadline.remind_at.into(),
                deadline.reminded_at.into(),
                (&deadline.unit).into(),
                deadline.length.into(),
            ]
        };
        tx.execute(&sql, &piece.iter().flat_map(row).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Notes that the officer was reminded; `false` when another sweep was first.
pub fn note_reminded(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE deadline SET reminded_at = $1 WHERE id = $2 AND reminded_at IS NULL AND stopped_at IS NULL",
        params![at, id],
    )?;
    Ok(changed == 1)
}

/// Notes that a deadline passed; `false` when another sweep was first.
pub fn note_overdue(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE deadline SET overdue_noted_at = $1 WHERE id = $2 AND overdue_noted_at IS NULL AND stopped_at IS NULL",
        params![at, id],
    )?;
    Ok(changed == 1)
}

fn deadline(row: &Row) -> Result<DeadlineRow, StoreError> {
    Ok(DeadlineRow {
        id: row.int(0)?,
        case_id: row.int(1)?,
        limit_key: row.text(2)?,
        name: row.text(3)?,
        rule_set: row.text(4)?,
        law: row.text(5)?,
        article: row.text(6)?,
        basis: row.text(7)?,
        bearer: row.text(8)?,
        unit: row.text(9)?,
        length: row.int(10)?,
        extended_by: row.int(11)?,
        started_at: row.timestamp(12)?,
        due_at: row.timestamp(13)?,
        due_day: row.date(14)?,
        provisional: row.bool(15)?,
        calendar: row.text(16)?,
        suspensions: pauses(row, 17)?,
        stopped_at: row.opt_timestamp(18)?,
        stopped_by: row.opt_text(19)?,
        overdue_noted_at: row.opt_timestamp(20)?,
        remind_at: row.opt_timestamp(21)?,
        reminded_at: row.opt_timestamp(22)?,
    })
}

fn pauses_text(pauses: &[Suspension]) -> String {
    if pauses.is_empty() { String::new() } else { serde_json::to_string(pauses).unwrap_or_default() }
}

fn pauses(row: &Row, index: usize) -> Result<Vec<Suspension>, StoreError> {
    match row.str(index)? {
        "" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(|_| crate::case::unknown_key(index)),
    }
}
