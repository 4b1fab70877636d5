//! 巡检: reminds of what falls due, notes what passed its limit, ends what expired. Takes no input, may run twice, stops at a limit; one process at a
//! time across a cluster, by a lease.

use std::sync::Arc;

use domain::account::account_rules;
use domain::act::Act;
use domain::clock::{beijing_day, beijing_midnight};
use domain::reporting::Decision;
use domain::turns::ErrandKind;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::agreement::Unperformed;
use store::deadline::DeadlineRow;
use store::meeting::MeetingRow;
use store::{Db, StoreError, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::{letters, notice, record, rewarding};

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Another process was sweeping.
    pub elsewhere: bool,
    /// Deadlines of which the officer was reminded.
    pub due: usize,
    /// Deadlines noted as passed.
    pub overdue: usize,
    /// Items of agreements noted as not performed on their day.
    pub unperformed: usize,
    /// Meetings of which both sides were reminded.
    pub meetings: usize,
    /// Requests for materials of which it was noted that nobody answered.
    pub unanswered: usize,
    /// Rewards that nobody claimed in time.
    pub unclaimed: usize,
    /// Reports closed by an older version that got the errands they would have today.
    pub caught_up: usize,
    /// Drafts thrown away.
    pub drafts: usize,
    /// Sessions ended.
    pub sessions: u64,
    /// Keys of repeated requests forgotten.
    pub keys: u64,
    /// Audit entries removed because their time was over.
    pub audit: u64,
    /// The day that was sealed.
    pub sealed: Option<Date>,
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
    let caught_up = catch_up(db, house, now)?;
    let unclaimed = in_batches(db, house, now, holder, rewarding::unclaimed, rewarding::lapse)?;
    let overdue = in_batches(db, house, now, holder, store::deadline::newly_overdue, note_overdue)?;
    let due = in_batches(db, house, now, holder, store::deadline::to_be_reminded, note_due)?;
    let unperformed = in_batches(db, house, now, holder, unperformed, note_unperformed)?;
    let meetings = in_batches(db, house, now, holder, meetings_tomorrow, note_meeting)?;
    let unanswered = crate::supplement::lapse(db, house, now)?;
    let idle = house.settings.idle_limit;
    let sessions = db.act(move |tx| store::session::sweep(tx, now, now - idle))?;
    let quiet = SignedDuration::from_hours(account_rules().throttle.forgotten_after_hours);
    db.act(move |tx| {
        store::factor::sweep(tx, now)?;
        store::human_pass::sweep(tx, now)?;
        store::login_source::sweep(tx, now, now - quiet)
    })?;
    let thrown = db.act(move |tx| store::draft::sweep(tx, now - DRAFT_KEPT))?;
    let drafts = thrown.len();
    discard(db, house, thrown, now - KEY_KEPT)?;
    let keys = db.act(move |tx| store::idempotency::sweep(tx, now - KEY_KEPT, 10_000))?;
    let audit = crate::audit_stream::forget_old(db, house, now)?;
    let sealed = db.act(move |tx| crate::seal::close(tx, now))?.map(|row| row.seal.day);
    let name = holder.to_owned();
    db.act(move |tx| store::lease::give_back(tx, "sweep", &name))?;
    Ok(Swept {
        elsewhere: false,
        due,
        overdue,
        unanswered,
        unclaimed,
        caught_up,
        unperformed,
        meetings,
        drafts,
        sessions,
        keys,
        audit,
        sealed,
    })
}

/// What follows from a decision and who has to see to it: key and the outcomes that bring it.
const AFTER_A_DECISION: [(ErrandKind, [Decision; 2]); 3] = [
    (ErrandKind::RecordPenalty, [Decision::Penalty; 2]),
    (ErrandKind::RecordTransfer, [Decision::HandedOver, Decision::Prosecuted]),
    (ErrandKind::RewardDue, [Decision::Penalty, Decision::Prosecuted]),
];

/// Opens what the state of reports that an older version closed asks for today: an errand opens with an act, and those had theirs.
fn catch_up(db: &Db, house: &Arc<House>, now: Timestamp) -> Result<usize, ActError> {
    let mut caught_up = 0;
    for (kind, outcomes) in AFTER_A_DECISION {
        let mut after = 0;
        loop {
            let outcomes = outcomes.map(Decision::key);
            let found = db
                .read::<_, StoreError>(move |tx| store::errand::never_opened(tx, kind.key(), outcomes, after, BATCH))?;
            let Some(last) = found.last() else { break };
            after = *last;
            let house = house.clone();
            caught_up += db.act(move |tx| {
                let scene = Scene { house: &house, now, actor: &Actor::System };
                let mut opened = 0;
                for id in &found {
                    opened += usize::from(record::reopen_errands(tx, scene, *id)?);
                }
                Ok::<_, ActError>(opened)
            })?;
        }
    }
    Ok(caught_up)
}

