//! The one way in which a case changes: the act's event, the new state by compare-and-set, and the clocks, in one
//! transaction. Each verb's own file decides first and writes its papers and messages after.

use domain::act::Act;
use domain::case::Case;
use domain::case_kind::CaseKind;
use domain::chain;
use domain::operator::Tie;
use domain::procedure;
use domain::trigger::Trigger;
use domain::turns::Errand;
use store::Tx;
use store::case::{CaseRow, Head, Milestone, NewCase};
use store::deadline::DeadlineRow;
use store::event::EventRow;

use crate::actor::Actor;
use crate::clocks;
use crate::error::ActError;
use crate::house::Scene;
use crate::rewarding;

/// The case with this number, if the actor may know of it and the step is lawful for her now.
///
/// `seen` is the version on the page that she acted from. When somebody acted in between, the answer says what happened;
/// when that was this very act by this very person (a double click, a repeated request), the act counts as done. What the
/// program noted by itself in between stands in nobody's way.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>, act: &Act) -> Result<Opened, ActError> {
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let may_read = scene.actor.may_read(&case);
    let next = match seen {
        Some(seen) if seen != case.state.version => next_by_people(tx, &case, seen)?,
        _ => None,
    };
    // An act may take the case out of her sight (a return, a forwarding): its repeat is still hers.
    if let Some(next) = &next
        && (may_read || matches!(scene.actor, Actor::Staff(_)))
        && repeats(scene, next, act)
    {
        return Ok(Opened::Done(Box::new(case)));
    }
    if !may_read {
        return Err(ActError::NotFound);
    }
    if let Some(next) = next {
        return Err(conflict(&case, &next));
    }
    if seen.is_some_and(|seen| seen > case.state.version) {
        return Err(ActError::Conflict { since: "页面已过期".to_owned() });
    }
    if let Some(action) = act.action() {
        let standing = scene.actor.standing(&case);
        procedure::step(case.state.kind, case.state.status, action, &standing).map_err(ActError::NotLawful)?;
        if let Some(why) = case.state.not_now(action) {
            return Err(ActError::NotLawful(procedure::WhyNot::NotNow { why }));
        }
    }
    Ok(Opened::ToDo(Box::new(case)))
}

