//! 举报奖励: how far the reward for a report has come. Part of [`crate::turns::Turns`]; what it is worth is `reward.rs`.

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::action::Action;
use crate::case::{Case, Outcome};
use crate::case_kind::CaseKind;
use crate::keyed::keyed;
use crate::narration::{day_words, said, yuan};
use crate::procedure::{By, Standing};
use crate::reporting::{Decision, Proposal};
use crate::reward::{self, Level};
use crate::role::Role;
use crate::status::Status;
use crate::trigger::Trigger;
use crate::turns::{Errand, ErrandKind};

/// The limit within which the reporter claims it (`regulations/beside/`).
pub const CLAIM_LIMIT: &str = "reward_claim";
/// The limit within which she objects to the sum.
pub const REVIEW_LIMIT: &str = "reward_review";
/// The limit within which she is told.
pub const NOTICE_LIMIT: &str = "reward_notice";
/// While her objection waits, her time does not run.
pub const REVIEW_CAUSE: &str = "复核";

keyed! {
    /// Where a reward stands.
    pub enum Stage:
    /// 待提出: the report proved true; whether there is a reward is to be proposed.
    Due = "due", "待提出";
    /// 待审批: proposed, or that there is none; waits for the leader of the office.
    Proposed = "proposed", "待审批";
    /// 待审定: signed once; waits for a second person at the bureau.
    Signed = "signed", "待审定";
    /// 待告知: decided, the reporter does not know it yet.
    Decided = "decided", "待告知";
    /// 待领取: the reporter is told and has so long to claim it.
    Granted = "granted", "待领取";
    /// 待发放: claimed.
    Claimed = "claimed", "待发放";
    /// 已发放.
    Paid = "paid", "已发放";
    /// 不予奖励.
    Refused = "refused", "不予奖励";
    /// 已放弃: said so, or not claimed in time.
    Waived = "waived", "已放弃";
}

impl Stage {
    /// Whether nothing more happens.
    pub fn is_last(self) -> bool {
        matches!(self, Stage::Paid | Stage::Refused | Stage::Waived)
    }

    /// Whether the reporter knows of it.
    pub fn is_told(self) -> bool {
        matches!(self, Stage::Granted | Stage::Claimed) || self.is_last()
    }
}

keyed! {
    /// 告知方式: how the reporter learns what was decided; her own page shows it in any case.
    pub enum NoticeWay:
    /// 查询页: she finds it with her code.
    Page = "page", "回执码或者查询码的查询页";
    /// 电话: an officer who may open her identity called her.
    Phone = "phone", "电话";
    /// 当面.
    InPerson = "in_person", "当面";
}

keyed! {
    /// 发放方式.
    pub enum PaymentWay:
    /// 转账.
    Transfer = "transfer", "转账";
    /// 现金.
    Cash = "cash", "现金";
}

keyed! {
    /// 领取时的核对: by what whoever comes is known as the reporter.
    pub enum Shown:
    /// 回执码或者查询码.
    Code = "code", "回执码或者查询码";
    /// 有效身份证件.
    Document = "document", "有效身份证件";
}

/// 财政部门意见.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finance {
    /// It need not be asked.
    #[default]
    NotNeeded,
    /// It must agree and has not answered.
    Awaited,
    /// It agrees.
    Agreed,
    /// It does not.
    Declined,
}

/// 复核: an objection to the sum, of which there is one at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// None yet.
    #[default]
    None,
    /// It waits for its answer.
    Open,
    /// It was answered.
    Answered,
}

/// The state of a reward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rewarding {
    /// Where it stands; none before anything was proposed.
    pub stage: Option<Stage>,
    /// The level; none where no reward is proposed.
    pub level: Option<Level>,
    /// The sum, in 分.
    pub sum: i64,
    /// Why there is none: a key of `regulations/reward.toml`.
    pub ground: Option<String>,
    /// 财政部门意见.
    pub finance: Finance,
    /// Who proposed: signs neither first nor second.
    pub proposed_by: Option<i64>,
    /// Who signed first: does not sign second.
    pub signed_by: Option<i64>,
    /// The time to claim it was extended once.
    pub extended: bool,
    /// 复核.
    pub review: Review,
}

