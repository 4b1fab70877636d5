//! The clocks of a case: started, stopped, paused and moved by what happens, never by reading.

use domain::act::Act;
use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::clock::{Due, Period, Suspension, Unit, beijing_day};
use domain::mediation::{CLUE_LIMIT, Payer, RECUSAL_CAUSE};
use domain::rewarding::{CLAIM_LIMIT, REVIEW_CAUSE};
use domain::rule_set::{Bearer, Layer, Limit, RuleSet};
use domain::timeliness::Measure;
use domain::trigger::{Outlived, Trigger};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Tx;
use store::case::{CaseRow, NOTHING_DUE, NewCase};
use store::deadline::DeadlineRow;

use crate::error::ActError;
use crate::house::Scene;

/// Runs the clocks after an act: stops what it meets, starts what it begins, pauses, extends, and keeps what falls due
/// first beside the case.
pub fn run(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, act: &Act, fired: &[Trigger]) -> Result<(), ActError> {
    let mut deadlines = store::deadline::of_case(tx, case.id)?;
    // An outcome ends a pause that nobody ended, before it stops the clocks: a stopped clock must show when it was due.
    // While an appraisal is out, a recusal that was decided leaves its pause alone.
    if ends_pause(act) && case.state.suspended.is_none() {
        resume(tx, scene, case, &mut deadlines)?;
    }
    stop(tx, scene, case, &mut deadlines, fired)?;
    match act {
        Act::NoteLinked { counts_from: Some(from), made, .. } => match made {
            true => restart(tx, scene, case, &mut deadlines, *from, Trigger::Restarted, is_counted_anew)?,
            false => take_back(tx, scene, &mut deadlines, *from)?,
        },
        Act::Serve { effective_on: Some(day), counts_anew: Some(after), .. } => {
            let from = domain::beijing::beijing_midnight(*day);
            restart(tx, scene, case, &mut deadlines, from, Trigger::Served, |limit| limit.from == *after)?;
        }
        Act::SendBack { .. } => run_on(tx, &mut deadlines, Trigger::Settled)?,
        Act::Unmerge { .. } => run_on(tx, &mut deadlines, Trigger::Merged)?,
        Act::Suspend { cause, reason } => pause(tx, scene, case, &mut deadlines, cause, reason)?,
        Act::RequestRecusal { reason, .. } => pause(tx, scene, case, &mut deadlines, RECUSAL_CAUSE, reason)?,
        Act::Appraise { cause, object, payer, .. } if *payer != Payer::NotAgreed => {
            pause(tx, scene, case, &mut deadlines, cause, object)?;
        }
        Act::AskReview { .. } => pause(tx, scene, case, &mut deadlines, REVIEW_CAUSE, REVIEW_CAUSE)?,
        Act::ExtendClaim { by, .. } => extend(tx, scene, &mut deadlines, CLAIM_LIMIT, *by)?,
        Act::GrantExtension { limit, by } => extend(tx, scene, &mut deadlines, limit, *by)?,
        Act::DecideClueTime { by: Some(by), .. } => extend(tx, scene, &mut deadlines, CLUE_LIMIT, *by)?,
        _ => {}
    }
    start(tx, scene, case, &mut deadlines, fired, act.applies())?;
    store::case::update_next_due(tx, case.id, next_due(&deadlines))?;
    Ok(())
}

/// Whether the act ends a pause: said so, decided so, or with an outcome.
fn ends_pause(act: &Act) -> bool {
    matches!(
        act,
        Act::Resume { .. }
            | Act::DecideRecusal { .. }
            | Act::RecordAppraisal { .. }
            | Act::Settle { .. }
            | Act::SettleOnSpot { .. }
            | Act::Terminate { .. }
            | Act::Withdraw { .. }
            | Act::AnswerReview { .. }
    )
}

/// The due instant of what falls due first and the bureau must do; `NOTHING_DUE` when nothing runs.
pub fn next_due(deadlines: &[DeadlineRow]) -> i64 {
    deadlines
        .iter()
        .filter(|deadline| deadline.stopped_at.is_none() && deadline.bearer == "bureau")
        .map(|deadline| deadline.due_at.as_microsecond())
        .min()
        .unwrap_or(NOTHING_DUE)
}

/// The clocks of a case that is just coming in, not yet written.
pub fn first(scene: Scene<'_>, new: &NewCase) -> Result<Vec<DeadlineRow>, ActError> {
    let registered = new.state.status != domain::status::Status::Filed;
    let fired = Act::filing_triggers(new.state.kind, registered);
    let calendar = scene.house.calendar();
    let limits = scene.house.book.limits(&new.rule_set, new.overlay.as_deref(), new.state.kind);
    let first: Vec<DeadlineRow> = limits
        .into_iter()
        .filter(|(_, limit)| limit.condition.is_none() && fired.contains(&limit.from))
        .map(|(set, limit)| started(&calendar, set, limit, 0, new.received_at))
        .collect();
    // Every period of law has limits for complaints; a question has those that the centre promised, if any.
    if first.is_empty() && !new.state.kind.is_answered() {
        return Err(ActError::Rules(domain::rule_book::RuleError {
            file: new.rule_set.clone(),
            key: "limits".to_owned(),
            reason: "收到投诉后没有任何期限，请检查规则文件".to_owned(),
        }));
    }
    Ok(first)
}

