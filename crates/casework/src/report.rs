//! 举报: looked into, a case opened or not, decided, and the reporter told where a law obliges (O121 arts. 28–37; 行政处罚程序规定;
//! catalogue 7.1, 7.2). The leader's word is `approval.rs`, as everywhere.

use domain::act::Act;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::filing::FACTS_AT_MOST_CHARACTERS;
use domain::reporting::{Decision, Duty, rules};
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;
use store::penalty::PenaltyRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::Blanks;
use crate::{clue, letters, record, rewarding};

/// Keeps what was looked into and what was found.
pub fn inquire(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    found: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "found", found, "请写查了什么、查到什么").done()?;
    simply(tx, scene, number, seen, &Act::RecordInquiry { found: found.trim().to_owned() })
}

/// Keeps whether a law obliges to tell the reporter the result; where that law sets a limit, it runs from the receipt.
pub fn note_duty(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    duty: &str,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let known = duties(&case).find(|known| known.key == duty);
    if known.is_none() && duty != NO_DUTY {
        return Err(ActError::field("duty", "duty.unknown", "请选择适用的规定，没有的选“没有规定须告知”"));
    }
    let limits = scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), CaseKind::Report);
    let limit = known.and_then(|duty| duty.limit.clone());
    let limit = limit.filter(|key| limits.iter().any(|(_, limit)| limit.key == *key));
    let duty = known.map(|duty| duty.key.clone()).unwrap_or_default();
    simply(tx, scene, number, seen, &Act::NoteDuty { duty, limit })
}

/// The laws that may oblige to tell her who reported this: those of its day, and only with a name where the law says so.
pub fn duties(case: &CaseRow) -> impl Iterator<Item = &'static Duty> {
    let named = case.state.turns.reporting.named != Some(false);
    rules().duties_on(beijing_day(case.received_at)).filter(move |duty| named || !duty.named)
}

/// What a form sends when no law obliges.
pub const NO_DUTY: &str = "none";

/// Proposes to open a case.
pub fn propose_opening(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "reason", reason, "请写初步证据和涉嫌违反的规定").done()?;
    simply(tx, scene, number, seen, &Act::ProposeOpening { reason: reason.trim().to_owned() })
}

/// Proposes not to open a case, on a ground.
pub fn propose_not_opening(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    ground: u32,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let unknown = rules().ground(ground).is_none();
    let faults = Faults::default().when(unknown, "ground", "ground.missing", "请选择不予立案的情形");
    words(faults, "reason", reason, "请写核查情况，哪些事实属于所选情形").done()?;
    simply(tx, scene, number, seen, &Act::ProposeNotOpening { ground, reason: reason.trim().to_owned() })
}

/// How an opened case is to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// Which decision.
    pub decision: Option<Decision>,
    /// 罚没款 in 分, only with a penalty.
    pub penalty: i64,
    /// To whom it is transferred; the police, where nobody is named for a crime.
    pub to: String,
    /// Facts, law and decision in words.
    pub reason: String,
}

impl Proposed {
    /// A decision that transfers nothing, or a crime to the police.
    pub fn new(decision: Decision, penalty: i64, reason: &str) -> Proposed {
        Proposed { decision: Some(decision), penalty, to: String::new(), reason: reason.to_owned() }
    }
}

/// Proposes how an opened case ends.
pub fn propose_decision(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    proposed: &Proposed,
) -> Result<CaseRow, ActError> {
    let Proposed { decision, penalty, to, reason } = proposed;
    let (penalty, to) = (*penalty, to.trim());
    let is = |one: Decision| *decision == Some(one);
    let money_without = penalty != 0 && decision.is_some_and(|decision| decision != Decision::Penalty);
    let moves = is(Decision::HandedOver) || is(Decision::Prosecuted);
    let faults = Faults::default()
        .when(decision.is_none(), "decision", "decision.missing", "请选择处理决定")
        .when(penalty < 0, "penalty", "penalty.invalid", "罚没款不能是负数")
        .when(money_without, "penalty", "penalty.without_penalty", "只有行政处罚才有罚没款，请删去金额或者改选行政处罚")
        .when(is(Decision::HandedOver) && to.is_empty(), "to", "to.missing", "请写移送给哪个部门")
        .when(!moves && !to.is_empty() && decision.is_some(), "to", "to.without_transfer", "只有移送才写移送给谁")
        .when(to.chars().count() > 100, "to", "to.too_long", "机关名称请控制在 100 个字以内");
    words(faults, "reason", reason, "请写查明的事实、依据和决定").done()?;
    let Some(decision) = *decision else { return Err(ActError::NotFound) };
    let to = if to.is_empty() && decision == Decision::Prosecuted { POLICE } else { to }.to_owned();
    simply(tx, scene, number, seen, &Act::ProposeDecision { decision, reason: reason.trim().to_owned(), penalty, to })
}

/// To whom a suspected crime goes where nobody else is named.
const POLICE: &str = "公安机关";

