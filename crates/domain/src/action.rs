//! The verbs of a case: what may be done to it.

use crate::keyed::keyed;

keyed! {
    /// A verb; the procedure says from where, by whom and with what effect.
    pub enum Action:
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
    /// 更换承办人: another officer takes the place of one of the two; the clocks run on.
    Replace = "replace", "更换承办人";
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
    /// 补正: ask for everything that is missing, once.
    RequestMaterials = "request_materials", "一次告知补正";
    /// 限期提供身份证明: ask for proof of identity (form 4 of 2026).
    RequestIdentity = "request_identity", "要求身份证明";
    /// 补交: bring what was asked for.
    Supplement = "supplement", "补交材料";
    /// 合并: follow another case about the same matter.
    Merge = "merge", "并入另一件";
    /// 撤销合并: stand by itself again.
    Unmerge = "unmerge", "撤销合并";
    /// 不再另行处理: the same reporter's same matter once more (O121 art. 35).
    NotSeparately = "not_separately", "不再另行处理";
    /// 关联: link with another case.
    Link = "link", "关联案件";
    /// 撤销关联: undo a link.
    Unlink = "unlink", "撤销关联";
    /// 关联经营者: the respondent is this registered operator, another one, or none.
    LinkOperator = "link_operator", "关联经营者";
    /// 增加当事人: agent, joint complainant, representative, guardian.
    AddParty = "add_party", "增加代理人、共同投诉人";
    /// 当事人退出: a further party no longer takes part.
    EndParty = "end_party", "代理或者共同投诉结束";
    /// 记录同意: a joint complainant agreed to settle or to withdraw.
    RecordConsent = "record_consent", "记录共同投诉人同意";
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
    Withdraw = "withdraw", "撤回";
    /// 补充材料: more evidence.
    AddEvidence = "add_evidence", "补充材料";
    /// 遮挡副本: a copy with personal data covered, for somebody outside.
    MakeCopy = "make_copy", "做遮挡副本";
    /// 登记送达: a paper reached its side, is on its way, or did not arrive.
    Serve = "serve", "登记文书送达";
    /// 登记送达地址确认书: a side said where and how papers reach it.
    ConfirmAddress = "confirm_address", "登记送达地址确认书";
    /// 评价: solved or not, and a mark.
    Rate = "rate", "评价";
    /// 答复: a question, an opinion or a complaint against staff is answered.
    Answer = "answer", "答复";
    /// 拆分: a further matter of the same intake becomes a case of its own.
    Split = "split", "拆出另一件事";
    /// 登记核查、调查: what was looked into in a report, and what was found.
    RecordInquiry = "record_inquiry", "登记核查、调查情况";
    /// 认定告知义务: a law obliges to tell the reporter the result.
    NoteDuty = "note_duty", "认定是否须告知";
    /// 提请立案: a case is to be opened.
    ProposeOpening = "propose_opening", "提请立案";
    /// 提请不予立案: no case is to be opened, and why.
    ProposeNotOpening = "propose_not_opening", "提请不予立案";
    /// 提请处理决定: how the opened case is to end.
    ProposeDecision = "propose_decision", "提请处理决定";
    /// 登记处罚决定书: the decision enters the operator's record.
    RecordPenalty = "record_penalty", "登记处罚决定书";
    /// 登记移送: the case was given to another authority.
    RecordTransfer = "record_transfer", "登记移送";
    /// 询问举报人: the officers ask, or tell her something.
    AskReporter = "ask_reporter", "问举报人";
    /// 举报人留言: she writes to the officers.
    WriteOfficers = "write_officers", "给承办人留言";
    /// 已阅留言: her message was read and needs no answer.
    ReadReporter = "read_reporter", "已阅举报人留言";
    /// 告知是否立案: a reporter who gave her name is told (O20 art. 31; not since 2026-04-15).
    TellFiling = "tell_filing", "告知是否立案";
    /// 拟奖励: level and sum are proposed.
    ProposeReward = "propose_reward", "提出举报奖励";
    /// 拟不予奖励: on a ground.
    ProposeNoReward = "propose_no_reward", "提出不予奖励";
    /// 登记财政部门意见: before a large sum is signed.
    RecordFinance = "record_finance", "登记财政意见";
    /// 审批奖励: signed by one, then by another.
    ApproveReward = "approve_reward", "审批奖励意见";
    /// 退回奖励意见.
    SendBackReward = "send_back_reward", "退回奖励意见";
    /// 告知奖励决定: the reporter is told what was decided.
    TellReward = "tell_reward", "告知奖励决定";
    /// 申请领取: by the reporter, with her code.
    ClaimReward = "claim_reward", "申请领取奖励";
    /// 延长领取期限.
    ExtendClaim = "extend_claim", "延长领取期限";
    /// 放弃奖励: said so, or not claimed in time.
    WaiveReward = "waive_reward", "放弃奖励";
    /// 申请复核金额: by the reporter, once.
    AskReview = "ask_review", "申请复核奖励金额";
    /// 答复复核.
    AnswerReview = "answer_review", "答复奖励复核";
    /// 登记发放: the reward was paid.
    PayReward = "pay_reward", "登记奖励发放";
    /// 联合行动: done together with other bodies.
    JoinForces = "join_forces", "登记联合行动";
    /// 告知另行举报: this is another body's to handle (O121 art. 34).
    TurnAway = "turn_away", "告知向有权机关举报";
    /// 备注: a note for colleagues.
    Note = "note", "写备注";
    /// 中止计算: a clock stops for appraisal or awaited evidence.
    Suspend = "suspend", "中止期限";
    /// 恢复计算: the clock runs again.
    Resume = "resume", "恢复期限";
    /// 申请回避: an officer is asked to leave the case.
    RequestRecusal = "request_recusal", "申请回避";
    /// 决定回避: the leader grants or declines.
    DecideRecusal = "decide_recusal", "决定是否回避";
    /// 鉴定、检测: something is sent to be examined.
    Appraise = "appraise", "送鉴定、检测";
    /// 登记结论: the result of an appraisal came.
    RecordAppraisal = "record_appraisal", "登记鉴定、检测结论";
    /// 调解方案: one side's offer.
    ProposeTerms = "propose_terms", "记录调解方案";
    /// 委托调解: another body mediates in the bureau's name.
    Delegate = "delegate", "委托调解";
    /// 委托调解结果: what that body reports.
    RecordDelegated = "record_delegated", "登记委托调解结果";
    /// 收回委托: the bureau mediates itself again.
    TakeBack = "take_back", "收回委托";
    /// 简易程序: settled on the spot in one act.
    SettleOnSpot = "settle_on_spot", "简易程序办结";
    /// 重新办理: taken up again after its end.
    Reopen = "reopen", "重新办理";
    /// 发现线索: a clue of a violation was found in the mediation.
    FindClue = "find_clue", "记录违法线索";
    /// 核查线索: the clue was checked.
    CheckClue = "check_clue", "登记线索核查决定";
    /// 诉转案: the clue becomes a case of its own.
    MakeLead = "make_lead", "转为案件线索";
    /// 审批延长核查: the leader grants or declines more time for a clue.
    DecideClueTime = "decide_clue_time", "审批延长核查";
    /// 法律援助: the consumer is pointed to legal aid.
    ReferLegalAid = "refer_legal_aid", "转介法律援助";
    /// 移送公安: the complainant's suspected fraud is to go to the police.
    ReferPolice = "refer_police", "提出移送公安机关";
    /// 审批移送公安: the leader approves or not.
    DecidePolice = "decide_police", "审批移送公安机关";
    /// 申请延长: more time is asked of the one who sent the case.
    RequestExtension = "request_extension", "申请延长";
    /// 批准延长: more time is granted.
    GrantExtension = "grant_extension", "批准延长";
    /// 不同意延长: more time is refused.
    DeclineExtension = "decline_extension", "不同意延长";
    /// 上级催办: a superior asks for news.
    SuperiorUrge = "superior_urge", "上级催办";
    /// 督办: a superior takes the case under supervision.
    Supervise = "supervise", "督办";
    /// 反馈督办: news is given to the superior.
    AnswerSupervision = "answer_supervision", "反馈上级";
    /// 办结督办: the superior is content.
    EndSupervision = "end_supervision", "办结督办";
    /// 提出权限争议: another bureau is said to have the power.
    RaiseDispute = "raise_dispute", "提出权限争议";
    /// 协商权限争议: one side takes the case, or there is no agreement.
    AgreeDispute = "agree_dispute", "协商权限争议";
    /// 指定处理机关: the common superior says who handles it.
    DesignateDispute = "designate_dispute", "指定处理机关";
    /// 拟移送其他部门: it is another department's duty; the leader is asked.
    ProposeReferral = "propose_referral", "拟移送其他部门";
    /// 批准移送: the leader agrees.
    ApproveReferral = "approve_referral", "批准移送";
    /// 不同意移送: the leader does not.
    DeclineReferral = "decline_referral", "不同意移送";
    /// 请求协办: another office is asked to help.
    Assist = "assist", "请求协办";
    /// 反馈协办: the office asked says what it found.
    RecordAssist = "record_assist", "反馈协办";
    /// 上报重大事项: a mass or serious matter goes up at once.
    ReportUp = "report_up", "上报重大事项";
    /// 确认收到上报: the superior knows and gives instructions.
    Acknowledge = "acknowledge", "确认收到上报";
    /// 登记到达现场: officers are on the site.
    Arrive = "arrive", "登记到达现场";
    /// 反馈整改: what a spot check found wrong is put right.
    Rectify = "rectify", "反馈整改";
    /// 确认整改: the bureau that checked looks at it.
    CloseRectification = "close_rectification", "确认整改";
}

impl Action {
    /// The words for one who asks why the act is not lawful now.
    pub fn is_official(self) -> bool {
        matches!(
            self,
            Action::Accept
                | Action::Refuse
                | Action::Approve
                | Action::Terminate
                | Action::Settle
                | Action::Tell
                | Action::TellFiling
                | Action::ApproveReward
                | Action::TellReward
                | Action::WaiveReward
                | Action::ApproveReferral
                | Action::DesignateDispute
        )
    }
}
