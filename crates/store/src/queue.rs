//! 待办: what falls due first, on whose desk, with counts. Each view is one ordered walk of one index, so that a page over
//! a hundred thousand open cases costs what its rows cost.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::case_kind::CaseKind;
use domain::status::Status;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::unknown_key;
use crate::db::{Row, StoreError, Tx, Value};

/// Which cases a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Those that lie on these desks (`Desk::key`).
    Desks(Vec<String>),
    /// Open ones this officer leads.
    Lead(i64),
    /// Open ones of this office.
    Unit(i64),
    /// Open ones of this bureau.
    Bureau(i64),
}

/// What narrows a view; all from the address bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<CaseKind>,
    /// Only this status.
    pub status: Option<Status>,
    /// Only this channel.
    pub channel: Option<String>,
    /// Only this goods category.
    pub category: Option<String>,
    /// Only at this office.
    pub unit: Option<i64>,
    /// Due before this instant.
    pub due_before: Option<Timestamp>,
    /// Due at or after this instant.
    pub due_from: Option<Timestamp>,
    /// Only those under supervision (督办).
    pub supervised: bool,
    /// Not on these desks (for 'waiting for others').
    pub off_desks: Vec<String>,
}

/// Where the last page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// Due instant of its last row, in microseconds.
    pub due_at: i64,
    /// Id of its last row.
    pub id: i64,
}

/// A row of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// Row id.
    pub id: i64,
    /// Case number.
    pub number: String,
    /// One line.
    pub title: String,
    /// The consumer's name; show it masked.
    pub complainant_name: String,
    /// Code table `channels`.
    pub channel: String,
    /// The other side.
    pub respondent_name: String,
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
    /// 分.
    pub amount: Option<i64>,
    /// When it came in.
    pub received_at: Timestamp,
    /// What falls due first, in microseconds; `case::NOTHING_DUE` when nothing runs.
    pub next_due_at: i64,
    /// Office, when it has one.
    pub unit_name: Option<String>,
    /// Officer in charge, when there is one.
    pub lead_name: Option<String>,
    /// An urging waits for its answer.
    pub urge_open: bool,
    /// Under supervision (督办).
    pub supervised: bool,
    /// How often it was taken up again after its end.
    pub reopened: i64,
    /// The deadline that falls due first: name, basis, unit, length, started, due day, suspensions text, provisional.
    pub clock: Option<NextClock>,
}

/// The deadline that falls due first on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextClock {
    /// The step in Chinese.
    pub name: String,
    /// `statutory` or `promised`.
    pub basis: String,
    /// `workday`, `day`, `hour`.
    pub unit: String,
    /// In `unit`.
    pub length: i64,
    /// Granted on top.
    pub extended_by: i64,
    /// When it started.
    pub started_at: Timestamp,
    /// Last day.
    pub due_day: Date,
    /// First instant too late.
    pub due_at: Timestamp,
    /// Rests on an unpublished calendar.
    pub provisional: bool,
    /// Pauses as JSON, empty when none.
    pub suspensions: String,
}

