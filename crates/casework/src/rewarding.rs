//! 举报奖励 (国市监稽规〔2021〕4号; catalogue 7.6): proposed by an officer, signed by two people, told to the reporter on her own page,
//! claimed with her code and without a name, paid. Whoever reported stands in the vault alone.

mod evidence;

pub use evidence::{Evidence, Other, evidence, others};

use domain::act::Act;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::money::Money;
use domain::procedure::WhyNot;
use domain::reward::{self, Computed, Merit, Point, Rule};
use domain::rewarding::{self, CLAIM_LIMIT, NoticeWay, PaymentWay, REVIEW_LIMIT, Shown, Stage};
use domain::vault::Identity;
use jiff::Timestamp;
use jiff::civil::Date;
use store::case::CaseRow;
use store::deadline::DeadlineRow;
use store::reward::RewardRow;
use store::{StoreError, Tx};

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks, day_words};
use crate::{record, reporter, timing, tracking, vault};

const WORDS_AT_MOST: usize = 2_000;
const LINE_AT_MOST: usize = 100;
/// More reporters of one report than this is a slip of the pen.
const TOGETHER_AT_MOST: u32 = 50;

/// What an officer proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it is computed from; what was granted already is looked up.
    pub merit: Merit,
    /// What makes the offence grave: a key of the rule.
    pub gravity: String,
    /// The field: a key of the rule.
    pub scope: String,
    /// Numbers of other reports that led to the same penalty case.
    pub same_case: Vec<String>,
    /// She looked at everything that excludes a reward, and found none of it.
    pub none_excluded: bool,
    /// The facts behind the level.
    pub reason: String,
}

/// The rule under which a report is rewarded; none where there was none yet.
pub fn rule_of(case: &CaseRow) -> Option<&'static Rule> {
    reward::rule_on(beijing_day(case.received_at))
}

/// The grounds on which a report gets no reward.
pub fn exclusions(case: &CaseRow) -> Vec<&'static Point> {
    reward::exclusions_on(beijing_day(case.received_at))
}

/// What a proposal comes to, each step shown; none before there was a rule.
pub fn computed(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    merit: Merit,
    same_case: &[String],
) -> Result<Option<Computed>, ActError> {
    let Some(rule) = rule_of(case) else { return Ok(None) };
    let others = others(tx, scene, case)?;
    let already = others.iter().filter(|other| same_case.contains(&other.number)).map(Other::granted).sum();
    Ok(Some(reward::compute(rule, &Merit { already, ..merit })))
}

/// Proposes a reward.
pub fn propose(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    proposal: &Proposal,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let Some(rule) = rule_of(&case) else {
        return Err(ActError::field("level", "reward.no_rule", "收到举报时还没有这项奖励规定，请提出不予奖励"));
    };
    let merit = proposal.merit;
    let beyond = merit.fine > case.state.turns.reporting.penalty;
    let raised =
        merit.raised.is_some_and(|percent| !(1..=100).contains(&percent) || percent <= rule.level(merit.level).percent);
    let others = others(tx, scene, &case)?;
    let unknown = |number: &String| !others.iter().any(|other| other.number == *number);
    let faults = Faults::default()
        .when(
            rule.gravity(&proposal.gravity).is_none(),
            "gravity",
            "gravity.missing",
            "请选择为什么是重大违法行为，都不是的请提出不予奖励",
        )
        .when(rule.scope(&proposal.scope).is_none(), "scope", "scope.missing", "请选择属于哪个奖励范围")
        .when(!proposal.none_excluded, "excluded", "excluded.missing", "请逐项核对不予奖励的情形，确认都没有")
        .when(
            proposal.same_case.iter().any(unknown),
            "same_case",
            "same_case.unknown",
            "只能选和本件关联的举报，请先关联",
        )
        .when(merit.fine < 0 || beyond, "fine", "fine.beyond", "不能超过处理决定里的罚没款")
        .when(raised, "raised", "raised.invalid", "提高后的比例应当高于这一等级的比例，不超过 100")
        .when(!(1..=TOGETHER_AT_MOST).contains(&merit.together), "together", "together.invalid", "联名人数写 1 到 50");
    words(faults, "reason", &proposal.reason, "请写举报提供了什么、与查明的事实哪些相符").done()?;
    let already: i64 =
        others.iter().filter(|other| proposal.same_case.contains(&other.number)).map(Other::granted).sum();
    let merit = Merit { already, ..merit };
    let computed = reward::compute(rule, &merit);
    if computed.sum == 0 {
        return Err(ActError::field("same_case", "reward.spent", "同一案件的奖励已经达到上限，没有余额"));
    }
    let act = Act::ProposeReward {
        merit,
        sum: computed.sum,
        needs_finance: computed.needs_finance,
        gravity: proposal.gravity.clone(),
        scope: proposal.scope.clone(),
        same_case: proposal.same_case.clone(),
        reason: proposal.reason.trim().to_owned(),
        by: me(scene),
    };
    simply(tx, scene, number, seen, &act)
}

