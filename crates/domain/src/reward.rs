//! 举报奖励: what a report that proved true is worth, each step shown. Levels, percentages, floors, cap and thresholds are data
//! (`regulations/reward.toml`), by the day on which they took effect.

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::keyed::keyed;
use crate::money::Money;
use crate::narration::yuan;

keyed! {
    /// 奖励等级.
    pub enum Level:
    /// 一级: detailed facts and direct evidence, wholly consistent, of something especially grave or a crime.
    First = "first", "一级";
    /// 二级: facts and direct evidence, wholly consistent.
    Second = "second", "二级";
    /// 三级: basic facts and related evidence, consistent in the main.
    Third = "third", "三级";
}

/// The rules that hold from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The first day.
    pub since: Date,
    /// The rule's name.
    pub title: String,
    /// Its document number.
    pub number: String,
    /// 上限 of a case, in 元.
    pub cap: i64,
    /// From this sum on the finance department of the same level must agree, in 元.
    pub finance_from: i64,
    /// Where the cap and the finance department stand.
    pub cap_article: String,
    /// Where several reporters stand.
    pub joint_article: String,
    /// Where insiders stand.
    pub insider_article: String,
    /// Where it stands that only what was reported counts.
    pub base_article: String,
    /// The levels.
    #[serde(rename = "level")]
    pub levels: Vec<LevelRule>,
    /// What makes an offence grave; one is enough.
    pub gravity: Vec<Point>,
    /// The fields in which rewards are given; one is enough.
    pub scope: Vec<Point>,
    /// What is said of a report from before there was a rule.
    pub too_early: Point,
    /// What excludes a reward; one is enough.
    #[serde(rename = "exclusion")]
    pub exclusions: Vec<Point>,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// Which.
    pub key: Level,
    /// In words.
    pub label: String,
    /// Percent of fine and confiscation.
    pub percent: i64,
    /// The least, in 元.
    pub floor: i64,
    /// What the reporter must have brought.
    pub facts: String,
    /// Where it stands.
    pub article: String,
}

/// One point of a list, with its article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The key kept with the case.
    pub key: String,
    /// In words.
    pub label: String,
    /// Where it stands.
    pub article: String,
    /// Categories of goods and services that speak for it.
    #[serde(default)]
    pub categories: Vec<String>,
}

/// 较大数额罚没款: what a province counts as a large sum.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The first two digits of its division.
    pub region: String,
    /// Its name.
    pub province: String,
    /// For a natural person, in 元.
    pub natural_person: i64,
    /// For an organisation, in 元.
    pub organization: i64,
    /// Where it stands.
    pub source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    rule: Vec<Rule>,
    threshold: Vec<Threshold>,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let (file, text) = crate::embedded::REWARD;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

/// The rule in force on the day on which the report came in; none before there was one.
pub fn rule_on(received: Date) -> Option<&'static Rule> {
    book().rule.iter().filter(|rule| rule.since <= received).max_by_key(|rule| rule.since)
}

/// The grounds on which a report received on the day gets no reward.
pub fn exclusions_on(received: Date) -> Vec<&'static Point> {
    match rule_on(received) {
        Some(rule) => rule.exclusions.iter().collect(),
        None => book().rule.iter().map(|rule| &rule.too_early).take(1).collect(),
    }
}

/// Why there is no reward, in words.
pub(crate) fn exclusion_label(key: &str) -> &str {
    let mut points = book().rule.iter().rev().flat_map(|rule| rule.exclusions.iter().chain([&rule.too_early]));
    points.find(|point| point.key == key).map_or(key, |point| point.label.as_str())
}

/// What the province of a division counts as a large sum; none where no rule is known.
pub fn threshold(region: &str) -> Option<&'static Threshold> {
    book().threshold.iter().find(|threshold| region.starts_with(&threshold.region))
}

impl Rule {
    /// The rule of a level.
    pub fn level(&self, level: Level) -> &LevelRule {
        self.levels.iter().find(|rule| rule.key == level).expect("every level has its rule; a test says so")
    }

