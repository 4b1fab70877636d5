//! The simulation: a town's cases in fast time, every act through the same door as in life.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};

use casework::{ActError, Actor, House, Scene};
use domain::calendar::Calendar;
use domain::clock::{beijing_instant, beijing_time};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use store::{Db, StoreError};

use super::asking::{self, Asking};
use super::chaos;
use super::course::{Beat, Course, Deed, Script};
use super::mix::arrivals;
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, generator, per_mille, pick};

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The same seed tells the same story.
    pub seed: u64,
    /// How many complaints come in; questions and the rest come in beside them in the published proportion.
    pub cases: usize,
    /// The first day.
    pub first: Date,
    /// Nothing happens after this instant: what is still open stays open.
    pub until: Timestamp,
    /// Of a thousand acts, so many are followed by a random one by a random person (for tests).
    pub chaos_per_mille: usize,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Cases of every kind that came in.
    pub cases: usize,
    /// Complaints among them.
    pub complaints: usize,
    /// Acts done.
    pub acts: usize,
    /// Limits of which somebody was reminded, or that passed.
    pub swept: usize,
    /// Acts refused, as they should be (only with chaos).
    pub refused: usize,
}

/// Acts in one transaction: enough to share the disk's fsync, few enough to be seen arriving.
const BATCH: usize = 64;

/// Runs the plan. `script` draws a case; `progress` hears how many cases came in so far.
pub fn run(
    db: &Db,
    house: &Arc<House>,
    town: &[Bureau],
    plan: Plan,
    script: &mut dyn FnMut(&mut Generator, &Bureau, &super::mix::Arrival) -> Script,
    progress: &mut dyn FnMut(usize),
) -> Result<Told, ActError> {
    let mut courses = begin(house, town, plan, script);
    let calendar = house.calendar();
    let mut due: BinaryHeap<Reverse<(Timestamp, usize)>> =
        courses.iter().enumerate().map(|(index, (at, _))| Reverse((*at, index))).collect();
    let mut chance = generator(plan.seed, CHAOS_STREAM);
    let mut told = Told::default();
    let mut night = domain::clock::beijing_midnight(plan.first);
    loop {
        let Some(batch) = next_batch(&mut due, plan.until.min(night)) else {
            if night > plan.until || due.is_empty() {
                break;
            }
            told.swept += sweep(db, house, night)?;
            night = nightfall(night);
            continue;
        };
        let mut deeds = Vec::with_capacity(batch.len());
        for (at, index) in &batch {
            let course = &mut courses[*index].1;
            let (actor, deed) = course.deed(town, *at);
            let wild = per_mille(&mut chance, plan.chaos_per_mille).then(|| chaos::deed(&mut chance, town));
            deeds.push(Planned { at: *at, number: course.number().to_owned(), actor, deed, wild });
        }
        let results = perform(db, house, deeds)?;
        for ((at, index), outcome) in batch.into_iter().zip(results) {
            told.refused += outcome.wild_refused;
            let course = &mut courses[index].1;
            match outcome.done {
                Ok(said) => {
                    told.acts += 1;
                    if course.is_filing() {
                        told.cases += 1;
                        told.complaints += usize::from(matches!(course, Life::Complaint(_)));
                        course.note_filed(&said);
                        progress(told.cases);
                    }
                    if let Some(next) = course.next(town, &calendar, at) {
                        due.push(Reverse((next, index)));
                    }
                }
                // Chaos may have moved the case: its script ends here, the case stays as it is.
                Err(refusal) if plan.chaos_per_mille > 0 && !refusal.is_empty() => told.refused += 1,
                Err(refusal) => return Err(ActError::File(format!("{}: {refusal}", course.waits_for()))),
            }
        }
    }
    told.swept += sweep(db, house, plan.until)?;
    Ok(told)
}

/// The next sweep after this instant: one a night, as the server makes one a minute.
fn nightfall(after: Timestamp) -> Timestamp {
    domain::clock::beijing_midnight(beijing_time(after).date().saturating_add(1.day()))
}

