//! Questions, opinions and complaints against staff (`data/askings.toml`): taken, most of them answered at once by the one who
//! takes them, some by an office; a few are rated, all are closed into the archive.

use std::sync::LazyLock;

use casework::{ActError, Actor, House, Scene, filing};
use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::clock::beijing_instant;
use domain::filing::{RawAsking, Typist, parse_asking};
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use store::Tx;

use super::course::{Deed, id_of};
use super::hours;
use super::mix::{self, Arrival, arrivals};
use super::person::Person;
use super::phrase::{Cast, Phrase};
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, generator, per_mille, pick, read};

static FILE: LazyLock<File> = LazyLock::new(|| read("askings.toml", include_str!("../../data/askings.toml")));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    asking: Vec<Story>,
}

/// What somebody asks, says or complains of, and what she is told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// 咨询, 意见建议 or 对工作人员的举报.
    pub kind: CaseKind,
    /// Code table `goods_categories`, or empty.
    pub category: String,
    /// One line.
    pub title: String,
    /// What is written or said, one of these.
    pub facts: Vec<Phrase>,
    /// The answer.
    pub answer: String,
    /// An office usually answers.
    #[serde(default)]
    pub office: bool,
}

/// Every story.
pub fn stories() -> &'static [Story] {
    &FILE.asking
}

/// Where a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beat {
    File,
    Register,
    Dispatch,
    Assign,
    Answer,
    Rate,
    Archive,
}

/// One question, opinion or complaint under way.
pub struct Asking {
    kind: CaseKind,
    raw: RawAsking,
    by_itself: bool,
    answer: String,
    /// It goes to an office.
    office: bool,
    /// Answered while it was told.
    spoken: bool,
    rating: Option<u8>,
    bureau: usize,
    place: (usize, usize, usize),
    beat: Beat,
    /// Number, once filed.
    pub number: String,
    /// Row id, once filed.
    pub case_id: i64,
    rng: Generator,
}

/// Streams of chance of their own, so that the complaints stay as they are.
const ARRIVALS: u64 = 0xA51;
const ASKINGS: u64 = 0xA5_0000;

/// What comes in beside `complaints` complaints between the two days, in the published proportion.
pub fn beside(
    house: &House,
    town: &[Bureau],
    seed: u64,
    complaints: usize,
    (first, last): (Date, Date),
) -> Vec<(Timestamp, Asking)> {
    let calendar = house.calendar();
    let is_workday = |day: Date| calendar.is_workday(day);
    let mut told = Vec::new();
    for (stream, kind) in (0_u64..).zip([CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint]) {
        let mut rng = generator(seed, ARRIVALS + stream);
        let count = mix::beside_complaints(kind.key(), complaints);
        for (index, arrival) in arrivals(&mut rng, first, last, count, &is_workday).iter().enumerate() {
            let mut rng = generator(seed, ASKINGS * (stream + 1) + index as u64);
            let bureau = below(&mut rng, town.len()).min(below(&mut rng, town.len()));
            let at = beijing_instant(arrival.at);
            let office_hours = time(8, 30, 0, 0)..time(17, 0, 0, 0);
            let open = calendar.is_workday(arrival.at.date()) && office_hours.contains(&arrival.at.time());
            told.push((at, asking(rng, kind, (bureau, &town[bureau]), arrival, open)));
        }
    }
    told
}

/// Who has a question calls while somebody answers, and writes at night.
fn channel(rng: &mut Generator, kind: CaseKind, arrival: &Arrival, open: bool) -> String {
    match between(rng, 0, 99) {
        0..=77 if open && kind == CaseKind::Consultation => "phone".to_owned(),
        78..=81 if open => "visit".to_owned(),
        _ => arrival.channel.clone(),
    }
}

