//! The turns that a case may take off its ordinary course (`data/turns.toml`): each has a name, a share, the cases it fits,
//! and what is done where. They are dealt over a year so that each comes up in its share, and at least once.

use std::sync::LazyLock;

use domain::action::Action;
use domain::case_kind::CaseKind;
use jiff::civil::Date;
use serde::Deserialize;

use super::course::{Beat, Course, Wait, What};
use super::hands::{Hand, neighbour};
use super::phrase::{Cast, Phrase};
use super::town::Bureau;
use super::vocabulary::{Generator, below, pick, read};

static FILE: LazyLock<File> = LazyLock::new(|| read("turns.toml", include_str!("../../data/turns.toml")));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    turn: Vec<Turn>,
}

/// One turn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Its name.
    pub key: String,
    /// Of a thousand cases of its kinds, so many take it; one does at least.
    pub share: usize,
    /// The kinds of case.
    #[serde(default = "complaints")]
    pub kinds: Vec<CaseKind>,
    /// Only cases that end in one of these verbs; any when empty.
    #[serde(default)]
    pub ends: Vec<Action>,
    /// What there has to be.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Only cases received from this day on: the law brought it then.
    #[serde(default)]
    pub since: Option<Date>,
    /// It may come on top of another one.
    #[serde(default)]
    pub beside: bool,
    /// What is done where.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

fn complaints() -> Vec<CaseKind> {
    vec![CaseKind::Complaint]
}

/// What a turn cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Another bureau under the same superior.
    Neighbour,
    /// People at the bureau above.
    Superior,
    /// A third officer in the office.
    ThirdOfficer,
    /// A sum small enough for the simple procedure.
    SmallSum,
}

/// Steps at one place of the ordinary course; exactly one of the three places is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    before: Option<Action>,
    after: Option<Action>,
    instead: Option<Action>,
    /// What lies between is left out; the course goes on with this verb.
    go_on_with: Option<Action>,
    steps: Vec<Step>,
}

/// One thing to be done, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    what: What,
    by: Hand,
    /// Done in the other case: the one filed again, or split off.
    #[serde(default)]
    other: bool,
    /// Minutes after the beat before, while the office is open.
    minutes: Option<(i64, i64)>,
    /// Working days after it.
    workdays: Option<(i64, i64)>,
    /// Minutes after it, at any hour.
    anytime: Option<(i64, i64)>,
    /// One of these is written.
    #[serde(default)]
    words: Vec<Phrase>,
    #[serde(default)]
    more: String,
    #[serde(default)]
    key: String,
    #[serde(default = "yes")]
    yes: bool,
}

fn yes() -> bool {
    true
}

/// Every turn.
pub fn turns() -> &'static [Turn] {
    &FILE.turn
}

impl Turn {
    /// Whether a case can take it.
    fn fits(&self, town: &[Bureau], course: &Course) -> bool {
        let script = &course.script;
        let bureau = &town[course.bureau];
        let has = |need: &Need| match need {
            Need::Neighbour => neighbour(town, bureau.bureau.id).is_some(),
            Need::Superior => bureau.superior.is_some(),
            Need::ThirdOfficer => bureau.offices[course.office].officers.len() > 2,
            Need::SmallSum => script.small_sum,
        };
        self.kinds.contains(&script.kind())
            && (self.ends.is_empty() || self.ends.iter().any(|end| course.place_of(*end).is_some()))
            && self.since.is_none_or(|day| domain::clock::beijing_day(course.at) >= day)
            && (self.beside || !course.turned)
            && self.needs.iter().all(has)
            && self.parts.iter().all(|part| course.place_of(part.anchor()).is_some())
    }

    /// Puts what is done into the case's course.
    fn take(&self, rng: &mut Generator, course: &mut Course) {
        for part in &self.parts {
            let beats: Vec<Beat> = part.steps.iter().map(|step| step.draw(rng, course)).collect();
            let Some(place) = course.place_of(part.anchor()) else { continue };
            let start = if part.after.is_some() { place + 1 } else { place };
            let end = match part.go_on_with.and_then(|action| course.place_of(action)) {
                Some(end) => end,
                None if part.instead.is_some() => place + 1,
                None => start,
            };
            course.beats.splice(start..end, beats);
        }
        course.turned |= !self.beside;
    }
}

impl Part {
    fn anchor(&self) -> Action {
        let named = [self.before, self.after, self.instead];
        named.into_iter().flatten().next().expect("a part has its place; a test looks at every one")
    }
}

impl Step {
    fn draw(&self, rng: &mut Generator, course: &Course) -> Beat {
        let mut cast = Cast::default();
        for (slot, value) in &course.script.slots {
            cast.set(slot, value);
        }
        let words = if self.words.is_empty() { String::new() } else { pick(rng, &self.words).fill(rng, &mut cast) };
        let (more, key) = (self.more.clone(), self.key.clone());
        Beat {
            what: self.what,
            by: self.by,
            other: self.other,
            wait: self.wait(),
            words,
            more,
            key,
            yes: self.yes,
            item: 0,
        }
    }

    fn wait(&self) -> Wait {
        let minutes = self.minutes.map(|(low, high)| Wait::Minutes(low, high));
        let workdays = self.workdays.map(|(low, high)| Wait::Workdays(low, high));
        let anytime = self.anytime.map(|(low, high)| Wait::Anytime(low, high));
        minutes.or(workdays).or(anytime).unwrap_or(Wait::Minutes(20, 240))
    }
}

/// Deals every turn to cases that it fits, in its share of the cases of its kinds.
pub fn deal(rng: &mut Generator, town: &[Bureau], courses: &mut [Course]) {
    for turn in turns() {
        let all = courses.iter().filter(|course| turn.kinds.contains(&course.script.kind())).count();
        let mut fitting: Vec<usize> = (0..courses.len()).filter(|index| turn.fits(town, &courses[*index])).collect();
        for taken in 0..(all * turn.share / 1000).max(1).min(fitting.len()) {
            // The first one early enough that it comes to its end.
            let among = if taken == 0 { fitting.len().div_ceil(2) } else { fitting.len() };
            let index = fitting.remove(below(rng, among));
            turn.take(rng, &mut courses[index]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::script::SLOTS;

    #[test]
    fn every_turn_has_its_places_and_only_known_slots() {
        for turn in turns() {
            assert!(!turn.parts.is_empty() && !turn.kinds.is_empty(), "{}", turn.key);
            for part in &turn.parts {
                let places = [part.before, part.after, part.instead].into_iter().flatten().count();
                assert_eq!(places, 1, "{}: a part lies before, after or instead of one verb", turn.key);
                assert!(part.go_on_with.is_none() || part.instead.is_some(), "{}", turn.key);
                for step in &part.steps {
                    for phrase in &step.words {
                        let unknown = phrase.slots().into_iter().find(|slot| !SLOTS.contains(slot));
                        assert_eq!(unknown, None, "{}: {phrase:?}", turn.key);
                    }
                }
            }
        }
    }

    #[test]
    fn no_two_turns_have_the_same_name() {
        let mut names: Vec<&str> = turns().iter().map(|turn| turn.key.as_str()).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