fn sweep(db: &Db, house: &Arc<House>, at: Timestamp) -> Result<usize, ActError> {
    casework::sweep::sweep(db, house, "simulation", at).map(|swept| swept.due + swept.overdue)
}

const CHAOS_STREAM: u64 = 77;
const CASE_STREAM: u64 = 1_000;

fn begin(
    house: &House,
    town: &[Bureau],
    plan: Plan,
    script: &mut dyn FnMut(&mut Generator, &Bureau, &super::mix::Arrival) -> Script,
) -> Vec<(Timestamp, Life)> {
    let mut rng = generator(plan.seed, 1);
    let calendar = house.calendar();
    let last = beijing_time(plan.until).date();
    let came = arrivals(&mut rng, plan.first, last, plan.cases, &|day| calendar.is_workday(day));
    let complaints = came
        .iter()
        .enumerate()
        .map(|(index, arrival)| {
            let mut rng = generator(plan.seed, CASE_STREAM + index as u64);
            // A few bureaus have most of the cases, as cities do.
            let bureau = below(&mut rng, town.len()).min(below(&mut rng, town.len()));
            let office = below(&mut rng, town[bureau].offices.len());
            let lead = below(&mut rng, town[bureau].offices[office].officers.len());
            let partner = (lead + 1) % town[bureau].offices[office].officers.len();
            let at = beijing_instant(arrival.at);
            let script = script(&mut rng, &town[bureau], arrival);
            let officers = (lead, partner);
            let number = String::new();
            (at, Course { script, bureau, office, officers, beat: Beat::File, number, case_id: 0, done_by: at, rng })
        })
        .map(|(at, course)| (at, Life::Complaint(Box::new(course))));
    let beside = asking::beside(house, town, plan.seed, plan.cases, (plan.first, last));
    let beside = beside.into_iter().map(|(at, asking)| (at, Life::Asking(Box::new(asking))));
    complaints.chain(beside).filter(|(at, _)| *at <= plan.until).collect()
}

/// A case under way, of whichever kind.
enum Life {
    Complaint(Box<Course>),
    Asking(Box<Asking>),
}

impl Life {
    fn number(&self) -> &str {
        match self {
            Life::Complaint(course) => &course.number,
            Life::Asking(asking) => &asking.number,
        }
    }

    fn is_filing(&self) -> bool {
        match self {
            Life::Complaint(course) => course.beat == Beat::File,
            Life::Asking(asking) => asking.is_filing(),
        }
    }

    fn waits_for(&self) -> String {
        match self {
            Life::Complaint(course) => format!("{:?}", course.beat),
            Life::Asking(asking) => asking.waits_for(),
        }
    }

    fn deed(&mut self, town: &[Bureau], now: Timestamp) -> (Actor, Deed) {
        match self {
            Life::Complaint(course) => course.deed(town, now),
            Life::Asking(asking) => asking.deed(town),
        }
    }

    fn next(&mut self, town: &[Bureau], calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        match self {
            Life::Complaint(course) => course.next(town, calendar, now),
            Life::Asking(asking) => asking.next(calendar, now),
        }
    }

    fn note_filed(&mut self, said: &str) {
        let (number, id) = said.split_once('#').unwrap_or((said, "0"));
        let (own_number, own_id) = match self {
            Life::Complaint(course) => (&mut course.number, &mut course.case_id),
            Life::Asking(asking) => (&mut asking.number, &mut asking.case_id),
        };
        number.clone_into(own_number);
        *own_id = id.parse().unwrap_or_default();
    }
}

/// The next things to do in the order of time; each case at most once, because what follows depends on it.
fn next_batch(due: &mut BinaryHeap<Reverse<(Timestamp, usize)>>, until: Timestamp) -> Option<Vec<(Timestamp, usize)>> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH {
        match due.peek() {
            Some(Reverse((at, _))) if *at <= until => batch.extend(due.pop().map(|Reverse(next)| next)),
            _ => break,
        }
    }
    if batch.is_empty() { None } else { Some(batch) }
}