impl Rewarding {
    fn apply(&mut self, act: &Act) {
        let anew = Rewarding { review: self.review, ..Rewarding::default() };
        match act {
            Act::ProposeReward { merit, sum, needs_finance, by, .. } => {
                *self = Rewarding {
                    stage: Some(Stage::Proposed),
                    level: Some(merit.level),
                    sum: *sum,
                    finance: if *needs_finance { Finance::Awaited } else { Finance::NotNeeded },
                    proposed_by: Some(*by),
                    ..anew
                };
            }
            Act::ProposeNoReward { ground, by, .. } => {
                *self = Rewarding {
                    stage: Some(Stage::Proposed),
                    ground: Some(ground.clone()),
                    proposed_by: Some(*by),
                    ..anew
                };
            }
            Act::RecordFinance { agreed, .. } => {
                self.finance = if *agreed { Finance::Agreed } else { Finance::Declined };
            }
            Act::ApproveReward { by, .. } if self.level.is_some() && self.stage == Some(Stage::Proposed) => {
                (self.stage, self.signed_by) = (Some(Stage::Signed), Some(*by));
            }
            Act::ApproveReward { .. } => self.stage = Some(Stage::Decided),
            Act::SendBackReward { .. } => *self = anew,
            Act::TellReward { granted, .. } => {
                self.stage = Some(if *granted { Stage::Granted } else { Stage::Refused });
            }
            Act::ClaimReward {} => self.stage = Some(Stage::Claimed),
            Act::ExtendClaim { .. } => self.extended = true,
            Act::WaiveReward { .. } => self.stage = Some(Stage::Waived),
            Act::AskReview { .. } => self.review = Review::Open,
            Act::AnswerReview { changed, .. } => {
                if *changed {
                    *self = anew;
                }
                self.review = Review::Answered;
            }
            Act::PayReward { .. } => self.stage = Some(Stage::Paid),
            _ => {}
        }
    }
}

/// The state of a report after one more act.
pub(crate) fn apply(case: &mut Case, act: &Act) {
    if case.kind == CaseKind::Report {
        case.turns.rewarding.apply(act);
    }
}

/// A report that proved true: a penalty, or a crime.
pub fn proved(case: &Case) -> bool {
    matches!(case.outcome, Some(Outcome::Decided(Decision::Penalty | Decision::Prosecuted)))
}

/// Where the reward of a report stands; none where there is nothing to reward.
pub fn stage(case: &Case) -> Option<Stage> {
    case.turns.rewarding.stage.or_else(|| proved(case).then_some(Stage::Due))
}

/// What an act means for the clocks of a reward where that depends on the decision.
pub(crate) fn triggers(case: &Case, act: &Act) -> Vec<Trigger> {
    let proves =
        matches!(case.turns.reporting.proposed, Some(Proposal::Decide(Decision::Penalty | Decision::Prosecuted)));
    match act {
        Act::Approve { .. } if case.kind == CaseKind::Report && proves => vec![Trigger::RewardDue],
        Act::TellReward { granted: true, .. } => vec![Trigger::RewardTold],
        Act::TellReward { granted: false, .. } => vec![Trigger::RewardRefused],
        Act::AnswerReview { changed: true, .. } => vec![Trigger::RewardDue],
        _ => Vec::new(),
    }
}