/// Keeps to whom and when a case that another authority is to handle was given; a second time adds what that one decided.
pub fn record_transfer(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    day: Option<Date>,
    taken: &str,
) -> Result<CaseRow, ActError> {
    let received = beijing_day(record::readable(tx, scene, number)?.received_at);
    let faults = Faults::default()
        .when(day.is_none(), "day", "day.missing", "请写移送的日期")
        .when(day.is_some_and(|day| day > beijing_day(scene.now)), "day", "day.future", "日期不能晚于今天")
        .when(day.is_some_and(|day| day < received), "day", "day.too_early", "日期不能早于收到线索的那一天");
    words(faults, "words", taken, "请写接收的单位和回执文号，交接了什么").done()?;
    let Some(day) = day else { return Err(ActError::NotFound) };
    simply(tx, scene, number, seen, &Act::RecordTransfer { day, words: taken.trim().to_owned() })
}

/// Tells the reporter whose this is to handle, and ends it here (O121 art. 34). `over` is the duty under which the bureau hands it
/// over itself: some laws do not let her be sent elsewhere (食品安全法第一百一十五条).
pub fn turn_away(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    to: (&str, Option<&str>),
    reason: &str,
) -> Result<CaseRow, ActError> {
    let (body, over) = (to.0.trim().to_owned(), to.1.map(str::to_owned));
    let law = match &over {
        Some(key) => rules().duties.iter().find(|duty| duty.hands_over.is_some() && duty.key == *key),
        None => None,
    };
    let faults = Faults::default()
        .needed("body", &body, "请写应当向哪个机关举报")
        .when(body.chars().count() > 100, "body", "body.too_long", "机关名称请控制在 100 个字以内")
        .when(over.is_some() && law.is_none(), "over", "over.unknown", "请选择告知举报人还是移交");
    words(faults, "reason", reason, "请写为什么由该机关处理，举报人会看到").done()?;
    let reason = reason.trim().to_owned();
    let act = Act::TurnAway { body: body.clone(), reason: reason.clone(), over };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let said = match law {
            Some(law) => {
                let (law, article) = law_and_article(&law.article);
                let why = format!("属于你单位处理。根据《{law}》{article}的规定");
                let blanks = Blanks::from([("target_organization", body.clone()), ("transfer_reason", why)]);
                letters::make(tx, scene, case, "case_transfer", &blanks)?;
                format!("你的举报已移交{body}处理。")
            }
            None => format!("请直接向{body}提出。"),
        };
        // What nobody reported has nobody to tell.
        if case.state.turns.reporting.origin.is_none() {
            let blanks = Blanks::from([
                ("recipient_name", "举报人".to_owned()),
                ("refusal_reason", reason.clone()),
                ("turned_away_words", said),
            ]);
            letters::make(tx, scene, case, "report_turned_away", &blanks)?;
        }
        clue::tell_back(tx, scene, case)
    })
}

/// Tells the reporter the result: on her own page only, nothing goes to an address.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    result: &str,
) -> Result<CaseRow, ActError> {
    words(Faults::default(), "result", result, "请写告知举报人的结果").done()?;
    let act = Act::Tell { result: result.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        // Only what a law obliges to tell has a letter (form 10 of 2026).
        let received = beijing_day(case.received_at);
        let duty = case.state.turns.reporting.duty.as_deref().and_then(|key| rules().duty(key, received));
        let Some(duty) = duty else { return Ok(()) };
        let (law, article) = law_and_article(&duty.article);
        let blanks = Blanks::from([
            ("recipient_name", "举报人".to_owned()),
            ("obliging_law", law.to_owned()),
            ("obliging_article", article.to_owned()),
            ("result", result.trim().to_owned()),
        ]);
        letters::make(tx, scene, case, "report_result_notice", &blanks).map(drop)
    })
}

/// Where the law's name ends and the article begins.
fn law_and_article(cited: &str) -> (&str, &str) {
    cited.split_at(cited.find('第').unwrap_or(cited.len()))
}

/// What the leader's word makes: the form of the opening, the transfer to the police, and under the old law the limit within which
/// a reporter who gave her name is told.
pub(crate) fn approved(tx: &mut Tx<'_>, scene: Scene<'_>, case: &mut CaseRow, opinion: &str) -> Result<(), ActError> {
    clue::tell_back(tx, scene, case)?;
    if domain::rewarding::proved(&case.state) {
        rewarding::keep(tx, scene, case)?;
    }
    if let Some(Outcome::Decided(decision)) = case.state.outcome {
        return transfer_letter(tx, scene, case, decision);
    }
    let blanks = Blanks::from([("decision_reason", proposed(tx, case)?), ("approval_opinion", opinion.to_owned())]);
    letters::make(tx, scene, case, "filing_approval_form", &blanks)?;
    if case.state.turns.reporting.tells_filing {
        let limit = rules().filing_notice.limit.clone();
        *case = record::perform(tx, scene, case.clone(), &Act::NoteFilingNotice { limit })?;
    }
    Ok(())
}

