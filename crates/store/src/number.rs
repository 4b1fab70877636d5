//! 编号: series of numbers without gaps inside a committed history, and the register of the numbers of papers.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx};
use crate::params;
use crate::search::{Condition, Scope, Selection};

/// The next number of a series, from 1.
pub fn next(tx: &mut Tx<'_>, series: &str) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO number_series (series, last) VALUES ($1, 1) \
         ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last",
        params![series],
    )?;
    returned_id(row)
}

/// 发文字号 as one paper has it: of which bureau, of which kind, of which year, the how-manieth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The bureau in whose name the paper goes out.
    pub organization_id: i64,
    /// The word of its kind, such as 市监投受.
    pub word: String,
    /// The year.
    pub year: i64,
    /// From 1.
    pub serial: i64,
}

/// A number that counts no more (作废): it stays in the register and is never given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// When.
    pub at: Timestamp,
    /// By whom: name.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Enters the number of a paper.
pub fn enter(tx: &mut Tx<'_>, paper_id: i64, given: &Given) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO paper_number (paper_id, organization_id, word, year, serial) VALUES ($1, $2, $3, $4, $5)",
        params![paper_id, given.organization_id, &given.word, given.year, given.serial],
    )
    .map(drop)
}

/// The number of a paper as entered, and how it was voided.
pub fn of_paper(tx: &mut Tx<'_>, paper_id: i64) -> Result<Option<(Given, Option<Voided>)>, StoreError> {
    let row = tx.first(
        "SELECT n.organization_id, n.word, n.year, n.serial, n.voided_at, a.name, n.void_reason FROM paper_number n \
         LEFT JOIN account a ON a.id = n.voided_by WHERE n.paper_id = $1",
        params![paper_id],
    )?;
    row.map(|row| Ok((given(&row, 0)?, voided(&row, 4)?))).transpose()
}

/// Voids a number; `false` when it is voided already or there is none.
pub fn void(tx: &mut Tx<'_>, paper_id: i64, by: Option<i64>, reason: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE paper_number SET voided_at = $1, voided_by = $2, void_reason = $3 WHERE paper_id = $4 AND voided_at IS NULL",
        params![at, by, reason, paper_id],
    )?;
    Ok(changed == 1)
}

/// A line of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberLine {
    /// The number as it stands on the paper.
    pub number: String,
    /// Its place in its series.
    pub given: Given,
    /// The bureau's name.
    pub bureau: String,
    /// The paper.
    pub paper_id: i64,
    /// Its title.
    pub title: String,
    /// The case's number.
    pub case_number: String,
    /// When it was given.
    pub made_at: Timestamp,
    /// Who made the paper.
    pub made_by: Option<String>,
    /// How it was voided.
    pub voided: Option<Voided>,
}

/// Which numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberChoice {
    /// Only of this word.
    pub word: Option<String>,
    /// Only of this year.
    pub year: Option<i64>,
    /// Only those voided, or only those that count.
    pub voided: Option<bool>,
    /// Part of the number, of the title or of the case's number.
    pub words: Option<String>,
}

/// The register within these scopes, the latest first; at most so many.
pub fn register(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    choice: &NumberChoice,
    at_most: i64,
) -> Result<Vec<NumberLine>, StoreError> {
    let mut condition = Condition::new(scopes, &Selection::default());
    if let Some(word) = &choice.word {
        let word = condition.bind(word.as_str());
        condition.and(&format!("n.word = {word}"));
    }
    if let Some(year) = choice.year {
        let year = condition.bind(year);
        condition.and(&format!("n.year = {year}"));
    }
    match choice.voided {
        Some(true) => condition.and("n.voided_at IS NOT NULL"),
        Some(false) => condition.and("n.voided_at IS NULL"),
        None => {}
    }
    if let Some(words) = &choice.words {
        let like = condition.bind(format!("%{}%", words.replace(['%', '_', '\\'], "")));
        condition.and(&format!("(p.number LIKE {like} OR p.title LIKE {like} OR c.number LIKE {like})"));
    }
    let at_most = condition.bind(at_most);
    let sql = format!(
        "SELECT p.number, n.organization_id, n.word, n.year, n.serial, o.name, p.id, p.title, c.number, p.made_at, m.name, \
         n.voided_at, v.name, n.void_reason FROM paper_number n JOIN paper p ON p.id = n.paper_id \
         JOIN cases c ON c.id = p.case_id JOIN organization o ON o.id = n.organization_id \
         LEFT JOIN account m ON m.id = p.made_by LEFT JOIN account v ON v.id = n.voided_by \
         WHERE {} ORDER BY n.year DESC, n.organization_id, n.word, n.serial DESC LIMIT {at_most}",
        condition.text
    );
    let rows = tx.query(&sql, &condition.params)?;
    rows.iter()
        .map(|row| {
            Ok(NumberLine {
                number: row.text(0)?,
                given: given(row, 1)?,
                bureau: row.text(5)?,
                paper_id: row.int(6)?,
                title: row.text(7)?,
                case_number: row.text(8)?,
                made_at: row.timestamp(9)?,
                made_by: row.opt_text(10)?,
                voided: voided(row, 11)?,
            })
        })
        .collect()
}

fn given(row: &Row, from: usize) -> Result<Given, StoreError> {
    Ok(Given {
        organization_id: row.int(from)?,
        word: row.text(from + 1)?,
        year: row.int(from + 2)?,
        serial: row.int(from + 3)?,
    })
}

fn voided(row: &Row, from: usize) -> Result<Option<Voided>, StoreError> {
    let Some(at) = row.opt_timestamp(from)? else { return Ok(None) };
    let by = row.opt_text(from + 1)?.unwrap_or_default();
    Ok(Some(Voided { at, by, reason: row.opt_text(from + 2)?.unwrap_or_default() }))
}

/// How a bureau writes its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberStyle {
    /// What stands before the word of the kind, such as 郑中市监; it takes the place of 市监 there.
    pub head: String,
    /// Whether 第 stands before the serial.
    pub ordinal: bool,
}

/// How a bureau writes its numbers, when it said so.
pub fn style(tx: &mut Tx<'_>, organization_id: i64) -> Result<Option<NumberStyle>, StoreError> {
    let row =
        tx.first("SELECT head, ordinal FROM number_style WHERE organization_id = $1", params![organization_id])?;
    row.map(|row| Ok(NumberStyle { head: row.text(0)?, ordinal: row.int(1)? == 1 })).transpose()
}

/// Sets how a bureau writes its numbers from now on.
pub fn set_style(
    tx: &mut Tx<'_>,
    organization_id: i64,
    style: &NumberStyle,
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO number_style (organization_id, head, ordinal, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organization_id) DO UPDATE SET head = excluded.head, ordinal = excluded.ordinal, \
         changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        params![organization_id, &style.head, i64::from(style.ordinal), at, by],
    )
    .map(drop)
}
