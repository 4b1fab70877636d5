//! Reports (`data/reports.toml`): by name or without one, in the published proportion to complaints. Who reports goes into the
//! vault as in life, so an installation without a key in escrow gets none.

use std::sync::LazyLock;

use casework::House;
use casework::vault::Identity;
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::clock::beijing_instant;
use domain::filing::RawReport;
use domain::reporting::{Decision, rules};
use domain::reward::Level;
use jiff::civil::Date;
use serde::Deserialize;

use super::course::{Beat, Course, Intake, Script, Wait};
use super::hands::Hand;
use super::mix::{self, Arrival, arrivals};
use super::person::Person;
use super::phrase::{Cast, Phrase};
use super::script::slots;
use super::town::Bureau;
use super::vocabulary::{Generator, below, generator, per_mille, pick, read};

static FILE: LazyLock<File> = LazyLock::new(|| read("reports.toml", include_str!("../../data/reports.toml")));

/// Of a thousand reporters, so many give their name. Nobody publishes it: assumed.
const NAMED_PER_MILLE: usize = 620;
/// In yuan; what most provinces count as a large fine.
const LARGE_FINE: u32 = 100_000;
/// Streams of chance of their own, so that the complaints stay as they are.
const ARRIVALS: u64 = 0xA61;
const REPORTS: u64 = 0xA6_0000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    report: Vec<Story>,
}

/// How a report ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// 立案, and decided.
    Opened,
    /// 不予立案.
    Declined,
    /// 告知向有权机关举报.
    Away,
}

/// What somebody saw, and what came of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Code table `goods_categories`.
    pub category: String,
    /// Code table `problem_categories`.
    pub problem: String,
    /// One line.
    pub title: String,
    /// Names of shops.
    pub shops: Vec<String>,
    /// What was seen, one of these.
    pub facts: Vec<Phrase>,
    /// On what it rests, one of these.
    pub grounds: Vec<Phrase>,
    /// What the officers ask her.
    #[serde(default)]
    pub question: String,
    /// What she answers.
    pub answer: Option<Phrase>,
    /// What the officers find.
    #[serde(default)]
    pub found: String,
    /// How it ends.
    pub end: End,
    /// The law that obliges to tell her.
    #[serde(default)]
    pub duty: String,
    /// 处理决定.
    #[serde(default)]
    pub decision: String,
    /// 罚没款 in yuan.
    #[serde(default)]
    pub penalty: u32,
    /// 不予立案的情形.
    #[serde(default)]
    pub ground: String,
    /// Whose it is.
    #[serde(default)]
    pub body: String,
    /// Why.
    pub reason: String,
}

/// Every story.
pub fn stories() -> &'static [Story] {
    &FILE.report
}

/// What comes in beside `complaints` complaints between the two days, in the published proportion.
pub fn beside(house: &House, town: &[Bureau], seed: u64, complaints: usize, days: (Date, Date)) -> Vec<Course> {
    let calendar = house.calendar();
    let is_workday = |day: Date| calendar.is_workday(day);
    let mut rng = generator(seed, ARRIVALS);
    let count = mix::beside_complaints(CaseKind::Report.key(), complaints);
    let came = arrivals(&mut rng, days.0, days.1, count, &is_workday);
    let course = |(index, arrival): (usize, &Arrival)| {
        let mut rng = generator(seed, REPORTS + index as u64);
        let bureau = below(&mut rng, town.len()).min(below(&mut rng, town.len()));
        let set = house.book.national(CaseKind::Report, arrival.at.date());
        let notice = set.is_ok_and(|set| rules().filing_notice.rule_sets.contains(&set.key));
        let script = script(&mut rng, &town[bureau], arrival, notice);
        Course::begin(rng, town, bureau, script, beijing_instant(arrival.at))
    };
    came.iter().enumerate().map(course).collect()
}