/// Proposes that there is none, on a ground of the rule.
pub fn propose_none(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    ground: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let unknown = !exclusions(&case).iter().any(|point| point.key == ground);
    let faults = Faults::default().when(unknown, "ground", "ground.missing", "请选择不予奖励的情形");
    words(faults, "reason", reason, "请写哪些事实属于所选情形，举报人会看到").done()?;
    let act = Act::ProposeNoReward { ground: ground.to_owned(), reason: reason.trim().to_owned(), by: me(scene) };
    simply(tx, scene, number, seen, &act)
}

/// The finance department's letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinanceLetter {
    /// It agrees; none when that was not said.
    pub agreed: Option<bool>,
    /// 文号.
    pub document: String,
    /// The day on it.
    pub day: Option<Date>,
    /// What else it says.
    pub words: String,
}

/// Keeps the word of the finance department.
pub fn record_finance(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    letter: &FinanceLetter,
) -> Result<CaseRow, ActError> {
    let faults = Faults::default().when(letter.agreed.is_none(), "agreed", "agreed.missing", "请选择是否同意");
    let faults = line(faults, "document", &letter.document, "请写财政部门来文的文号");
    past_day(faults, scene, letter.day, "请写来文的日期")
        .when(letter.words.trim().chars().count() > WORDS_AT_MOST, "words", "words.too_long", "内容太长，请精简")
        .done()?;
    let (Some(agreed), Some(day)) = (letter.agreed, letter.day) else { return Err(ActError::NotFound) };
    let (document, words) = (letter.document.trim().to_owned(), letter.words.trim().to_owned());
    simply(tx, scene, number, seen, &Act::RecordFinance { agreed, document, day, words })
}

/// Signs. A reward takes two people, the second one at the bureau; that there is none takes one.
pub fn approve(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "opinion", opinion, "请写审批意见").done()?;
    let act = Act::ApproveReward { opinion: opinion.trim().to_owned(), by: me(scene) };
    let of_two = |tx: &mut Tx<'_>, case: &CaseRow| {
        let standing = scene.actor.standing(case);
        if let Some(why) = rewarding::not_hers(&case.state, Action::ApproveReward, me(scene), &standing) {
            return not_now(why);
        }
        match case.state.turns.rewarding.stage {
            Some(Stage::Signed) => still_within_the_cap(tx, scene, case),
            _ => Ok(()),
        }
    };
    record::act(tx, scene, number, seen, &act, of_two, |tx, case| {
        if case.state.turns.rewarding.stage == Some(Stage::Decided) {
            approval_form(tx, scene, case)?;
        }
        keep(tx, scene, case)
    })
}

/// Other reports of the same case may have been granted theirs since it was proposed.
fn still_within_the_cap(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<(), ActError> {
    let Some(Act::ProposeReward { merit, sum, same_case, .. }) = proposed(tx, case)? else { return Ok(()) };
    match computed(tx, scene, case, merit, &same_case)? {
        Some(now) if now.sum < sum => not_now("同一案件的其他举报已经奖励，合计会超过上限，请退回重新计算。"),
        _ => Ok(()),
    }
}

/// Gives it back to the officer.
pub fn send_back(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "opinion", opinion, "请写要改什么").done()?;
    simply(tx, scene, number, seen, &Act::SendBackReward { opinion: opinion.trim().to_owned() })
}

/// Tells the reporter what was decided: a letter on her own page, nothing goes to an address.
pub fn tell(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    way: Option<NoticeWay>,
) -> Result<CaseRow, ActError> {
    let Some(way) = way else { return Err(ActError::field("way", "way.missing", "请选择怎样告知")) };
    let granted = record::readable(tx, scene, number)?.state.turns.rewarding.level.is_some();
    record::act(tx, scene, number, seen, &Act::TellReward { granted, way }, record::nothing_more, |tx, case| {
        notice(tx, scene, case)?;
        keep(tx, scene, case)
    })
}