fn asking(
    mut rng: Generator,
    kind: CaseKind,
    (place, bureau): (usize, &Bureau),
    arrival: &Arrival,
    open: bool,
) -> Asking {
    let fitting: Vec<&Story> = stories().iter().filter(|story| story.kind == kind).collect();
    let story = *pick(&mut rng, &fitting);
    let person = Person::of_county(&mut rng, &bureau.county, arrival.at.year());
    let channel = channel(&mut rng, kind, arrival, open);
    let notify_by = match mix::draw_notify(&mut rng, &channel) {
        "email" => "sms",
        other => other,
    };
    let facts = pick(&mut rng, &story.facts).fill(&mut rng, &mut Cast::new(Vec::new()));
    let office = kind != CaseKind::StaffComplaint && per_mille(&mut rng, if story.office { 700 } else { 60 });
    let office_at = below(&mut rng, bureau.offices.len());
    let by_itself = matches!(channel.as_str(), "web" | "wechat" | "app");
    let raw = RawAsking {
        region: bureau.bureau.region_code.clone(),
        title: story.title.clone(),
        complainant_name: if per_mille(&mut rng, 760) { person.name } else { String::new() },
        complainant_phone: person.phone,
        complainant_address: if notify_by == "letter" { person.address } else { String::new() },
        notify_by: notify_by.to_owned(),
        category: story.category.clone(),
        facts,
        channel,
        ..RawAsking::default()
    };
    Asking {
        kind,
        by_itself,
        spoken: !by_itself && !office && matches!(raw.channel.as_str(), "phone" | "visit"),
        raw,
        answer: story.answer.clone(),
        office,
        rating: per_mille(&mut rng, 180).then(|| *pick(&mut rng, &[5_u8, 5, 5, 4, 4, 3, 2])),
        bureau: place,
        place: (
            below(&mut rng, bureau.agents.len()),
            office_at,
            below(&mut rng, bureau.offices[office_at].officers.len()),
        ),
        beat: Beat::File,
        number: String::new(),
        case_id: 0,
        rng,
    }
}

impl Asking {
    /// Whether it still has to come in.
    pub fn is_filing(&self) -> bool {
        self.beat == Beat::File
    }

    /// What it waits for, for messages.
    pub fn waits_for(&self) -> String {
        format!("{:?} {:?}", self.kind, self.beat)
    }

