//! 鉴定销毁: lists of what is past its time of keeping, who appraised them, who approved, and what became of what stands on them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisposalRow {
    /// Row id.
    pub id: i64,
    /// Whose archive.
    pub bureau_id: i64,
    /// Its name.
    pub bureau: String,
    /// 清单号.
    pub number: String,
    /// `drawn`, `appraised`, `approved`, `refused`, `done`.
    pub state: String,
    /// Who drew it.
    pub drawn_by: i64,
    /// Her name.
    pub drawer: String,
    /// When.
    pub drawn_at: Timestamp,
    /// Who appraised it.
    pub appraised_by: Option<i64>,
    /// Her name.
    pub appraiser: Option<String>,
    /// When.
    pub appraised_at: Option<Timestamp>,
    /// 鉴定意见.
    pub appraisal: String,
    /// Who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What she said.
    pub opinion: String,
    /// Who carried it out.
    pub doer: Option<String>,
    /// When.
    pub done_at: Option<Timestamp>,
    /// 监销人.
    pub witness: String,
    /// How many items are to be destroyed.
    pub items: i64,
}

const SELECT: &str = "SELECT d.id, d.bureau_id, b.name, d.number, d.state, d.drawn_by, w.name, d.drawn_at, d.appraised_by, p.name, \
    d.appraised_at, d.appraisal, e.name, d.decided_at, d.opinion, o.name, d.done_at, d.witness, \
    (SELECT COUNT(*) FROM archive_disposal_item x WHERE x.disposal_id = d.id AND x.kept_because = '') \
    FROM archive_disposal d JOIN organization b ON b.id = d.bureau_id JOIN account w ON w.id = d.drawn_by \
    LEFT JOIN account p ON p.id = d.appraised_by LEFT JOIN account e ON e.id = d.decided_by LEFT JOIN account o ON o.id = d.done_by";

/// Something on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The item.
    pub item_id: i64,
    /// Its years of keeping when the list was drawn.
    pub years: i64,
    /// The last day of them.
    pub ended_on: Date,
    /// Why it was taken off again; empty while it stands on it.
    pub kept_because: String,
}

/// Writes a list; gives its id.
pub fn draw(
    tx: &mut Tx<'_>,
    bureau_id: i64,
    number: &str,
    items: &[Listed],
    by: i64,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO archive_disposal (bureau_id, number, state, drawn_by, drawn_at) VALUES ($1, $2, 'drawn', $3, $4) RETURNING id",
        params![bureau_id, number, by, at],
    )?;
    let id = returned_id(row)?;
    for item in items {
        tx.execute(
            "INSERT INTO archive_disposal_item (disposal_id, item_id, years, ended_on) VALUES ($1, $2, $3, $4)",
            params![id, item.item_id, item.years, item.ended_on],
        )?;
    }
    Ok(id)
}

/// One list.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<DisposalRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE d.id = $1"), params![id])?.map(|row| disposal(&row)).transpose()
}

/// The lists of a bureau, the latest first.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64) -> Result<Vec<DisposalRow>, StoreError> {
    tx.query(&format!("{SELECT} WHERE d.bureau_id = $1 ORDER BY d.id DESC"), params![bureau_id])?
        .iter()
        .map(disposal)
        .collect()
}

/// What stands on a list, or stood.
pub fn listed(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Listed>, StoreError> {
    let rows = tx.query(
        "SELECT x.item_id, x.years, x.ended_on, x.kept_because FROM archive_disposal_item x \
         JOIN archive_item i ON i.id = x.item_id WHERE x.disposal_id = $1 ORDER BY i.number",
        params![id],
    )?;
    let one = |row: &Row| {
        Ok(Listed { item_id: row.int(0)?, years: row.int(1)?, ended_on: row.date(2)?, kept_because: row.text(3)? })
    };
    rows.iter().map(one).collect()
}

/// Takes an item off a list that is being appraised.
pub fn keep(tx: &mut Tx<'_>, id: i64, item_id: i64, because: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE archive_disposal_item SET kept_because = $1 WHERE disposal_id = $2 AND item_id = $3",
        params![because, id, item_id],
    )
    .map(drop)
}

/// The appraisal; `false` when the list is no longer at that.
pub fn appraise(tx: &mut Tx<'_>, id: i64, words: &str, by: i64, at: Timestamp) -> Result<bool, StoreError> {
    step(
        tx,
        "UPDATE archive_disposal SET state = 'appraised', appraisal = $1, appraised_by = $2, appraised_at = $3 \
         WHERE id = $4 AND state = 'drawn'",
        params![words, by, at, id],
    )
}

/// The decision; `false` when the list is no longer at that.
pub fn decide(
    tx: &mut Tx<'_>,
    id: i64,
    granted: bool,
    opinion: &str,
    by: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    step(
        tx,
        "UPDATE archive_disposal SET state = $1, opinion = $2, decided_by = $3, decided_at = $4 WHERE id = $5 AND state = 'appraised'",
        params![if granted { "approved" } else { "refused" }, opinion, by, at, id],
    )
}

/// Notes that it was carried out; `false` when the list is no longer at that.
pub fn carry_out(tx: &mut Tx<'_>, id: i64, witness: &str, by: i64, at: Timestamp) -> Result<bool, StoreError> {
    step(
        tx,
        "UPDATE archive_disposal SET state = 'done', witness = $1, done_by = $2, done_at = $3 WHERE id = $4 AND state = 'approved'",
        params![witness, by, at, id],
    )
}

fn step(tx: &mut Tx<'_>, sql: &str, params: &[Value]) -> Result<bool, StoreError> {
    Ok(tx.execute(sql, params)? == 1)
}

fn disposal(row: &Row) -> Result<DisposalRow, StoreError> {
    Ok(DisposalRow {
        id: row.int(0)?,
        bureau_id: row.int(1)?,
        bureau: row.text(2)?,
        number: row.text(3)?,
        state: row.text(4)?,
        drawn_by: row.int(5)?,
        drawer: row.text(6)?,
        drawn_at: row.timestamp(7)?,
        appraised_by: row.opt_int(8)?,
        appraiser: row.opt_text(9)?,
        appraised_at: row.opt_timestamp(10)?,
        appraisal: row.text(11)?,
        decider: row.opt_text(12)?,
        decided_at: row.opt_timestamp(13)?,
        opinion: row.text(14)?,
        doer: row.opt_text(15)?,
        done_at: row.opt_timestamp(16)?,
        witness: row.text(17)?,
        items: row.int(18)?,
    })
}