/// The view's rows after `after`, what falls due first on top, at most `limit`.
pub fn page(
    tx: &mut Tx<'_>,
    view: &View,
    filter: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<QueueRow>, StoreError> {
    let mut keys: Vec<(i64, i64)> = Vec::new();
    for (condition, value) in branches(view) {
        let mut query = Query::new(condition, value);
        query.narrow(filter);
        if let Some(after) = after {
            let (due, id) = (query.bind(after.due_at), query.bind(after.id));
            query.and(&format!("(next_due_at > {due} OR (next_due_at = {due} AND id > {id}))"));
            // A plain bound lets the index start where the last page ended.
            let due = query.bind(after.due_at);
            query.and(&format!("next_due_at >= {due}"));
        }
        let limit = query.bind(limit);
        let sql = format!(
            "SELECT next_due_at, id FROM cases WHERE {} ORDER BY next_due_at, id LIMIT {limit}",
            query.conditions
        );
        for row in tx.query(&sql, &query.params)? {
            keys.push((row.int(0)?, row.int(1)?));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(usize::try_from(limit).unwrap_or_default());
    let ids: Vec<i64> = keys.into_iter().map(|(_, id)| id).collect();
    rows_of(tx, &ids)
}

/// How many rows a view has, counted no further than `at_most`.
pub fn count(tx: &mut Tx<'_>, view: &View, filter: &Filter, at_most: i64) -> Result<i64, StoreError> {
    let mut sum = 0;
    for (condition, value) in branches(view) {
        let mut query = Query::new(condition, value);
        query.narrow(filter);
        let limit = query.bind(at_most - sum);
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM cases WHERE {} LIMIT {limit}) AS counted",
            query.conditions
        );
        sum += tx.first(&sql, &query.params)?.map_or(Ok(0), |row| row.int(0))?;
        if sum >= at_most {
            return Ok(at_most);
        }
    }
    Ok(sum)
}

fn branches(view: &View) -> Vec<(&'static str, Value)> {
    match view {
        View::Desks(desks) => desks.iter().map(|desk| ("desk = $1", Value::from(desk))).collect(),
        View::Lead(account) => vec![("lead_id = $1 AND open = 1", Value::from(*account))],
        View::Unit(unit) => {
            vec![("unit_id = $1 AND open = 1 AND kind NOT IN ('report', 'staff_complaint')", Value::from(*unit))]
        }
        // What only those may know of who have it in hand is on their desks and in no other view.
        View::Bureau(bureau) => {
            vec![("bureau_id = $1 AND open = 1 AND kind NOT IN ('report', 'staff_complaint')", Value::from(*bureau))]
        }
    }
}

struct Query {
    conditions: String,
    params: Vec<Value>,
}

impl Query {
    fn new(condition: &str, value: Value) -> Query {
        Query { conditions: condition.to_owned(), params: vec![value] }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    fn and(&mut self, condition: &str) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
    }

    fn narrow(&mut self, filter: &Filter) {
        if let Some(kind) = filter.kind {
            let kind = self.bind(kind.key());
            self.and(&format!("kind = {kind}"));
        }
        if let Some(status) = filter.status {
            let status = self.bind(status.key());
            self.and(&format!("status = {status}"));
        }
        if let Some(channel) = &filter.channel {
            let channel = self.bind(channel);
            self.and(&format!("channel = {channel}"));
        }
        if let Some(category) = &filter.category {
            let category = self.bind(category);
            self.and(&format!("category = {category}"));
        }
        if let Some(unit) = filter.unit {
            let unit = self.bind(unit);
            self.and(&format!("unit_id = {unit}"));
        }
        if let Some(before) = filter.due_before {
            let before = self.bind(before);
            self.and(&format!("next_due_at < {before}"));
        }
        if let Some(from) = filter.due_from {
            let from = self.bind(from);
            self.and(&format!("next_due_at >= {from}"));
        }
        if filter.supervised {
            self.and("supervised = 1");
        }
        for desk in &filter.off_desks {
            let desk = self.bind(desk);
            self.and(&format!("desk <> {desk}"));
        }
    }
}

/// The rows of these cases in this order: two statements for the whole page.
fn rows_of(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<QueueRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let (places, params): (String, Vec<Value>) = (places.join(", "), ids.iter().map(|id| Value::from(*id)).collect());
    let clocks = tx.query(
        &format!(
            "SELECT name, basis, unit, length, extended_by, started_at, due_day, due_at, provisional, suspensions, case_id \
             FROM deadline WHERE case_id IN ({places}) AND stopped_at IS NULL AND bearer = 'bureau' ORDER BY due_at, id"
        ),
        &params,
    )?;
    let rows = tx.query(
        &format!(
            "SELECT c.id, c.number, c.title, c.complainant_name, c.channel, c.respondent_name, c.status, c.amount, \
             c.received_at, c.next_due_at, u.name, a.name, c.urge_open, c.kind, c.supervised, c.reopened FROM cases c \
             LEFT JOIN organization u ON u.id = c.unit_id LEFT JOIN account a ON a.id = c.lead_id WHERE c.id IN ({places})"
        ),
        &params,
    )?;
    let mut first: HashMap<i64, NextClock> = HashMap::with_capacity(ids.len());
    for row in &clocks {
        if let Entry::Vacant(place) = first.entry(row.int(10)?) {
            place.insert(next_clock(row)?);
        }
    }
    let mut found: HashMap<i64, QueueRow> = HashMap::with_capacity(ids.len());
    for row in &rows {
        let id = row.int(0)?;
        found.insert(id, queue_row(row, first.remove(&id))?);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn queue_row(row: &Row, clock: Option<NextClock>) -> Result<QueueRow, StoreError> {
    Ok(QueueRow {
        id: row.int(0)?,
        number: row.text(1)?,
        title: row.text(2)?,
        complainant_name: row.text(3)?,
        channel: row.text(4)?,
        respondent_name: row.text(5)?,
        status: Status::from_key(row.str(6)?).ok_or_else(|| unknown_key(6))?,
        amount: row.opt_int(7)?,
        received_at: row.timestamp(8)?,
        next_due_at: row.int(9)?,
        unit_name: row.opt_text(10)?,
        lead_name: row.opt_text(11)?,
        urge_open: row.bool(12)?,
        supervised: row.bool(14)?,
        reopened: row.int(15)?,
        kind: CaseKind::from_key(row.str(13)?).ok_or_else(|| unknown_key(13))?,
        clock,
    })
}

fn next_clock(row: &Row) -> Result<NextClock, StoreError> {
    Ok(NextClock {
        name: row.text(0)?,
        basis: row.text(1)?,
        unit: row.text(2)?,
        length: row.int(3)?,
        extended_by: row.int(4)?,
        started_at: row.timestamp(5)?,
        due_day: row.date(6)?,
        due_at: row.timestamp(7)?,
        provisional: row.bool(8)?,
        suspensions: row.text(9)?,
    })
}
