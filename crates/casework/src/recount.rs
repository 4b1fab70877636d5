//! 重新计算: every running date counted again after the calendar or a rule was published or corrected, with an event for each date
//! that moves and a list of them (2.7; beyond.md 2). Batch by batch: while one batch is written, the next is counted from what the
//! readers see, so that a million clocks take seconds and whoever acts meanwhile waits for one batch only.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use domain::act::Act;
use domain::clock::Unit;
use jiff::Timestamp;
use jiff::civil::Date;
use store::case::{Advance, Head};
use store::deadline::{DeadlineRow, Running};
use store::event::EventRow;
use store::{Db, StoreError, Tx};

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

/// Running dates of one transaction: enough to use the disk well, few enough that who acts meanwhile does not wait long.
pub(crate) const AT_ONCE: i64 = 1_000;

/// Cases whose dates were counted again, not yet written.
pub struct Batch {
    cases: Vec<Recounted>,
    /// The last case that was looked at; none when there was nothing left.
    pub last: Option<i64>,
}

/// What is to be written of a case, if nobody acted since the version it was counted from.
struct Recounted {
    case: Advance,
    events: Vec<EventRow>,
    deadlines: Vec<DeadlineRow>,
    moved: Vec<Moved>,
}

/// Counts every running date again; `source` is what the events name as the reason. A date that is right already is left alone: when it
/// is broken off, doing it again finishes it, and doing it once more changes nothing.
pub fn recount(db: &Db, house: &Arc<House>, source: &str, now: Timestamp) -> Result<Vec<Moved>, ActError> {
    let mut moved = Vec::new();
    let mut next = ahead(db, house, source, now, 0);
    loop {
        let batch = next.recv().unwrap_or(Err(StoreError::Closed.into()))?;
        let Some(last) = batch.last else { return Ok(moved) };
        next = ahead(db, house, source, now, last);
        if batch.cases.is_empty() {
            continue;
        }
        let (house, source) = (house.clone(), source.to_owned());
        moved.extend(db.act(move |tx| {
            let scene = Scene { house: &house, now, actor: &Actor::System };
            write(tx, scene, &source, &batch)
        })?);
    }
}

/// Has a reader count the next cases while the writer writes those before.
fn ahead(db: &Db, house: &Arc<House>, source: &str, now: Timestamp, after: i64) -> Receiver<Result<Batch, ActError>> {
    let (house, source) = (house.clone(), source.to_owned());
    let (done, counted) = sync_channel(1);
    let look = move |tx: &mut Tx<'_>| {
        let scene = Scene { house: &house, now, actor: &Actor::System };
        count(tx, scene, &source, after, AT_ONCE)
    };
    // Nobody waits any more when the batch before failed.
    db.submit_read(look, move |batch| drop(done.send(batch)));
    counted
}

/// Counts the running dates of the cases after this one again, about so many, and writes nothing.
pub fn count(tx: &mut Tx<'_>, scene: Scene<'_>, source: &str, after: i64, at_most: i64) -> Result<Batch, ActError> {
    let running = running(tx, after, at_most)?;
    let cases = running.chunk_by(|one, next| one.deadline.case_id == next.deadline.case_id);
    let cases = cases.filter_map(|case| recounted(scene, case, source)).collect();
    Ok(Batch { cases, last: running.last().map(|running| running.deadline.case_id) })
}

/// Writes what was counted. A case on which somebody acted since is counted again as it is now.
pub fn write(tx: &mut Tx<'_>, scene: Scene<'_>, source: &str, batch: &Batch) -> Result<Vec<Moved>, ActError> {
    let cases: Vec<&Recounted> = batch.cases.iter().collect();
    let missed = write_all(tx, &cases)?;
    let mut again = Vec::new();
    for case in &missed {
        let running = running_of_case(tx, case.case.id)?;
        again.extend(recounted(scene, &running, source));
    }
    let cases: Vec<&Recounted> = again.iter().collect();
    if !write_all(tx, &cases)?.is_empty() {
        return Err(ActError::Conflict { since: "有人先办理了这一步".to_owned() });
    }
    let missed: HashSet<i64> = missed.iter().map(|case| case.case.id).collect();
    let written = batch.cases.iter().filter(|case| !missed.contains(&case.case.id)).chain(&again);
    Ok(written.flat_map(|case| &case.moved).cloned().collect())
}

