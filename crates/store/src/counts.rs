//! 计数: exact numbers over a selection, each the length of a list that can be looked at (catalogue 12.1).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::db::{StoreError, Tx};
use crate::search::{Condition, Fact, Scope, Selection, Timeliness, judged};

/// By what cases are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// 种类.
    Kind,
    /// 渠道.
    Channel,
    /// 商品或者服务类别.
    Category,
    /// 状态.
    Status,
    /// 结果.
    Outcome,
    /// 承办所, by id.
    Unit,
    /// 承办人, by id.
    Lead,
    /// 被投诉人, by name.
    Respondent,
    /// 收到日.
    ReceivedDay,
    /// 收到年.
    ReceivedYear,
    /// 问题类别.
    Problem,
    /// 案件来源 of reports: empty for every other kind.
    Origin,
}

/// How a report came: what somebody reported has no origin of its own.
pub(crate) const ORIGIN: &str = "CASE WHEN c.kind = 'report' THEN COALESCE(c.origin, 'report') ELSE '' END";

impl By {
    fn column(self) -> &'static str {
        match self {
            By::Kind => "c.kind",
            By::Channel => "c.channel",
            By::Category => "c.category",
            By::Status => "c.status",
            By::Outcome => "COALESCE(c.outcome, '')",
            By::Unit => "CAST(COALESCE(c.unit_id, 0) AS TEXT)",
            By::Lead => "CAST(COALESCE(c.lead_id, 0) AS TEXT)",
            By::Respondent => "c.respondent_name",
            By::ReceivedDay => "c.received_day",
            By::ReceivedYear => "SUBSTR(c.received_day, 1, 4)",
            By::Problem => "c.problem",
            By::Origin => ORIGIN,
        }
    }
}

/// How many cases.
pub fn count(tx: &mut Tx<'_>, scopes: &[Scope], selection: &Selection) -> Result<i64, StoreError> {
    let condition = Condition::new(scopes, selection);
    let sql = format!("SELECT COUNT(*) FROM cases c WHERE {}", condition.text);
    tx.first(&sql, &condition.params)?.map_or(Ok(0), |row| row.int(0))
}

/// How many cases under each key, the most first; ids as text, `0` for none.
pub fn by(tx: &mut Tx<'_>, scopes: &[Scope], selection: &Selection, by: By) -> Result<Vec<(String, i64)>, StoreError> {
    let condition = Condition::new(scopes, selection);
    let column = by.column();
    let sql = format!(
        "SELECT {column}, COUNT(*) AS cases FROM cases c WHERE {} GROUP BY {column} ORDER BY cases DESC, {column}",
        condition.text
    );
    tx.query(&sql, &condition.params)?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// As [`by`] for several at once, in the order of `bys`: one walk over the cases instead of one each.
pub fn by_each(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    bys: &[By],
) -> Result<Vec<Vec<(String, i64)>>, StoreError> {
    let condition = Condition::new(scopes, selection);
    let columns = bys.iter().map(|by| by.column()).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {columns}, COUNT(*) FROM cases c WHERE {} GROUP BY {columns}", condition.text);
    let mut tables: Vec<BTreeMap<String, i64>> = vec![BTreeMap::new(); bys.len()];
    for row in tx.query(&sql, &condition.params)? {
        let cases = row.int(bys.len())?;
        for (index, table) in tables.iter_mut().enumerate() {
            *table.entry(row.text(index)?).or_default() += cases;
        }
    }
    let sorted = tables.into_iter().map(|table| {
        let mut rows: Vec<(String, i64)> = table.into_iter().collect();
        rows.sort_by_key(|(_, cases)| -cases);
        rows
    });
    Ok(sorted.collect())
}

/// What became of the cases of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// How many.
    pub cases: i64,
    /// Of these: settled.
    pub settled: i64,
    /// 挽回经济损失, in 分.
    pub recovered: i64,
    /// Rated as solved.
    pub solved: i64,
    /// Rated as not solved.
    pub unsolved: i64,
    /// Taken up again after their end.
    pub reopened: i64,
}

/// What became of the cases of a selection, in one walk.
pub fn results(tx: &mut Tx<'_>, scopes: &[Scope], selection: &Selection) -> Result<Results, StoreError> {
    let condition = Condition::new(scopes, selection);
    let sql = format!(
        "SELECT COUNT(*), COUNT(CASE WHEN c.outcome = 'settled' THEN 1 END), \
         CAST(COALESCE(SUM(c.recovered), 0) AS BIGINT), COUNT(CASE WHEN c.solved = 1 THEN 1 END), \
         COUNT(CASE WHEN c.solved = 0 THEN 1 END), COUNT(CASE WHEN c.reopened > 0 THEN 1 END) FROM cases c WHERE {}",
        condition.text
    );
    let Some(row) = tx.first(&sql, &condition.params)? else { return Ok(Results::default()) };
    Ok(Results {
        cases: row.int(0)?,
        settled: row.int(1)?,
        recovered: row.int(2)?,
        solved: row.int(3)?,
        unsolved: row.int(4)?,
        reopened: row.int(5)?,
    })
}

/// How many cases of a selection there are under one key, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCount {
    /// The key.
    pub key: String,
    /// How many.
    pub cases: i64,
    /// Of these: still open.
    pub open: i64,
    /// 达成协议.
    pub settled: i64,
    /// 终止调解.
    pub terminated: i64,
    /// 不予受理.
    pub refused: i64,
}

