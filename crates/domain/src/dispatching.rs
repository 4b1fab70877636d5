//! 分送、争议、移送、协办、督办、上报: what is under way around a case between the bureaus, offices and superiors concerned.
//!
//! A part of [`crate::turns::Turns`], so it is the fold of the acts like the rest of the state.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::action::Action;
use crate::case::Case;
use crate::trigger::Trigger;
use crate::turns::{Errand, ErrandKind};

/// What is under way between organisations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dispatching {
    /// Bureaus that had the case and sent it on; they may go on reading it.
    pub sent_by: Vec<i64>,
    /// Bureaus that were in dispute over the case and were told that the other side keeps it; they may go on reading it.
    pub informed: Vec<i64>,
    /// 上级催办: the bureau that waits for news.
    pub urged_by: Option<i64>,
    /// 督办, while it runs.
    pub supervision: Option<Supervision>,
    /// 处理权限争议, while it runs.
    pub dispute: Option<Dispute>,
    /// 拟移送: the body to which the case is to be referred, while the leader decides.
    pub referral: Option<String>,
    /// 协办: the offices asked to help.
    pub assists: Vec<AssistTurn>,
    /// 重大事项 reported up.
    pub major: Option<Major>,
    /// 抽查整改, while it runs.
    pub rectification: Option<Rectification>,
}

/// 抽查整改: what a spot check found wrong is to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rectification {
    /// Row id of the check.
    pub check: i64,
    /// The bureau that checked.
    pub by: i64,
    /// The last day.
    pub until: Date,
    /// It is said to be put right; the bureau that checked decides whether that is enough.
    pub answered: bool,
}

/// 督办: a superior watches over the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervision {
    /// The bureau that supervises.
    pub by: i64,
    /// News was given; the one who supervises decides whether that is enough.
    pub answered: bool,
    /// Raised by the program, so the one who supervises has not seen it yet.
    pub automatic: bool,
}

/// 处理权限争议: which of two bureaus handles the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The other bureau.
    pub with: i64,
    /// Its centre.
    pub with_intake: i64,
    /// The nearest bureau above both.
    pub superior: i64,
    /// The superior is asked to designate.
    pub escalated: bool,
}

/// 协办: an office was asked to help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssistTurn {
    /// The office.
    pub unit: i64,
    /// It has answered what was last asked.
    pub answered: bool,
}

/// 重大事项: reported up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Major {
    /// Code table `major_levels`.
    pub level: String,
    /// The bureau it was reported to.
    pub to: i64,
    /// That bureau has confirmed that it knows.
    pub acknowledged: bool,
    /// The limit within which somebody must be on the site, until somebody is.
    pub on_site: Option<String>,
}

impl Dispatching {
    /// Organisations that may read the case besides those that have it.
    pub fn sights(&self) -> Vec<i64> {
        let mut sights = [self.sent_by.as_slice(), &self.informed].concat();
        sights.extend(self.dispute.iter().map(|dispute| dispute.with));
        sights.extend(self.assists.iter().map(|assist| assist.unit));
        sights.sort_unstable();
        sights.dedup();
        sights
    }
}

impl Act {
    /// The organisations whose names its sentence needs.
    pub fn organizations(&self) -> Vec<i64> {
        match self {
            Act::File { bureau: id, .. }
            | Act::Forward { bureau: id, .. }
            | Act::Dispatch { unit: id, .. }
            | Act::Supervise { by: id, .. }
            | Act::SuperiorUrge { by: id, .. }
            | Act::AgreeDispute { bureau: id, .. }
            | Act::DesignateDispute { bureau: id, .. }
            | Act::Assist { unit: id, .. }
            | Act::RecordAssist { unit: id, .. }
            | Act::NoteChecked { by: id, .. }
            | Act::ReportUp { to: id, .. } => vec![*id],
            Act::RaiseDispute { with, superior, .. } => vec![*with, *superior],
            _ => Vec::new(),
        }
    }