/// Why an act has to wait, or has nothing to do.
pub(crate) fn not_now(case: &Case, action: Action) -> Option<&'static str> {
    if case.kind != CaseKind::Report {
        return None;
    }
    let reward = &case.turns.rewarding;
    let stage = stage(case);
    let at = |one: Stage| stage == Some(one);
    match action {
        Action::ProposeReward | Action::ProposeNoReward if !proved(case) => {
            Some("查证属实、作出行政处罚或者移送司法机关的举报才有奖励。")
        }
        Action::ProposeReward | Action::ProposeNoReward if !(at(Stage::Due) || at(Stage::Proposed)) => {
            Some("奖励意见已经审批，要改请领导退回。")
        }
        Action::RecordFinance if reward.finance == Finance::NotNeeded => Some("现在没有要财政部门同意的奖励。"),
        Action::RecordFinance if !at(Stage::Proposed) => Some("没有等待审批的奖励。"),
        Action::ApproveReward | Action::SendBackReward if !(at(Stage::Proposed) || at(Stage::Signed)) => {
            Some("没有等待审批的奖励。")
        }
        Action::ApproveReward if matches!(reward.finance, Finance::Awaited | Finance::Declined) => {
            Some("要先经财政部门同意，等承办人登记财政部门的意见。")
        }
        Action::TellReward if !at(Stage::Decided) => Some("没有等待告知的奖励决定。"),
        Action::ClaimReward | Action::WaiveReward if at(Stage::Granted) && reward.review == Review::Open => {
            Some("对金额的复核还没有答复，答复以后再决定。")
        }
        Action::ClaimReward | Action::WaiveReward | Action::AskReview | Action::ExtendClaim if !at(Stage::Granted) => {
            Some("现在没有待领取的奖励。")
        }
        Action::ExtendClaim if reward.extended => Some("领取期限已经延长过一次。"),
        Action::AskReview if reward.review != Review::None => Some("已经申请过复核。"),
        Action::AnswerReview if reward.review != Review::Open => Some("没有等待答复的复核申请。"),
        Action::PayReward if !at(Stage::Claimed) => Some("举报人还没有申请领取。"),
        Action::Archive if stage.is_some_and(|stage| !stage.is_last()) => {
            Some("举报奖励还没有办完：给予还是不予奖励，决定、告知以后再归档。")
        }
        _ => None,
    }
}

/// Why a signature that is lawful just now is not this person's: nobody signs twice, nor what she proposed; the second is a leader's of
/// the bureau (举报奖励暂行办法第十六条).
pub fn not_hers(case: &Case, action: Action, person: i64, standing: &Standing) -> Option<&'static str> {
    let reward = &case.turns.rewarding;
    if action != Action::ApproveReward {
        return None;
    }
    let of_bureau = [By::Bureau(Role::Leader), By::Bureau(Role::DutyDirector)].iter().any(|by| standing.is(*by));
    if [reward.proposed_by, reward.signed_by].contains(&Some(person)) {
        Some("提出、审批、审定要由不同的人签，请换一位领导。")
    } else if reward.stage == Some(Stage::Signed) && !of_bureau {
        Some("已经审批，等局领导审定。")
    } else {
        None
    }
}

/// What the reward asks of people.
pub(crate) fn errands(case: &Case) -> Vec<Errand> {
    let reward = &case.turns.rewarding;
    if case.kind != CaseKind::Report || case.status != Status::Told {
        return Vec::new();
    }
    let officer = case.lead.map_or_else(|| format!("dispatch:{}", case.intake), |lead| format!("officer:{lead}"));
    let office_leader = format!("approval:{}", case.unit.unwrap_or(case.intake));
    let bureau_leader = format!("bureau_leader:{}", case.bureau);
    let (kind, desk) = match (stage(case), reward.finance) {
        (Some(Stage::Due), _) | (Some(Stage::Proposed), Finance::Declined) => (ErrandKind::RewardDue, officer),
        (Some(Stage::Proposed), Finance::Awaited) => (ErrandKind::RewardFinance, officer),
        (Some(Stage::Proposed), _) => (ErrandKind::RewardApproval, office_leader),
        (Some(Stage::Signed), _) => (ErrandKind::RewardApproval, bureau_leader),
        (Some(Stage::Decided), _) => (ErrandKind::RewardNotice, officer),
        (Some(Stage::Granted), _) if reward.review == Review::Open => (ErrandKind::RewardReview, bureau_leader),
        (Some(Stage::Claimed), _) => (ErrandKind::RewardPayment, officer),
        _ => return Vec::new(),
    };
    vec![Errand { kind, desk }]
}