struct Planned {
    at: Timestamp,
    number: String,
    actor: Actor,
    deed: Deed,
    wild: Option<(Actor, Deed)>,
}

struct Outcome {
    done: Result<String, String>,
    wild_refused: usize,
}

/// Does a batch in one transaction, each deed in a savepoint of its own.
fn perform(db: &Db, house: &Arc<House>, deeds: Vec<Planned>) -> Result<Vec<Outcome>, ActError> {
    let (house, deeds) = (house.clone(), Arc::new(Mutex::new(deeds)));
    db.act(move |tx| {
        let deeds = deeds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut outcomes = Vec::with_capacity(deeds.len());
        for planned in deeds.iter() {
            let scene = Scene { house: &house, now: planned.at, actor: &planned.actor };
            let done = outcome(tx.attempt(|tx| (planned.deed)(tx, scene, &planned.number)))?;
            let mut wild_refused = 0;
            if let Some((actor, deed)) = &planned.wild {
                let scene = Scene { house: &house, now: planned.at, actor };
                let number =
                    done.as_ref().ok().and_then(|said| said.split('#').next()).unwrap_or(&planned.number).to_owned();
                wild_refused += usize::from(outcome(tx.attempt(|tx| deed(tx, scene, &number)))?.is_err());
            }
            outcomes.push(Outcome { done, wild_refused });
        }
        Ok::<_, ActError>(outcomes)
    })
}

/// A refusal is an outcome; a failing database is not.
fn outcome(done: Result<String, ActError>) -> Result<Result<String, String>, ActError> {
    match done {
        Ok(said) => Ok(Ok(said)),
        Err(ActError::Store(error)) => Err(ActError::Store(error)),
        Err(refusal) => Ok(Err(refusal.to_string())),
    }
}

/// A consumer's word between the steps: urging, more evidence.
pub fn interject(rng: &mut Generator, now: Timestamp) -> Timestamp {
    now + SignedDuration::from_mins(between(rng, 30, 60 * 48))
}

/// Every case's state is what its events add up to, its chain holds, and no deadline lacks an article; gives how many
/// cases were looked at, or the first that is wrong.
pub fn verify(db: &Db) -> Result<usize, String> {
    let (mut after, mut seen) = (0, 0);
    loop {
        let ids =
            db.read(move |tx| store::case::ids_after(tx, after, 200)).map_err(|error: StoreError| error.to_string())?;
        let Some(last) = ids.last().copied() else { return Ok(seen) };
        seen += ids.len();
        after = last;
        let wrong = db.read(move |tx| {
            for id in &ids {
                let verdict = casework::record::verify(tx, *id)?;
                if verdict != casework::record::Verdict::Sound {
                    return Ok(Some(format!("{verdict:?}")));
                }
                for deadline in store::deadline::of_case(tx, *id)? {
                    if deadline.article.is_empty() || deadline.law.is_empty() {
                        return Ok(Some(format!("deadline {} of case {id} has no article", deadline.limit_key)));
                    }
                }
            }
            Ok::<_, ActError>(None)
        });
        match wrong {
            Ok(None) => {}
            Ok(Some(what)) => return Err(what),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// One of a town's people, for whoever needs any.
pub fn anybody(rng: &mut Generator, town: &[Bureau]) -> Actor {
    let bureau = pick(rng, town);
    let office = pick(rng, &bureau.offices);
    match below(rng, 6) {
        0 => pick(rng, &bureau.agents).clone(),
        1 => bureau.dispatcher.clone(),
        2 => office.leader.clone(),
        3 | 4 => pick(rng, &office.officers).clone(),
        _ => Actor::Complainant { case_id: between(rng, 1, 500) },
    }
}