    /// Bureau, centre and overlay of the place to which the act moves the case.
    pub fn moves_to(&self) -> Option<(i64, i64, Option<&str>)> {
        match self {
            Act::Forward { bureau, intake, overlay, .. }
            | Act::AgreeDispute { bureau, intake, overlay, takes: true, .. }
            | Act::DesignateDispute { bureau, intake, overlay, .. } => Some((*bureau, *intake, overlay.as_deref())),
            _ => None,
        }
    }

    /// The bureau that is told how a dispute ended without getting the case.
    fn told_of_the_end(&self) -> Option<i64> {
        match self {
            Act::AgreeDispute { told, takes: true, .. } | Act::DesignateDispute { told, .. } => *told,
            _ => None,
        }
    }

    /// The key of a conditional limit that the act says to apply, which then starts.
    pub fn applies(&self) -> Option<&str> {
        match self {
            Act::ReportUp { on_site, .. } => on_site.as_deref(),
            Act::NoteDuty { limit, .. } => limit.as_deref(),
            Act::NoteFilingNotice { limit } => Some(limit),
            _ => None,
        }
    }
}

/// The state after an act, as far as it is kept here.
pub(crate) fn apply(case: &mut Case, act: &Act) {
    if let Some((bureau, intake, _)) = act.moves_to() {
        let from = case.bureau;
        if from != bureau {
            let sent_by = &mut case.turns.dispatching.sent_by;
            sent_by.retain(|id| *id != from && *id != bureau);
            sent_by.push(from);
        }
        (case.bureau, case.intake) = (bureau, intake);
    }
    if let Some(told) = act.told_of_the_end().filter(|told| *told != case.bureau) {
        let informed = &mut case.turns.dispatching.informed;
        informed.retain(|id| *id != told);
        informed.push(told);
    }
    let turns = &mut case.turns.dispatching;
    match act {
        Act::SuperiorUrge { by, .. } => turns.urged_by = Some(*by),
        Act::Supervise { by, automatic, .. } => {
            turns.supervision = Some(Supervision { by: *by, answered: false, automatic: *automatic });
        }
        Act::AnswerSupervision { .. } => {
            turns.urged_by = None;
            if let Some(supervision) = &mut turns.supervision {
                (supervision.answered, supervision.automatic) = (true, false);
            }
        }
        Act::EndSupervision { .. } => turns.supervision = None,
        Act::RaiseDispute { with, with_intake, superior, directly, .. } => {
            turns.dispute =
                Some(Dispute { with: *with, with_intake: *with_intake, superior: *superior, escalated: *directly });
        }
        Act::AgreeDispute { takes: false, .. } => {
            if let Some(dispute) = &mut turns.dispute {
                dispute.escalated = true;
            }
        }
        Act::AgreeDispute { takes: true, .. } | Act::DesignateDispute { .. } => turns.dispute = None,
        Act::ProposeReferral { body, .. } => turns.referral = Some(body.clone()),
        Act::ApproveReferral { .. } | Act::DeclineReferral { .. } => turns.referral = None,
        Act::Assist { unit, .. } => {
            turns.assists.retain(|assist| assist.unit != *unit);
            turns.assists.push(AssistTurn { unit: *unit, answered: false });
        }
        Act::RecordAssist { unit, .. } => {
            turns.assists.iter_mut().filter(|assist| assist.unit == *unit).for_each(|assist| assist.answered = true);
        }
        Act::NoteChecked { check, by, rectify_by: Some(until), .. } => {
            turns.rectification = Some(Rectification { check: *check, by: *by, until: *until, answered: false });
        }
        Act::Rectify { .. } => {
            if let Some(rectification) = &mut turns.rectification {
                rectification.answered = true;
            }
        }
        Act::CloseRectification { again_by: None, .. } => turns.rectification = None,
        Act::CloseRectification { again_by: Some(until), .. } => {
            if let Some(rectification) = &mut turns.rectification {
                (rectification.until, rectification.answered) = (*until, false);
            }
        }
        Act::ReportUp { level, to, on_site, .. } => {
            turns.major = Some(Major { level: level.clone(), to: *to, acknowledged: false, on_site: on_site.clone() });
        }
        Act::Acknowledge { .. } => {
            if let Some(major) = &mut turns.major {
                major.acknowledged = true;
            }
        }
        Act::Arrive { .. } => {
            if let Some(major) = &mut turns.major {
                major.on_site = None;
            }
        }
        _ => {}
    }
}

