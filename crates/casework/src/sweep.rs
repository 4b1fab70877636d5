//! 巡检: notes what passed its limit, ends what expired. Takes no input, may run twice, stops at a limit; one process at a
//! time across a cluster, by a lease.

use domain::act::Act;
use jiff::{SignedDuration, Timestamp};
use store::deadline::DeadlineRow;
use store::{Db, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::record;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Another process was sweeping.
    pub elsewhere: bool,
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
pub fn sweep(db: &Db, house: &std::sync::Arc<House>, holder: &str, now: Timestamp) -> Result<Swept, ActError> {
    let name = holder.to_owned();
    let taken = db.act(move |tx| store::lease::take(tx, "sweep", &name, now, now + LEASE))?;
    if !taken {
        return Ok(Swept { elsewhere: true, ..Swept::default() });
    }
    let mut swept = Swept::default();
    for _ in 0..BATCHES_AT_MOST {
        let house = house.clone();
        let noted = db.act(move |tx| note_overdue(tx, &house, now))?;
        swept.overdue += noted;
        if noted == 0 {
            break;
        }
    }
    let idle = house.settings.idle_limit;
    swept.sessions = db.act(move |tx| store::session::sweep(tx, now, now - idle))?;
    swept.drafts = db.act(move |tx| store::draft::sweep(tx, now - DRAFT_KEPT))?.len();
    swept.keys = db.act(move |tx| store::idempotency::sweep(tx, now - KEY_KEPT, 10_000))?;
    let name = holder.to_owned();
    db.act(move |tx| store::lease::give_back(tx, "sweep", &name))?;
    Ok(swept)
}

/// Notes one batch of deadlines that passed: an event in the case's history each, so that it is told and counted.
fn note_overdue(tx: &mut Tx<'_>, house: &House, now: Timestamp) -> Result<usize, ActError> {
    let actor = Actor::System;
    let scene = Scene { house, now, actor: &actor };
    let passed = store::deadline::newly_overdue(tx, now, BATCH)?;
    let mut noted = 0;
    for deadline in passed {
        // Each by itself: when a person acts on the case at this moment, her act goes first and the next sweep looks again.
        match tx.attempt(|tx| note_one(tx, scene, &deadline)) {
            Ok(()) => noted += 1,
            Err(ActError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(noted)
}

/// The case goes first, as in every act, so that a sweep and an act never wait for each other.
fn note_one(tx: &mut Tx<'_>, scene: Scene<'_>, deadline: &DeadlineRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, deadline.case_id)?.ok_or(ActError::NotFound)?;
    let act = Act::NoteOverdue { limit: deadline.limit_key.clone(), due: deadline.due_day };
    record::perform(tx, scene, case, &act)?;
    match store::deadline::note_overdue(tx, deadline.id, scene.now)? {
        true => Ok(()),
        false => Err(ActError::Conflict { since: "这个期限已经记录".to_owned() }),
    }
}
