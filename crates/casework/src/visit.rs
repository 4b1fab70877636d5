//! 回访: a sample of told cases, weighed by risk, asked about by people who did not handle them, within the limits of contact
//! (O121 art. 26; catalogue 8.2).

use std::collections::HashMap;

use domain::act::Act;
use domain::role::Role;
use domain::visit::visits;
use jiff::SignedDuration;
use store::Tx;
use store::visit::{Heard, NewVisit, VisitRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{record, staff};

/// Cases among which a draw is made, at most.
const CANDIDATES_AT_MOST: i64 = 5_000;
/// A draw takes at most so many.
pub const DRAWN_AT_MOST: usize = 100;

/// The place at whose centre a person makes return visits: the centre and its bureau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The centre.
    pub centre: i64,
    /// Its bureau.
    pub bureau: i64,
    /// Whether she draws samples there.
    pub draws: bool,
}

/// Where she makes return visits; none when she does not.
pub fn place(staff: &Staff) -> Option<Place> {
    let draws = |role: Role| matches!(role, Role::ShiftLead | Role::Dispatcher);
    let asks = |role: Role| role == Role::IntakeAgent || draws(role);
    let first = staff.grants.iter().find(|grant| asks(grant.role))?;
    let here = staff.grants.iter().filter(|grant| grant.organization_id == first.organization_id);
    let draws = here.clone().any(|grant| draws(grant.role));
    Some(Place { centre: first.organization_id, bureau: first.bureau_id, draws })
}

/// Draws a sample and gives each case to somebody of the centre who did not handle it, to each about as many; tells how many.
pub fn draw(tx: &mut Tx<'_>, scene: Scene<'_>, count: usize) -> Result<usize, ActError> {
    let here = my_place(scene)?;
    if !here.draws {
        return Err(ActError::Forbidden);
    }
    Faults::default()
        .when(count == 0 || count > DRAWN_AT_MOST, "count", "count.range", "请写 1 到 100 之间的件数")
        .done()?;
    let practice = visits();
    let days = |days: i64| scene.now - SignedDuration::from_hours(24 * days);
    let (told_from, asked_from) = (days(practice.told_within_days), days(practice.contact.again_after_days));
    let candidates = store::visit::candidates(tx, here.bureau, told_from, asked_from, CANDIDATES_AT_MOST)?;
    let weights: Vec<(i64, u32)> =
        candidates.iter().map(|case| (case.case_id, practice.weigh(&case.known).0)).collect();
    // The moment is the seed: it is kept, so the draw can be made again from the same cases.
    let seed = scene.now.as_microsecond();
    let visitors: Vec<i64> = staff::agents(tx, here.centre)?.into_iter().map(|account| account.id).collect();
    let mut loads: HashMap<i64, usize> = HashMap::new();
    let mut drawn = 0;
    for case_id in domain::visit::draw(seed.unsigned_abs(), &weights, count) {
        let Some(case) = candidates.iter().find(|case| case.case_id == case_id) else { continue };
        let free = visitors.iter().copied().filter(|visitor| !case.handlers.contains(&Some(*visitor)));
        let Some(visitor_id) = free.min_by_key(|visitor| (loads.get(visitor).copied().unwrap_or_default(), *visitor))
        else {
            continue;
        };
        *loads.entry(visitor_id).or_default() += 1;
        let (weight, words) = practice.weigh(&case.known);
        let (weight, reasons) = (i64::from(weight), words.join("、"));
        let visit = NewVisit { case_id, bureau_id: here.bureau, visitor_id, weight, reasons, seed };
        store::visit::insert(tx, &visit, scene.now)?;
        drawn += 1;
    }
    Ok(drawn)
}

/// What a call came to, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// `reached`, `declined`, `unreached`.
    pub result: String,
    /// Solved, in her own word.
    pub solved: Option<bool>,
    /// 1 to 5; 0 when she gave none.
    pub mark: u8,
    /// Her words.
    pub words: String,
}

/// Keeps a call by the one whose visit it is. Nobody answered: it is tried again, as often as the practice allows.
pub fn call(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen_tries: i64, call: &Call) -> Result<VisitRow, ActError> {
    let visit = mine(tx, scene, id)?;
    let reached = call.result == "reached";
    let known = ["reached", "declined", "unreached"].contains(&call.result.as_str());
    let contact = &visits().contact;
    let hours = format!("请在 {} 点到 {} 点之间联系投诉人", contact.from_hour, contact.until_hour);
    Faults::default()
        .when(!known, "result", "result.missing", "请选择联系的结果")
        .when(reached && call.solved.is_none(), "solved", "solved.missing", "请选择问题是否解决，以投诉人的说法为准")
        .when(reached && !(1..=5).contains(&call.mark), "mark", "mark.missing", "请在 1 到 5 分中选择")
        .when(call.words.chars().count() > 500, "words", "words.too_long", "请控制在 500 个字以内")
        .when(!visits().may_call(scene.now), "result", "visit.hours", &hours)
        .done()?;
    let last = visit.tries + 1 >= contact.tries_at_most;
    let heard = Heard {
        result: Some(call.result.clone()).filter(|result| result != "unreached" || last),
        solved: call.solved.filter(|_| reached),
        mark: reached.then(|| i64::from(call.mark)),
        words: call.words.trim().to_owned(),
    };
    if !store::visit::call(tx, id, seen_tries, &heard, scene.now)? {
        return Err(ActError::Conflict { since: "这次回访已经有了新的记录".to_owned() });
    }
    if let Some(result) = heard.result {
        let case = store::case::by_id(tx, visit.case_id)?.ok_or(ActError::NotFound)?;
        let act = Act::NoteVisit { result, solved: heard.solved, mark: Some(call.mark).filter(|_| reached) };
        record::perform(tx, scene, case, &act)?;
    }
    store::visit::find(tx, id)?.ok_or(ActError::NotFound)
}

/// A visit that is hers to make; any other does not exist for her.
pub fn mine(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<VisitRow, ActError> {
    let visit = store::visit::find(tx, id)?.ok_or(ActError::NotFound)?;
    if scene.actor.id() == Some(visit.visitor_id) && matches!(scene.actor, Actor::Staff(_)) {
        Ok(visit)
    } else {
        Err(ActError::NotFound)
    }
}

/// Whether what was heard speaks for taking the case up again; a person decides.
pub fn speaks_for_reopening(visit: &VisitRow) -> bool {
    let low = visit.heard.mark.is_some_and(|mark| mark <= i64::from(visits().low_mark_at_most));
    visit.at_its_end && (visit.heard.solved == Some(false) || low)
}

/// Where the acting person makes return visits.
pub fn my_place(scene: Scene<'_>) -> Result<Place, ActError> {
    match scene.actor {
        Actor::Staff(staff) => place(staff).ok_or(ActError::Forbidden),
        _ => Err(ActError::Forbidden),
    }
}
