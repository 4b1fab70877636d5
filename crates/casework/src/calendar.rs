//! 节假日安排: a year's notice comes in, and every running date that rests on it is counted again, each with an event (2.7).

use std::sync::Arc;

use domain::act::Act;
use domain::calendar::Calendar;
use domain::clock::{Unit, due_under};
use domain::year_notice::YearNotice;
use jiff::Timestamp;
use jiff::civil::Date;
use store::deadline::DeadlineRow;
use store::{Db, StoreError, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, HouseError, Scene};
use crate::{clocks, record, staff};

/// A running date that a notice moves or confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Number of the case.
    pub case_number: String,
    /// The step in Chinese.
    pub limit: String,
    /// Its last day before.
    pub from: Date,
    /// Its last day now; the same day when it is only confirmed.
    pub to: Date,
}

const BATCH: i64 = 200;

/// Reads a notice file; a fault is told with its line.
pub fn read(text: &str) -> Result<YearNotice, ActError> {
    YearNotice::parse(text)
        .map_err(|error| ActError::field("file", "calendar.notice", format!("节假日安排文件{error}")))
}

/// What a notice would move and confirm, of the running dates; writes nothing.
pub fn preview(tx: &mut Tx<'_>, scene: Scene<'_>, notice: &YearNotice) -> Result<Vec<Moved>, ActError> {
    staff::require_installation(tx, scene)?;
    let calendar = scene.house.calendar().as_ref().clone().with_notice(notice.clone());
    let (mut moved, mut last) = (Vec::new(), 0);
    loop {
        let deadlines = store::deadline::running_after(tx, last, BATCH)?;
        let Some(end) = deadlines.last() else { return Ok(moved) };
        last = end.id;
        for deadline in deadlines.iter().filter(|deadline| !deadline.is_paused()) {
            let Some((day, provisional)) = counted(scene, &calendar, deadline) else { continue };
            if (day, provisional) != (deadline.due_day, deadline.provisional) {
                moved.extend(told(tx, deadline, day)?);
            }
        }
    }
}

/// Takes a notice in: keeps it, counts every running date again in batches, and tells what moved. When it is broken off, importing
/// the same file again finishes it.
pub fn import(db: &Db, house: &Arc<House>, actor: &Actor, text: &str, now: Timestamp) -> Result<Vec<Moved>, ActError> {
    let notice = read(text)?;
    let (kept_house, kept_actor, kept, text) = (house.clone(), actor.clone(), notice.clone(), text.to_owned());
    db.act(move |tx| {
        let scene = Scene { house: &kept_house, now, actor: &kept_actor };
        staff::require_installation(tx, scene)?;
        store::calendar::put(tx, kept.year, &text, &kept.source, now)?;
        staff::note(tx, scene, &format!("导入 {} 年节假日安排", kept.year))
    })?;
    refresh(db, house)?;
    recount(db, house, &notice.source, now)
}

/// Reads the kept notices again, when they may have come by another process.
pub fn refresh(db: &Db, house: &Arc<House>) -> Result<(), ActError> {
    let kept = house.clone();
    let read = db.read::<_, StoreError>(move |tx| Ok(kept.reload_calendar(tx)))?;
    read.map_err(|error| match error {
        HouseError::Store(error) => ActError::Store(error),
        HouseError::Rules(error) => ActError::Rules(error),
        other => ActError::field("file", "calendar.notice", other.to_string()),
    })
}

/// Counts every running date again; `source` is what the events name as the reason.
fn recount(db: &Db, house: &Arc<House>, source: &str, now: Timestamp) -> Result<Vec<Moved>, ActError> {
    let (mut moved, mut last) = (Vec::new(), 0);
    loop {
        let (house, source) = (house.clone(), source.to_owned());
        let (end, batch) = db.act(move |tx| {
            let scene = Scene { house: &house, now, actor: &Actor::System };
            recount_batch(tx, scene, last, &source)
        })?;
        moved.extend(batch);
        match end {
            Some(end) => last = end,
            None => return Ok(moved),
        }
    }
}

fn recount_batch(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    after: i64,
    source: &str,
) -> Result<(Option<i64>, Vec<Moved>), ActError> {
    let deadlines = store::deadline::running_after(tx, after, BATCH)?;
    let end = deadlines.last().map(|deadline| deadline.id);
    let mut moved = Vec::new();
    for mut deadline in deadlines.into_iter().filter(|deadline| !deadline.is_paused()) {
        let (from, was_provisional) = (deadline.due_day, deadline.provisional);
        clocks::recount(scene, &mut deadline);
        if deadline.due_day == from && deadline.provisional == was_provisional {
            continue;
        }
        let Some(case) = store::case::by_id(tx, deadline.case_id)? else { continue };
        store::deadline::move_to(tx, &deadline)?;
        moved.extend(told(tx, &deadline, deadline.due_day)?.map(|told| Moved { from, ..told }));
        let (limit, to, source) = (deadline.limit_key.clone(), deadline.due_day, source.to_owned());
        record::perform(tx, scene, case, &Act::MoveDeadline { limit, from, to, source })?;
    }
    Ok((end, moved))
}

/// The last day under a calendar, and whether it rests on a year not yet announced.
fn counted(scene: Scene<'_>, calendar: &Calendar, deadline: &DeadlineRow) -> Option<(Date, bool)> {
    let set = scene.house.book.get(&deadline.rule_set)?;
    let unit = Unit::from_key(&deadline.unit)?;
    let (length, extended_by) = (u32::try_from(deadline.length).ok()?, u32::try_from(deadline.extended_by).ok()?);
    let (started, pauses) = (deadline.started_at, &deadline.suspensions);
    let due = due_under(set.settings, calendar, length, unit, started, extended_by, pauses, Some(scene.now));
    Some((due.day, due.provisional))
}

fn told(tx: &mut Tx<'_>, deadline: &DeadlineRow, to: Date) -> Result<Option<Moved>, StoreError> {
    let case = store::case::by_id(tx, deadline.case_id)?;
    let (limit, from) = (deadline.name.clone(), deadline.due_day);
    Ok(case.map(|case| Moved { case_number: case.number, limit, from, to }))
}