/// Where nothing is left to do, nobody waits for an answer.
pub(crate) fn close(case: &mut Case) {
    let turns = &mut case.turns.dispatching;
    (turns.urged_by, turns.supervision, turns.dispute, turns.referral) = (None, None, None, None);
    if let Some(major) = &mut turns.major {
        major.on_site = None;
    }
}

/// What has happened for the clocks beyond what the step always fires; the state is the one before the act.
pub(crate) fn triggers(case: &Case, act: &Act) -> Vec<Trigger> {
    let turns = &case.turns.dispatching;
    let moved = |bureau: i64| bureau != case.bureau && case.status == crate::status::Status::Registered;
    match act {
        Act::AnswerSupervision { .. } => {
            let urge = turns.urged_by.is_some() && !case.urge_open;
            let supervision = turns.supervision.is_some();
            [(urge, Trigger::UrgeAnswered), (supervision, Trigger::SupervisionAnswered)]
                .into_iter()
                .filter_map(|(is, trigger)| is.then_some(trigger))
                .collect()
        }
        Act::AgreeDispute { takes: false, .. } => Vec::new(),
        // The receiving bureau's own time begins when it gets the case; one already accepted goes on as it is.
        Act::AgreeDispute { bureau, .. } | Act::DesignateDispute { bureau, .. } if moved(*bureau) => {
            vec![Trigger::DisputeDecided, Trigger::Forwarded]
        }
        Act::AgreeDispute { .. } | Act::DesignateDispute { .. } => vec![Trigger::DisputeDecided],
        _ => Vec::new(),
    }
}

/// What follows for others than the desk's holder, and for the holder where a superior asks.
pub(crate) fn errands(case: &Case) -> Vec<Errand> {
    let turns = &case.turns.dispatching;
    let mut errands = Vec::new();
    let mut add = |kind: ErrandKind, desk: String| errands.push(Errand { kind, desk });
    let asked = turns.urged_by.is_some() || turns.supervision.as_ref().is_some_and(|it| !it.answered);
    if asked && let Some(desk) = case.desk().key() {
        add(ErrandKind::SupervisionAnswer, desk);
    }
    if let Some(supervision) = turns.supervision.as_ref().filter(|it| it.answered || it.automatic) {
        add(ErrandKind::SupervisionEnd, format!("superior:{}", supervision.by));
    }
    match &turns.dispute {
        Some(dispute) if dispute.escalated => {
            add(ErrandKind::DisputeDesignation, format!("superior:{}", dispute.superior));
        }
        Some(dispute) => add(ErrandKind::DisputeAnswer, format!("dispatch:{}", dispute.with_intake)),
        None => {}
    }
    if turns.referral.is_some() {
        add(ErrandKind::ReferralApproval, format!("bureau_leader:{}", case.bureau));
    }
    for assist in turns.assists.iter().filter(|assist| !assist.answered) {
        add(ErrandKind::AssistAnswer, format!("assignment:{}", assist.unit));
    }
    if let Some(major) = turns.major.as_ref().filter(|major| !major.acknowledged) {
        add(ErrandKind::MajorAcknowledgement, format!("superior:{}", major.to));
    }
    errands
}

