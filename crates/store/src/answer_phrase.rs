//! 常用答复: a bureau's own phrases.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhraseRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The bureau whose it is.
    pub bureau_id: i64,
    /// Key of the act into whose text it goes.
    pub act: String,
    /// What it is about.
    pub title: String,
    /// What is said.
    pub text: String,
    /// Code table `goods_categories`; empty for any.
    pub category: String,
    /// Code table `problem_categories`; empty for any.
    pub problem: String,
    /// Words by which a question that it fits is known, with spaces between.
    pub words: String,
    /// The articles it rests on.
    pub cited: String,
    /// Whether it is offered.
    pub active: bool,
    /// Goes up with each change.
    pub version: i64,
    /// The last change.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Option<i64>,
}

const COLUMNS: &str = "id, bureau_id, act, title, text, category, problem, words, cited, active, version, changed_at, \
                       changed_by";

/// Writes a new phrase; gives its id.
pub fn insert(tx: &mut Tx<'_>, row: &PhraseRow) -> Result<i64, StoreError> {
    let made = tx.first(
        "INSERT INTO answer_phrase (bureau_id, act, title, text, category, problem, words, cited, active, version, \
         changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11) RETURNING id",
        params![
            row.bureau_id,
            &row.act,
            &row.title,
            &row.text,
            &row.category,
            &row.problem,
            &row.words,
            &row.cited,
            row.active,
            row.changed_at,
            row.changed_by
        ],
    )?;
    returned_id(made)
}

/// Changes a phrase that still has the version of `row`; `false` when somebody was first.
pub fn update(tx: &mut Tx<'_>, row: &PhraseRow) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE answer_phrase SET act = $1, title = $2, text = $3, category = $4, problem = $5, words = $6, cited = $7, \
         active = $8, changed_at = $9, changed_by = $10, version = version + 1 WHERE id = $11 AND version = $12",
        params![
            &row.act,
            &row.title,
            &row.text,
            &row.category,
            &row.problem,
            &row.words,
            &row.cited,
            row.active,
            row.changed_at,
            row.changed_by,
            row.id,
            row.version
        ],
    )?;
    Ok(changed == 1)
}

/// One phrase.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<PhraseRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM answer_phrase WHERE id = $1");
    tx.first(&sql, params![id])?.map(|row| phrase(&row)).transpose()
}

/// The phrases of a bureau, by title.
pub fn of_bureau(tx: &mut Tx<'_>, bureau: i64) -> Result<Vec<PhraseRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM answer_phrase WHERE bureau_id = $1 ORDER BY title, id");
    tx.query(&sql, params![bureau])?.iter().map(phrase).collect()
}

fn phrase(row: &Row) -> Result<PhraseRow, StoreError> {
    Ok(PhraseRow {
        id: row.int(0)?,
        bureau_id: row.int(1)?,
        act: row.text(2)?,
        title: row.text(3)?,
        text: row.text(4)?,
        category: row.text(5)?,
        problem: row.text(6)?,
        words: row.text(7)?,
        cited: row.text(8)?,
        active: row.bool(9)?,
        version: row.int(10)?,
        changed_at: row.timestamp(11)?,
        changed_by: row.opt_int(12)?,
    })
}
