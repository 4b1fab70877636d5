//! 对外发布: what somebody wants to say outside, its approval, and where it was said.

use domain::statement::{StatementKind, StatementState};
use jiff::Timestamp;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// What is to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStatement {
    /// The bureau in whose name.
    pub bureau_id: i64,
    /// How.
    pub kind: StatementKind,
    /// In a line.
    pub title: String,
    /// In which medium.
    pub medium: String,
    /// On what occasion.
    pub occasion: String,
    /// The words.
    pub text: String,
    /// Numbers of the cases that it speaks of, joined by spaces.
    pub cases: String,
    /// Who proposes it.
    pub proposed_by: i64,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Row id.
    pub id: i64,
    /// What is to be said.
    pub said: NewStatement,
    /// How far it is.
    pub state: StatementState,
    /// That person's name.
    pub proposer: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub opinion: String,
    /// When it was said.
    pub published_at: Option<Timestamp>,
    /// Where: an address, an issue, a programme.
    pub place: String,
}

/// Writes a proposal; gives its id.
pub fn insert(tx: &mut Tx<'_>, new: &NewStatement, at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO statement (bureau_id, kind, title, medium, occasion, text, cases, state, proposed_by, proposed_at, opinion, \
         place) VALUES ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $9, '', '') RETURNING id",
        params![
            new.bureau_id,
            new.kind.key(),
            &new.title,
            &new.medium,
            &new.occasion,
            &new.text,
            &new.cases,
            new.proposed_by,
            at
        ],
    )?;
    returned_id(row)
}

const SELECT: &str = "SELECT s.id, s.bureau_id, s.kind, s.title, s.medium, s.occasion, s.text, s.cases, s.proposed_by, s.state, p.name, \
    s.proposed_at, d.name, s.decided_at, s.opinion, s.published_at, s.place FROM statement s \
    JOIN account p ON p.id = s.proposed_by LEFT JOIN account d ON d.id = s.decided_by";

/// One statement.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<StatementRow>, StoreError> {
    Ok(many(tx, "s.id = $1", params![id])?.pop())
}

/// Those of a bureau: what waits for approval first, then the latest; at most `limit`.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<StatementRow>, StoreError> {
    let condition = "s.bureau_id = $1 ORDER BY CASE WHEN s.state = 'proposed' THEN 0 ELSE 1 END, s.id DESC LIMIT $2";
    many(tx, condition, params![bureau_id, limit])
}

/// Decides on a proposal; `false` when it waits no more.
pub fn decide(
    tx: &mut Tx<'_>,
    id: i64,
    approved: bool,
    opinion: &str,
    by: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let state = if approved { StatementState::Approved } else { StatementState::Refused };
    let changed = tx.execute(
        "UPDATE statement SET state = $1, opinion = $2, decided_by = $3, decided_at = $4 WHERE id = $5 AND state = 'proposed'",
        params![state.key(), opinion, by, at, id],
    )?;
    Ok(changed == 1)
}

/// Marks an approved one as said; `false` when it is not approved.
pub fn publish(tx: &mut Tx<'_>, id: i64, place: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE statement SET state = 'published', place = $1, published_at = $2 WHERE id = $3 AND state = 'approved'",
        params![place, at, id],
    )?;
    Ok(changed == 1)
}

/// Takes one back that was not said yet; `false` when it was, or was refused.
pub fn withdraw(tx: &mut Tx<'_>, id: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE statement SET state = 'withdrawn' WHERE id = $1 AND state IN ('proposed', 'approved')",
        params![id],
    )?;
    Ok(changed == 1)
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<StatementRow>, StoreError> {
    tx.query(&format!("{SELECT} WHERE {condition}"), params)?.iter().map(statement).collect()
}

fn statement(row: &Row) -> Result<StatementRow, StoreError> {
    Ok(StatementRow {
        id: row.int(0)?,
        said: NewStatement {
            bureau_id: row.int(1)?,
            kind: StatementKind::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
            title: row.text(3)?,
            medium: row.text(4)?,
            occasion: row.text(5)?,
            text: row.text(6)?,
            cases: row.text(7)?,
            proposed_by: row.int(8)?,
        },
        state: StatementState::from_key(row.str(9)?).ok_or_else(|| unknown_key(9))?,
        proposer: row.text(10)?,
        proposed_at: row.timestamp(11)?,
        decider: row.opt_text(12)?,
        decided_at: row.opt_timestamp(13)?,
        opinion: row.text(14)?,
        published_at: row.opt_timestamp(15)?,
        place: row.text(16)?,
    })
}
