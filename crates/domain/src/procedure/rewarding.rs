//! 举报奖励: proposed, signed by two people, told, claimed, paid (国市监稽规〔2021〕4号; catalogue 7.6).

use crate::action::Action;
use crate::role::Role;
use crate::status::Status;
use crate::trigger::Trigger;

use super::people::{BUREAU_LEADERS, OFFICERS, REPORTS};
use super::{By, Step, To};

/// A reward follows the end of a report.
const ENDED: &[Status] = &[Status::Told];
const SIGNERS: &[By] = &[By::Role(Role::Leader), By::Bureau(Role::Leader), By::Bureau(Role::DutyDirector)];
/// The reporter herself, or an officer to whom she says it.
const REPORTER: &[By] = &[By::Complainant, By::Assigned];
const ANSWERED: &[Trigger] = &[Trigger::RewardAnswered];

/// What ends her limits, whatever was decided; what depends on the decision is in `crate::rewarding::triggers`.
const fn hers(action: Action, by: &'static [By], fires: &'static [Trigger], effect: &'static str) -> Step {
    Step { fires, ..row(action, by, &[], effect) }
}

/// A row.
const fn row(action: Action, by: &'static [By], papers: &'static [&'static str], effect: &'static str) -> Step {
    Step { action, kinds: REPORTS, from: ENDED, to: To::Stay, by, fires: &[], papers, effect }
}

/// Its rows.
pub(super) const STEPS: &[Step] = &[
    row(Action::ProposeReward, OFFICERS, &[], "按等级和罚没款算出金额，报所领导审批、局领导审定；审批以前可以重新提出"),
    row(Action::ProposeNoReward, OFFICERS, &[], "写明不符合奖励条件的情形，报所领导审批；审批以前可以重新提出"),
    row(Action::RecordFinance, OFFICERS, &[], "登记同级财政部门的意见，同意以后才能审批"),
    row(
        Action::ApproveReward,
        SIGNERS,
        &["reward_approval_form"],
        "第一次是审批；局领导再签一次才算审定。不予奖励的签一次。决定以后由承办人告知举报人",
    ),
    row(Action::SendBackReward, SIGNERS, &[], "退回承办人重新提出"),
    row(
        Action::TellReward,
        OFFICERS,
        &["reward_notice", "no_reward_notice"],
        "举报人凭回执码或者查询码看到告知书；给予奖励的，开始计算领取期限",
    ),
    hers(Action::ClaimReward, REPORTER, ANSWERED, "申请领取，不用写姓名；领取时出示回执码或者身份证件"),
    hers(
        Action::AskReview,
        REPORTER,
        &[Trigger::RewardReviewAsked],
        "对金额有不同意见，请求复核一次，答复以前领取期限不计",
    ),
    hers(Action::WaiveReward, &[By::Complainant, By::Assigned, By::System], ANSWERED, "放弃奖励，不能恢复"),
    row(Action::AnswerReview, BUREAU_LEADERS, &[], "维持原来的金额，或者由承办人重新提出"),
    row(Action::ExtendClaim, OFFICERS, &[], "有正当理由的，领取期限延长一次"),
    row(Action::PayReward, OFFICERS, &[], "登记发放的日期、方式、金额和凭证号，奖励办结；领款人封存进身份密库"),
    row(Action::AddEvidence, OFFICERS, &[], "存入财政部门的复函、领款凭证等，举报人看不到"),
];