/// `notice`: the law of that day lets whoever gave her name hear whether a case was opened.
fn script(rng: &mut Generator, bureau: &Bureau, arrival: &Arrival, notice: bool) -> Script {
    let story = pick(rng, stories());
    let shop = format!("{}{}", bureau.county.name, pick(rng, &story.shops));
    let by_itself = matches!(arrival.channel.as_str(), "web" | "wechat" | "app");
    let person = Person::of_county(rng, &bureau.county, arrival.at.year());
    let named = per_mille(rng, NAMED_PER_MILLE);
    let mut cast = Cast::new(Vec::new());
    let raw = RawReport {
        region: bureau.bureau.region_code.clone(),
        channel: arrival.channel.clone(),
        title: format!("{shop}{}", story.title),
        respondent_name: shop,
        category: story.category.clone(),
        facts: pick(rng, &story.facts).fill(rng, &mut cast),
        grounds: pick(rng, &story.grounds).fill(rng, &mut cast),
        ..RawReport::default()
    };
    let identity = Identity { name: person.name, phone: person.phone, address: person.address, ..Identity::default() };
    let beats = beats(rng, story, by_itself, notice && named);
    Script {
        register: (raw.title.clone(), story.category.clone(), story.problem.clone()),
        intake: Intake::Report(Box::new(raw), named.then(|| Box::new(identity))),
        by_itself,
        agreement: Vec::new(),
        small_sum: false,
        files: Vec::new(),
        workdays: 0,
        slots: slots(["", "", "", "", "", &bureau.county.name]),
        beats,
    }
}

fn beats(rng: &mut Generator, story: &Story, by_itself: bool, notice: bool) -> Vec<Beat> {
    use Action as A;
    use Wait::{Anytime, Minutes, Workdays};
    let mut beats = vec![Beat::file()];
    if by_itself {
        beats.push(Beat::act(A::Register, Hand::Dispatcher, Minutes(15, 300)));
    }
    let reason = |action: Action, wait: Wait| Beat::act(action, Hand::Lead, wait).saying(&story.reason);
    if story.end == End::Away {
        let away = Beat { more: story.body.clone(), ..Beat::act(A::TurnAway, Hand::Dispatcher, Workdays(0, 1)) };
        beats.extend([away.saying(&story.reason), Beat::act(A::Archive, Hand::Dispatcher, Workdays(3, 12))]);
        return beats;
    }
    beats.push(Beat::act(A::Dispatch, Hand::Dispatcher, Minutes(8, 260)));
    beats.push(Beat::act(A::Assign, Hand::OfficeLeader, Minutes(30, 460)));
    if let (Some(answer), true) = (&story.answer, per_mille(rng, 300)) {
        beats.push(Beat::act(A::AskReporter, Hand::Lead, Workdays(0, 1)).saying(&story.question));
        if per_mille(rng, 700) {
            let words = answer.fill(rng, &mut Cast::new(Vec::new()));
            beats.push(Beat::act(A::WriteOfficers, Hand::Consumer, Anytime(60, 2_000)).saying(words));
            beats.push(Beat::act(A::ReadReporter, Hand::Lead, Minutes(10, 200)));
        }
    }
    beats.push(Beat::act(A::RecordInquiry, Hand::Lead, Workdays(1, 3)).saying(&story.found));
    if !story.duty.is_empty() {
        beats.push(Beat { key: story.duty.clone(), ..Beat::act(A::NoteDuty, Hand::Lead, Minutes(5, 60)) });
    }
    let approve = || Beat::act(A::Approve, Hand::OfficeLeader, Minutes(20, 460)).saying("同意");
    if story.end == End::Declined {
        let decline = Beat { key: story.ground.clone(), ..reason(A::ProposeNotOpening, Minutes(20, 240)) };
        beats.extend([decline, approve()]);
    } else {
        beats.extend([reason(A::ProposeOpening, Minutes(20, 240)), approve()]);
    }
    if notice {
        beats.push(Beat::act(A::TellFiling, Hand::Lead, Workdays(0, 3)));
    }
    if story.end == End::Opened {
        if per_mille(rng, 120) {
            let joint =
                Beat::act(A::JoinForces, Hand::Lead, Workdays(1, 4)).saying("联合检查，查封仓库一处，登记保存库存");
            beats.push(Beat { more: "公安、城管部门".to_owned(), ..joint });
        }
        let investigated = "询问当事人并制作笔录，调取进货和销售记录，事实清楚。";
        beats.push(Beat::act(A::RecordInquiry, Hand::Lead, Workdays(4, 20)).saying(investigated));
        let decide =
            Beat { key: story.decision.clone(), item: story.penalty, ..reason(A::ProposeDecision, Workdays(2, 10)) };
        beats.extend([decide, approve()]);
        if Decision::from_key(&story.decision) == Some(Decision::Penalty) {
            beats.push(Beat::act(A::RecordPenalty, Hand::Lead, Workdays(0, 2)));
        }
    }
    if !story.duty.is_empty() {
        let result = format!("经核查处理，结果如下：{}", story.reason);
        beats.push(Beat::act(A::Tell, Hand::Lead, Workdays(0, 1)).saying(result));
    }
    if story.end == End::Opened {
        reward(rng, story, &mut beats);
    }
    beats.push(Beat::act(A::Archive, Hand::Keeper, Workdays(3, 15)));
    beats
}