/// What a spot check asks for stands also after the end of the case: of those who had it, then of the bureau that checked.
pub(crate) fn lasting_errands(case: &Case) -> Vec<Errand> {
    let Some(rectification) = &case.turns.dispatching.rectification else { return Vec::new() };
    if rectification.answered {
        let desk = format!("superior:{}", rectification.by);
        return vec![Errand { kind: ErrandKind::CloseRectification, desk }];
    }
    let desk = match (case.lead, case.unit) {
        (Some(lead), _) => format!("officer:{lead}"),
        (None, Some(unit)) => format!("assignment:{unit}"),
        (None, None) => format!("dispatch:{}", case.intake),
    };
    vec![Errand { kind: ErrandKind::Rectify, desk }]
}

/// Why an act has to wait or has no object now, although the status allows it.
pub(crate) fn not_now(case: &Case, action: Action) -> Option<&'static str> {
    let turns = &case.turns.dispatching;
    let decides = matches!(
        action,
        Action::Accept | Action::Refuse | Action::Forward | Action::Dispatch | Action::SettleOnSpot | Action::Merge
    );
    let (wrong, why) = match action {
        _ if decides && turns.dispute.is_some() => (true, "处理权限正在争议，等确定由哪个局处理后再办。"),
        Action::ProposeReferral if turns.dispute.is_some() => (true, "处理权限正在争议，等确定由哪个局处理后再办。"),
        _ if (decides || action == Action::RaiseDispute) && turns.referral.is_some() => {
            (true, "已经提出移送其他部门，等领导决定后再办。")
        }
        Action::RaiseDispute => (turns.dispute.is_some(), "处理权限争议已经提出，正在协商或者等待指定。"),
        Action::AgreeDispute => (turns.dispute.is_none(), "没有处理权限争议。"),
        Action::DesignateDispute => (turns.dispute.is_none(), "没有处理权限争议，不需要指定。"),
        Action::ProposeReferral => (turns.referral.is_some(), "已经提出移送，等领导决定。"),
        Action::ApproveReferral | Action::DeclineReferral => (turns.referral.is_none(), "没有等待批准的移送。"),
        Action::Supervise => (turns.supervision.is_some(), "本件已经在督办。"),
        Action::SuperiorUrge => (turns.urged_by.is_some(), "上级已经催办，正在等反馈。"),
        Action::AnswerSupervision => {
            let asked = turns.urged_by.is_some() || turns.supervision.is_some();
            (!asked, "上级没有催办、督办，没有要反馈的。")
        }
        Action::EndSupervision => (turns.supervision.is_none(), "本件没有在督办。"),
        Action::RecordAssist => (turns.assists.iter().all(|assist| assist.answered), "没有等待反馈的协办请求。"),
        Action::ReportUp => {
            (turns.major.as_ref().is_some_and(|major| !major.acknowledged), "已经上报，正在等上级确认收到。")
        }
        Action::Acknowledge => (turns.major.as_ref().is_none_or(|major| major.acknowledged), "没有等待确认的上报。"),
        Action::Arrive => {
            (turns.major.as_ref().is_none_or(|major| major.on_site.is_none()), "没有要求到达现场，或者已经登记到达。")
        }
        Action::Rectify => {
            let asked = turns.rectification.as_ref().is_some_and(|it| !it.answered);
            (!asked, "没有抽查要求整改，或者已经反馈。")
        }
        Action::CloseRectification => {
            let answered = turns.rectification.as_ref().is_some_and(|it| it.answered);
            (!answered, "没有等待确认的整改。")
        }
        _ => (false, ""),
    };
    wrong.then_some(why)
}

/// When the program itself puts a case under supervision (`regulations/supervision.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutomaticSupervision {
    /// At which return of the same case.
    pub returns: u32,
    /// What is to be done.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Where the number comes from.
    pub source: String,
    /// Whether it was read in the source itself.
    pub confirmed: bool,
}

/// The rule shipped with the program.
pub fn automatic_supervision() -> &'static AutomaticSupervision {
    static RULE: std::sync::OnceLock<AutomaticSupervision> = std::sync::OnceLock::new();
    RULE.get_or_init(|| {
        let (file, text) = crate::embedded::SUPERVISION;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in rule {file}: {error}"))
    })
}
