//! 回访: every month each centre draws a sample of told cases and calls those people, by somebody who did not handle them.

use std::sync::Arc;

use casework::visit::{self, Call};
use casework::{ActError, Scene};
use domain::calendar::Calendar;
use domain::case::Outcome;
use domain::clock::{beijing_midnight, beijing_time};
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;
use std::sync::LazyLock;
use store::Tx;

use super::course::Deed;
use super::hands::id_of;
use super::hours;
use super::town::Bureau;
use super::vocabulary::{Generator, generator, per_mille, pick, read};

static SAID: LazyLock<Said> = LazyLock::new(|| read("visits.toml", include_str!("../../data/visits.toml")));

/// What people say when they are called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    drawn_each_month: usize,
    reached_per_mille: usize,
    declined_per_mille: usize,
    solved_per_mille: usize,
    solved: Vec<String>,
    unsolved: Vec<String>,
}

/// The visits of one centre.
pub struct Round {
    bureau: usize,
    calls: bool,
    rng: Generator,
}

/// At most so many calls in one go.
const CALLS_AT_MOST: i64 = 100;
const ROUND_STREAM: u64 = 0x7_0000;

impl Round {
    /// The centre's visits, beginning with the draw.
    pub fn of(bureau: usize, seed: u64) -> Self {
        Self { bureau, calls: false, rng: generator(seed, ROUND_STREAM + bureau as u64) }
    }

    /// The draw, or the calls.
    pub fn deed(&mut self, town: &Arc<[Bureau]>) -> Deed {
        let (town, bureau, calls) = (town.clone(), self.bureau, self.calls);
        let rng = self.rng.clone();
        Box::new(move |tx, house, now, _| {
            let bureau = &town[bureau];
            if calls {
                call_all(tx, &mut rng.clone(), bureau, |actor| Scene { house, now, actor })?;
            } else {
                visit::draw(tx, Scene { house, now, actor: &bureau.dispatcher }, SAID.drawn_each_month)?;
            }
            Ok(None)
        })
    }

    /// When the next thing is done: the calls a day or two after the draw, the next draw early in the next month.
    pub fn next(&mut self, calendar: &Calendar, now: Timestamp) -> Timestamp {
        self.calls = !self.calls;
        if self.calls {
            return hours::after_workdays(calendar, &mut self.rng, now, 1, 2);
        }
        let next_month = beijing_time(now).date().first_of_month().saturating_add(1.month());
        hours::after_workdays(calendar, &mut self.rng, beijing_midnight(next_month), 3, 5)
    }
}

fn call_all<'a>(
    tx: &mut Tx<'_>,
    rng: &mut Generator,
    bureau: &'a Bureau,
    scene: impl Fn(&'a casework::Actor) -> Scene<'a>,
) -> Result<(), ActError> {
    for open in store::visit::open(tx, bureau.bureau.id, CALLS_AT_MOST)? {
        let people = bureau.agents.iter().chain([&bureau.dispatcher]);
        let Some(visitor) = people.into_iter().find(|actor| id_of(actor) == open.visitor_id) else { continue };
        let settled =
            store::case::by_id(tx, open.case_id)?.is_some_and(|it| it.state.outcome == Some(Outcome::Settled));
        let solved = settled && per_mille(rng, SAID.solved_per_mille);
        let words = pick(rng, if solved { &SAID.solved } else { &SAID.unsolved }).clone();
        let mark = if solved { *pick(rng, &[5, 5, 4]) } else { *pick(rng, &[1, 2, 3]) };
        let call = if per_mille(rng, SAID.reached_per_mille) {
            Call { result: "reached".to_owned(), solved: Some(solved), mark, words }
        } else {
            let declined = per_mille(rng, SAID.declined_per_mille);
            Call { result: if declined { "declined" } else { "unreached" }.to_owned(), ..Call::default() }
        };
        visit::call(tx, scene(visitor), open.id, open.tries, &call)?;
    }
    Ok(())
}
