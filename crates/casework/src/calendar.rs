//! 节假日安排: a year's notice comes in, and every running date that rests on it is counted again, each with an event (2.7).

use std::sync::Arc;

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
pub use crate::recount::Moved;
use crate::{recount, staff};

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
        let deadlines = recount::running(tx, last)?;
        let Some(end) = deadlines.last() else { return Ok(moved) };
        last = end.case_id;
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
    recount::recount(db, house, &notice.source, now)
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