/// She wants it.
pub fn claim(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    let in_time = |tx: &mut Tx<'_>, case: &CaseRow| in_time(tx, scene, case, CLAIM_LIMIT, "领取期限已经过了。");
    record::act(tx, scene, number, seen, &Act::ClaimReward {}, in_time, |tx, case| keep(tx, scene, case))
}

/// She does not want it.
pub fn waive(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    simply(tx, scene, number, seen, &Act::WaiveReward { lapsed: false })
}

/// She objects to the sum. Her words stand with the exchange, never in an event.
pub fn ask_review(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    why: &str,
) -> Result<CaseRow, ActError> {
    let words = reporter::said(why, "请写对金额有什么意见")?;
    let act = Act::AskReview { digest: reporter::digest(scene, number, &words) };
    let in_time = |tx: &mut Tx<'_>, case: &CaseRow| in_time(tx, scene, case, REVIEW_LIMIT, "申请复核的期限已经过了。");
    record::act(tx, scene, number, seen, &act, in_time, |tx, case| {
        store::report::write(tx, case.id, "reporter", &words, scene.now)?;
        keep(tx, scene, case)
    })
}

/// Answers her objection: the sum stands, or it is proposed anew.
pub fn answer_review(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    changed: Option<bool>,
    answer: &str,
) -> Result<CaseRow, ActError> {
    let faults = Faults::default().when(changed.is_none(), "changed", "changed.missing", "请选择复核结论");
    words(faults, "answer", answer, "请写复核的结论和理由，举报人会看到").done()?;
    let Some(changed) = changed else { return Err(ActError::NotFound) };
    simply(tx, scene, number, seen, &Act::AnswerReview { changed, answer: answer.trim().to_owned() })
}

/// Gives more time to claim it, once.
pub fn extend(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "reason", reason, "请写有什么正当理由").done()?;
    let case = record::readable(tx, scene, number)?;
    let extendable = timing::extendable(tx, scene, &case)?;
    let by = extendable.iter().find(|(key, ..)| key == CLAIM_LIMIT).map_or(0, |(_, _, by)| *by);
    let act = Act::ExtendClaim { by, reason: reason.trim().to_owned() };
    let in_time = |tx: &mut Tx<'_>, case: &CaseRow| in_time(tx, scene, case, CLAIM_LIMIT, "领取期限已经过了。");
    record::act(tx, scene, number, seen, &act, in_time, |tx, case| keep(tx, scene, case))
}

/// A payment, as the officer has it from finance.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Payment {
    /// When.
    pub day: Option<Date>,
    /// How.
    pub way: Option<PaymentWay>,
    /// In 分.
    pub sum: i64,
    /// 凭证号.
    pub voucher: String,
    /// By what whoever came was known.
    pub shown: Option<Shown>,
    /// The code that was shown.
    pub code: String,
    /// To whom, where finance must know: sealed, and nowhere else.
    pub payee: Identity,
    /// Fresh bytes for the sealing.
    pub seed: [u8; 32],
}

impl std::fmt::Debug for Payment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Payment(…)")
    }
}

/// Keeps that it was paid. The code that was shown is checked here; who was paid goes into the vault.
pub fn pay(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    payment: &Payment,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let sealed = store::vault::identity(tx, case.id, vault::REPORTER)?.is_some();
    let found = tracking::find(tx, scene.house, number, payment.code.trim())?;
    let wrong_code = payment.shown == Some(Shown::Code) && found.is_none();
    let payee = &payment.payee;
    let repeated = case.state.turns.rewarding.stage == Some(Stage::Paid);
    let faults = past_day(Faults::default(), scene, payment.day, "请写发放的日期")
        .when(payment.way.is_none(), "way", "way.missing", "请选择发放方式")
        .when(
            payment.sum != case.state.turns.rewarding.sum,
            "sum",
            "sum.different",
            "应当等于决定的奖励金额，金额要改请走复核",
        )
        .when(payment.shown.is_none(), "shown", "shown.missing", "请选择领取人出示了什么")
        .when(wrong_code, "code", "code.wrong", "回执码或者查询码不对，请让领取人核对")
        .when(
            payee.name.trim().is_empty() && !payee.id_number.trim().is_empty(),
            "payee_name",
            "payee.name",
            "写了证件号码，也请写姓名",
        )
        .when(
            sealed && !repeated && !payee.name.trim().is_empty(),
            "payee_name",
            "payee.sealed",
            "举报人身份已经封存，不用再写",
        );
    line(faults, "voucher", &payment.voucher, "请写财务凭证号").done()?;
    let (Some(day), Some(way), Some(shown)) = (payment.day, payment.way, payment.shown) else {
        return Err(ActError::NotFound);
    };
    let act = Act::PayReward { day, way, sum: payment.sum, voucher: payment.voucher.trim().to_owned(), shown };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        if !payee.name.trim().is_empty() {
            vault::seal_identity(tx, scene, case, payee, payment.seed)?;
        }
        keep(tx, scene, case)
    })
}

