//! 经营者名录: the operators of a list page, each with the complaints that the reader may see.

use domain::case_kind::CaseKind;
use jiff::civil::Date;

use crate::db::{StoreError, Tx};
use crate::operator::{COLUMNS, OperatorRow, operator};
use crate::search::{Condition, Scope, Selection, like_literal};

/// Which operators. Every field narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A part of a name, of a shop's name or of a credit code.
    pub words: String,
    /// The digits with which its division begins; empty for everywhere.
    pub region: String,
    /// Code table `operator_kinds`.
    pub kind: Option<String>,
    /// Only those with open cases, or only those without.
    pub open: Option<bool>,
    /// Only those penalised on this day or later.
    pub penalised_since: Option<Date>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most complaints first.
    #[default]
    Cases,
    /// Most open ones first.
    Open,
    /// Most settled first.
    Settled,
    /// The latest complaint first.
    Latest,
    /// By name.
    Name,
}

/// An operator in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The operator.
    pub operator: OperatorRow,
    /// Complaints that the reader may see.
    pub cases: i64,
    /// Of these: open.
    pub open: i64,
    /// Of these: settled.
    pub settled: i64,
    /// Of these: terminated.
    pub terminated: i64,
    /// When the latest came in.
    pub latest: Option<Date>,
}

/// The operators that are wanted, from the `from`th on, at most `limit`.
pub fn list(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    wanted: &Wanted,
    (order, reversed): (Order, bool),
    from: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut condition = joined(scopes, wanted);
    let (limit, from) = (condition.bind(limit), condition.bind(from));
    let (column, descends) = match order {
        Order::Cases => ("COALESCE(t.cases, 0)", true),
        Order::Open => ("COALESCE(t.open, 0)", true),
        Order::Settled => ("COALESCE(t.settled, 0)", true),
        Order::Latest => ("COALESCE(t.latest, '')", true),
        Order::Name => ("o.name", false),
    };
    let direction = if descends == reversed { "" } else { " DESC" };
    let sql = format!(
        "SELECT {COLUMNS}, COALESCE(t.cases, 0), COALESCE(t.open, 0), COALESCE(t.settled, 0), COALESCE(t.terminated, 0), t.latest \
         FROM operator o {} ORDER BY {column}{direction}, o.id LIMIT {limit} OFFSET {from}",
        condition.text
    );
    tx.query(&sql, &condition.params)?
        .iter()
        .map(|row| {
            Ok(Listed {
                operator: operator(row)?,
                cases: row.int(13)?,
                open: row.int(14)?,
                settled: row.int(15)?,
                terminated: row.int(16)?,
                latest: row.opt_date(17)?,
            })
        })
        .collect()
}

/// How many are wanted.
pub fn count(tx: &mut Tx<'_>, scopes: &[Scope], wanted: &Wanted) -> Result<i64, StoreError> {
    let condition = joined(scopes, wanted);
    let sql = format!("SELECT COUNT(*) FROM operator o {}", condition.text);
    tx.first(&sql, &condition.params)?.map_or(Ok(0), |row| row.int(0))
}

/// The join with what the reader may see of each operator's complaints, and the condition. Where two were merged, only the one
/// that goes on is in the list, with the complaints of both.
fn joined(scopes: &[Scope], wanted: &Wanted) -> Condition {
    let complaints = Selection { kind: Some(CaseKind::Complaint), ..Selection::default() };
    let mut condition = Condition::new(scopes, &complaints);
    condition.text = format!(
        "LEFT JOIN (SELECT COALESCE(m.merged_into, m.id) AS operator, COUNT(*) AS cases, \
         COUNT(CASE WHEN c.open = 1 THEN 1 END) AS open, COUNT(CASE WHEN c.outcome = 'settled' THEN 1 END) AS settled, \
         COUNT(CASE WHEN c.outcome = 'terminated' THEN 1 END) AS terminated, MAX(c.received_day) AS latest FROM cases c \
         JOIN operator m ON m.id = c.operator_id WHERE {} GROUP BY COALESCE(m.merged_into, m.id)) t ON t.operator = o.id \
         WHERE o.merged_into IS NULL",
        condition.text
    );
    if !wanted.words.is_empty() {
        let part = condition.bind(format!("%{}%", like_literal(&wanted.words)));
        condition.and(&format!(
            "o.id IN (SELECT COALESCE(w.merged_into, w.id) FROM operator w WHERE LOWER(w.name) LIKE {part} ESCAPE '~' \
             OR LOWER(w.former_names) LIKE {part} ESCAPE '~' OR LOWER(w.credit_code) LIKE {part} ESCAPE '~' OR w.id IN \
             (SELECT operator_id FROM operator_shop WHERE LOWER(name) LIKE {part} ESCAPE '~' OR LOWER(platform) LIKE {part} \
             ESCAPE '~'))"
        ));
    }
    if !wanted.region.is_empty() {
        condition.starts_with("o.region_code", &wanted.region);
    }
    if let Some(kind) = &wanted.kind {
        let kind = condition.bind(kind);
        condition.and(&format!("o.kind = {kind}"));
    }
    if let Some(since) = wanted.penalised_since {
        let since = condition.bind(since);
        condition.and(&format!(
            "o.id IN (SELECT COALESCE(m.merged_into, m.id) FROM penalty p JOIN cases k ON k.id = p.case_id \
             JOIN operator m ON m.id = k.operator_id WHERE p.decided_on >= {since})"
        ));
    }
    match wanted.open {
        Some(true) => condition.and("COALESCE(t.open, 0) > 0"),
        Some(false) => condition.and("COALESCE(t.open, 0) = 0"),
        None => {}
    }
    condition
}