/// What became of the cases of a selection, under each key, by key.
pub fn outcomes(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    by: By,
) -> Result<Vec<OutcomeCount>, StoreError> {
    let condition = Condition::new(scopes, selection);
    let column = by.column();
    let sql = format!(
        "SELECT {column}, COUNT(*), COUNT(CASE WHEN c.open = 1 THEN 1 END), COUNT(CASE WHEN c.outcome = 'settled' THEN 1 END), \
         COUNT(CASE WHEN c.outcome = 'terminated' THEN 1 END), COUNT(CASE WHEN c.outcome = 'refused' THEN 1 END) FROM cases c \
         WHERE {} GROUP BY {column} ORDER BY {column}",
        condition.text
    );
    tx.query(&sql, &condition.params)?
        .iter()
        .map(|row| {
            Ok(OutcomeCount {
                key: row.text(0)?,
                cases: row.int(1)?,
                open: row.int(2)?,
                settled: row.int(3)?,
                terminated: row.int(4)?,
                refused: row.int(5)?,
            })
        })
        .collect()
}

/// One limit of a selection: cases in which it was met in time, among those in which it can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitCount {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// `statutory` or `promised`.
    pub basis: String,
    /// Cases in which it was met in time.
    pub in_time: i64,
    /// Cases in which it was met late, or is past and still runs.
    pub late: i64,
    /// Cases in which it was met, or is past.
    pub judged: i64,
}

/// Every limit that the bureau bears, over a selection, judged at `at`.
pub fn limits(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    at: Timestamp,
) -> Result<Vec<LimitCount>, StoreError> {
    let mut condition = Condition::new(scopes, selection);
    let now = condition.bind(at);
    let [in_time, late, all] = [Timeliness::InTime, Timeliness::Late, Timeliness::Judged].map(|it| judged(it, &now));
    let sql = format!(
        "SELECT d.limit_key, MIN(d.name), MIN(d.basis), COUNT(DISTINCT CASE WHEN {in_time} THEN d.case_id END), \
         COUNT(DISTINCT CASE WHEN {late} THEN d.case_id END), COUNT(DISTINCT d.case_id) FROM cases c JOIN deadline d ON d.case_id = c.id \
         WHERE {} AND d.bearer = 'bureau' AND {all} GROUP BY d.limit_key ORDER BY MIN(d.id)",
        condition.text
    );
    tx.query(&sql, &condition.params)?
        .iter()
        .map(|row| {
            Ok(LimitCount {
                key: row.text(0)?,
                name: row.text(1)?,
                basis: row.text(2)?,
                in_time: row.int(3)?,
                late: row.int(4)?,
                judged: row.int(5)?,
            })
        })
        .collect()
}

/// How many cases of an organisation were timely by one of the five.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelyCount {
    /// The bureau, or the office (0 for cases that no office has).
    pub organization: i64,
    /// Cases in which all that can be judged was in time.
    pub in_time: i64,
    /// Cases in which something can be judged.
    pub judged: i64,
}

/// Whose cases are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// Each bureau.
    Bureau,
    /// Each office.
    Unit,
    /// Each officer in charge.
    Lead,
}

impl Each {
    fn column(self) -> &'static str {
        match self {
            Each::Bureau => "c.bureau_id",
            Each::Unit => "COALESCE(c.unit_id, 0)",
            Each::Lead => "COALESCE(c.lead_id, 0)",
        }
    }
}

/// The cases of a selection that were timely by these limits together, judged at `at`, for each organisation.
pub fn timely(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    limits: &[String],
    each: Each,
    at: Timestamp,
) -> Result<Vec<TimelyCount>, StoreError> {
    let mut condition = Condition::new(scopes, selection);
    let keys = condition.bind_all(limits);
    let now = condition.bind(at);
    let [late, all] = [Timeliness::Late, Timeliness::Judged].map(|how| judged(how, &now));
    let organization = each.column();
    let sql = format!(
        "SELECT t.organization, COUNT(CASE WHEN t.late = 0 THEN 1 END), COUNT(*) FROM \
         (SELECT {organization} AS organization, MAX(CASE WHEN {late} THEN 1 ELSE 0 END) AS late FROM cases c \
         JOIN deadline d ON d.case_id = c.id WHERE {} AND d.limit_key IN ({keys}) AND {all} GROUP BY c.id, {organization}) t \
         GROUP BY t.organization ORDER BY t.organization",
        condition.text
    );
    tx.query(&sql, &condition.params)?
        .iter()
        .map(|row| Ok(TimelyCount { organization: row.int(0)?, in_time: row.int(1)?, judged: row.int(2)? }))
        .collect()
}

/// What an organisation or an officer answers for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactCount {
    /// The bureau, the office or the officer (0 for cases that have none).
    pub whose: i64,
    /// How many cases.
    pub cases: i64,
    /// Of these, for each of `Fact::ALL` in order: those of which it is so.
    pub of: [i64; 4],
}

/// What is to be answered for among the cases of a selection, judged at `at`, for each bureau, office or officer.
pub fn facts(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    each: Each,
    at: Timestamp,
) -> Result<Vec<FactCount>, StoreError> {
    let mut condition = Condition::new(scopes, selection);
    let now = condition.bind(at);
    let counts = Fact::ALL.map(|fact| format!("COUNT(CASE WHEN {} THEN 1 END)", fact.condition(&now))).join(", ");
    let whose = each.column();
    let sql = format!(
        "SELECT {whose}, COUNT(*), {counts} FROM cases c WHERE {} GROUP BY {whose} ORDER BY {whose}",
        condition.text
    );
    tx.query(&sql, &condition.params)?
        .iter()
        .map(|row| {
            Ok(FactCount {
                whose: row.int(0)?,
                cases: row.int(1)?,
                of: [row.int(2)?, row.int(3)?, row.int(4)?, row.int(5)?],
            })
        })
        .collect()
}
