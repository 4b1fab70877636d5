//! 拟议理由: which grounds of refusal the facts of a case meet under the rule set it was received under, each with the facts
//! and the article (O121 arts. 10, 11, 16, 17; catalogue 4.1). Proposals only: a person decides.

use std::sync::OnceLock;

use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;

use crate::beijing::day_words;
use crate::calendar::{Calendar, DayKind};
use crate::materials;
use crate::rule_set::{Ground, RuleSet};

/// What is known of a case when it is to be accepted or refused.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The working days.
    pub calendar: &'a Calendar,
    /// 收到之日.
    pub received: Date,
    /// 购买日期.
    pub bought_on: Option<Date>,
    /// When the consumer came to know of the harm.
    pub knew_on: Option<Date>,
    /// Keys of what is missing of the materials.
    pub missing: Vec<&'static str>,
    /// Code table `goods_categories`.
    pub category: &'a str,
    /// The same dispute in another case.
    pub handled: Vec<Handled>,
    /// What the factors of art. 17 point at, in sentences.
    pub signals: Vec<String>,
    /// The day by which the missing materials were asked for, when it passed without an answer.
    pub materials_unanswered: Option<Date>,
    /// The day by which proof of identity was asked for, when it passed without an answer.
    pub identity_unanswered: Option<Date>,
}

/// The same dispute in another case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// Its number.
    pub number: String,
    /// What it has in common, in words.
    pub same: String,
    /// What became of it, in words.
    pub became: String,
    /// An agreement was reached and performed.
    pub settled: bool,
}

/// How far the facts carry a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The facts on record meet the ground if they are true.
    Met,
    /// Something to look at; by itself no ground.
    Reminder,
}

/// A ground that the facts point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Number of the item.
    pub item: u32,
    /// The article and item.
    pub article: String,
    /// The law's words.
    pub wording: String,
    /// The facts, a sentence each.
    pub evidence: Vec<String>,
    /// A draft of the reason, which the person who decides edits.
    pub reason: String,
    /// The cases behind it, by number.
    pub cases: Vec<String>,
    /// How far it carries.
    pub strength: Strength,
}

/// The department that usually handles disputes of a category.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remit {
    /// Code table `goods_categories`.
    pub category: String,
    /// 主管部门.
    pub department: String,
    /// Its public telephone.
    pub phone: String,
    /// The text by which it does; may be empty.
    pub law: String,
    /// Which disputes, and what stays with the market regulator.
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "a source is for the reader of the file")]
    source: String,
    #[expect(dead_code, reason = "a source is for the reader of the file")]
    confirmed: bool,
    remits: Vec<Remit>,
}

/// The department that usually handles disputes of this category; none when it is the market regulator's own.
pub fn remit(category: &str) -> Option<&'static Remit> {
    static REMITS: OnceLock<Vec<Remit>> = OnceLock::new();
    let remits = REMITS.get_or_init(|| {
        let (file, text) = crate::embedded::REMITS;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in remits {file}: {error}"));
        read.remits
    });
    remits.iter().find(|remit| remit.category == category)
}

/// The grounds of this rule set that the facts point at, in the order of the items.
pub fn propose(set: &RuleSet, facts: &Facts<'_>) -> Vec<Proposal> {
    set.refusal_grounds.iter().filter_map(|ground| proposal(ground, facts)).collect()
}

/// The last day of the time bar, counted from a day, as the years give it and as it is after it gave way to a working day; none when
/// the ground bars no time.
fn time_bar(ground: &Ground, from: Date, calendar: &Calendar) -> Option<(Date, Date)> {
    let plain = from.checked_add(Span::new().years(i64::from(ground.time_bar_years?))).ok()?;
    let gives_way = |day: &Date| match calendar.day_kind(*day) {
        DayKind::Holiday(_) => ground.time_bar_rolls.is_some(),
        DayKind::Weekend => ground.time_bar_rolls.as_ref().is_some_and(|rolls| rolls.over_weekends),
        DayKind::Workday | DayKind::MakeUpWorkday(_) => false,
    };
    let end = plain.series(Span::new().days(1)).find(|day| !gives_way(day))?;
    Some((plain, end))
}

fn proposal(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    if let Some(found) = out_of_time(ground, facts) {
        return Some(found);
    }
    match ground.key.as_str() {
        "outside_remit" => outside_remit(ground, facts),
        "seized_elsewhere" | "mediated_before" | "settled_before" => handled_before(ground, facts),
        "not_for_living" | "unproven" | "out_of_time_or_unproven" => doubtful(ground, facts),
        "materials_missing" => materials_missing(ground, facts),
        "identity_refused" => identity_refused(ground, facts),
        _ => None,
    }
}

