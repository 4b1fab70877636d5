//! 节假日安排: a year's notice comes in, and every running date that rests on it is counted again, each with an event (2.7).

use std::sync::Arc;

use domain::year_notice::YearNotice;
use jiff::Timestamp;
use store::deadline::Running;
use store::{Db, StoreError, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, HouseError, Scene};
pub use crate::recount::Moved;
use crate::{clocks, recount, staff};

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
        let running = recount::running(tx, last, recount::AT_ONCE)?;
        let Some(end) = running.last() else { return Ok(moved) };
        last = end.deadline.case_id;
        for Running { deadline, head } in running.iter().filter(|running| !running.deadline.is_paused()) {
            let Some(end) = clocks::period(scene, &calendar, deadline).map(|period| period.end()) else { continue };
            if (end.day, end.provisional) != (deadline.due_day, deadline.provisional) {
                moved.push(recount::moved(head, deadline, deadline.due_day, end.day));
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

/// Reads the kept notices again, when they may have come by another process; tells the sources of those that are new here.
pub fn refresh(db: &Db, house: &Arc<House>) -> Result<Vec<String>, ActError> {
    let (kept, before) = (house.clone(), house.calendar());
    let read = db.read::<_, StoreError>(move |tx| Ok(kept.reload_calendar(tx)))?;
    read.map_err(|error| match error {
        HouseError::Store(error) => ActError::Store(error),
        HouseError::Rules(error) => ActError::Rules(error),
        other => ActError::field("file", "calendar.notice", other.to_string()),
    })?;
    let calendar = house.calendar();
    let notices = calendar.announced_years().into_iter().filter_map(|year| calendar.notice(year));
    let new = notices.filter(|notice| before.notice(notice.year) != Some(notice));
    Ok(new.map(|notice| notice.source.clone()).collect())
}

/// Follows notices that another process takes in. What was filed here between its import and this look was still counted without
/// them; it is counted again a round later, when whoever imported has told what moved. `seen` is what the round before told.
pub fn follow(db: &Db, house: &Arc<House>, seen: &[String], now: Timestamp) -> Result<Vec<String>, ActError> {
    if !seen.is_empty() {
        recount::recount(db, house, &seen.join("、"), now)?;
    }
    refresh(db, house)
}