/// Writes what was counted of these cases; gives those on which somebody acted since, of which nothing is written.
fn write_all<'a>(tx: &mut Tx<'_>, cases: &[&'a Recounted]) -> Result<Vec<&'a Recounted>, ActError> {
    let advanced = store::case::advance(tx, &cases.iter().map(|case| &case.case).collect::<Vec<_>>())?;
    let advanced: HashSet<i64> = advanced.into_iter().collect();
    let (written, missed): (Vec<&Recounted>, Vec<&Recounted>) =
        cases.iter().partition(|case| advanced.contains(&case.case.id));
    let events = written.iter().flat_map(|case| case.events.iter().map(|event| (case.case.id, event)));
    store::event::insert_all(tx, &events.collect::<Vec<_>>())?;
    store::deadline::move_all(tx, &written.iter().flat_map(|case| &case.deadlines).collect::<Vec<_>>())?;
    Ok(missed)
}

/// The running deadlines of the next cases, each case whole.
pub(crate) fn running(tx: &mut Tx<'_>, after: i64, at_most: i64) -> Result<Vec<Running>, ActError> {
    let mut running = store::deadline::running_of_cases(tx, after, at_most)?;
    if running.len() as i64 == at_most
        && let Some(cut) = running.last().map(|running| running.deadline.case_id)
    {
        running.retain(|running| running.deadline.case_id != cut);
        if running.is_empty() {
            return running_of_case(tx, cut);
        }
    }
    Ok(running)
}

/// Every running deadline of a case.
fn running_of_case(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Running>, ActError> {
    let mut running = store::deadline::running_of_cases(tx, id - 1, AT_ONCE)?;
    running.retain(|running| running.deadline.case_id == id);
    Ok(running)
}

/// The running deadlines of a case counted again; none when each is right as it is.
fn recounted(scene: Scene<'_>, running: &[Running], source: &str) -> Option<Recounted> {
    let mut now: Vec<DeadlineRow> = running.iter().map(|running| running.deadline.clone()).collect();
    let (case_id, mut head) = running.first().map(|first| (first.deadline.case_id, first.head.clone()))?;
    let (seen, before) = (head.version, clocks::next_due(&now));
    let (mut acts, mut told) = (Vec::new(), Vec::new());
    let mut changed = Vec::new();
    for deadline in &mut now {
        let (from, was_provisional) = (deadline.due_day, deadline.provisional);
        let corrected = correct(scene, deadline);
        // One that stands still is counted when it runs again.
        let stands = deadline.is_paused();
        if !stands {
            clocks::recount(scene, deadline);
        }
        let to = deadline.due_day;
        if to == from && deadline.provisional == was_provisional && !corrected {
            continue;
        }
        changed.push(deadline.id);
        if !stands {
            acts.push(Act::MoveDeadline { limit: deadline.limit_key.clone(), from, to, source: source.to_owned() });
            told.push(moved(&head, deadline, from, to));
        }
    }
    if changed.is_empty() {
        return None;
    }
    let events = record::notes(scene, &mut head, &acts);
    let due = clocks::next_due(&now);
    let next_due_at = Some(due).filter(|due| *due != before);
    now.retain(|deadline| changed.contains(&deadline.id));
    Some(Recounted { case: Advance { id: case_id, seen, head, next_due_at }, events, deadlines: now, moved: told })
}

/// What is told of a date that moved.
pub(crate) fn moved(head: &Head, deadline: &DeadlineRow, from: Date, to: Date) -> Moved {
    Moved { case_number: head.number.clone(), limit: deadline.name.clone(), from, to }
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