type Find<T> = fn(&mut Tx<'_>, Timestamp, i64) -> Result<Vec<T>, StoreError>;
type Note<T> = fn(&mut Tx<'_>, Scene<'_>, &T) -> Result<(), ActError>;

/// Throws away the bytes of files that were taken away and that nothing else names, and what a killed upload left.
pub fn discard(db: &Db, house: &House, hashes: Vec<String>, before: Timestamp) -> Result<(), ActError> {
    let data = &house.settings.data;
    for hash in hashes {
        let asked = hash.clone();
        if !db.read::<_, StoreError>(move |tx| store::attachment::names(tx, &asked))? {
            store::files::discard(data, &hash, before).map_err(|error| ActError::File(error.to_string()))?;
        }
    }
    store::files::discard_coming(data, before).map(drop).map_err(|error| ActError::File(error.to_string()))
}

/// Notes everything that `find` gives, batch by batch, and keeps the lease while it does.
fn in_batches<T: 'static>(
    db: &Db,
    house: &Arc<House>,
    now: Timestamp,
    holder: &str,
    find: Find<T>,
    note: Note<T>,
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

fn note_batch<T>(
    tx: &mut Tx<'_>,
    house: &House,
    now: Timestamp,
    find: Find<T>,
    note: Note<T>,
) -> Result<usize, ActError> {
    let actor = Actor::System;
    let scene = Scene { house, now, actor: &actor };
    let mut noted = 0;
    for found in find(tx, now, BATCH)? {
        // Each by itself: when a person acts on the case at this moment, her act goes first and the next sweep looks again.
        match tx.attempt(|tx| note(tx, scene, &found)) {
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

fn unperformed(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Unperformed>, StoreError> {
    store::agreement::newly_unperformed(tx, beijing_day(now), limit)
}

/// An event, and a word to the officer and to the respondent, who promised it.
fn note_unperformed(tx: &mut Tx<'_>, scene: Scene<'_>, late: &Unperformed) -> Result<(), ActError> {
    let case = store::case::by_id(tx, late.case_id)?.ok_or(ActError::NotFound)?;
    let act = Act::NoteUnperformed { item: late.item, due: late.due };
    let case = record::perform(tx, scene, case, &act)?;
    let day = letters::day_words(late.due);
    let body = format!("{} 的协议第 {} 项应在{day}前履行，请核实并登记。", case.number, late.item);
    notice::lead(tx, scene, &case, "协议到期", &body)?;
    let body = format!(
        "关于“{}”的调解协议第 {} 项应在{day}前履行。已经履行的请告知承办人员，没有履行的请尽快履行。",
        case.matter.title, late.item
    );
    let notice = notice::Notice { subject: "请履行调解协议", body: &body, paper: None };
    notice::respondent(tx, scene, &case, &notice)?;
    once(store::agreement::note_unperformed(tx, late.case_id, late.item, scene.now)?)
}

/// The meetings of the next day in Beijing.
fn meetings_tomorrow(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<MeetingRow>, StoreError> {
    let tomorrow = beijing_day(now).tomorrow().unwrap_or(Date::MAX);
    let after = tomorrow.tomorrow().unwrap_or(Date::MAX);
    store::meeting::to_be_reminded(tx, beijing_midnight(tomorrow), beijing_midnight(after), limit)
}

fn note_meeting(tx: &mut Tx<'_>, scene: Scene<'_>, meeting: &MeetingRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, meeting.case_id)?.ok_or(ActError::NotFound)?;
    let case = record::perform(tx, scene, case, &Act::NoteMeeting { at: meeting.at })?;
    let (time, title) = (letters::time_words(meeting.at), &case.matter.title);
    let body = format!("提醒：关于“{title}”的投诉定于{time}在{}调解，请按时参加。", meeting.place);
    notice::both(tx, scene, &case, "明天调解", &body)?;
    once(store::meeting::note_reminded(tx, meeting.id, scene.now)?)
}
