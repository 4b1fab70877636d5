//! 抽查: samples of cases that a superior drew, and what was found of each.

use domain::case_kind::CaseKind;
use domain::status::Status;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx};
use crate::params;
use crate::search::{Condition, Scope, Selection};

/// A case that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawable {
    /// Its row id.
    pub case_id: i64,
    /// Its number.
    pub number: String,
    /// Its bureau.
    pub bureau_id: i64,
    /// Its office, when it has one.
    pub unit_id: Option<i64>,
}

/// The cases of a selection, by number, that this person has not handled; at most `limit`.
pub fn population(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    not_of: i64,
    limit: i64,
) -> Result<Vec<Drawable>, StoreError> {
    let mut condition = Condition::new(scopes, selection);
    let hers = condition.bind(not_of);
    condition.and(&format!("COALESCE(c.lead_id, 0) <> {hers} AND COALESCE(c.partner_id, 0) <> {hers}"));
    let limit = condition.bind(limit);
    let sql = format!(
        "SELECT c.id, c.number, c.bureau_id, c.unit_id FROM cases c WHERE {} ORDER BY c.number LIMIT {limit}",
        condition.text
    );
    let rows = tx.query(&sql, &condition.params)?;
    rows.iter()
        .map(|row| {
            Ok(Drawable {
                case_id: row.int(0)?,
                number: row.text(1)?,
                bureau_id: row.int(2)?,
                unit_id: row.opt_int(3)?,
            })
        })
        .collect()
}

/// A draw to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCheck {
    /// What makes a form sent twice one draw.
    pub key: String,
    /// The bureau that draws.
    pub bureau_id: i64,
    /// Who drew.
    pub drawn_by: i64,
    /// Its name.
    pub name: String,
    /// From what, as JSON.
    pub scope: String,
    /// The population as it was, as JSON.
    pub population: String,
    /// How many cases it had.
    pub population_size: i64,
    /// How many were asked for.
    pub size: i64,
    /// Each organisation gives its share.
    pub by_organization: bool,
    /// What decided.
    pub seed: i64,
}

/// A draw as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    /// Row id.
    pub id: i64,
    /// What was drawn.
    pub drawn: NewCheck,
    /// The bureau's name.
    pub bureau_name: String,
    /// Who drew, by name.
    pub drawn_by_name: String,
    /// When.
    pub drawn_at: Timestamp,
    /// When and why it does not count.
    pub voided: Option<(Timestamp, String)>,
    /// Cases of the sample.
    pub cases: i64,
    /// Of these: finished.
    pub finished: i64,
    /// Of these: not in order.
    pub failed: i64,
}

/// Writes a draw; gives its id.
pub fn insert(tx: &mut Tx<'_>, new: &NewCheck, at: Timestamp) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO spot_check (key, bureau_id, drawn_by, name, scope, population, population_size, size, \
         by_organization, seed, drawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        params![
            &new.key,
            new.bureau_id,
            new.drawn_by,
            &new.name,
            &new.scope,
            &new.population,
            new.population_size,
            new.size,
            new.by_organization,
            new.seed,
            at
        ],
    )?;
    returned_id(row)
}

const CHECK: &str = "SELECT k.id, k.key, k.bureau_id, k.drawn_by, k.name, k.scope, k.population, k.population_size, k.size, \
    k.by_organization, k.seed, o.name, a.name, k.drawn_at, k.voided_at, k.void_reason, \
    (SELECT COUNT(*) FROM spot_check_case s WHERE s.check_id = k.id), \
    (SELECT COUNT(*) FROM spot_check_case s WHERE s.check_id = k.id AND s.finished_at IS NOT NULL), \
    (SELECT COUNT(*) FROM spot_check_case s WHERE s.check_id = k.id AND s.finished_at IS NOT NULL AND s.failed > 0) \
    FROM spot_check k JOIN organization o ON o.id = k.bureau_id JOIN account a ON a.id = k.drawn_by";

/// One draw.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<CheckRow>, StoreError> {
    tx.first(&format!("{CHECK} WHERE k.id = $1"), params![id])?.map(|row| check(&row)).transpose()
}

