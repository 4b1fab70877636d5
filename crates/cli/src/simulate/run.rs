//! The simulation: a town's cases in fast time, every act through the same door as in life.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};

use casework::{ActError, Actor, House};
use domain::calendar::Calendar;
use domain::clock::{beijing_instant, beijing_time};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use store::Db;

use super::course::{Begun, Course, Deed, Script};
use super::mix::arrivals;
use super::rounds::Round;
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, generator, per_mille, pick};
use super::{asking, chaos, reporting, turn};

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
    // Without a key in escrow no report is taken in.
    let takes_reports = db.read(store::vault::escrow)?.is_some();
    let mut lives = begin(house, town, plan, takes_reports, script);
    let (calendar, town): (_, Arc<[Bureau]>) = (house.calendar(), town.into());
    let mut due: BinaryHeap<Reverse<(Timestamp, usize)>> =
        lives.iter().enumerate().map(|(index, (at, _))| Reverse((*at, index))).collect();
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
            let life = &mut lives[*index].1;
            let deed = life.deed(&town, *at);
            let wild = per_mille(&mut chance, plan.chaos_per_mille).then(|| chaos::deed(&mut chance, &town));
            deeds.push(Planned { at: *at, number: life.number().to_owned(), deed, wild });
        }
        let results = perform(db, house, deeds)?;
        for ((at, index), outcome) in batch.into_iter().zip(results) {
            told.refused += outcome.wild_refused;
            let life = &mut lives[index].1;
            match outcome.done {
                Ok(begun) => {
                    told.acts += 1;
                    if begun.is_some() {
                        told.cases += 1;
                        told.complaints += usize::from(life.files_complaint());
                        progress(told.cases);
                    }
                    if let Some(next) = life.done(begun, &calendar, at) {
                        due.push(Reverse((next, index)));
                    }
                }
                // Chaos may have moved the case: its script ends here, the case stays as it is.
                Err(refusal) if plan.chaos_per_mille > 0 && !refusal.is_empty() => told.refused += 1,
                Err(refusal) => return Err(ActError::File(format!("{}: {refusal}", life.waits_for()))),
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
const TURN_STREAM: u64 = 3;

fn begin(
    house: &House,
    town: &[Bureau],
    plan: Plan,
    takes_reports: bool,
    script: &mut dyn FnMut(&mut Generator, &Bureau, &super::mix::Arrival) -> Script,
) -> Vec<(Timestamp, Life)> {
    let mut rng = generator(plan.seed, 1);
    let calendar = house.calendar();
    let last = beijing_time(plan.until).date();
    let came = arrivals(&mut rng, plan.first, last, plan.cases, &|day| calendar.is_workday(day));
    let complaints = came.iter().enumerate().map(|(index, arrival)| {
        let mut rng = generator(plan.seed, CASE_STREAM + index as u64);
        // A few bureaus have most of the cases, as cities do.
        let bureau = below(&mut rng, town.len()).min(below(&mut rng, town.len()));
        let script = script(&mut rng, &town[bureau], arrival);
        Course::begin(rng, town, bureau, script, beijing_instant(arrival.at))
    });
    let mut courses: Vec<Course> = complaints.collect();
    courses.extend(asking::beside(house, town, plan.seed, plan.cases, (plan.first, last)));
    if takes_reports {
        courses.extend(reporting::beside(house, town, plan.seed, plan.cases, (plan.first, last)));
    }
    courses.retain(|course| course.at <= plan.until);
    courses.sort_by_key(|course| course.at);
    turn::deal(&mut generator(plan.seed, TURN_STREAM), town, &mut courses);
    let rounds = (0..town.len()).map(|bureau| {
        let mut round = Round::of(bureau, plan.seed);
        round.next(&calendar, domain::clock::beijing_midnight(plan.first));
        let first = round.next(&calendar, domain::clock::beijing_midnight(plan.first));
        (first, Life::Visits(round))
    });
    let cases = courses.into_iter().map(|course| (course.at, Life::Case(Box::new(course))));
    cases.chain(rounds).collect()
}

/// What goes on: a case, or the return visits of a centre.
enum Life {
    Case(Box<Course>),
    Visits(Round),
}

impl Life {
    fn number(&self) -> &str {
        match self {
            Life::Case(course) => course.target(),
            Life::Visits(_) => "",
        }
    }

    fn files_complaint(&self) -> bool {
        matches!(self, Life::Case(course) if course.files_complaint())
    }

    fn waits_for(&self) -> String {
        match self {
            Life::Case(course) => course.waits_for(),
            Life::Visits(_) => "回访".to_owned(),
        }
    }

    fn deed(&mut self, town: &Arc<[Bureau]>, now: Timestamp) -> Deed {
        match self {
            Life::Case(course) => course.deed(town, now),
            Life::Visits(round) => round.deed(town),
        }
    }

    fn done(&mut self, begun: Option<Begun>, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        match self {
            Life::Case(course) => course.done(begun, calendar, now),
            Life::Visits(round) => Some(round.next(calendar, now)),
        }
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
    deed: Deed,
    wild: Option<Deed>,
}

struct Outcome {
    done: Result<Option<Begun>, String>,
    wild_refused: usize,
}

/// Does a batch in one transaction, each deed in a savepoint of its own.
fn perform(db: &Db, house: &Arc<House>, deeds: Vec<Planned>) -> Result<Vec<Outcome>, ActError> {
    let (house, deeds) = (house.clone(), Arc::new(Mutex::new(deeds)));
    db.act(move |tx| {
        let deeds = deeds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut outcomes = Vec::with_capacity(deeds.len());
        for planned in deeds.iter() {
            let done = outcome(tx.attempt(|tx| (planned.deed)(tx, &house, planned.at, &planned.number)))?;
            let mut wild_refused = 0;
            if let Some(deed) = &planned.wild {
                let begun = done.as_ref().ok().and_then(|begun| begun.as_ref()).map(|(number, _)| number);
                let number = begun.unwrap_or(&planned.number);
                wild_refused += usize::from(outcome(tx.attempt(|tx| deed(tx, &house, planned.at, number)))?.is_err());
            }
            outcomes.push(Outcome { done, wild_refused });
        }
        Ok::<_, ActError>(outcomes)
    })
}

/// A refusal is an outcome; a failing database is not.
fn outcome<T>(done: Result<T, ActError>) -> Result<Result<T, String>, ActError> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(ActError::Store(error)) => Err(ActError::Store(error)),
        Err(refusal) => Ok(Err(refusal.to_string())),
    }
}

/// One of a town's people, for whoever needs any.
pub fn anybody(rng: &mut Generator, town: &[Bureau]) -> Actor {
    let bureau = pick(rng, town);
    let office = pick(rng, &bureau.offices);
    match below(rng, 8) {
        0 => pick(rng, &bureau.agents).clone(),
        1 => bureau.dispatcher.clone(),
        2 => office.leader.clone(),
        3 | 4 => pick(rng, &office.officers).clone(),
        5 => bureau.superior.clone().unwrap_or_else(|| bureau.leader.clone()),
        6 => bureau.leader.clone(),
        _ => Actor::Complainant { case_id: between(rng, 1, 500) },
    }
}