/// One act from page to page: lawful?, `check` the particulars, do it, then `after` writes papers and messages.
pub fn act(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    act: &Act,
    check: impl FnOnce(&mut Tx<'_>, &CaseRow) -> Result<(), ActError>,
    after: impl FnOnce(&mut Tx<'_>, &mut CaseRow) -> Result<(), ActError>,
) -> Result<CaseRow, ActError> {
    let case = match open(tx, scene, number, seen, act)? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    check(tx, &case)?;
    let mut case = perform(tx, scene, case, act)?;
    after(tx, &mut case)?;
    Ok(case)
}

/// For acts whose particulars need no look at the case.
pub fn nothing_more(_: &mut Tx<'_>, _: &CaseRow) -> Result<(), ActError> {
    Ok(())
}

/// For acts that make no paper and tell nobody.
pub fn nothing_after(_: &mut Tx<'_>, _: &mut CaseRow) -> Result<(), ActError> {
    Ok(())
}

/// What [`open`] found.
pub enum Opened {
    /// The act is lawful and still to be done.
    ToDo(Box<CaseRow>),
    /// It was done already by the same person from the same page.
    Done(Box<CaseRow>),
}

/// The case with this number, if the actor may know of it.
pub fn readable(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<CaseRow, ActError> {
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    if scene.actor.may_read(&case) { Ok(case) } else { Err(ActError::NotFound) }
}

/// Does an act that was found lawful: event, state, clocks. The case is as after the act.
pub fn perform(tx: &mut Tx<'_>, scene: Scene<'_>, mut case: CaseRow, act: &Act) -> Result<CaseRow, ActError> {
    let seen = case.state.version;
    let (fired, errands) = (case.state.triggers(act), case.state.errands());
    let sights = case.state.turns.dispatching.sights();
    case.state.apply(act);
    let basis = basis(scene, case.state.kind, &case.rule_set, case.overlay.as_deref(), act);
    let event = event(scene, &case.number, case.state.version, &case.event_head, basis, act);
    case.event_head.clone_from(&event.hash);
    // The state goes first: its compare-and-set is what settles a race between two people.
    if !store::case::update_state(tx, case.id, seen, &case.state, &case.event_head)? {
        return Err(ActError::Conflict { since: "有人先办理了这一步".to_owned() });
    }
    store::event::insert(tx, case.id, &event)?;
    keep_errands(tx, scene, &case, &errands)?;
    keep_sights(tx, &mut case, &sights)?;
    // What starts anew elsewhere follows the promises made there.
    if let Some((_, _, overlay)) = act.moves_to() {
        store::case::follow(tx, case.id, overlay)?;
        case.overlay = overlay.map(str::to_owned);
    }
    clocks::run(tx, scene, &case, act, &fired)?;
    for (trigger, milestone) in [
        (Trigger::Concluded, Milestone::Concluded),
        (Trigger::Told, Milestone::Told),
        (Trigger::Archived, Milestone::Archived),
    ] {
        if fired.contains(&trigger) {
            store::case::reach(tx, case.id, milestone, scene.now)?;
        }
    }
    Ok(case)
}

/// The events of things that the program notes by itself and that leave the state of the case as it is, chained to its last one;
/// the head is as after them. Nothing is written yet: [`store::case::advance`] does that, if nobody acts in between.
pub(crate) fn notes(scene: Scene<'_>, head: &mut Head, acts: &[Act]) -> Vec<EventRow> {
    let chained = |act| {
        head.version += 1;
        let event = event(scene, &head.number, head.version, &head.event_head, String::new(), act);
        head.event_head.clone_from(&event.hash);
        event
    };
    acts.iter().map(chained).collect()
}

/// Who may read the case besides follows the state too.
fn keep_sights(tx: &mut Tx<'_>, case: &mut CaseRow, before: &[i64]) -> Result<(), ActError> {
    let now = case.state.turns.dispatching.sights();
    if now == before {
        return Ok(());
    }
    for gone in before.iter().filter(|id| !now.contains(id)) {
        store::sight::close(tx, case.id, *gone)?;
    }
    for new in now.iter().filter(|id| !before.contains(id)) {
        store::sight::open(tx, case.id, *new)?;
    }
    case.seen_by = store::sight::of_case(tx, case.id)?.into_iter().map(|(_, path)| path).collect();
    Ok(())
}

/// The table of errands follows the state: what no longer follows from it is done, what is new waits from now on.
fn keep_errands(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, before: &[Errand]) -> Result<(), ActError> {
    let now = case.state.errands();
    for gone in before.iter().filter(|errand| !now.contains(errand)) {
        store::errand::close(tx, case.id, gone.kind.key(), &gone.desk, scene.now)?;
    }
    for new in now.iter().filter(|errand| !before.contains(errand)) {
        store::errand::open(tx, case.id, new.kind.key(), &new.desk, scene.now)?;
    }
    Ok(())
}

/// Opens the errands that the state of a case asks for and that no act has opened; whether there were any.
pub(crate) fn reopen_errands(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<bool, ActError> {
    let Some(case) = store::case::by_id(tx, id)? else { return Ok(false) };
    let open = store::errand::of_case(tx, id)?;
    let is_open = |it: &Errand| open.iter().any(|(kind, desk)| kind == it.kind.key() && *desk == it.desk);
    let kept: Vec<Errand> = case.state.errands().into_iter().filter(is_open).collect();
    keep_errands(tx, scene, &case, &kept)?;
    if domain::rewarding::proved(&case.state) && store::reward::find(tx, id)?.is_none() {
        rewarding::keep(tx, scene, &case)?;
    }
    Ok(kept.len() < case.state.errands().len())
}

/// Writes a new case with its first event and its clocks; gives its id and what runs now.
pub fn begin(tx: &mut Tx<'_>, scene: Scene<'_>, new: &NewCase, act: &Act) -> Result<(i64, Vec<DeadlineRow>), ActError> {
    let mut deadlines = clocks::first(scene, new)?;
    let basis = basis(scene, new.state.kind, &new.rule_set, new.overlay.as_deref(), act);
    let event = event(scene, &new.number, 1, chain::GENESIS, basis, act);
    let id = store::case::insert(tx, new, &event.hash, clocks::next_due(&deadlines))?;
    store::event::insert(tx, id, &event)?;
    for deadline in &mut deadlines {
        deadline.case_id = id;
        deadline.id = store::deadline::insert(tx, deadline)?;
    }
    Ok((id, deadlines))
}

/// Law and article of an act; what the program notes by itself needs none.
fn basis(scene: Scene<'_>, kind: CaseKind, rule_set: &str, overlay: Option<&str>, act: &Act) -> String {
    act.action().map(|action| scene.house.acts.cited_for(kind, action, rule_set, overlay)).unwrap_or_default()
}

fn event(scene: Scene<'_>, case_number: &str, number: i64, previous: &str, basis: String, act: &Act) -> EventRow {
    let data = serde_json::to_string(act).expect("an act is plain data");
    let actor = format!("{}:{}", scene.actor.kind(), scene.actor.id().unwrap_or_default());
    let hash = chain::link(previous, case_number, number, scene.now.as_microsecond(), &actor, &basis, &data);
    EventRow {
        number,
        at: scene.now,
        act: act.key().to_owned(),
        actor_kind: scene.actor.kind().to_owned(),
        actor_id: scene.actor.id(),
        actor_name: None,
        basis,
        data,
        hash,
    }
}

/// The first event after the one seen that a person or another system made.
fn next_by_people(tx: &mut Tx<'_>, case: &CaseRow, seen: i64) -> Result<Option<EventRow>, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    Ok(events.into_iter().find(|event| event.number > seen && event.actor_kind != "system"))
}

/// Whether an event is this act by this actor. What an act derives from the state before it is not compared: after it, the
/// same request derives something else.
fn repeats(scene: Scene<'_>, event: &EventRow, act: &Act) -> bool {
    if event.actor_kind != scene.actor.kind() || event.actor_id != scene.actor.id() {
        return false;
    }
    let Ok(done) = serde_json::from_str::<Act>(&event.data) else { return false };
    match (&done, act) {
        (Act::GrantExtension { .. }, Act::GrantExtension { .. })
        | (Act::Archive { .. }, Act::Archive { .. })
        // Which one was entered is known only after the act; whether another reason was found does not make it another act.
        | (Act::LinkOperator { by: Some(Tie::Registered), .. }, Act::LinkOperator { by: Some(Tie::Registered), .. }) => true,
        (
            Act::Split { kind, title, files, .. },
            Act::Split { kind: kind_again, title: title_again, files: files_again, .. },
        ) => (kind, title, files) == (kind_again, title_again, files_again),
        (Act::DeclineExtension { reason, .. }, Act::DeclineExtension { reason: again, .. })
        | (Act::DecideClueTime { opinion: reason, .. }, Act::DecideClueTime { opinion: again, .. })
        // By the time it is sent again the limit has been extended, and other rewards of the case may have been granted.
        | (Act::ExtendClaim { reason, .. }, Act::ExtendClaim { reason: again, .. })
        | (Act::ProposeReward { reason, .. }, Act::ProposeReward { reason: again, .. }) => reason == again,
        // Who was added stands in a row that was written once; what was brought belongs to the case by now.
        (Act::AddParty { role, .. }, Act::AddParty { party: 0, role: again }) => role == again,
        (Act::LinkOperator { operator, by }, Act::LinkOperator { operator: again, by: None }) => {
            operator == again && *by != Some(Tie::Registered)
        }
        (Act::Supplement { note, .. }, Act::Supplement { files: 0, note: again, corrected }) => {
            note == again && corrected.is_empty()
        }
        (Act::ApproveReferral { opinion, .. }, Act::ApproveReferral { opinion: again, .. }) => opinion == again,
        (Act::AgreeDispute { takes, opinion, .. }, Act::AgreeDispute { takes: also, opinion: again, .. }) => {
            takes == also && opinion == again
        }
        (Act::DesignateDispute { bureau, reason, .. }, Act::DesignateDispute { bureau: same, reason: again, .. }) => {
            bureau == same && reason == again
        }
        // The files of the upload belong to the case by now.
        (Act::AddEvidence { note, .. }, Act::AddEvidence { files: 0, note: again }) => note == again,
        _ => done == *act,
    }
}

fn conflict(case: &CaseRow, next: &EventRow) -> ActError {
    let who = next.actor_name.clone().unwrap_or_else(|| who_label(&next.actor_kind).to_owned());
    let what = domain::action::Action::from_key(&next.act).map_or("更新了本件", domain::action::Action::label);
    ActError::Conflict { since: format!("{who}已“{what}”，本件现在是“{}”", case.state.status.label()) }
}

fn who_label(actor_kind: &str) -> &'static str {
    match actor_kind {
        "complainant" => "投诉人",
        "program" => "外部系统",
        "system" => "系统",
        _ => "同事",
    }
}

/// Whether the kept state is what the events add up to, and the chain of hashes holds: for `verify` and the simulator.
pub fn verify(tx: &mut Tx<'_>, id: i64) -> Result<Verdict, ActError> {
    let case = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
    let events = store::event::of_case(tx, id)?;
    let mut previous = chain::GENESIS.to_owned();
    let mut acts = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        let actor = format!("{}:{}", event.actor_kind, event.actor_id.unwrap_or_default());
        let at = event.at.as_microsecond();
        let hash = chain::link(&previous, &case.number, event.number, at, &actor, &event.basis, &event.data);
        if hash != event.hash || event.number != index as i64 + 1 {
            return Ok(Verdict::BrokenChain { number: case.number, event: event.number });
        }
        previous = hash;
        match serde_json::from_str::<Act>(&event.data) {
            // The key beside the data is no part of the hash, so it must be what the data says.
            Ok(act) if act.key() == event.act => acts.push(act),
            _ => return Ok(Verdict::BrokenChain { number: case.number, event: event.number }),
        }
    }
    if previous != case.event_head {
        return Ok(Verdict::BrokenChain { number: case.number, event: events.len() as i64 });
    }
    match Case::replay(&acts) {
        Some(state) if state == case.state => Ok(Verdict::Sound),
        _ => Ok(Verdict::StateDiffers { number: case.number }),
    }
}

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// State and chain hold.
    Sound,
    /// An event was changed, removed or inserted.
    BrokenChain {
        /// The case.
        number: String,
        /// The first event that does not fit.
        event: i64,
    },
    /// The state is not what the events add up to.
    StateDiffers {
        /// The case.
        number: String,
    },
}
