//! 旁路: what is under way beside the ordinary course of a case, and whose turn it is to do something about it.
//!
//! Part of the state, so it is the fold of the acts like everything else. Stored as one text, because no list asks for what is
//! inside; what a list asks for is an [`Errand`], and those have a table of their own that follows the state.

use serde::{Deserialize, Serialize};

use crate::accepting::{self, Accepting};
use crate::action::Action;
use crate::case::Case;
use crate::case_kind::CaseKind;
use crate::dispatching::{self, Dispatching};
use crate::mediation::{self, Mediation};
use crate::reporting::{self, Reporting};
use crate::rewarding::{self, Rewarding};
use crate::service::{self, Serving};

/// What is under way beside the ordinary course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turns {
    /// Around acceptance, parties and other cases.
    pub accepting: Accepting,
    /// Between bureaus, offices and superiors.
    pub dispatching: Dispatching,
    /// In the mediation and after it.
    pub mediation: Mediation,
    /// In a report.
    pub reporting: Reporting,
    /// The reward of a report.
    pub rewarding: Rewarding,
    /// Papers that have not reached their side.
    pub serving: Serving,
}

/// What somebody other than the holder of the case's desk has to do about it (待办旁件).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Errand {
    /// What.
    pub kind: ErrandKind,
    /// On which desk it lies, as `domain::case::Desk::key` writes desks: `leader:7`, `superior:3`.
    pub desk: String,
}

macro_rules! errands {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal, $action:ident;)*) => {
        /// The kinds of errand; each is done by one act.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ErrandKind { $($(#[$doc])* $name,)* }

        impl ErrandKind {
            /// Every kind.
            pub const ALL: &'static [ErrandKind] = &[$(ErrandKind::$name),*];

            /// The key kept in storage.
            pub fn key(self) -> &'static str { match self { $(ErrandKind::$name => $key),* } }

            /// What is to be done, in words.
            pub fn label(self) -> &'static str { match self { $(ErrandKind::$name => $label),* } }

            /// The act that does it.
            pub fn action(self) -> Action { match self { $(ErrandKind::$name => Action::$action),* } }

            /// Reads a stored key.
            pub fn from_key(key: &str) -> Option<ErrandKind> { match key { $($key => Some(ErrandKind::$name),)* _ => None } }
        }
    };
}

errands! {
    /// 回避申请: the leader decides (O121 art. 21).
    Recusal = "recusal", "决定是否回避", DecideRecusal;
    /// 移送公安: the leader approves (O121 art. 42).
    Police = "police", "审批移送公安机关", DecidePolice;
    /// 违法线索: the officer checks it, also after the mediation has ended (O121 art. 27).
    Clue = "clue", "核查违法线索", CheckClue;
    /// 延长核查: the leader decides (O121 art. 27).
    ClueTime = "clue_time", "审批延长核查", DecideClueTime;
    /// 延长申请: the one who sent the case grants or declines more time (5.3).
    Extension = "extension", "答复延长申请", GrantExtension;
    /// 已补正: what was asked for came in, the decision can be made (4.2).
    Supplemented = "supplemented", "看补交的材料，决定是否受理", Accept;
    /// 逾期未补正: the day passed without an answer (4.2).
    Unanswered = "unanswered", "逾期没有补正，决定是否受理", Refuse;
    /// 催办、督办反馈: a superior waits for news (5.4).
    SupervisionAnswer = "supervision_answer", "向上级反馈进展", AnswerSupervision;
    /// 督办办结: the one who supervises looks at the news.
    SupervisionEnd = "supervision_end", "过问督办的案件", EndSupervision;
    /// 权限争议: the other bureau answers (O121 art. 33).
    DisputeAnswer = "dispute_answer", "答复权限争议", AgreeDispute;
    /// 指定处理机关: the common superior designates (O121 art. 33).
    DisputeDesignation = "dispute_designation", "指定处理机关", DesignateDispute;
    /// 移送审批: the leader decides on a referral (4.3).
    ReferralApproval = "referral_approval", "审批移送其他部门", ApproveReferral;
    /// 协办: the office asked says what it found.
    AssistAnswer = "assist_answer", "反馈协办", RecordAssist;
    /// 重大事项: the superior confirms that it knows (3.11).
    MajorAcknowledgement = "major_acknowledgement", "确认收到重大事项上报", Acknowledge;
    /// 抽查整改: what a spot check found wrong is to be put right (O121 art. 26).
    Rectify = "rectify", "按抽查意见整改并反馈", Rectify;
    /// 举报人留言: whoever has the report in hand reads it.
    ReporterWrote = "reporter_wrote", "看举报人的留言", ReadReporter;
    /// 处罚决定书: the officer enters the decision in the operator's record.
    RecordPenalty = "record_penalty", "登记处罚决定书", RecordPenalty;
    /// 移送: the officer gives the case to the other authority and enters who took it.
    RecordTransfer = "record_transfer", "移送案件，登记接收情况", RecordTransfer;
    /// 确认整改: the bureau that checked looks at it.
    CloseRectification = "close_rectification", "确认抽查整改", CloseRectification;
    /// 没有送到: a paper came back and has to be served in another way.
    ServeAgain = "serve_again", "文书没有送到，换一种方式送达", Serve;
    /// 等回执: a paper is on its way and its receipt is to be recorded.
    AwaitReceipt = "await_receipt", "登记文书送达的回执", Serve;
    /// 举报奖励: a report proved true; whether there is a reward is to be proposed.
    RewardDue = "reward_due", "提出是否给予举报奖励", ProposeReward;
    /// 财政部门意见: a large sum waits for it.
    RewardFinance = "reward_finance", "登记财政部门对奖励的意见", RecordFinance;
    /// 奖励审批: a leader signs.
    RewardApproval = "reward_approval", "审批举报奖励", ApproveReward;
    /// 奖励告知: the reporter is to be told.
    RewardNotice = "reward_notice", "告知举报人奖励决定", TellReward;
    /// 奖励复核: the reporter objects to the sum.
    RewardReview = "reward_review", "答复奖励金额的复核", AnswerReview;
    /// 奖励发放: the reporter claimed it.
    RewardPayment = "reward_payment", "办理奖励发放", PayReward;
}

/// What follows from the state of a case for others than its desk's holder.
pub(crate) fn errands_of(case: &Case) -> Vec<Errand> {
    let mut errands = mediation::errands_of(case);
    errands.extend(dispatching::lasting_errands(case));
    errands.extend(reporting::errands(case));
    errands.extend(rewarding::errands(case));
    if !case.status.is_open() {
        return errands;
    }
    if case.extension_asked.as_deref().is_some_and(|limit| limit != mediation::CLUE_LIMIT) {
        // More time for a report is the leader's to grant (行政处罚程序规定第十八条、第六十四条).
        let desk = match case.kind {
            CaseKind::Report => format!("approval:{}", case.unit.unwrap_or(case.intake)),
            _ => format!("dispatch:{}", case.intake),
        };
        errands.push(Errand { kind: ErrandKind::Extension, desk });
    }
    errands.extend(accepting::errands(case));
    errands.extend(dispatching::errands(case));
    errands.extend(service::errands_of(case));
    errands
}