fn stop(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    deadlines: &mut [DeadlineRow],
    fired: &[Trigger],
) -> Result<(), ActError> {
    let forwarded = fired.contains(&Trigger::Forwarded);
    for deadline in deadlines.iter_mut().filter(|deadline| deadline.stopped_at.is_none()) {
        let limit = limit_of(scene, deadline);
        let met = limit.and_then(|limit| fired.iter().find(|trigger| limit.until.contains(trigger)));
        let by = match met {
            Some(trigger) => trigger.key(),
            // The receiving bureau's own clocks start anew (O121 art. 15: the bureau with the power).
            None if forwarded => Trigger::Forwarded.key(),
            // It follows another case; undoing that lets it run on.
            None if fired.contains(&Trigger::Merged) => Trigger::Merged.key(),
            // It is checked in a case of its own, with a clock there.
            None if fired.contains(&Trigger::LeadMade) && limit.is_some_and(|it| it.from == Trigger::ClueFound) => {
                Trigger::LeadMade.key()
            }
            // Nothing is left to be done for the consumer.
            None if !case.state.status.is_open() && !outlives(scene, case, deadline) => Outlived::Closed.key(),
            None => continue,
        };
        store::deadline::stop(tx, deadline.id, scene.now, by)?;
        deadline.stopped_at = Some(scene.now);
        deadline.stopped_by = Some(by.to_owned());
    }
    Ok(())
}

/// The check of a clue goes on after the mediation has ended (O121 art. 27), and what goes on beside after the end of the course.
fn outlives(scene: Scene<'_>, case: &CaseRow, deadline: &DeadlineRow) -> bool {
    let of_clue = limit_of(scene, deadline).is_some_and(|limit| limit.from == Trigger::ClueFound);
    (case.state.kind == CaseKind::Complaint && of_clue)
        || scene.house.book.get(&deadline.rule_set).is_some_and(|set| set.layer == Layer::Beside)
}

fn start(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    deadlines: &mut Vec<DeadlineRow>,
    fired: &[Trigger],
    applies: Option<&str>,
) -> Result<(), ActError> {
    if fired.is_empty() && applies.is_none() {
        return Ok(());
    }
    let anew = [Trigger::Received, Trigger::Registered];
    let begins =
        |trigger: Trigger| fired.contains(&trigger) || (fired.contains(&Trigger::Forwarded) && anew.contains(&trigger));
    let calendar = scene.house.calendar();
    for (set, limit) in scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind) {
        let lasts = match set.layer {
            Layer::Beside => set.in_force(beijing_day(case.received_at)),
            Layer::National | Layer::Overlay => case.state.status.is_open(),
        };
        let runs = deadlines.iter().any(|deadline| deadline.limit_key == limit.key && deadline.stopped_at.is_none());
        let met_at_once = limit.until.iter().any(|until| fired.contains(until));
        // A limit that runs only in some cases starts when an act says that this is one of them.
        let said = applies == Some(limit.key.as_str());
        let starts = if limit.condition.is_some() { said } else { begins(limit.from) };
        if !lasts || !starts || runs || met_at_once {
            continue;
        }
        // What runs from the receipt does so also where it is found out later that it applies.
        let from = if said && limit.from == Trigger::Received { case.received_at } else { scene.now };
        let mut deadline = started(&calendar, set, limit, case.id, from);
        deadline.id = store::deadline::insert(tx, &deadline)?;
        deadlines.push(deadline);
    }
    Ok(())
}

fn started(calendar: &Calendar, set: &RuleSet, limit: &Limit, case_id: i64, at: Timestamp) -> DeadlineRow {
    let due = set.due(limit, calendar, at, 0, &[], None);
    DeadlineRow {
        id: 0,
        case_id,
        limit_key: limit.key.clone(),
        name: limit.name.clone(),
        rule_set: set.key.clone(),
        law: limit.law.clone(),
        article: limit.article.clone(),
        basis: limit.basis.key().to_owned(),
        bearer: limit.bearer.key().to_owned(),
        unit: limit.unit.key().to_owned(),
        length: i64::from(limit.length),
        extended_by: 0,
        started_at: at,
        due_at: due.at,
        due_day: due.day,
        provisional: due.provisional,
        calendar: calendar.version().to_owned(),
        suspensions: Vec::new(),
        stopped_at: None,
        stopped_by: None,
        remind_at: reminder(calendar, limit.unit, limit.length, due.day, limit.bearer.key(), at),
        reminded_at: None,
        overdue_noted_at: None,
    }
}

