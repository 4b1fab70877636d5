//! What happens in a case that can start or stop a clock.

use crate::keyed::keyed;

keyed! {
    /// A fact in a case's course that a time limit runs from or ends with (期限的起算和终止事由).
    pub enum Trigger:
    /// 收到: The bureau has the matter (收到之日).
    Received = "received", "收到";
    /// 登记: It is entered in the register.
    Registered = "registered", "登记";
    /// 转交: It is handed to another organisation before any decision.
    Forwarded = "forwarded", "转交";
    /// 受理: Acceptance is decided.
    Accepted = "accepted", "受理";
    /// 不予受理: Refusal is decided.
    Refused = "refused", "不予受理";
    /// 分送: It is sent to the organisation that will handle it (分送、转办).
    Dispatched = "dispatched", "分送";
    /// 接收: The receiving organisation takes it.
    Taken = "taken", "接收";
    /// 退回: The receiving organisation sends it back.
    Returned = "returned", "退回";
    /// 指定承办人: Handling officers are named.
    Assigned = "assigned", "指定承办人";
    /// 通知被投诉人: The respondent is notified of the mediation.
    Notified = "notified", "通知被投诉人";
    /// 被投诉人答复: The respondent has answered.
    Answered = "answered", "被投诉人答复";
    /// 调解: A mediation meeting was held.
    Mediated = "mediated", "调解";
    /// 达成协议: The parties reached an agreement.
    Settled = "settled", "达成协议";
    /// 终止调解: Termination is decided.
    Terminated = "terminated", "终止调解";
    /// 撤回: The person withdrew the matter.
    Withdrawn = "withdrawn", "撤回";
    /// 办结: The matter came to its end, whichever it was.
    Concluded = "concluded", "办结";
    /// 告知: The result was told to the person.
    Told = "told", "告知";
    /// 告知是否立案: The reporter was told whether a case was opened.
    FilingTold = "filing_told", "告知是否立案";
    /// 履行: The agreement was performed.
    Performed = "performed", "履行";
    /// 催办: The person or a superior urges.
    Urged = "urged", "催办";
    /// 催办反馈: News was given on what was urged.
    UrgeAnswered = "urge_answered", "催办反馈";
    /// 督办: A superior takes the matter under supervision.
    Supervised = "supervised", "督办";
    /// 督办反馈: News was given on what is supervised.
    SupervisionAnswered = "supervision_answered", "督办反馈";
    /// 督办办结: What was supervised is done.
    SupervisionDone = "supervision_done", "督办办结";
    /// 发现线索: A suspected offence was found or a report's material received.
    ClueFound = "clue_found", "发现线索";
    /// 核查决定: The lead was checked and 立案 or 不予立案 decided.
    ClueChecked = "clue_checked", "核查决定";
    /// 发生权限争议: A dispute over the power to handle arose.
    DisputeArisen = "dispute_arisen", "发生权限争议";
    /// 权限争议解决: That dispute was settled.
    DisputeDecided = "dispute_decided", "权限争议解决";
    /// 立案: A penalty case was opened.
    CaseFiled = "case_filed", "立案";
    /// 处罚决定: The penalty case was decided.
    CaseDecided = "case_decided", "处罚决定";
    /// 提请移送司法机关: A suspected crime is to be handed to the police.
    TransferProposed = "transfer_proposed", "提请移送司法机关";
    /// 批准移送: The leader approved that.
    TransferApproved = "transfer_approved", "批准移送司法机关";
    /// 不批准移送: The leader sent it back.
    TransferDeclined = "transfer_declined", "不批准移送司法机关";
    /// 移送: The case was given to the other authority.
    Transferred = "transferred", "移送其他机关";
    /// 到达现场: Officers are on the site.
    Arrived = "arrived", "到达现场";
    /// 合并: It follows another case from now on.
    Merged = "merged", "合并";
    /// 诉转案: The clue is checked in a case of its own.
    LeadMade = "lead_made", "转为案件线索";
    /// 重新计算: The same reporter brought new facts; the time to check is counted anew.
    Restarted = "restarted", "收到新的事实，重新计算";
    /// 送达: A paper has arrived; what it starts is counted from then.
    Served = "served", "文书送达，从送达之日计算";
    /// 归档: The file was closed into the archive.
    Archived = "archived", "归档";
    /// 上报: A mass or serious matter was reported up.
    ReportedUp = "reported_up", "上报重大事项";
    /// 确认收到: The superior confirmed that it knows.
    Acknowledged = "acknowledged", "上级确认收到";
    /// 重新办理: Taken up again after its end.
    Reopened = "reopened", "重新办理";
    /// 查证属实结案: A report proved true, so that a reward is to be decided.
    RewardDue = "reward_due", "查证属实结案";
    /// 告知奖励: The reporter was told that she gets a reward.
    RewardTold = "reward_told", "告知奖励";
    /// 告知不予奖励: The reporter was told that she gets none.
    RewardRefused = "reward_refused", "告知不予奖励";
    /// 申请领取或者放弃奖励: The reporter wants the reward, or does not.
    RewardAnswered = "reward_answered", "申请领取或者放弃奖励";
    /// 申请复核奖励金额: The reporter objects to the sum.
    RewardReviewAsked = "reward_review_asked", "申请复核奖励金额";
}

keyed! {
    /// Why a clock ended although what it asked for was not done: the case went another way, and nobody answers for it.
    pub enum Outlived:
    /// 撤回: The person withdrew the matter.
    Withdrawn = "withdrawn", "撤回而止";
    /// 转交: The bureau that has the power counts anew.
    Forwarded = "forwarded", "转交而止";
    /// 合并: It follows another case.
    Merged = "merged", "并入另一件而止";
    /// 办结: Nothing is left to be done.
    Closed = "closed", "办结而止";
    /// 重新计算: New facts had it counted anew.
    Restarted = "restarted", "重新计算而止";
    /// 送达: A paper arrived later than it was sent; its days begin with its arrival.
    Served = "served", "从送达之日重新计算而止";
    /// 取消合并: What had it counted anew was taken back.
    Parted = "parted", "取消合并而止";
    /// 诉转案: The clue is checked in a case of its own, with a clock there.
    LeadMade = "lead_made", "转为案件线索而止";
}
