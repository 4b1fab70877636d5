//! Questions, opinions and complaints against staff (`data/askings.toml`): taken, most of them answered at once by the one who
//! takes them, some by an office; a few are rated, all are closed into the archive.

use std::sync::LazyLock;

use casework::House;
use domain::case_kind::CaseKind;
use domain::clock::beijing_instant;
use domain::filing::RawAsking;
use jiff::civil::{Date, time};
use serde::Deserialize;

use super::course::{Course, Intake, Script};
use super::mix::{self, Arrival, arrivals};
use super::ordinary::{self, Answered};
use super::person::Person;
use super::phrase::{Cast, Phrase};
use super::script::slots;
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
) -> Vec<Course> {
    let calendar = house.calendar();
    let is_workday = |day: Date| calendar.is_workday(day);
    let mut told = Vec::new();
    for (stream, kind) in (0_u64..).zip([CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint]) {
        let mut rng = generator(seed, ARRIVALS + stream);
        let count = mix::beside_complaints(kind.key(), complaints);
        for (index, arrival) in arrivals(&mut rng, first, last, count, &is_workday).iter().enumerate() {
            let mut rng = generator(seed, ASKINGS * (stream + 1) + index as u64);
            let bureau = below(&mut rng, town.len()).min(below(&mut rng, town.len()));
            let office_hours = time(8, 30, 0, 0)..time(17, 0, 0, 0);
            let open = calendar.is_workday(arrival.at.date()) && office_hours.contains(&arrival.at.time());
            let script = script(&mut rng, kind, &town[bureau], arrival, open);
            told.push(Course::begin(rng, town, bureau, script, beijing_instant(arrival.at)));
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

fn script(rng: &mut Generator, kind: CaseKind, bureau: &Bureau, arrival: &Arrival, open: bool) -> Script {
    let fitting: Vec<&Story> = stories().iter().filter(|story| story.kind == kind).collect();
    let story = *pick(rng, &fitting);
    let person = Person::of_county(rng, &bureau.county, arrival.at.year());
    let channel = channel(rng, kind, arrival, open);
    let notify_by = match mix::draw_notify(rng, &channel) {
        "email" => "sms",
        other => other,
    };
    let facts = pick(rng, &story.facts).fill(rng, &mut Cast::new(Vec::new()));
    let office = kind != CaseKind::StaffComplaint && per_mille(rng, if story.office { 700 } else { 60 });
    let by_itself = matches!(channel.as_str(), "web" | "wechat" | "app");
    let said = Answered {
        kind,
        by_itself,
        answer: story.answer.clone(),
        office,
        spoken: !by_itself && !office && matches!(channel.as_str(), "phone" | "visit"),
        rating: per_mille(rng, 180)
            .then(|| *pick(rng, &[5_u8, 5, 5, 4, 4, 3, 2]))
            .map(|mark| (mark > 2, mark, String::new())),
    };
    let slots = slots([&person.name, &person.surname, person.title(), "", "", &bureau.county.name]);
    let raw = RawAsking {
        region: bureau.bureau.region_code.clone(),
        title: story.title.clone(),
        complainant_name: if per_mille(rng, 760) { person.name } else { String::new() },
        complainant_phone: person.phone,
        complainant_address: if notify_by == "letter" { person.address } else { String::new() },
        notify_by: notify_by.to_owned(),
        category: story.category.clone(),
        facts,
        channel,
        ..RawAsking::default()
    };
    Script {
        intake: Intake::Asking(kind, Box::new(raw)),
        by_itself,
        register: (story.title.clone(), story.category.clone(), String::new()),
        agreement: Vec::new(),
        small_sum: false,
        files: Vec::new(),
        workdays: 0,
        slots,
        beats: ordinary::asking(rng, &said),
    }
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