/// What had stopped the clocks is undone (the leader sent the outcome back, a merging was taken back): they run on from their
/// old start.
fn run_on(tx: &mut Tx<'_>, deadlines: &mut [DeadlineRow], stopped_by: Trigger) -> Result<(), ActError> {
    for deadline in deadlines.iter_mut().filter(|row| row.stopped_by.as_deref() == Some(stopped_by.key())) {
        store::deadline::reopen(tx, deadline.id)?;
        (deadline.stopped_at, deadline.stopped_by) = (None, None);
    }
    Ok(())
}

/// Limits are counted anew from a later start: what the same reporter adds has the time to check begin with its receipt (O121 art.
/// 35), a paper that arrives after it was sent has its days begin with its arrival.
fn restart(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    deadlines: &mut Vec<DeadlineRow>,
    from: Timestamp,
    why: Trigger,
    concerns: impl Fn(&Limit) -> bool,
) -> Result<(), ActError> {
    let calendar = scene.house.calendar();
    for (set, limit) in scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind) {
        let runs = |row: &&mut DeadlineRow| row.limit_key == limit.key && row.started_at < from;
        let Some(old) = running(deadlines).find(runs).filter(|_| concerns(limit)) else { continue };
        store::deadline::stop(tx, old.id, scene.now, why.key())?;
        (old.stopped_at, old.stopped_by) = (Some(scene.now), Some(why.key().to_owned()));
        let mut anew = started(&calendar, set, limit, case.id, from);
        anew.id = store::deadline::insert(tx, &anew)?;
        deadlines.push(anew);
    }
    Ok(())
}

/// That was no addition after all: the clock before runs on from its own start, unless the check is decided by now.
fn take_back(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    deadlines: &mut [DeadlineRow],
    from: Timestamp,
) -> Result<(), ActError> {
    const PARTED: &str = Outlived::Parted.key();
    let restarted = |row: &DeadlineRow| row.stopped_by.as_deref() == Some(Trigger::Restarted.key());
    let hers = |row: &DeadlineRow| row.started_at == from && limit_of(scene, row).is_some_and(is_counted_anew);
    for index in 0..deadlines.len() {
        let Some(row) = deadlines.get_mut(index).filter(|row| hers(row)) else { continue };
        let was_running = row.stopped_at.is_none();
        if !was_running && !restarted(row) {
            continue;
        }
        store::deadline::reopen(tx, row.id)?;
        store::deadline::stop(tx, row.id, scene.now, PARTED)?;
        (row.stopped_at, row.stopped_by) = (Some(scene.now), Some(PARTED.to_owned()));
        let key = row.limit_key.clone();
        let before = deadlines.iter_mut().filter(|row| row.limit_key == key && restarted(row));
        if let Some(before) = before.max_by_key(|row| row.started_at).filter(|_| was_running) {
            store::deadline::reopen(tx, before.id)?;
            (before.stopped_at, before.stopped_by) = (None, None);
        }
    }
    Ok(())
}

/// Whether a limit of a report is counted anew when new facts come in.
fn is_counted_anew(limit: &Limit) -> bool {
    limit.until.contains(&domain::reporting::rules().repeat.restarts_until)
}

fn pause(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    deadlines: &mut [DeadlineRow],
    cause: &str,
    reason: &str,
) -> Result<(), ActError> {
    // What is late already stays late: a pause that begins afterwards excuses nothing.
    for deadline in running(deadlines).filter(|deadline| !deadline.is_paused() && deadline.due_at > scene.now) {
        let knows = limit_of(scene, deadline).is_some_and(|limit| excludes(limit, cause, scene.house));
        if knows {
            deadline.suspensions.push(Suspension { from: scene.now, until: None, reason: reason.to_owned() });
            moved(tx, scene, case, deadline)?;
        }
    }
    Ok(())
}

/// Whether a limit stands still for this cause: the national limit names it; a promise pauses with the law it undercuts.
fn excludes(limit: &Limit, cause: &str, house: &crate::house::House) -> bool {
    let stricter_than = limit.stricter_than.as_deref();
    limit.excludes.iter().any(|excluded| excluded == cause)
        || stricter_than.is_some_and(|key| {
            house
                .book
                .all()
                .iter()
                .filter_map(|set| set.limit(key))
                .any(|base| base.excludes.iter().any(|e| e == cause))
        })
}

