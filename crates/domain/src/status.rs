//! Where a case stands. Overdue is never a status, and suspension is an interval on a clock.

use crate::case_kind::CaseKind;
use crate::keyed::keyed;

keyed! {
    /// Where a case stands: a closed list.
    pub enum Status:
    /// 待登记: came in by itself, nobody has looked at it yet.
    Filed = "filed", "待登记";
    /// 待受理: registered, to be accepted or refused.
    Registered = "registered", "待受理";
    /// 待分送: accepted, to be sent to the office with jurisdiction.
    Accepted = "accepted", "待分送";
    /// 待接收: at the office, which takes it and names two officers, or returns it.
    Dispatched = "dispatched", "待接收";
    /// 办理中: two officers have it, the respondent is not yet notified.
    Assigned = "assigned", "办理中";
    /// 调解中: the respondent is notified.
    Mediating = "mediating", "调解中";
    /// 调查中: a penalty case was opened on a report.
    Investigating = "investigating", "调查中";
    /// 待审批: an outcome is proposed and waits for the leader.
    PendingApproval = "pending_approval", "待审批";
    /// 待告知: the outcome stands, both sides are to be told.
    Concluded = "concluded", "待告知";
    /// 已告知: both sides know; waits for the consumer's word and the archive.
    Told = "told", "已告知";
    /// 不予受理: refused with reason and remedy.
    Refused = "refused", "不予受理";
    /// 已撤回: withdrawn before it was accepted.
    Withdrawn = "withdrawn", "已撤回";
    /// 已归档: closed into a file.
    Archived = "archived", "已归档";
}

impl Status {
    /// Whether anything is still to be done for the consumer (办结 has not been reached).
    pub fn is_open(self) -> bool {
        !matches!(self, Status::Told | Status::Refused | Status::Withdrawn | Status::Archived)
    }

    /// The name on screen for a kind of case: a question waits for its answer, not for acceptance.
    pub fn label_for(self, kind: CaseKind) -> &'static str {
        match (kind, self) {
            (CaseKind::Consultation | CaseKind::Suggestion, Status::Registered) => "待答复",
            (CaseKind::Report, Status::Registered) => "待分送",
            (CaseKind::Report, Status::Told) => "已办结",
            (CaseKind::StaffComplaint, Status::Registered) | (CaseKind::Report, Status::Assigned) => "核查中",
            (CaseKind::Consultation | CaseKind::Suggestion | CaseKind::StaffComplaint, Status::Told) => "已答复",
            _ => self.label(),
        }
    }

    /// A tone for the chip on screen; the words carry the meaning.
    pub fn tone(self) -> &'static str {
        match self {
            Status::Filed | Status::Registered | Status::Accepted | Status::Dispatched => "plain",
            Status::Assigned | Status::Mediating | Status::Investigating => "teal",
            Status::PendingApproval | Status::Concluded => "amber",
            Status::Told | Status::Archived => "green",
            Status::Refused | Status::Withdrawn => "mute",
        }
    }
}
