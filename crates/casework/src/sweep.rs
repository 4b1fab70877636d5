//! 巡检: reminds of what falls due, notes what passed its limit, ends what expired. Takes no input, may run twice, stops at a limit; one process at a
//! time across a cluster, by a lease.

use std::sync::Arc;

use domain::act::Act;
use jiff::{SignedDuration, Timestamp};
use store::deadline::DeadlineRow;
use store::{Db, StoreError, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::{notice, record};

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Another process was sweeping.
    pub elsewhere: bool,
    /// Deadlines of which the officer was reminded.
    pub due: usize,
    /// Deadlines noted as passed.
    pub overdue: usize,
    /// Drafts thrown away.
    pub drafts: usize,
    /// Sessions ended.
    pub sessions: u64,
    /// Keys of repeated requests forgotten.
    pub keys: u64,
}

const BATCH: i64 = 200;
const BATCHES_AT_MOST: usize = 500;
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const DRAFT_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(24 * 2);

/// Sweeps once. `holder` names this process.
pub fn sweep(db: &Db, house: &Arc<House>, holder: &str, now: Timestamp) -> Result<Swept, ActError> {
    let name = holder.to_owned();
    let taken = db.act(move |tx| store::lease::take(tx, "sweep", &name, now, now + LEASE))?;
    if !taken {
        return Ok(Swept { elsewhere: true, ..Swept::default() });
    }
    let overdue = in_batches(db, house, now, holder, store::deadline::newly_overdue, note_overdue)?;
    let due = in_batches(db, house, now, holder, store::deadline::to_be_reminded, note_due)?;
    let idle = house.settings.idle_limit;
    let sessions = db.act(move |tx| store::session::sweep(tx, now, now - idle))?;
    let drafts = db.act(move |tx| store::draft::sweep(tx, now - DRAFT_KEPT))?.len();
    let keys = db.act(move |tx| store::idempotency::sweep(tx, now - KEY_KEPT, 10_000))?;
    let name = holder.to_owned();
    db.act(move |tx| store::lease::give_back(tx, "sweep", &name))?;
    Ok(Swept { elsewhere: false, due, overdue, drafts, sessions, keys })
}

type Find = fn(&mut Tx<'_>, Timestamp, i64) -> Result<Vec<DeadlineRow>, StoreError>;
type Note = fn(&mut Tx<'_>, Scene<'_>, &DeadlineRow) -> Result<(), ActError>;

/// Notes every deadline that `find` gives, batch by batch, and keeps the lease while it does.
fn in_batches(
    db: &Db,
    house: &Arc<House>,
    now: Timestamp,
    holder: &str,
    find: Find,
    note: Note,
) -> Result<usize, ActError> {
    let mut noted = 0;
    for _ in 0..BATCHES_AT_MOST {
        let (house, holder) = (house.clone(), holder.to_owned());
        let batch = db.act(move |tx| {
            store::lease::take(tx, "sweep", &holder, now, now + LEASE)?;
            note_batch(tx, &house, now, find, note)
        })?;
        noted += batch;
        if batch == 0 {
            break;
        }
    }
    Ok(noted)
}

fn note_batch(tx: &mut Tx<'_>, house: &House, now: Timestamp, find: Find, note: Note) -> Result<usize, ActError> {
    let actor = Actor::System;
    let scene = Scene { house, now, actor: &actor };
    let mut noted = 0;
    for deadline in find(tx, now, BATCH)? {
        // Each by itself: when a person acts on the case at this moment, her act goes first and the next sweep looks again.
        match tx.attempt(|tx| note(tx, scene, &deadline)) {
            Ok(()) => noted += 1,
            Err(ActError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(noted)
}

/// An event in the case's history, so that it is told and counted. The case goes first, as in every act, so that a sweep
/// and an act never wait for each other.
fn note_overdue(tx: &mut Tx<'_>, scene: Scene<'_>, deadline: &DeadlineRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, deadline.case_id)?.ok_or(ActError::NotFound)?;
    let act = Act::NoteOverdue { limit: deadline.limit_key.clone(), due: deadline.due_day };
    record::perform(tx, scene, case, &act)?;
    once(store::deadline::note_overdue(tx, deadline.id, scene.now)?)
}

/// An event, and a text message to the officer in charge where there is a gateway.
fn note_due(tx: &mut Tx<'_>, scene: Scene<'_>, deadline: &DeadlineRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, deadline.case_id)?.ok_or(ActError::NotFound)?;
    let act = Act::NoteDue { limit: deadline.limit_key.clone(), due: deadline.due_day };
    let case = record::perform(tx, scene, case, &act)?;
    notice::officer(tx, scene, &case, &deadline.name, deadline.due_day)?;
    once(store::deadline::note_reminded(tx, deadline.id, scene.now)?)
}

fn once(first: bool) -> Result<(), ActError> {
    if first { Ok(()) } else { Err(ActError::Conflict { since: "这个期限已经记录".to_owned() }) }
}