/// What goes to the authority to which an opened case is transferred (行政处罚程序规定第十七条).
fn transfer_letter(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, decision: Decision) -> Result<(), ActError> {
    let letter = match decision {
        Decision::Prosecuted => "crime_transfer",
        Decision::HandedOver => "case_transfer",
        _ => return Ok(()),
    };
    let events = store::event::of_case(tx, case.id)?;
    let to = events.iter().rev().find_map(|event| match serde_json::from_str(&event.data) {
        Ok(Act::ProposeDecision { to, .. }) => Some(to),
        _ => None,
    });
    let to = to.filter(|to| !to.is_empty()).unwrap_or_else(|| POLICE.to_owned());
    let why = "经调查，属于你单位管辖。依据《市场监督管理行政处罚程序规定》第十七条的规定".to_owned();
    let blanks = Blanks::from([("target_organization", to), ("transfer_reason", why)]);
    letters::make(tx, scene, case, letter, &blanks).map(drop)
}

/// Why a case is to be opened or not, as it was proposed last.
fn proposed(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let reason = events.iter().rev().find_map(|event| match serde_json::from_str(&event.data) {
        Ok(Act::ProposeOpening { reason } | Act::ProposeNotOpening { reason, .. }) => Some(reason),
        _ => None,
    });
    Ok(reason.unwrap_or_default())
}

/// Tells a reporter who gave her name whether a case was opened (O20 art. 31): a letter on her own page.
pub fn tell_filing(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    let opened = record::readable(tx, scene, number)?.state.turns.reporting.opened;
    let act = Act::TellFiling { opened };
    let letter = if opened { "report_opening_notice" } else { "report_declining_notice" };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let to = Blanks::from([("recipient_name", "举报人".to_owned())]);
        letters::make(tx, scene, case, letter, &to).map(drop)
    })
}

/// What a penalty decision says of the one penalised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Penalty {
    /// 决定书文号.
    pub number: String,
    /// Its day.
    pub day: Option<Date>,
    /// Keys of `regulations/reporting.toml`.
    pub kinds: Vec<String>,
    /// 罚没款, in 分.
    pub sum: i64,
}

/// Enters the penalty decision in the operator's record; a second time corrects the first. Nothing of it points to who reported.
pub fn record_penalty(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    penalty: &Penalty,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let kinds: Vec<_> = penalty.kinds.iter().map(|key| rules().penalty_kind(key)).collect();
    let takes_money = kinds.iter().flatten().any(|kind| kind.money);
    let too_late = penalty.day.is_some_and(|day| day > beijing_day(scene.now));
    let too_early = penalty.day.is_some_and(|day| day < beijing_day(case.received_at));
    let of = penalty.number.trim();
    Faults::default()
        .needed("number", of, "请写决定书文号，例如“金市监处罚〔2026〕12号”")
        .when(of.chars().count() > 60, "number", "number.too_long", "请控制在 60 个字以内")
        .when(penalty.day.is_none(), "day", "day.missing", "请写决定书的日期")
        .when(too_late, "day", "day.future", "日期不能晚于今天")
        .when(too_early, "day", "day.too_early", "日期不能早于收到线索的那一天")
        .when(kinds.is_empty() || kinds.contains(&None), "kinds", "kinds.missing", "请选择处罚的种类")
        .when(penalty.sum < 0, "sum", "sum.invalid", "罚没款不能是负数")
        .when(penalty.sum > 0 && !takes_money, "sum", "sum.without_kind", "所选种类没有罚没款，请删去金额或者补选种类")
        .done()?;
    let Some(day) = penalty.day else { return Err(ActError::NotFound) };
    let (kinds, sum) = (penalty.kinds.clone(), penalty.sum);
    let act = Act::RecordPenalty { number: of.to_owned(), day, kinds: kinds.clone(), sum };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let row = PenaltyRow { number: of.to_owned(), decided_on: day, kinds: kinds.join(","), sum };
        Ok(store::penalty::put(tx, case.id, &row, scene.now)?)
    })
}

/// Keeps what was done together with other bodies.
pub fn join_forces(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    bodies: &str,
    done: &str,
) -> Result<CaseRow, ActError> {
    let too_long = bodies.trim().chars().count() > 200;
    let faults = Faults::default().needed("bodies", bodies, "请写和哪些部门，例如“区公安分局、区城管局”").when(
        too_long,
        "bodies",
        "bodies.too_long",
        "请控制在 200 个字以内",
    );
    words(faults, "words", done, "请写做了什么、各自查到什么").done()?;
    let (bodies, words) = (bodies.trim().to_owned(), done.trim().to_owned());
    let blanks = Blanks::from([("joint_bodies", bodies.clone()), ("joint_words", words.clone())]);
    let act = Act::JoinForces { bodies, words };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        letters::make(tx, scene, case, "joint_action_record", &blanks).map(drop)
    })
}

/// An act that makes no paper and sends nothing: the reporter's page shows what concerns her.
fn simply(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>, act: &Act) -> Result<CaseRow, ActError> {
    record::act(tx, scene, number, seen, act, record::nothing_more, record::nothing_after)
}

fn words(faults: Faults, field: &str, text: &str, missing: &str) -> Faults {
    let too_long = text.trim().chars().count() > FACTS_AT_MOST_CHARACTERS;
    faults.needed(field, text, missing).when(too_long, field, &format!("{field}.too_long"), "内容太长，请精简")
}