/// What happened to a reward, as colleagues are told; none for every other act.
pub(crate) fn tell(act: &Act) -> Option<String> {
    Some(match act {
        Act::ProposeReward { merit, sum, needs_finance, reason, .. } => {
            let finance = if *needs_finance { "，要先经财政部门同意" } else { "" };
            format!("提出举报奖励：{}，{} 元{finance}。{}", merit.level.label(), yuan(*sum), said(reason))
        }
        Act::ProposeNoReward { ground, reason, .. } => {
            format!("提出不予奖励：{}。{}", reward::exclusion_label(ground), said(reason))
        }
        Act::RecordFinance { agreed, document, day, words } => {
            let word = if *agreed { "同意奖励" } else { "不同意奖励" };
            format!("财政部门{word}（{document}，{}）。{}", day_words(*day), said(words))
        }
        Act::ApproveReward { opinion, .. } => format!("审批奖励意见。{}", said(opinion)),
        Act::SendBackReward { opinion } => format!("退回奖励意见。{}", said(opinion)),
        Act::TellReward { granted, way } => {
            let decision = if *granted { "给予奖励" } else { "不予奖励" };
            format!("告知举报人{decision}，方式：{}。", way.label())
        }
        Act::ClaimReward {} => "申请领取奖励。".to_owned(),
        Act::ExtendClaim { by, reason } => format!("奖励的领取期限延长 {by} 个工作日。{}", said(reason)),
        Act::WaiveReward { lapsed: true } => "奖励逾期没有领取，视为放弃。".to_owned(),
        Act::WaiveReward { .. } => "放弃奖励。".to_owned(),
        Act::AskReview { .. } => "申请复核奖励金额，意见见留言。".to_owned(),
        Act::AnswerReview { changed, answer } => {
            let result = if *changed { "重新提出金额" } else { "维持原来的金额" };
            format!("答复奖励金额的复核，{result}。{}", said(answer))
        }
        Act::PayReward { day, way, sum, voucher, shown } => format!(
            "奖励 {} 元已于{}发放（{}），凭证号 {voucher}；领取人出示了{}。",
            yuan(*sum),
            day_words(*day),
            way.label(),
            shown.label()
        ),
        _ => return None,
    })
}

/// What of it the reporter is told on her own page.
pub(crate) fn tell_reporter(act: &Act) -> Option<String> {
    Some(match act {
        Act::TellReward { granted: true, .. } => "您的举报查证属实，决定给予奖励。".to_owned(),
        Act::TellReward { granted: false, .. } => "您的举报不符合奖励条件，不予奖励，理由见告知书。".to_owned(),
        Act::ExtendClaim { by, .. } => format!("奖励的领取期限延长 {by} 个工作日。"),
        Act::ClaimReward {} => "您申请了领取奖励。".to_owned(),
        Act::WaiveReward { lapsed: true } => "奖励逾期没有领取，视为放弃。".to_owned(),
        Act::WaiveReward { .. } => "您放弃了奖励。".to_owned(),
        Act::AskReview { .. } => "您申请复核奖励金额。".to_owned(),
        Act::AnswerReview { changed, answer } => {
            let result = if *changed { "将重新提出金额" } else { "维持原来的金额" };
            format!("答复您的复核申请：{result}。{}", said(answer))
        }
        Act::PayReward { sum, day, .. } => format!("奖励 {} 元已于{}发放。", yuan(*sum), day_words(*day)),
        _ => return None,
    })
}
