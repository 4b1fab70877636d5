//! 回访: who is asked about a told case, by whom, and what she said.

use domain::case::Outcome;
use domain::visit::Known;
use jiff::Timestamp;

use crate::case::{outcome_of, returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A case that may be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The case.
    pub case_id: i64,
    /// What is known of it.
    pub known: Known,
    /// Its two officers, who do not ask.
    pub handlers: [Option<i64>; 2],
}

/// Complaints of a bureau told since `told_from` whose telephone was not asked since `asked_from`, at most `limit`, the last told first.
pub fn candidates(
    tx: &mut Tx<'_>,
    bureau_id: i64,
    told_from: Timestamp,
    asked_from: Timestamp,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    let rows = tx.query(
        "SELECT c.id, c.outcome, c.outcome_ground, c.solved, c.mark, c.amount, c.reopened, c.lead_id, c.partner_id \
         FROM cases c JOIN party p ON p.case_id = c.id AND p.role = 'complainant' \
         WHERE c.bureau_id = $1 AND c.kind = 'complaint' AND c.status IN ('told', 'archived') AND c.told_at >= $2 \
         AND p.phone <> '' AND NOT EXISTS (SELECT 1 FROM visit v JOIN party q ON q.case_id = v.case_id \
         AND q.role = 'complainant' WHERE q.phone = p.phone AND v.drawn_at >= $3) AND NOT EXISTS (SELECT 1 FROM personal_request r \
         WHERE r.case_id = c.id AND r.ground = 'retention') ORDER BY c.told_at DESC, c.id LIMIT $4",
        params![bureau_id, told_from, asked_from, limit],
    )?;
    rows.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<Candidate, StoreError> {
    let outcome: Option<Outcome> = outcome_of(row.opt_str(1)?, row.opt_int(2)?);
    let rating = match (row.opt_int(3)?, row.opt_int(4)?) {
        (Some(solved), Some(mark)) => Some((solved == 1, u8::try_from(mark).unwrap_or_default())),
        _ => None,
    };
    Ok(Candidate {
        case_id: row.int(0)?,
        known: Known { outcome, rating, amount: row.opt_int(5)?, reopened: row.int(6)? },
        handlers: [row.opt_int(7)?, row.opt_int(8)?],
    })
}

/// A visit to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVisit {
    /// The case.
    pub case_id: i64,
    /// The bureau whose centre asks.
    pub bureau_id: i64,
    /// Who asks.
    pub visitor_id: i64,
    /// How likely it was to be drawn.
    pub weight: i64,
    /// Why, in words.
    pub reasons: String,
    /// The seed of the draw.
    pub seed: i64,
}

/// Writes a visit to be made; gives its id.
pub fn insert(tx: &mut Tx<'_>, visit: &NewVisit, drawn_at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO visit (case_id, bureau_id, visitor_id, weight, reasons, seed, drawn_at, tries, words) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '') RETURNING id",
        params![visit.case_id, visit.bureau_id, visit.visitor_id, visit.weight, &visit.reasons, visit.seed, drawn_at],
    )?;
    returned_id(row)
}

/// What came of calls so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// `reached`, `declined`, `unreached`; none while it is to be tried again.
    pub result: Option<String>,
    /// Solved, in her own word.
    pub solved: Option<bool>,
    /// 1 to 5.
    pub mark: Option<i64>,
    /// Her words.
    pub words: String,
}

/// A visit as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// Row id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// Its number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// Who asks.
    pub visitor_id: i64,
    /// That person's name.
    pub visitor_name: String,
    /// How likely it was to be drawn.
    pub weight: i64,
    /// Why.
    pub reasons: String,
    /// The seed of the draw.
    pub seed: i64,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// Calls so far.
    pub tries: i64,
    /// The last of them.
    pub last_try_at: Option<Timestamp>,
    /// What came of it.
    pub heard: Heard,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Whether the case may still be taken up again: it lies at its end.
    pub at_its_end: bool,
}

const SELECT: &str = "SELECT v.id, v.case_id, c.number, c.title, v.visitor_id, a.name, v.weight, v.reasons, v.seed, v.drawn_at, \
    v.tries, v.last_try_at, v.result, v.solved, v.mark, v.words, v.done_at, c.status FROM visit v \
    JOIN cases c ON c.id = v.case_id JOIN account a ON a.id = v.visitor_id";

/// The visits of a bureau still to be made, the oldest first, at most `limit`.
pub fn open(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<VisitRow>, StoreError> {
    let sql = format!("{SELECT} WHERE v.bureau_id = $1 AND v.done_at IS NULL ORDER BY v.id LIMIT $2");
    tx.query(&sql, params![bureau_id, limit])?.iter().map(visit).collect()
}

/// The visits of a bureau that were made, the last first, at most `limit`.
pub fn done(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<VisitRow>, StoreError> {
    let sql =
        format!("{SELECT} WHERE v.bureau_id = $1 AND v.done_at IS NOT NULL ORDER BY v.done_at DESC, v.id LIMIT $2");
    tx.query(&sql, params![bureau_id, limit])?.iter().map(visit).collect()
}

/// The visits that a person has still to make, the oldest first.
pub fn of_visitor(tx: &mut Tx<'_>, visitor_id: i64) -> Result<Vec<VisitRow>, StoreError> {
    let sql = format!("{SELECT} WHERE v.visitor_id = $1 AND v.done_at IS NULL ORDER BY v.id");
    tx.query(&sql, params![visitor_id])?.iter().map(visit).collect()
}

/// Gives a visit that is still to be made to another person.
pub fn give(tx: &mut Tx<'_>, id: i64, visitor_id: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE visit SET visitor_id = $1 WHERE id = $2 AND done_at IS NULL", params![visitor_id, id]).map(drop)
}

/// One visit.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<VisitRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE v.id = $1"), params![id])?.map(|row| visit(&row)).transpose()
}

/// Keeps a call; `false` when the visit was done already or somebody called in between.
pub fn call(tx: &mut Tx<'_>, id: i64, seen_tries: i64, heard: &Heard, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE visit SET tries = tries + 1, last_try_at = $1, result = $2, solved = $3, mark = $4, words = $5, done_at = $6 \
         WHERE id = $7 AND tries = $8 AND done_at IS NULL",
        params![
            at,
            heard.result.clone(),
            heard.solved,
            heard.mark,
            &heard.words,
            heard.result.as_ref().map(|_| at),
            id,
            seen_tries
        ],
    )?;
    Ok(changed == 1)
}

fn visit(row: &Row) -> Result<VisitRow, StoreError> {
    let status = domain::status::Status::from_key(row.str(17)?).ok_or_else(|| unknown_key(17))?;
    Ok(VisitRow {
        id: row.int(0)?,
        case_id: row.int(1)?,
        number: row.text(2)?,
        title: row.text(3)?,
        visitor_id: row.int(4)?,
        visitor_name: row.text(5)?,
        weight: row.int(6)?,
        reasons: row.text(7)?,
        seed: row.int(8)?,
        drawn_at: row.timestamp(9)?,
        tries: row.int(10)?,
        last_try_at: row.opt_timestamp(11)?,
        heard: Heard {
            result: row.opt_text(12)?,
            solved: row.opt_int(13)?.map(|yes| yes == 1),
            mark: row.opt_int(14)?,
            words: row.text(15)?,
        },
        done_at: row.opt_timestamp(16)?,
        at_its_end: matches!(status, domain::status::Status::Told | domain::status::Status::Archived),
    })
}
