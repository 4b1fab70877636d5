//! What happens in a case that can start or stop a clock.

use serde::{Deserialize, Serialize};

/// A fact in a case's course that a time limit runs from or ends with (期限的起算和终止事由).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// 收到: The bureau has the matter (收到之日).
    Received,
    /// 登记: It is entered in the register.
    Registered,
    /// 转交: It is handed to another organisation before any decision.
    Forwarded,
    /// 受理: Acceptance is decided.
    Accepted,
    /// 不予受理: Refusal is decided.
    Refused,
    /// 分送: It is sent to the organisation that will handle it (分送、转办).
    Dispatched,
    /// 接收: The receiving organisation takes it.
    Taken,
    /// 退回: The receiving organisation sends it back.
    Returned,
    /// 指定承办人: Handling officers are named.
    Assigned,
    /// 通知被投诉人: The respondent is notified of the mediation.
    Notified,
    /// 被投诉人答复: The respondent has answered.
    Answered,
    /// 调解: A mediation meeting was held.
    Mediated,
    /// 达成协议: The parties reached an agreement.
    Settled,
    /// 终止调解: Termination is decided.
    Terminated,
    /// 撤回: The person withdrew the matter.
    Withdrawn,
    /// 办结: The matter came to its end, whichever it was.
    Concluded,
    /// 告知: The result was told to the person.
    Told,
    /// 履行: The agreement was performed.
    Performed,
    /// 催办: The person or a superior urges.
    Urged,
    /// 催办反馈: News was given on what was urged.
    UrgeAnswered,
    /// 督办: A superior takes the matter under supervision.
    Supervised,
    /// 督办反馈: News was given on what is supervised.
    SupervisionAnswered,
    /// 督办办结: What was supervised is done.
    SupervisionDone,
    /// 发现线索: A suspected offence was found or a report's material received.
    ClueFound,
    /// 核查决定: The lead was checked and 立案 or 不予立案 decided.
    ClueChecked,
    /// 发生权限争议: A dispute over the power to handle arose.
    DisputeArisen,
    /// 权限争议解决: That dispute was settled.
    DisputeDecided,
    /// 立案: A penalty case was opened.
    CaseFiled,
    /// 处罚决定: The penalty case was decided.
    CaseDecided,
    /// 到达现场: Officers are on the site.
    Arrived,
    /// 合并: It follows another case from now on.
    Merged,
    /// 归档: The file was closed into the archive.
    Archived,
    /// 上报: A mass or serious matter was reported up.
    ReportedUp,
    /// 确认收到: The superior confirmed that it knows.
    Acknowledged,
    /// 重新办理: Taken up again after its end.
    Reopened,
}

/// Each trigger with its key and its Chinese name: one table, so that neither can be forgotten.
const TABLE: [(Trigger, &str, &str); 35] = [
    (Trigger::Received, "received", "收到"),
    (Trigger::Registered, "registered", "登记"),
    (Trigger::Forwarded, "forwarded", "转交"),
    (Trigger::Accepted, "accepted", "受理"),
    (Trigger::Refused, "refused", "不予受理"),
    (Trigger::Dispatched, "dispatched", "分送"),
    (Trigger::Taken, "taken", "接收"),
    (Trigger::Returned, "returned", "退回"),
    (Trigger::Assigned, "assigned", "指定承办人"),
    (Trigger::Notified, "notified", "通知被投诉人"),
    (Trigger::Answered, "answered", "被投诉人答复"),
    (Trigger::Mediated, "mediated", "调解"),
    (Trigger::Settled, "settled", "达成协议"),
    (Trigger::Terminated, "terminated", "终止调解"),
    (Trigger::Withdrawn, "withdrawn", "撤回"),
    (Trigger::Concluded, "concluded", "办结"),
    (Trigger::Told, "told", "告知"),
    (Trigger::Performed, "performed", "履行"),
    (Trigger::Urged, "urged", "催办"),
    (Trigger::UrgeAnswered, "urge_answered", "催办反馈"),
    (Trigger::Supervised, "supervised", "督办"),
    (Trigger::SupervisionAnswered, "supervision_answered", "督办反馈"),
    (Trigger::SupervisionDone, "supervision_done", "督办办结"),
    (Trigger::ClueFound, "clue_found", "发现线索"),
    (Trigger::ClueChecked, "clue_checked", "核查决定"),
    (Trigger::DisputeArisen, "dispute_arisen", "发生权限争议"),
    (Trigger::DisputeDecided, "dispute_decided", "权限争议解决"),
    (Trigger::CaseFiled, "case_filed", "立案"),
    (Trigger::CaseDecided, "case_decided", "处罚决定"),
    (Trigger::Arrived, "arrived", "到达现场"),
    (Trigger::Merged, "merged", "合并"),
    (Trigger::Archived, "archived", "归档"),
    (Trigger::ReportedUp, "reported_up", "上报重大事项"),
    (Trigger::Acknowledged, "acknowledged", "上级确认收到"),
    (Trigger::Reopened, "reopened", "重新办理"),
];

impl Trigger {
    /// Every trigger, in the order of a case's course.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// The name in data files, addresses and JSON.
    pub fn key(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The trigger that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == key).map(|row| row.0)
    }

    /// The Chinese name shown to people.
    pub fn label(self) -> &'static str {
        TABLE[self as usize].2
    }
}