    /// Who does the next thing and what it is.
    pub fn deed(&mut self, town: &[Bureau]) -> (Actor, Deed) {
        let bureau = &town[self.bureau];
        let (agent, office, officer) = self.place;
        let office = &bureau.offices[office];
        let (agent, lead) = (bureau.agents[agent].clone(), office.officers[officer].clone());
        let secret = self.kind == CaseKind::StaffComplaint;
        let clerk = if secret { bureau.discipline.clone() } else { agent.clone() };
        match self.beat {
            Beat::File => {
                let (kind, raw) = (self.kind, self.raw.clone());
                let typist = if self.by_itself { Typist::Consumer } else { Typist::Agent };
                let actor = if self.by_itself { Actor::Public } else { agent };
                (actor, Box::new(move |tx, scene, _| file(tx, scene, kind, &raw, typist)))
            }
            Beat::Register => {
                let (title, category) = (self.raw.title.clone(), self.raw.category.clone());
                let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::registration::register(tx, scene, number, None, &title, &category, "")
                        .map(|case| case.number)
                };
                (clerk, Box::new(deed))
            }
            Beat::Dispatch => {
                let unit = office.office.id;
                let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::dispatch::dispatch(tx, scene, number, None, unit, "请辖区所了解情况后答复")
                        .map(|case| case.number)
                };
                (agent, Box::new(deed))
            }
            Beat::Assign => {
                let lead = id_of(&lead);
                let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::assignment::assign(tx, scene, number, None, lead, 0).map(|case| case.number)
                };
                (office.leader.clone(), Box::new(deed))
            }
            Beat::Answer => {
                let (words, spoken) = (self.answer.clone(), self.spoken);
                let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::answer::answer(tx, scene, number, None, &words, spoken).map(|case| case.number)
                };
                (if self.office { lead } else { clerk }, Box::new(deed))
            }
            Beat::Rate => {
                let mark = self.rating.unwrap_or(5);
                let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::feedback::rate(tx, scene, number, None, mark > 2, mark, "").map(|case| case.number)
                };
                (Actor::Complainant { case_id: self.case_id }, Box::new(deed))
            }
            Beat::Archive => {
                let keeper = if secret { bureau.discipline.clone() } else { bureau.dispatcher.clone() };
                let deed = |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
                    casework::archive::archive(tx, scene, number, None).map(|case| case.number)
                };
                (keeper, Box::new(deed))
            }
        }
    }

    /// What comes after the beat that was just done, and when; none at the end.
    pub fn next(&mut self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let (rng, secret) = (&mut self.rng, self.kind == CaseKind::StaffComplaint);
        let (beat, at) = match self.beat {
            Beat::File if secret => (Beat::Register, hours::after_workdays(calendar, rng, now, 0, 2)),
            Beat::File if self.office && self.by_itself => {
                (Beat::Register, hours::after_minutes(calendar, rng, now, 10, 180))
            }
            Beat::File | Beat::Register if self.office => {
                (Beat::Dispatch, hours::after_minutes(calendar, rng, now, 4, 60))
            }
            Beat::File if self.spoken => (Beat::Answer, now + SignedDuration::from_mins(between(rng, 2, 9))),
            Beat::File => (Beat::Answer, hours::after_minutes(calendar, rng, now, 15, 380)),
            Beat::Register => (Beat::Answer, hours::after_workdays(calendar, rng, now, 4, 18)),
            Beat::Dispatch => (Beat::Assign, hours::after_minutes(calendar, rng, now, 15, 150)),
            Beat::Assign => {
                // Nearly always within the promised working day.
                let days = if per_mille(rng, 930) { 0 } else { between(rng, 1, 4) };
                (Beat::Answer, hours::after_workdays(calendar, rng, now, days, days))
            }
            Beat::Answer if self.rating.is_some() => {
                (Beat::Rate, now + SignedDuration::from_mins(between(rng, 20, 60 * 24 * 3)))
            }
            Beat::Answer | Beat::Rate => (Beat::Archive, hours::after_workdays(calendar, rng, now, 3, 12)),
            Beat::Archive => return None,
        };
        self.beat = beat;
        Some(at.max(now + SignedDuration::from_secs(1)))
    }
}

fn file(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    kind: CaseKind,
    raw: &RawAsking,
    typist: Typist,
) -> Result<String, ActError> {
    let filing = parse_asking(kind, raw, typist, &scene.house.codes, scene.now).map_err(ActError::Invalid)?;
    filing::file(tx, scene, &filing, filing::Evidence::default())
        .map(|receipt| format!("{}#{}", receipt.number, receipt.case_id))
}

#[cfg(test)]
mod tests {
    use domain::codes::Codes;

    use super::*;

    #[test]
    fn every_story_can_be_told() {
        let codes = Codes::builtin();
        let mut rng = generator(1, 1);
        for story in stories() {
            assert!(
                story.category.is_empty() || codes.label("goods_categories", &story.category).is_some(),
                "{story:?}"
            );
            assert!(story.answer.chars().count() <= casework::answer::ANSWER_AT_MOST_CHARACTERS, "{story:?}");
            for facts in &story.facts {
                assert!(facts.slots().is_empty(), "{story:?}");
                assert!(facts.fill(&mut rng, &mut Cast::new(Vec::new())).chars().count() >= 15, "{story:?}");
            }
        }
        for kind in [CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint] {
            assert!(stories().iter().filter(|story| story.kind == kind).count() >= 3, "{kind:?}");
        }
    }

    #[test]
    fn questions_stand_to_complaints_as_published() {
        assert_eq!(mix::beside_complaints("consultation", 18_625), 15_145);
        assert_eq!(mix::beside_complaints("report", 18_625), 5_469);
    }
}
