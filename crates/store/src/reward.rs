//! 举报奖励: what lists and figures ask of a reward; the state itself lies with the case, and this follows it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Row, StoreError, Tx};
use crate::params;
use crate::search::{Condition, Scope, Selection};

/// A reward as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardRow {
    /// Key of its stage.
    pub stage: String,
    /// Key of its level; empty where none is proposed.
    pub level: String,
    /// In 分.
    pub sum: i64,
    /// When it last moved.
    pub changed_at: Timestamp,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardLine {
    /// The report's number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// The reward.
    pub reward: RewardRow,
    /// Of the limits asked for, the one that runs: its key and its last day.
    pub due: Option<(String, Date)>,
}

/// Writes what it has come to.
pub fn keep(tx: &mut Tx<'_>, case_id: i64, row: &RewardRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO reward (case_id, stage, level, sum, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (case_id) DO UPDATE SET stage = excluded.stage, level = excluded.level, sum = excluded.sum, \
         changed_at = excluded.changed_at",
        params![case_id, &row.stage, &row.level, row.sum, row.changed_at],
    )
    .map(drop)
}

/// What a case's reward has come to.
pub fn find(tx: &mut Tx<'_>, case_id: i64) -> Result<Option<RewardRow>, StoreError> {
    let row = tx.first("SELECT stage, level, sum, changed_at FROM reward WHERE case_id = $1", params![case_id])?;
    row.as_ref().map(|row| reward(row, 0)).transpose()
}

/// The rewards of the cases within these scopes, the latest first, each with which of two limits runs.
pub fn list(tx: &mut Tx<'_>, scopes: &[Scope], limits: [&str; 2], at_most: i64) -> Result<Vec<RewardLine>, StoreError> {
    let mut condition = Condition::new(scopes, &Selection::default());
    let [one, other] = limits.map(|key| condition.bind(key));
    let at_most = condition.bind(at_most);
    let sql = format!(
        "SELECT c.number, c.title, r.stage, r.level, r.sum, r.changed_at, d.limit_key, d.due_day FROM reward r \
         JOIN cases c ON c.id = r.case_id LEFT JOIN deadline d ON d.case_id = r.case_id AND d.stopped_at IS NULL \
         AND d.limit_key IN ({one}, {other}) WHERE {} ORDER BY r.changed_at DESC, r.case_id DESC LIMIT {at_most}",
        condition.text
    );
    let rows = tx.query(&sql, &condition.params)?;
    rows.iter()
        .map(|row| {
            Ok(RewardLine {
                number: row.text(0)?,
                title: row.text(1)?,
                reward: reward(row, 2)?,
                due: row.opt_text(6)?.zip(row.opt_date(7)?),
            })
        })
        .collect()
}

fn reward(row: &Row, from: usize) -> Result<RewardRow, StoreError> {
    Ok(RewardRow {
        stage: row.text(from)?,
        level: row.text(from + 1)?,
        sum: row.int(from + 2)?,
        changed_at: row.timestamp(from + 3)?,
    })
}
