//! 重新计算: every running date counted again after the calendar or a rule was published or corrected, with an event for each date
//! that moves and a list of them (2.7; beyond.md 2). Case by case, so that a million clocks take seconds and not hours.

use std::sync::Arc;

use domain::act::Act;
use domain::clock::Unit;
use jiff::Timestamp;
use jiff::civil::Date;
use store::deadline::DeadlineRow;
use store::{Db, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::{clocks, record};

/// A running date that moved, or is no longer provisional.
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

/// Deadlines of one transaction.
const BATCH: i64 = 2_000;

/// Counts every running date again; `source` is what the events name as the reason. When it is broken off, doing it again
/// finishes it.
pub fn recount(db: &Db, house: &Arc<House>, source: &str, now: Timestamp) -> Result<Vec<Moved>, ActError> {
    let (mut moved, mut after) = (Vec::new(), 0);
    loop {
        let (house, source) = (house.clone(), source.to_owned());
        let (last, batch) = db.act(move |tx| {
            let scene = Scene { house: &house, now, actor: &Actor::System };
            recount_batch(tx, scene, after, &source)
        })?;
        moved.extend(batch);
        match last {
            Some(case_id) => after = case_id,
            None => return Ok(moved),
        }
    }
}

/// The cases of one batch; gives the last case it did, none when there was nothing left.
fn recount_batch(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    after: i64,
    source: &str,
) -> Result<(Option<i64>, Vec<Moved>), ActError> {
    let mut moved = Vec::new();
    let mut running = running(tx, after)?;
    for deadlines in running.chunk_by_mut(|one, next| one.case_id == next.case_id) {
        moved.extend(recount_case(tx, scene, deadlines, source)?);
    }
    Ok((running.last().map(|deadline| deadline.case_id), moved))
}

/// The running deadlines of the next cases, each case whole.
pub(crate) fn running(tx: &mut Tx<'_>, after: i64) -> Result<Vec<DeadlineRow>, ActError> {
    let mut running = store::deadline::running_of_cases(tx, after, BATCH)?;
    if running.len() as i64 == BATCH
        && let Some(cut) = running.last().map(|deadline| deadline.case_id)
    {
        running.retain(|deadline| deadline.case_id != cut);
    }
    Ok(running)
}

fn recount_case(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    deadlines: &mut [DeadlineRow],
    source: &str,
) -> Result<Vec<Moved>, ActError> {
    let before = clocks::next_due(deadlines);
    let (mut acts, mut moved) = (Vec::new(), Vec::new());
    for deadline in deadlines.iter_mut() {
        let (from, was_provisional) = (deadline.due_day, deadline.provisional);
        let corrected = correct(scene, deadline);
        // One that stands still is counted when it runs again.
        if deadline.is_paused() {
            if corrected {
                store::deadline::move_to(tx, deadline)?;
            }
            continue;
        }
        clocks::recount(scene, deadline);
        let to = deadline.due_day;
        if to == from && deadline.provisional == was_provisional && !corrected {
            continue;
        }
        store::deadline::move_to(tx, deadline)?;
        acts.push(Act::MoveDeadline { limit: deadline.limit_key.clone(), from, to, source: source.to_owned() });
        moved.push((deadline.name.clone(), from, to));
    }
    if acts.is_empty() {
        return Ok(Vec::new());
    }
    let Some(case) = store::case::by_id(tx, deadlines[0].case_id)? else { return Ok(Vec::new()) };
    let case = record::note(tx, scene, case, &acts)?;
    let due = clocks::next_due(deadlines);
    if due != before {
        store::case::update_next_due(tx, case.id, due)?;
    }
    let told = |(limit, from, to)| Moved { case_number: case.number.clone(), limit, from, to };
    Ok(moved.into_iter().map(told).collect())
}

/// Takes over a length that was corrected in the rule set; tells whether it was.
fn correct(scene: Scene<'_>, deadline: &mut DeadlineRow) -> bool {
    let limit = scene.house.book.get(&deadline.rule_set).and_then(|set| set.limit(&deadline.limit_key));
    let Some(limit) = limit else { return false };
    let same = Unit::from_key(&deadline.unit) == Some(limit.unit) && deadline.length == i64::from(limit.length);
    if !same {
        limit.unit.key().clone_into(&mut deadline.unit);
        deadline.length = i64::from(limit.length);
    }
    !same
}