/// The rewards that nobody claimed in time. Whoever waits for an answer of ours has not let her time run out: it stands still.
pub(crate) fn unclaimed(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<DeadlineRow>, StoreError> {
    store::deadline::past(tx, CLAIM_LIMIT, now, limit)
}

/// What nobody claimed in time counts as waived.
pub(crate) fn lapse(tx: &mut Tx<'_>, scene: Scene<'_>, passed: &DeadlineRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, passed.case_id)?.ok_or(ActError::NotFound)?;
    let case = record::perform(tx, scene, case, &Act::WaiveReward { lapsed: true })?;
    keep(tx, scene, &case)
}

/// What she may do about it now, for her own page.
pub fn hers(case: &CaseRow) -> Vec<Action> {
    let granted = case.state.turns.rewarding.stage == Some(Stage::Granted);
    [Action::ClaimReward, Action::AskReview, Action::WaiveReward]
        .into_iter()
        .filter(|action| granted && case.state.not_now(*action).is_none())
        .collect()
}

/// The running deadline of a reward.
pub fn running(tx: &mut Tx<'_>, case: &CaseRow, limit: &str) -> Result<Option<DeadlineRow>, ActError> {
    let deadlines = store::deadline::of_case(tx, case.id)?;
    Ok(deadlines.into_iter().find(|row| row.limit_key == limit && row.stopped_at.is_none()))
}