/// The draw of a form that was sent before.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<CheckRow>, StoreError> {
    tx.first(&format!("{CHECK} WHERE k.key = $1"), params![key])?.map(|row| check(&row)).transpose()
}

/// The draws of a bureau, the last first, at most `limit`.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<CheckRow>, StoreError> {
    let sql = format!("{CHECK} WHERE k.bureau_id = $1 ORDER BY k.drawn_at DESC, k.id DESC LIMIT $2");
    tx.query(&sql, params![bureau_id, limit])?.iter().map(check).collect()
}

/// Says that a draw does not count; `false` when it was said before, or a case of it is finished.
pub fn void(tx: &mut Tx<'_>, id: i64, reason: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE spot_check SET voided_at = $1, void_reason = $2 WHERE id = $3 AND voided_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM spot_check_case s WHERE s.check_id = spot_check.id AND s.finished_at IS NOT NULL)",
        params![at, reason, id],
    )?;
    Ok(changed == 1)
}

/// Writes a drawn case at its place, for the organisation whose share it is.
pub fn insert_case(
    tx: &mut Tx<'_>,
    check_id: i64,
    place: i64,
    case_id: i64,
    organization_id: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO spot_check_case (check_id, case_id, place, organization_id, findings, words, rectify, failed, version) \
         VALUES ($1, $2, $3, $4, '[]', '', 1, 0, 1)",
        params![check_id, case_id, place, organization_id],
    )
    .map(drop)
}

/// What a checker writes about a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The findings as JSON.
    pub findings: String,
    /// In the checker's words.
    pub words: String,
    /// Something is to be put right.
    pub rectify: bool,
}

/// A drawn case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampledRow {
    /// Row id.
    pub id: i64,
    /// The draw.
    pub check_id: i64,
    /// The case.
    pub case_id: i64,
    /// Its place in the draw, from 1.
    pub place: i64,
    /// Whose share it is.
    pub organization_id: i64,
    /// That organisation's name.
    pub organization_name: String,
    /// The case's number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
    /// What the checker wrote.
    pub written: Written,
    /// How many points are not in order.
    pub failed: i64,
    /// For compare-and-set.
    pub version: i64,
    /// Who checks or checked.
    pub checker_name: Option<String>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// By which day to put it right.
    pub rectify_by: Option<Date>,
    /// When it was said to be put right.
    pub replied_at: Option<Timestamp>,
    /// When that was found enough.
    pub closed_at: Option<Timestamp>,
    /// The bureau that checks, by name.
    pub bureau_name: String,
}

const SAMPLED: &str = "SELECT s.id, s.check_id, s.case_id, s.place, s.organization_id, o.name, c.number, c.title, c.kind, \
    c.status, s.findings, s.words, s.rectify, s.failed, s.version, a.name, s.finished_at, s.rectify_by, s.replied_at, \
    s.closed_at, b.name FROM spot_check_case s JOIN spot_check k ON k.id = s.check_id JOIN organization b ON b.id = k.bureau_id \
    JOIN cases c ON c.id = s.case_id JOIN organization o ON o.id = s.organization_id LEFT JOIN account a ON a.id = s.checker_id";

/// The cases of a draw, in their order.
pub fn cases(tx: &mut Tx<'_>, check_id: i64) -> Result<Vec<SampledRow>, StoreError> {
    let sql = format!("{SAMPLED} WHERE s.check_id = $1 ORDER BY s.place");
    tx.query(&sql, params![check_id])?.iter().map(sampled).collect()
}

/// One drawn case.
pub fn case(tx: &mut Tx<'_>, id: i64) -> Result<Option<SampledRow>, StoreError> {
    tx.first(&format!("{SAMPLED} WHERE s.id = $1"), params![id])?.map(|row| sampled(&row)).transpose()
}