/// What proved true is rewarded when the penalty was large, and otherwise it is said why not.
fn reward(rng: &mut Generator, story: &Story, beats: &mut Vec<Beat>) {
    use Action as A;
    use Wait::{Minutes, Workdays};
    if ![Decision::Penalty.key(), Decision::Prosecuted.key()].contains(&story.decision.as_str()) {
        return;
    }
    let sign = |hand: Hand| Beat::act(A::ApproveReward, hand, Minutes(20, 460)).saying("同意");
    let tell = || Beat::act(A::TellReward, Hand::Lead, Workdays(0, 2));
    if story.penalty < LARGE_FINE {
        let none = Beat::act(A::ProposeNoReward, Hand::Lead, Workdays(1, 6)).saying("罚没款没有达到较大数额");
        beats.extend([Beat { key: "not_grave".to_owned(), ..none }, sign(Hand::OfficeLeader), tell()]);
        return;
    }
    let level = if per_mille(rng, 300) { Level::Second } else { Level::Third };
    let propose = Beat::act(A::ProposeReward, Hand::Lead, Workdays(1, 6)).saying("指认的地点、时间与现场查获一致");
    beats.extend([Beat { key: level.key().to_owned(), ..propose }, sign(Hand::OfficeLeader)]);
    beats.extend([sign(Hand::BureauLeader), tell()]);
    if per_mille(rng, 850) {
        beats.push(Beat::act(A::ClaimReward, Hand::Consumer, Workdays(1, 20)));
        beats.push(Beat::act(A::PayReward, Hand::Lead, Workdays(2, 8)).saying("见财务记账凭证"));
    } else {
        beats.push(Beat::act(A::WaiveReward, Hand::Consumer, Workdays(1, 20)));
    }
}

#[cfg(test)]
mod tests {
    use domain::codes::Codes;

    use super::*;

    #[test]
    fn every_story_can_be_told() {
        let codes = Codes::builtin();
        for story in stories() {
            assert!(codes.label("goods_categories", &story.category).is_some(), "{story:?}");
            assert!(codes.label("problem_categories", &story.problem).is_some(), "{story:?}");
            assert!(story.duty.is_empty() || rules().duties.iter().any(|duty| duty.key == story.duty), "{story:?}");
            assert_eq!(story.end == End::Opened, Decision::from_key(&story.decision).is_some(), "{story:?}");
            let ground = rules().no_filing_grounds.iter().any(|ground| ground.key == story.ground);
            assert_eq!(story.end == End::Declined, ground, "{story:?}");
            assert_eq!(story.question.is_empty(), story.answer.is_none(), "{story:?}");
        }
        for end in [End::Opened, End::Declined, End::Away] {
            assert!(stories().iter().any(|story| story.end == end), "{end:?}");
        }
    }
}
