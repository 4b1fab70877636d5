//! The verbs of a case: what may be done to it.

use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal;)*) => {
        /// A verb; the procedure says from where, by whom and with what effect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every verb.
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            /// The stable key: kept in storage and used as the last part of the address.
            pub fn key(self) -> &'static str { match self { $(Action::$name => $key),* } }

            /// The words on the button.
            pub fn label(self) -> &'static str { match self { $(Action::$name => $label),* } }

            /// Reads a stored key.
            pub fn from_key(key: &str) -> Option<Action> { match key { $($key => Some(Action::$name),)* _ => None } }
        }
    };
}

actions! {
    /// 登记: check what came in by itself, give it a title and a class.
    Register = "register", "登记";
    /// 分送下级: send to the bureau that has the power (form 3 of 2026).
    Forward = "forward", "分送有权局";
    /// 受理: decide to accept.
    Accept = "accept", "决定受理";
    /// 不予受理: decide to refuse, with ground, reason and remedy.
    Refuse = "refuse", "不予受理";
    /// 分送承办机构: send to the office with jurisdiction.
    Dispatch = "dispatch", "分送承办所";
    /// 接收并指派: take the case and name two officers.
    Assign = "assign", "接收并指派承办人";
    /// 退回: not ours; back to the unit that sent it, never onward.
    Return = "return", "退回分送单位";
    /// 调解通知: notify the respondent, with time, place and days to answer.
    Notify = "notify", "发调解通知";
    /// 登记答复: the respondent has answered.
    RecordAnswer = "record_answer", "登记商家答复";
    /// 约定调解: appoint another meeting.
    Arrange = "arrange", "约定下次调解";
    /// 调解笔录: record a meeting.
    RecordMeeting = "record_meeting", "记录调解";
    /// 达成协议: both sides agree.
    Settle = "settle", "达成调解协议";
    /// 终止调解: propose termination on a ground.
    Terminate = "terminate", "终止调解";
    /// 批准: the leader signs.
    Approve = "approve", "批准";
    /// 退回重办: the leader does not sign and says why.
    SendBack = "send_back", "退回重办";
    /// 告知结果: tell both sides in the way they chose.
    Tell = "tell", "告知结果";
    /// 登记履行: an item of the agreement was performed, or was not.
    RecordPerformance = "record_performance", "登记履行情况";
    /// 归档: close into a file.
    Archive = "archive", "归档";
    /// 催办: the consumer asks for news.
    Urge = "urge", "催办";
    /// 答复催办: news is given.
    AnswerUrge = "answer_urge", "答复催办";
    /// 撤回: the consumer withdraws.
    Withdraw = "withdraw", "撤回投诉";
    /// 补充材料: more evidence.
    AddEvidence = "add_evidence", "补充材料";
    /// 评价: solved or not, and a mark.
    Rate = "rate", "评价";
    /// 备注: a note for colleagues.
    Note = "note", "写备注";
    /// 中止计算: a clock stops for appraisal or awaited evidence.
    Suspend = "suspend", "中止期限";
    /// 恢复计算: the clock runs again.
    Resume = "resume", "恢复期限";
    /// 申请延长: more time is asked of the one who sent the case.
    RequestExtension = "request_extension", "申请延长";
    /// 批准延长: more time is granted.
    GrantExtension = "grant_extension", "批准延长";
    /// 不同意延长: more time is refused.
    DeclineExtension = "decline_extension", "不同意延长";
}

impl Action {
    /// The words for one who asks why the act is not lawful now.
    pub fn is_official(self) -> bool {
        matches!(
            self,
            Action::Accept | Action::Refuse | Action::Approve | Action::Terminate | Action::Settle | Action::Tell
        )
    }
}