fn resume(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, deadlines: &mut [DeadlineRow]) -> Result<(), ActError> {
    for deadline in running(deadlines) {
        let mut ended = false;
        for pause in deadline.suspensions.iter_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(scene.now);
            ended = true;
        }
        if ended {
            moved(tx, scene, case, deadline)?;
        }
    }
    Ok(())
}

fn extend(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    deadlines: &mut [DeadlineRow],
    limit_key: &str,
    by: u32,
) -> Result<(), ActError> {
    for deadline in running(deadlines).filter(|deadline| deadline.limit_key == limit_key) {
        deadline.extended_by += i64::from(by);
        recount(scene, deadline);
        store::deadline::move_to(tx, deadline)?;
    }
    Ok(())
}

fn moved(tx: &mut Tx<'_>, scene: Scene<'_>, _case: &CaseRow, deadline: &mut DeadlineRow) -> Result<(), ActError> {
    recount(scene, deadline);
    store::deadline::move_to(tx, deadline)?;
    Ok(())
}

/// Counts a deadline again with the calendar, pauses and extension as they are; tells whether its last day moved.
pub fn recount(scene: Scene<'_>, deadline: &mut DeadlineRow) -> bool {
    if deadline.is_paused() {
        deadline.due_at = Timestamp::from_microsecond(NOTHING_DUE).unwrap_or(Timestamp::MAX);
        return false;
    }
    let (calendar, before) = (scene.house.calendar(), deadline.due_day);
    let Some(due) = period(scene, &calendar, deadline).map(|period| period.end()) else { return false };
    deadline.due_at = due.at;
    deadline.due_day = due.day;
    deadline.provisional = due.provisional;
    calendar.version().clone_into(&mut deadline.calendar);
    // A date that moved into the future is no longer late, and is reminded of anew.
    if due.at > scene.now {
        deadline.overdue_noted_at = None;
    }
    if before != due.day {
        deadline.reminded_at = None;
        let (unit, length) = (Unit::from_key(&deadline.unit), u32::try_from(deadline.length).unwrap_or_default());
        deadline.remind_at =
            unit.and_then(|unit| reminder(&calendar, unit, length, due.day, &deadline.bearer, deadline.started_at));
    }
    before != due.day
}

/// When the officer is reminded; only of what the bureau itself must do, and not on the day it began.
fn reminder(
    calendar: &Calendar,
    unit: Unit,
    length: u32,
    due: Date,
    bearer: &str,
    started: Timestamp,
) -> Option<Timestamp> {
    let at = domain::reminder::remind_at(unit, length, due, calendar)?;
    (bearer == Bearer::Bureau.key() && at > started).then_some(at)
}

/// The day-by-day computation of a deadline.
pub fn derivation(scene: Scene<'_>, deadline: &DeadlineRow) -> Option<Due> {
    Some(period(scene, &scene.house.calendar(), deadline)?.due())
}

/// What the end of a deadline depends on.
pub(crate) fn period<'a>(scene: Scene<'_>, calendar: &'a Calendar, deadline: &'a DeadlineRow) -> Option<Period<'a>> {
    Some(Period {
        counting: scene.house.book.get(&deadline.rule_set)?.settings,
        calendar,
        length: u32::try_from(deadline.length).ok()?,
        unit: Unit::from_key(&deadline.unit)?,
        started: deadline.started_at,
        extended_by: u32::try_from(deadline.extended_by).ok()?,
        suspensions: &deadline.suspensions,
        now: Some(deadline.stopped_at.unwrap_or(scene.now)),
    })
}

/// Whether a deadline was met in time; none while it runs and is not yet late.
pub fn in_time(deadline: &DeadlineRow, now: Timestamp) -> Option<bool> {
    match deadline.stopped_at {
        Some(at) => Some(at < deadline.due_at),
        None if now >= deadline.due_at => Some(false),
        None => None,
    }
}

/// Whether anybody answers for how a deadline ended: one that the case outlived (withdrawn, sent elsewhere) is not judged.
pub fn is_judged(deadline: &DeadlineRow) -> bool {
    deadline.stopped_by.as_deref().and_then(Outlived::from_key).is_none()
}

/// Whether a case was timely by one of the five; none while nothing of it can be judged.
pub fn timely(deadlines: &[DeadlineRow], measure: &Measure, now: Timestamp) -> Option<bool> {
    let judged = deadlines.iter().filter(|row| is_judged(row));
    measure.verdict(judged.map(|row| (row.limit_key.as_str(), in_time(row, now))))
}

fn running(deadlines: &mut [DeadlineRow]) -> impl Iterator<Item = &mut DeadlineRow> {
    deadlines.iter_mut().filter(|deadline| deadline.stopped_at.is_none())
}

fn limit_of<'a>(scene: Scene<'a>, deadline: &DeadlineRow) -> Option<&'a Limit> {
    scene.house.book.get(&deadline.rule_set).and_then(|set| set.limit(&deadline.limit_key))
}