fn out_of_time(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    let years = ground.time_bar_years?;
    let from = facts.knew_on.or(facts.bought_on)?;
    let (plain, end) = time_bar(ground, from, facts.calendar)?;
    if facts.received <= end {
        return None;
    }
    let period = year_words(years);
    let days = match (facts.bought_on.map(day_words), facts.knew_on.map(day_words)) {
        (Some(bought), Some(knew)) => format!("购于{bought}，发现问题{knew}"),
        (None, Some(knew)) => format!("发现问题{knew}"),
        _ => format!("购于{}，没有写哪天发现问题，暂从购买之日算", day_words(from)),
    };
    let rolled = match &ground.time_bar_rolls {
        Some(rolls) if plain != end => format!("（{}不上班，依{}顺延）", day_words(plain), rolls.article),
        _ => String::new(),
    };
    let (last, received) = (day_words(end), day_words(facts.received));
    let evidence = format!("{days}，{period}期限已于{last}届满{rolled}，收到投诉是{received}。");
    let since = if facts.knew_on.is_some() { "知道权益受到侵害" } else { "购买" };
    let reason = format!("您于{}{since}，{}投诉，已经超过{period}。", day_words(from), day_words(facts.received));
    // The law counts from knowing; without that day the purchase is only where it can begin at the earliest.
    let strength = if facts.knew_on.is_some() { Strength::Met } else { Strength::Reminder };
    Some(made(ground, vec![evidence], reason, Vec::new(), strength))
}

fn outside_remit(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    let remit = remit(facts.category)?;
    let law = if remit.law.is_empty() { String::new() } else { format!("（{}）", remit.law) };
    let evidence =
        format!("这一类争议往往由{}受理{law}：{}。请先判断是否仍属于市场监管职责。", remit.department, remit.note);
    let reason = format!(
        "您反映的问题由{}处理，不属于市场监督管理部门职责。您可以直接向该部门反映，电话：{}。",
        remit.department, remit.phone
    );
    Some(made(ground, vec![evidence], reason, Vec::new(), Strength::Reminder))
}

fn handled_before(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    let wanted = |it: &&Handled| ground.key != "settled_before" || it.settled;
    let handled: Vec<&Handled> = facts.handled.iter().filter(wanted).collect();
    let first = handled.first()?;
    let evidence = handled.iter().map(|it| format!("{}：{}，{}。", it.number, it.same, it.became)).collect();
    let reason = format!("同一消费者权益争议我局已经处理过（编号 {}，{}）。", first.number, first.became);
    let cases = handled.iter().map(|it| it.number.clone()).collect();
    Some(made(ground, evidence, reason, cases, Strength::Met))
}

fn doubtful(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    if facts.signals.is_empty() {
        return None;
    }
    let reason = "经核查，不能认定您是为生活消费需要购买、使用商品或者接受服务。依据的事实是：".to_owned();
    Some(made(ground, facts.signals.clone(), reason, Vec::new(), Strength::Reminder))
}

fn materials_missing(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    let mut evidence = Vec::new();
    let missing: Vec<&str> =
        facts.missing.iter().filter_map(|key| materials::find(key)).map(|it| it.label.as_str()).collect();
    if !missing.is_empty() {
        evidence.push(format!("还没有：{}。", missing.join("、")));
    }
    if let Some(day) = facts.materials_unanswered {
        evidence.push(format!("已要求在{}前补正，到期没有补交。", day_words(day)));
    }
    if evidence.is_empty() {
        return None;
    }
    let what = if missing.is_empty() { "要求的材料".to_owned() } else { missing.join("、") };
    let (reason, strength) = if let Some(day) = facts.materials_unanswered {
        (format!("我局要求您在{}前补充{what}，您没有提供。", day_words(day)), Strength::Met)
    } else {
        // Nobody is refused for what she was not asked for.
        evidence.push("还没有要求补正：请先一次告知需要补充的材料。".to_owned());
        (format!("您没有提供{what}。"), Strength::Reminder)
    };
    Some(made(ground, evidence, reason, Vec::new(), strength))
}

fn identity_refused(ground: &Ground, facts: &Facts<'_>) -> Option<Proposal> {
    let day = facts.identity_unanswered?;
    let evidence = format!("已要求在{}前提供身份证明材料，到期没有提供。", day_words(day));
    let reason = format!("我局要求您在{}前提供身份证明材料核验真实身份，您没有提供。", day_words(day));
    Some(made(ground, vec![evidence], reason, Vec::new(), Strength::Met))
}

fn made(ground: &Ground, evidence: Vec<String>, reason: String, cases: Vec<String>, strength: Strength) -> Proposal {
    Proposal {
        item: ground.item,
        article: ground.article.clone(),
        wording: ground.wording.trim_end_matches(['；', '。']).to_owned(),
        evidence,
        reason,
        cases,
        strength,
    }
}

fn year_words(years: u32) -> String {
    const WORDS: [&str; 6] = ["零", "一", "二", "三", "四", "五"];
    WORDS.get(years as usize).map_or_else(|| format!("{years}年"), |word| format!("{word}年"))
}