    /// What makes an offence grave.
    pub fn gravity(&self, key: &str) -> Option<&Point> {
        self.gravity.iter().find(|point| point.key == key)
    }

    /// A field in which rewards are given.
    pub fn scope(&self, key: &str) -> Option<&Point> {
        self.scope.iter().find(|point| point.key == key)
    }
}

/// What is to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merit {
    /// The level.
    pub level: Level,
    /// 罚没款 for what was reported, in 分; what was found beyond it does not count.
    pub fine: i64,
    /// The percentage for an insider, when the finance department agreed to a higher one.
    pub raised: Option<i64>,
    /// Without a fine: a sum above the floor, in 分.
    pub stated: Option<i64>,
    /// How many reported it together.
    pub together: u32,
    /// What other reports of the same case were granted already, in 分.
    #[serde(default)]
    pub already: i64,
}

/// A step of the computation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done, in words.
    pub words: String,
    /// Where it stands.
    pub article: String,
    /// The sum after it, in 分.
    pub sum: i64,
}

impl Step {
    /// The step in one line.
    pub fn line(&self) -> String {
        format!("{} → {} 元（{}）", self.words, Money::from_fen(self.sum), self.article)
    }
}

/// A computed reward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Each step.
    pub steps: Vec<Step>,
    /// The sum for the whole case, in 分.
    pub sum: i64,
    /// What each gets when several reported together and agree on nothing else, in 分.
    pub each: i64,
    /// The finance department must agree first.
    pub needs_finance: bool,
}

/// What a report is worth: the larger of percentage and floor, never more than the cap.
pub fn compute(rule: &Rule, merit: &Merit) -> Computed {
    let level = rule.level(merit.level);
    let (floor, cap) = (level.floor * FEN, rule.cap * FEN);
    let mut steps = Vec::new();
    let mut sum = floor;
    let mut step = |sum: i64, words: String, article: &str| {
        steps.push(Step { words, article: article.to_owned(), sum });
    };
    if merit.fine > 0 {
        let percent = merit.raised.unwrap_or(level.percent);
        let share = percentage(merit.fine, percent);
        let article = if merit.raised.is_some() { &rule.insider_article } else { &level.article };
        let why = if merit.raised.is_some() { "内部举报人，经财政部门同意提高到" } else { "" };
        step(share, format!("{}：罚没款 {} 元的 {why}{percent}%", level.label, yuan(merit.fine)), article);
        sum = share;
        if share < floor {
            step(floor, format!("不足 {} 元，按 {} 元", level.floor, level.floor), &level.article);
            sum = floor;
        }
    } else {
        step(floor, format!("{}，没有罚没款：不少于 {} 元", level.label, level.floor), &level.article);
        if let Some(stated) = merit.stated.filter(|stated| *stated > floor) {
            step(stated, format!("按情节定为 {} 元", yuan(stated)), &level.article);
            sum = stated;
        }
    }
    let left = (cap - merit.already).max(0);
    if sum > left {
        let words = if merit.already > 0 {
            format!("每起案件上限 {} 元，同一案件已经奖励 {} 元，按余下的", rule.cap, yuan(merit.already))
        } else {
            format!("超过每起案件上限，按 {} 元", rule.cap)
        };
        step(left, words, &rule.cap_article);
        sum = left;
    }
    let heads = i64::from(merit.together.max(1));
    let each = sum / heads;
    if heads > 1 {
        step(sum, format!("{heads} 人联名，按一份奖励，协商分配；平分是每人 {} 元", yuan(each)), &rule.joint_article);
    }
    let needs_finance = sum >= rule.finance_from * FEN || merit.raised.is_some();
    Computed { steps, sum, each, needs_finance }
}

/// 分 in a 元.
const FEN: i64 = 100;

/// A percentage of a sum, rounded to the nearest 分.
fn percentage(sum: i64, percent: i64) -> i64 {
    let exact = i128::from(sum) * i128::from(percent);
    i64::try_from((exact + 50) / 100).unwrap_or(i64::MAX)
}
