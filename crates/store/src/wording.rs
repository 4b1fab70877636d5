//! 文书的文字: the versions of what bureaus say in their own words. None is ever changed; one that is not in force yet can be
//! withdrawn, and stays in the list.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordingRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// Whose.
    pub organization_id: i64,
    /// The rule set of the letter.
    pub rule_set: String,
    /// The letter's key.
    pub letter: String,
    /// From 1.
    pub version: i64,
    /// `own`, `official`, `above`.
    pub choice: String,
    /// The words as JSON; empty unless its own.
    pub body: String,
    /// First day on which it is used.
    pub from_day: Date,
    /// Why it was made.
    pub reason: String,
    /// By whom.
    pub made_by: Option<i64>,
    /// When.
    pub made_at: Timestamp,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
}

const COLUMNS: &str = "w.id, w.organization_id, w.rule_set, w.letter, w.version, w.choice, w.body, w.from_day, w.reason, \
                       w.made_by, w.made_at, w.withdrawn_at";

/// Writes a version; refused when somebody was first with its number.
pub fn insert(tx: &mut Tx<'_>, row: &WordingRow) -> Result<i64, StoreError> {
    let made = tx.first(
        "INSERT INTO letter_wording (organization_id, rule_set, letter, version, choice, body, from_day, reason, made_by, \
         made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        params![
            row.organization_id,
            &row.rule_set,
            &row.letter,
            row.version,
            &row.choice,
            &row.body,
            row.from_day,
            &row.reason,
            row.made_by,
            row.made_at
        ],
    )?;
    returned_id(made)
}

/// Every version of the organisations along a path, for a letter of a rule set or for all of its letters: the nearer the later,
/// and each in the order of its versions.
pub fn along(tx: &mut Tx<'_>, path: &str, rule_set: &str, letter: Option<&str>) -> Result<Vec<WordingRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM letter_wording w JOIN organization o ON o.id = w.organization_id WHERE w.rule_set = $1 \
         AND ($2 = '' OR w.letter = $2) AND SUBSTR(CAST($3 AS TEXT), 1, LENGTH(o.path)) = o.path \
         ORDER BY w.letter, LENGTH(o.path), w.version"
    );
    tx.query(&sql, params![rule_set, letter.unwrap_or_default(), path])?.iter().map(wording).collect()
}

/// Withdraws a version; `false` when it was withdrawn before.
pub fn withdraw(tx: &mut Tx<'_>, id: i64, by: Option<i64>, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE letter_wording SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3 AND withdrawn_at IS NULL",
        params![at, by, id],
    )?;
    Ok(changed == 1)
}

fn wording(row: &Row) -> Result<WordingRow, StoreError> {
    Ok(WordingRow {
        id: row.int(0)?,
        organization_id: row.int(1)?,
        rule_set: row.text(2)?,
        letter: row.text(3)?,
        version: row.int(4)?,
        choice: row.text(5)?,
        body: row.text(6)?,
        from_day: row.date(7)?,
        reason: row.text(8)?,
        made_by: row.opt_int(9)?,
        made_at: row.timestamp(10)?,
        withdrawn_at: row.opt_timestamp(11)?,
    })
}