/// Finished cases of somebody's scopes, the last first, at most `limit`: what superiors found.
pub fn found(tx: &mut Tx<'_>, scopes: &[Scope], limit: i64) -> Result<Vec<SampledRow>, StoreError> {
    let mut condition = Condition::new(scopes, &Selection::default());
    let limit = condition.bind(limit);
    let sql = format!(
        "{SAMPLED} WHERE {} AND s.finished_at IS NOT NULL ORDER BY s.finished_at DESC, s.id DESC LIMIT {limit}",
        condition.text
    );
    tx.query(&sql, &condition.params)?.iter().map(sampled).collect()
}

/// Keeps a draft; `false` when it was finished or somebody wrote in between.
pub fn save(tx: &mut Tx<'_>, id: i64, seen: i64, written: &Written, checker_id: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE spot_check_case SET findings = $1, words = $2, rectify = $3, checker_id = $4, version = version + 1 \
         WHERE id = $5 AND version = $6 AND finished_at IS NULL",
        params![&written.findings, &written.words, written.rectify, checker_id, id, seen],
    )?;
    Ok(changed == 1)
}

/// Finishes a case with so many points not in order; `false` when it was finished before.
pub fn finish(
    tx: &mut Tx<'_>,
    id: i64,
    failed: i64,
    rectify_by: Option<Date>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE spot_check_case SET failed = $1, rectify_by = $2, finished_at = $3, version = version + 1 \
         WHERE id = $4 AND finished_at IS NULL",
        params![failed, rectify_by, at, id],
    )?;
    Ok(changed == 1)
}

/// Keeps that a case of a draw was said to be put right.
pub fn note_reply(tx: &mut Tx<'_>, check_id: i64, case_id: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE spot_check_case SET replied_at = $1 WHERE check_id = $2 AND case_id = $3",
        params![at, check_id, case_id],
    )
    .map(drop)
}

/// Keeps that this was enough, or by which day it is to be put right again.
pub fn note_close(
    tx: &mut Tx<'_>,
    check_id: i64,
    case_id: i64,
    again_by: Option<Date>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = match again_by {
        None => "UPDATE spot_check_case SET closed_at = $1 WHERE check_id = $2 AND case_id = $3",
        Some(_) => "UPDATE spot_check_case SET rectify_by = $1, replied_at = NULL WHERE check_id = $2 AND case_id = $3",
    };
    let first = again_by.map_or_else(|| at.into(), crate::db::Value::from);
    tx.execute(sql, params![first, check_id, case_id]).map(drop)
}

fn check(row: &Row) -> Result<CheckRow, StoreError> {
    Ok(CheckRow {
        id: row.int(0)?,
        drawn: NewCheck {
            key: row.text(1)?,
            bureau_id: row.int(2)?,
            drawn_by: row.int(3)?,
            name: row.text(4)?,
            scope: row.text(5)?,
            population: row.text(6)?,
            population_size: row.int(7)?,
            size: row.int(8)?,
            by_organization: row.bool(9)?,
            seed: row.int(10)?,
        },
        bureau_name: row.text(11)?,
        drawn_by_name: row.text(12)?,
        drawn_at: row.timestamp(13)?,
        voided: row.opt_timestamp(14)?.zip(row.opt_text(15)?),
        cases: row.int(16)?,
        finished: row.int(17)?,
        failed: row.int(18)?,
    })
}

fn sampled(row: &Row) -> Result<SampledRow, StoreError> {
    Ok(SampledRow {
        id: row.int(0)?,
        check_id: row.int(1)?,
        case_id: row.int(2)?,
        place: row.int(3)?,
        organization_id: row.int(4)?,
        organization_name: row.text(5)?,
        number: row.text(6)?,
        title: row.text(7)?,
        kind: CaseKind::from_key(row.str(8)?).ok_or_else(|| unknown_key(8))?,
        status: Status::from_key(row.str(9)?).ok_or_else(|| unknown_key(9))?,
        written: Written { findings: row.text(10)?, words: row.text(11)?, rectify: row.bool(12)? },
        failed: row.int(13)?,
        version: row.int(14)?,
        checker_name: row.opt_text(15)?,
        finished_at: row.opt_timestamp(16)?,
        rectify_by: row.opt_date(17)?,
        replied_at: row.opt_timestamp(18)?,
        closed_at: row.opt_timestamp(19)?,
        bureau_name: row.text(20)?,
    })
}