/// What was proposed last: [`Act::ProposeReward`] or [`Act::ProposeNoReward`].
pub fn proposed(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<Act>, ActError> {
    let mut acts = acts(tx, case)?.into_iter().rev();
    Ok(acts.find(|act| matches!(act, Act::ProposeReward { .. } | Act::ProposeNoReward { .. })))
}

/// Why there is none: ground, article and facts, as the reporter reads it.
pub fn refusal(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let Some(Act::ProposeNoReward { ground, reason, .. }) = proposed(tx, case)? else { return Ok(String::new()) };
    let point = exclusions(case).into_iter().find(|point| point.key == ground);
    Ok(point.map_or(ground, |point| format!("{}（{}）。{reason}", point.label, point.article)))
}

fn acts(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Act>, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    Ok(events.iter().filter_map(|event| serde_json::from_str(&event.data).ok()).collect())
}

/// 举报奖励审批表: what was proposed, each step of the computation, what everybody said.
fn approval_form(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<(), ActError> {
    let acts = acts(tx, case)?;
    let is_proposal = |act: &Act| matches!(act, Act::ProposeReward { .. } | Act::ProposeNoReward { .. });
    let since = acts.iter().rposition(is_proposal).unwrap_or_default();
    let (mut proposal, mut conditions, mut steps) = (String::new(), String::new(), String::new());
    let (mut finance, mut opinions) = ("不需要".to_owned(), Vec::new());
    for act in &acts[since..] {
        match act {
            Act::ProposeReward { merit, gravity, scope, same_case, reason, .. } => {
                let Some(rule) = rule_of(case) else { continue };
                let computed = reward::compute(rule, merit);
                let level = merit.level.label();
                proposal = format!("拟给予{level}奖励 {} 元。{reason}", Money::from_fen(computed.sum));
                let point = |point: Option<&Point>| {
                    point.map(|point| format!("{}（{}）", point.label, point.article)).unwrap_or_default()
                };
                conditions = format!("{}；{}", point(rule.gravity(gravity)), point(rule.scope(scope)));
                let lines: Vec<String> = computed.steps.iter().map(reward::Step::line).collect();
                steps = lines.join("\n");
                if !same_case.is_empty() {
                    steps = format!("{steps}\n同一案件的其他举报：{}", same_case.join("、"));
                }
            }
            Act::ProposeNoReward { .. } => {
                "拟不予奖励。".clone_into(&mut proposal);
                conditions = refusal(tx, case)?;
                "不予奖励".clone_into(&mut steps);
            }
            Act::RecordFinance { agreed, document, day, words } => {
                let word = if *agreed { "同意" } else { "不同意" };
                finance = format!("{word}（{document}，{}）。{words}", day_words(*day));
            }
            Act::ApproveReward { opinion, by } => {
                let name = store::account::find(tx, *by)?.map(|account| account.name).unwrap_or_default();
                opinions.push(format!("{opinion}（{name}）"));
            }
            _ => {}
        }
    }
    let mut opinions = opinions.into_iter();
    let blanks = Blanks::from([
        ("reward_proposal", proposal),
        ("reward_conditions", conditions),
        ("reward_steps", steps),
        ("finance_opinion", finance),
        ("approval_opinion", opinions.next().unwrap_or_default()),
        ("decision_opinion", opinions.next().unwrap_or_else(|| "不予奖励由一名领导审批".to_owned())),
    ]);
    letters::make(tx, scene, case, "reward_approval_form", &blanks).map(drop)
}

/// The letter on her own page.
fn notice(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<(), ActError> {
    let reward = &case.state.turns.rewarding;
    let reporter = ("recipient_name", "举报人".to_owned());
    let Some(level) = reward.level else {
        let blanks = Blanks::from([reporter, ("reward_ground", refusal(tx, case)?)]);
        return letters::make(tx, scene, case, "no_reward_notice", &blanks).map(drop);
    };
    let mut until = |limit: &str| -> Result<String, ActError> {
        Ok(running(tx, case, limit)?.map(|row| day_words(row.due_day)).unwrap_or_default())
    };
    let blanks = Blanks::from([
        reporter,
        ("claim_until", until(CLAIM_LIMIT)?),
        ("review_until", until(REVIEW_LIMIT)?),
        ("reward_level", level.label().to_owned()),
        ("reward_sum", Money::from_fen(reward.sum).to_string()),
    ]);
    letters::make(tx, scene, case, "reward_notice", &blanks).map(drop)
}

/// Whether one of her limits still runs.
fn in_time(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, limit: &str, late: &'static str) -> Result<(), ActError> {
    match running(tx, case, limit)? {
        Some(row) if scene.now < row.due_at => Ok(()),
        _ => not_now(late),
    }
}

fn not_now(why: &'static str) -> Result<(), ActError> {
    Err(ActError::NotLawful(WhyNot::NotNow { why }))
}

/// The list of rewards follows the state.
pub(crate) fn keep(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<(), ActError> {
    let reward = &case.state.turns.rewarding;
    let row = RewardRow {
        stage: rewarding::stage(&case.state).map(|stage| stage.key().to_owned()).unwrap_or_default(),
        level: reward.level.map(|level| level.key().to_owned()).unwrap_or_default(),
        sum: reward.sum,
        changed_at: scene.now,
    };
    Ok(store::reward::keep(tx, case.id, &row)?)
}

fn simply(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>, act: &Act) -> Result<CaseRow, ActError> {
    record::act(tx, scene, number, seen, act, record::nothing_more, |tx, case| keep(tx, scene, case))
}

fn me(scene: Scene<'_>) -> i64 {
    scene.actor.id().unwrap_or_default()
}

fn past_day(faults: Faults, scene: Scene<'_>, day: Option<Date>, missing: &str) -> Faults {
    let future = day.is_some_and(|day| day > beijing_day(scene.now));
    faults.when(day.is_none(), "day", "day.missing", missing).when(future, "day", "day.future", "日期不能晚于今天")
}

fn line(faults: Faults, field: &str, text: &str, missing: &str) -> Faults {
    let too_long = text.trim().chars().count() > LINE_AT_MOST;
    let code = format!("{field}.too_long");
    faults.needed(field, text, missing).when(too_long, field, &code, "请控制在 100 个字以内")
}

fn words(faults: Faults, field: &str, text: &str, missing: &str) -> Faults {
    let too_long = text.trim().chars().count() > WORDS_AT_MOST;
    faults.needed(field, text, missing).when(too_long, field, &format!("{field}.too_long"), "内容太长，请精简")
}
