//! 办理过程: each act told in one or two Chinese sentences, for colleagues and for the consumer.
//!
//! A sentence for colleagues starts with the verb, because the page puts the actor's name before it; a sentence for the
//! consumer stands by itself. The article is told beside it, never inside. What is nobody's business outside — notes,
//! names of officers, the office's own clocks — is not told to the consumer at all.

mod reporter;
mod words;

pub(crate) use words::{day_words, said, yuan};

use crate::act::Act;
use crate::case_kind::CaseKind;
use crate::clock::beijing_time;
use crate::mediation::{CLUE_LIMIT, Payer, Side};
use crate::reporting;
use crate::rewarding;
use crate::rule_set::{Ground, Limit};
use crate::service::ServiceOutcome;
use words::{
    body_name, brought, ended, files_words, ground_words, items_words, limit_name, material_labels, meeting_words,
    mode_words, moment_words, presence, recovered_words,
};

/// For whom the course is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Colleagues: everything.
    Staff,
    /// The consumer of this case: what concerns her.
    Complainant,
    /// Who reported an offence: what came in and what she is told; how it is handled is not for outside (O121 art. 37).
    Reporter,
}

/// What stands behind the numbers and keys that an act carries.
pub trait Names {
    /// The name of an organisation.
    fn organization(&self, id: i64) -> String;
    /// The name of a member of staff.
    fn person(&self, account_id: i64) -> String;
    /// The name of a registered operator.
    fn operator(&self, id: i64) -> String;
    /// The label of a code (`channels`, `goods_categories`, …); the key itself when there is none.
    fn code(&self, table: &str, key: &str) -> String;
    /// A ground of refusal of the case's rule set.
    fn refusal_ground(&self, item: u32) -> Option<&Ground>;
    /// A ground of termination of the case's rule set.
    fn termination_ground(&self, item: u32) -> Option<&Ground>;
    /// A limit of the case's rule set or of its overlay.
    fn limit(&self, key: &str) -> Option<&Limit>;
    /// Name and telephone of another department.
    fn body(&self, key: &str) -> Option<(String, String)> {
        crate::bodies::find(key).map(|body| (body.name.clone(), body.phone.clone()))
    }
}

/// The act in words; nothing when it does not concern this audience.
pub fn tell(act: &Act, audience: Audience, names: &dyn Names) -> Option<String> {
    match audience {
        Audience::Staff => Some(to_staff(act, names)),
        Audience::Complainant => to_complainant(act, names),
        Audience::Reporter => reporter::tell(act, names),
    }
}

fn to_staff(act: &Act, names: &dyn Names) -> String {
    match act {
        Act::File { kind, channel, bureau, registered, evidence, named, earlier, origin, .. } => {
            if let Some(origin) = origin {
                let bureau = names.organization(*bureau);
                return format!("登记案件线索，来源：{}，由{bureau}负责。", origin.label());
            }
            let kind = match named {
                Some(true) => format!("实名{}", kind.label()),
                Some(false) => format!("匿名{}", kind.label()),
                None => kind.label().to_owned(),
            };
            let how = names.code("channels", channel);
            let files = match earlier {
                Some(earlier) => format!("{}，填了先前举报 {earlier} 的回执码", files_words(*evidence)),
                None => files_words(*evidence),
            };
            match registered {
                true => format!("经{how}接到{kind}并登记{files}，由{}负责。", names.organization(*bureau)),
                false => format!("经{how}提交{kind}{files}，{}收到。", names.organization(*bureau)),
            }
        }
        Act::Register { category, problem, .. } => {
            let kinds: Vec<String> = [("goods_categories", category), ("problem_categories", problem)]
                .into_iter()
                .filter(|(_, key)| !key.is_empty())
                .map(|(table, key)| names.code(table, key))
                .collect();
            if kinds.is_empty() {
                "核对并登记。".to_owned()
            } else {
                format!("核对并登记，定为“{}”。", kinds.join("、"))
            }
        }
        Act::Forward { bureau, reason, .. } => {
            format!("分送{}处理。{}", names.organization(*bureau), said(reason))
        }
        Act::Accept { note } => format!("决定受理，已告知投诉人。{}", said(note)),
        Act::Refuse { ground, reason } => {
            format!("决定不予受理：{}。{}", ground_words(names.refusal_ground(*ground)), said(reason))
        }
        Act::Dispatch { unit, reason } => format!("分送{}承办。{}", names.organization(*unit), said(reason)),
        Act::Assign { lead, partner } if lead == partner => format!("由{}承办。", names.person(*lead)),
        Act::Assign { lead, partner } => {
            format!("由{}承办，{}协办。", names.person(*lead), names.person(*partner))
        }
        Act::Return { code, reason } if code.is_empty() => format!("退回分送单位。{}", said(reason)),
        Act::Return { code, reason } => {
            format!("退回分送单位：{}。{}", names.code("return_reasons", code), said(reason))
        }
        Act::SuperiorUrge { by, words } => format!("{}催问进展：{}", names.organization(*by), said(words)),
        Act::Supervise { by, automatic, what, reason } => {
            let by = names.organization(*by);
            let how = if *automatic { "，由系统自动列入" } else { "" };
            format!("列入督办，由{by}督办{how}。原因：{}要求：{}", said(reason), said(what))
        }
        Act::AnswerSupervision { news } => format!("向上级反馈进展：{}", said(news)),
        Act::EndSupervision { opinion } => format!("办结督办。{}", said(opinion)),
        Act::NoteChecked { by, failed, words, rectify_by, .. } => checked(names, *by, failed, words, *rectify_by),
        Act::Rectify { words } => format!("反馈整改：{}", said(words)),
        Act::CloseRectification { again_by: None, opinion } => format!("抽查的局确认整改完成。{}", said(opinion)),
        Act::CloseRectification { again_by: Some(day), opinion } => {
            format!("抽查的局认为整改不到位，{}前重新整改。{}", day_words(*day), said(opinion))
        }
        Act::RaiseDispute { with, superior, directly, reason, .. } => {
            let (with, superior) = (names.organization(*with), names.organization(*superior));
            let next =
                if *directly { format!("，直接报请{superior}指定") } else { "，与该局协商".to_owned() };
            format!("认为应当由{with}处理，提出权限争议{next}。{}", said(reason))
        }
        Act::AgreeDispute { bureau, takes, opinion, .. } => match takes {
            true => format!("权限争议协商一致，由{}处理。{}", names.organization(*bureau), said(opinion)),
            false => format!("{}认为协商不成，报请共同上级指定。{}", names.organization(*bureau), said(opinion)),
        },
        Act::DesignateDispute { bureau, reason, .. } => {
            format!("指定由{}处理。{}", names.organization(*bureau), said(reason))
        }
        Act::ProposeReferral { body, reason } => {
            format!("拟移送{}，报请审批。{}", body_name(names, body), said(reason))
        }
        Act::ApproveReferral { body, opinion } => {
            format!("批准移送{}，不予受理并告知投诉人。{}", body_name(names, body), said(opinion))
        }
        Act::DeclineReferral { opinion } => format!("不同意移送。{}", said(opinion)),
        Act::Assist { unit, asked } => format!("请{}协办：{}", names.organization(*unit), said(asked)),
        Act::RecordAssist { unit, answer } => format!("{}反馈协办：{}", names.organization(*unit), said(answer)),
        Act::ReportUp { level, kind, to, on_site, reason } => {
            let (level, kind) = (names.code("major_levels", level), names.code("major_kinds", kind));
            let site = on_site.as_deref().map(|limit| format!("要求{}。", limit_name(names, limit)));
            let site = site.unwrap_or_default();
            format!("向{}上报{level}（{kind}）。{}{site}", names.organization(*to), said(reason))
        }
        Act::Acknowledge { opinion } => format!("确认收到上报。{}", said(opinion)),
        Act::Arrive { at, note } => format!("{}到达现场。{}", moment_words(*at), said(note)),
        Act::Notify { at, place, mode, bring, enclosed } => {
            let bring = if bring.is_empty() { String::new() } else { format!("请商家带来：{}。", ended(bring)) };
            let with = match enclosed.len() {
                0 => String::new(),
                count => format!("随附证据材料 {count} 份给商家。"),
            };
            format!("通知双方{}{}。{bring}{with}", moment_words(*at), meeting_words(mode, place))
        }
        Act::RecordAnswer { answer, agrees } => {
            format!("记录商家答复：{}。商家{}调解。", ended(answer), if *agrees { "同意" } else { "不同意" })
        }
        Act::Arrange { at, place, mode } => {
            format!("另约双方{}{}。", moment_words(*at), meeting_words(mode, place))
        }
        Act::RecordMeeting { at, mode, complainant_present, respondent_present, transcript, absence } => {
            format!(
                "记录{}的{}，{}{}。{}",
                moment_words(*at),
                mode_words(mode),
                presence(*complainant_present, *respondent_present),
                absence.map_or(String::new(), |absence| format!("（{}）", absence.label())),
                said(transcript)
            )
        }
        Act::Settle { items, recovered, paper } => {
            let paper = if *paper { "，制作调解书" } else { "，不制作调解书" };
            format!("双方达成协议{paper}，报请审批：{}{}", items_words(items), recovered_words(*recovered))
        }
        Act::Terminate { ground, reason } => {
            format!("提出终止调解，报请审批：{}。{}", ground_words(names.termination_ground(*ground)), said(reason))
        }
        Act::Approve { opinion } => format!("批准。{}", said(opinion)),
        Act::SendBack { opinion } => format!("不同意，退回重办。{}", said(opinion)),
        Act::Tell { result } => format!("告知结果：{}", said(result)),
        Act::RecordPerformance { item, performed, note } => {
            let became = if *performed { "已履行" } else { "没有履行" };
            format!("登记协议第 {item} 项{became}。{}", said(note))
        }
        Act::Archive { file_number, papers } => format!("归档，案卷号 {file_number}，共 {papers} 份材料。"),
        Act::Urge { words } => format!("催办。{}", said(words)),
        Act::AnswerUrge { answer } => format!("答复催办：{}", said(answer)),
        Act::Withdraw { reason } => format!("撤回。{}", said(reason)),
        Act::AddEvidence { files, note } => format!("补充材料 {files} 份。{}", said(note)),
        Act::MakeCopy { purpose, covered, .. } => copied(purpose, covered),
        Act::Rate { solved, mark, words } => {
            let solved = if *solved { "已解决" } else { "没有解决" };
            format!("评价：{solved}，{mark} 分。{}", said(words))
        }
        Act::Answer { answer, spoken } => {
            format!("{}答复：{}", if *spoken { "当场" } else { "" }, said(answer))
        }
        Act::Split { kind: CaseKind::Report, .. } => "把其中的举报线索拆出，单独核查。".to_owned(),
        Act::Split { kind, number, title, files } => {
            format!("拆出另一件{}“{}”，编号 {number}{}。", kind.label(), ended(title), files_words(*files))
        }
        Act::Note { text } => format!("备注：{}", said(text)),
        Act::Suspend { reason, .. } => format!("中止计算期限。{}", said(reason)),
        Act::Resume { reason } => format!("恢复计算期限。{}", said(reason)),
        Act::RequestRecusal { by, officer, reason } => {
            format!("{}申请{}回避，调解中止。{}", by.label(), names.person(*officer), said(reason))
        }
        Act::CorrectPersonal { .. } => "按本人要求更正了个人信息，已有的文书不变。".to_owned(),
        Act::ErasePersonal => "保存期限届满，按本人要求删除了个人信息。".to_owned(),
        Act::Replace { leaves, successor, reason } => {
            format!("{}接替{}承办。{}", names.person(*successor), names.person(*leaves), said(reason))
        }
        Act::DecideRecusal { replacement, opinion, .. } => match replacement {
            Some(named) => format!("同意回避，由{}接替，调解恢复。{}", names.person(*named), said(opinion)),
            None => format!("不同意回避，调解恢复。{}", said(opinion)),
        },
        Act::Appraise { object, payer: Payer::NotAgreed, .. } => {
            format!("{}的鉴定、检测费用，双方没有谈成，不送检。", ended(object))
        }
        Act::Appraise { cause, object, body, payer, designated } => {
            let chosen = if *designated { "本局指定" } else { "双方商定" };
            format!("{}送{chosen}的{}{cause}，费用{}，期限中止。", ended(object), ended(body), payer.label())
        }
        Act::RecordAppraisal { result, day } => {
            format!("收到{}出具的鉴定、检测结论，期限恢复：{}", day_words(*day), said(result))
        }
        Act::ProposeTerms { by, terms } => format!("{}提出方案：{}", by.label(), said(terms)),
        Act::Delegate { body, scope } => format!("经双方同意，委托{}调解：{}", ended(body), said(scope)),
        Act::RecordDelegated { agreed, result } => {
            let became = if *agreed { "双方达成一致" } else { "双方没有达成一致" };
            format!("登记委托调解结果，{became}。{}", said(result))
        }
        Act::TakeBack { reason } => format!("收回委托调解。{}", said(reason)),
        Act::SettleOnSpot { items, recovered, .. } => {
            format!("按简易程序当场办结：{}{}", items_words(items), recovered_words(*recovered))
        }
        Act::Reopen { reason } => format!("重新办理：{}", said(reason)),
        Act::RecordInquiry { found } => format!("登记核查、调查情况：{}", said(found)),
        Act::NoteDuty { duty, .. } => match reporting::rules().duties.iter().find(|known| known.key == *duty) {
            Some(duty) => format!("认定应当告知举报人结果：{}，依据{}。", duty.about, duty.article),
            None => "认定没有须告知举报人结果的规定。".to_owned(),
        },
        Act::ProposeOpening { reason } => format!("提请立案：{}", said(reason)),
        Act::ProposeNotOpening { ground, reason } => {
            format!("提请不予立案：{}。{}", ground_words(reporting::rules().ground(*ground)), said(reason))
        }
        Act::ProposeDecision { decision, reason, penalty, to } => {
            let sum = if *penalty > 0 { format!("，罚没款 {} 元", yuan(*penalty)) } else { String::new() };
            let to = if to.is_empty() { String::new() } else { format!("（{to}）") };
            format!("提请处理决定：{}{to}{sum}。{}", decision.label(), said(reason))
        }
        Act::RecordTransfer { day, words } => format!("{}移送案件：{}", day_words(*day), said(words)),
        Act::AskReporter { .. } => "给举报人留言。".to_owned(),
        Act::WriteOfficers { .. } => "给承办人留言。".to_owned(),
        Act::ReadReporter { .. } => "看过举报人的留言。".to_owned(),
        Act::TellFiling { opened } => format!("告知举报人{}。", if *opened { "已经立案" } else { "不予立案" }),
        Act::NoteFilingNotice { limit } => format!("开始计算“{}”的期限。", limit_name(names, limit)),
        Act::JoinForces { bodies, words } => format!("与{}联合行动：{}", ended(bodies), said(words)),
        Act::TurnAway { body, reason, over: None } => format!("告知举报人向{body}举报。{}", said(reason)),
        Act::TurnAway { body, reason, .. } => format!("移交{body}并告知举报人。{}", said(reason)),
        Act::ProposeReward { .. }
        | Act::ProposeNoReward { .. }
        | Act::RecordFinance { .. }
        | Act::ApproveReward { .. }
        | Act::SendBackReward { .. }
        | Act::TellReward { .. }
        | Act::ClaimReward {}
        | Act::ExtendClaim { .. }
        | Act::WaiveReward { .. }
        | Act::AskReview { .. }
        | Act::AnswerReview { .. }
        | Act::PayReward { .. } => rewarding::tell(act).unwrap_or_default(),
        Act::FindClue { what } => format!("记下违法线索：{}", said(what)),
        Act::CheckClue { opened, reason } => {
            let decision = if *opened { "立案" } else { "不予立案" };
            format!("违法线索核查完毕，{decision}。{}", said(reason))
        }
        Act::DecideClueTime { by, opinion } => {
            let unit = names.limit(CLUE_LIMIT).map_or("", |limit| limit.unit.label());
            match by {
                Some(by) => format!("同意核查期限延长 {by} {unit}。{}", said(opinion)),
                None => format!("不同意延长核查期限。{}", said(opinion)),
            }
        }
        Act::ReferLegalAid { body, reason } => format!("告知投诉人可以向{}申请法律援助。{}", ended(body), said(reason)),
        Act::ReferPolice { facts } => format!("提出移送公安机关：{}", said(facts)),
        Act::DecidePolice { approved, opinion } => {
            let decision = if *approved { "批准移送公安机关" } else { "不批准移送公安机关" };
            format!("{decision}。{}", said(opinion))
        }
        Act::NoteUnperformed { item, due } => {
            format!("协议第 {item} 项应在{}前履行，还没有履行的消息，已提醒承办人和商家。", day_words(*due))
        }
        Act::NoteMeeting { at } => format!("提醒双方参加{}的调解。", moment_words(*at)),
        Act::RequestExtension { limit, reason } => {
            format!("申请延长“{}”的期限。{}", limit_name(names, limit), said(reason))
        }
        Act::GrantExtension { limit, by } => {
            let unit = names.limit(limit).map_or("", |limit| limit.unit.label());
            format!("同意“{}”的期限延长 {by} {unit}。", limit_name(names, limit))
        }
        Act::RequestMaterials { missing, words, by } => {
            format!("一次告知补正，{}前补交：{}。{}", day_words(*by), material_labels(missing), said(words))
        }
        Act::RequestIdentity { documents, by } => {
            format!("要求{}前提供身份证明材料。{}", day_words(*by), said(documents))
        }
        Act::Supplement { corrected, files, note } => {
            format!("补交材料：{}。{}", brought(corrected, *files), said(note))
        }
        Act::NoteUnanswered { identity, by } => {
            let what = if *identity { "身份证明材料" } else { "补正材料" };
            format!("{}前应当提供的{what}没有收到，由工作人员决定是否受理。", day_words(*by))
        }
        Act::NoteVisit { result, solved, mark } => match (solved, mark) {
            (Some(solved), Some(mark)) => {
                format!("回访：投诉人说问题{}，评价 {mark} 分。", if *solved { "已经解决" } else { "没有解决" })
            }
            _ if result == "declined" => "回访：投诉人不愿意接受回访。".to_owned(),
            _ => "回访：多次联系，没有联系上。".to_owned(),
        },
        Act::Merge { into, reason, same } => {
            let same = same.map(|same| format!("同一举报人补充新的事实（{}）。", same.label())).unwrap_or_default();
            format!("{same}并入 {into} 一起办理，本件期限停止。{}", said(reason))
        }
        Act::MakeLead { what } => format!("违法线索转为案件线索，另行核查。{}", said(what)),
        Act::NoteLead { became } => format!("由本件转出的案件线索：{}。", became.label()),
        Act::Serve { title, side, way, outcome, day, effective_on, .. } => {
            let (how, to) = (way.label(), side.label());
            match (outcome, effective_on) {
                (ServiceOutcome::Served, Some(on)) if on == day => {
                    format!("《{title}》{how}{to}，{}送达。", day_words(*day))
                }
                (ServiceOutcome::Served, Some(on)) => {
                    format!("《{title}》{how}{to}，{}发布，{}视为送达。", day_words(*day), day_words(*on))
                }
                (outcome, _) => format!("《{title}》{how}{to}，{}：{}。", day_words(*day), outcome.label()),
            }
        }
        Act::ConfirmAddress { side, electronic, day } => {
            let consents = if *electronic { "同意" } else { "不同意" };
            format!("{}签了送达地址确认书（{}），{consents}电子送达。", side.label(), day_words(*day))
        }
        Act::RecordPenalty { number, day, kinds, sum } => {
            let kinds = reporting::rules().penalty_words(&kinds.join(","));
            let sum = if *sum > 0 { format!("，罚没款 {} 元", yuan(*sum)) } else { String::new() };
            format!("登记行政处罚决定书 {number}（{day}）：{kinds}{sum}。")
        }
        Act::NotSeparately { of, same, reason } => {
            format!("同一举报人就 {of} 的同一事实重复举报（{}），不再另行处理。{}", same.label(), said(reason))
        }
        Act::Unmerge { from, reason } => format!("撤销并入 {from}，恢复原来的状态和期限。{}", said(reason)),
        Act::Link { other, relation } => format!("关联 {other}（{}）。", relation.label_of_other()),
        Act::Unlink { other, relation } => format!("取消与 {other} 的关联（{}）。", relation.label_of_other()),
        Act::NoteLinked { other, relation, made, counts_from } => {
            let day = counts_from.map(|at| day_words(beijing_time(at).date()));
            let anew = match (&day, made) {
                (Some(day), true) => format!("补充了新的事实，核查期限自收到它的{day}起重新计算。"),
                (Some(_), false) => "核查期限恢复原来的起点。".to_owned(),
                (None, _) => String::new(),
            };
            match made {
                true => format!("{other} 与本件关联（{}）。{anew}", relation.label_of_first()),
                false => format!("{other} 取消了与本件的关联（{}）。{anew}", relation.label_of_first()),
            }
        }
        Act::LinkOperator { operator: Some(operator), by } => {
            let by = by.map(|by| format!("（{}）", by.label())).unwrap_or_default();
            format!("关联经营者“{}”{by}。", names.operator(*operator))
        }
        Act::LinkOperator { operator: None, .. } => "取消与经营者的关联。".to_owned(),
        Act::AddParty { role, .. } => format!("登记{}。", role.label()),
        Act::EndParty { reason, .. } => format!("一名代理人或者共同投诉人退出。{}", said(reason)),
        Act::RecordConsent { to, note, .. } => format!("共同投诉人同意{}。{}", to.label(), said(note)),
        Act::DeclineExtension { limit, reason } => {
            format!("不同意延长“{}”的期限。{}", limit_name(names, limit), said(reason))
        }
        Act::MoveDeadline { limit, from, to, source } => {
            let (from, to) = (day_words(*from), day_words(*to));
            format!("按{source}重新计算：“{}”的最后一日由{from}改为{to}。", limit_name(names, limit))
        }
        Act::NoteDue { limit, due } => {
            format!("提醒：“{}”的期限{}届满，还没有办理。", limit_name(names, limit), day_words(*due))
        }
        Act::NoteOverdue { limit, due } => {
            format!("“{}”的期限{}届满，尚未办理。", limit_name(names, limit), day_words(*due))
        }
    }
}

fn to_complainant(act: &Act, names: &dyn Names) -> Option<String> {
    Some(match act {
        Act::File { kind, bureau, registered, evidence, .. } => {
            let how = if *registered { "登记了" } else { "收到" };
            format!("{}{how}您的{}{}。", names.organization(*bureau), kind.label(), files_words(*evidence))
        }
        Act::Register { .. } => "工作人员核对了您填写的内容，已经登记。".to_owned(),
        Act::Forward { bureau, .. } => {
            format!("这件事属于{}处理，已转给该局，期限从该局收到时起算。", names.organization(*bureau))
        }
        Act::Accept { .. } => "决定受理您的投诉。".to_owned(),
        Act::Refuse { ground, reason } => {
            let ground = ground_words(names.refusal_ground(*ground));
            format!("决定不予受理：{ground}。{}", said(reason))
        }
        Act::Dispatch { unit, .. } => format!("交给{}办理。", names.organization(*unit)),
        Act::Assign { lead, partner } if lead == partner => "办理单位已经接手，由工作人员负责。".to_owned(),
        Act::Assign { .. } => "办理单位已经接手，由两名工作人员负责。".to_owned(),
        Act::Notify { at, place, mode, .. } => {
            format!("已通知商家，约定{}{}。", moment_words(*at), meeting_words(mode, place))
        }
        Act::RecordAnswer { agrees, .. } => match agrees {
            true => "商家答复了，同意调解。".to_owned(),
            false => "商家答复了，不同意调解。工作人员会告诉您下一步怎么办。".to_owned(),
        },
        Act::Arrange { at, place, mode } => format!("另约{}{}。", moment_words(*at), meeting_words(mode, place)),
        Act::RecordMeeting { at, mode, complainant_present, respondent_present, .. } => {
            let there = match (complainant_present, respondent_present) {
                (true, true) => "您和商家都参加了",
                (true, false) => "您参加了，商家没有参加",
                (false, true) => "商家参加了，您没有参加",
                (false, false) => "双方都没有参加",
            };
            format!("{}进行了{}，{there}。", moment_words(*at), mode_words(mode))
        }
        // What was agreed stands on her page by itself, with what became of each item.
        Act::Settle { items, .. } => format!("您和商家达成协议，共 {} 项。", items.len()),
        Act::Terminate { ground, .. } => {
            format!("调解没有成功，拟终止调解：{}。", ground_words(names.termination_ground(*ground)))
        }
        Act::Approve { .. } => "办理结果已经确认，接下来正式告知您。".to_owned(),
        Act::Tell { result } => format!("告知您结果：{}", said(result)),
        Act::RecordPerformance { item, performed, .. } => match performed {
            true => format!("协议第 {item} 项已经履行。"),
            false => format!("协议第 {item} 项没有按约定履行，已记录。"),
        },
        Act::Archive { .. } => "这件事已经办完归档。".to_owned(),
        Act::Urge { words } => format!("您催办了一次。{}", said(words)),
        Act::AnswerUrge { answer } => format!("答复您的催办：{}", said(answer)),
        Act::Withdraw { .. } => "您已经撤回。".to_owned(),
        Act::AddEvidence { files, note } => format!("补充了 {files} 份材料。{}", said(note)),
        Act::Rate { solved, mark, words } => {
            let solved = if *solved { "问题解决了" } else { "问题没有解决" };
            format!("您评价：{solved}，{mark} 分。{}", said(words))
        }
        Act::Answer { answer, .. } => format!("答复您：{}", said(answer)),
        Act::Split { kind: CaseKind::Report, .. } => "您反映的违法线索已经单独作为举报登记，另外核查。".to_owned(),
        Act::Split { kind, number, .. } => {
            format!("您反映的另一件事已单独登记为{}，编号 {number}，两件分开办理。", kind.label())
        }
        Act::RequestMaterials { missing, words, by } => {
            let asks: Vec<&str> =
                missing.iter().filter_map(|key| crate::materials::find(key)).map(|it| it.ask.as_str()).collect();
            format!("请您在{}前补充：{}。{}", day_words(*by), asks.join("；"), said(words))
        }
        Act::RequestIdentity { documents, by } => {
            format!("请您在{}前提供身份证明材料。{}", day_words(*by), said(documents))
        }
        Act::Supplement { corrected, files, .. } => format!("您补交了{}。", brought(corrected, *files)),
        Act::NoteUnanswered { by, .. } => format!("{}前没有收到您补充的材料。", day_words(*by)),
        Act::Merge { into, .. } => format!("这件投诉和您的另一件（编号 {into}）是同一件事，并在一起办理。"),
        Act::Unmerge { .. } => "这件投诉恢复单独办理。".to_owned(),
        Act::AddParty { role, .. } => format!("登记了{}。", role.label()),
        Act::EndParty { .. } => "一名代理人或者共同投诉人退出。".to_owned(),
        Act::RecordConsent { to, .. } => format!("记下了共同投诉人同意{}。", to.label()),
        Act::Suspend { reason, .. } => format!("期限暂停计算。{}", said(reason)),
        Act::Resume { .. } => "期限恢复计算。".to_owned(),
        Act::RequestRecusal { by, .. } => match by {
            Side::Complainant => "您申请调解人员回避，调解暂停，等领导决定。".to_owned(),
            _ => format!("{}申请调解人员回避，调解暂停，等领导决定。", by.label()),
        },
        Act::CorrectPersonal { .. } => "按您的要求更正了个人信息。".to_owned(),
        Act::ErasePersonal => "按您的要求删除了个人信息。".to_owned(),
        Act::Replace { .. } => "办理单位换了一名工作人员，办理期限不变。".to_owned(),
        Act::DecideRecusal { replacement, .. } => match replacement {
            Some(_) => "同意回避申请，已经换人，调解继续。".to_owned(),
            None => "不同意回避申请，调解继续。".to_owned(),
        },
        Act::Appraise { payer: Payer::NotAgreed, .. } => "您和商家对鉴定、检测费用没有谈成。".to_owned(),
        Act::Appraise { cause, body, payer, .. } => {
            format!("送{}{cause}，费用{}，所需时间不计入调解期限。", ended(body), payer.label())
        }
        Act::RecordAppraisal { result, .. } => format!("鉴定、检测有了结论，调解继续：{}", said(result)),
        Act::ProposeTerms { by, terms } => match by {
            Side::Complainant => format!("记下您提出的方案：{}", said(terms)),
            Side::Respondent => format!("商家提出方案：{}", said(terms)),
            Side::Officer => format!("调解人员提出方案：{}", said(terms)),
        },
        Act::Delegate { body, .. } => format!("经您和商家同意，委托{}调解，期限照常计算。", ended(body)),
        Act::RecordDelegated { agreed, .. } => match agreed {
            true => "委托调解有了结果，双方谈成了。".to_owned(),
            false => "委托调解没有谈成。".to_owned(),
        },
        Act::TakeBack { .. } => "不再委托调解，由办理单位继续调解。".to_owned(),
        Act::SettleOnSpot { items, .. } => format!("您和商家当场达成协议，共 {} 项。", items.len()),
        Act::Reopen { reason } => format!("重新办理：{}", said(reason)),
        Act::ReferLegalAid { body, reason } => format!("您可以向{}申请法律援助。{}", ended(body), said(reason)),
        Act::NoteUnperformed { item, .. } => format!("协议第 {item} 项到期，还没有履行的消息，已提醒商家。"),
        Act::NoteMeeting { at } => format!("提醒您参加{}的调解。", moment_words(*at)),
        Act::GrantExtension { limit, by } => {
            let limit = names.limit(limit)?;
            format!("“{}”的期限延长 {by} {}。", limit.name, limit.unit.label())
        }
        Act::MoveDeadline { limit, to, source, .. } => {
            format!("按{source}，“{}”的最后一日改为{}。", limit_name(names, limit), day_words(*to))
        }
        Act::RaiseDispute { with, .. } => {
            format!("正在与{}确定由哪个局处理您的投诉。", names.organization(*with))
        }
        Act::AgreeDispute { bureau, takes: true, .. } | Act::DesignateDispute { bureau, .. } => {
            format!("已经确定由{}处理您的投诉。", names.organization(*bureau))
        }
        Act::ApproveReferral { body, .. } => {
            let (name, phone) = names.body(body).unwrap_or_else(|| (body.clone(), String::new()));
            format!("您反映的事项由{name}（电话 {phone}）处理，本局不予受理。")
        }
        Act::Arrive { .. } => "工作人员已经到达现场。".to_owned(),
        Act::SuperiorUrge { .. }
        | Act::Supervise { .. }
        | Act::AnswerSupervision { .. }
        | Act::EndSupervision { .. }
        | Act::NoteChecked { .. }
        | Act::Rectify { .. }
        | Act::CloseRectification { .. }
        | Act::AgreeDispute { takes: false, .. }
        | Act::ProposeReferral { .. }
        | Act::DeclineReferral { .. }
        | Act::Assist { .. }
        | Act::RecordAssist { .. }
        | Act::ReportUp { .. }
        | Act::Acknowledge { .. }
        | Act::Return { .. }
        | Act::SendBack { .. }
        | Act::Note { .. }
        | Act::MakeCopy { .. }
        | Act::RecordInquiry { .. }
        | Act::NoteDuty { .. }
        | Act::ProposeOpening { .. }
        | Act::ProposeNotOpening { .. }
        | Act::ProposeDecision { .. }
        | Act::RecordTransfer { .. }
        | Act::AskReporter { .. }
        | Act::WriteOfficers { .. }
        | Act::ReadReporter { .. }
        | Act::TellFiling { .. }
        | Act::NoteFilingNotice { .. }
        | Act::JoinForces { .. }
        | Act::TurnAway { .. }
        | Act::ProposeReward { .. }
        | Act::ProposeNoReward { .. }
        | Act::RecordFinance { .. }
        | Act::ApproveReward { .. }
        | Act::SendBackReward { .. }
        | Act::TellReward { .. }
        | Act::ClaimReward {}
        | Act::ExtendClaim { .. }
        | Act::WaiveReward { .. }
        | Act::AskReview { .. }
        | Act::AnswerReview { .. }
        | Act::PayReward { .. }
        | Act::NotSeparately { .. }
        | Act::FindClue { .. }
        | Act::CheckClue { .. }
        | Act::MakeLead { .. }
        | Act::NoteLead { .. }
        | Act::RecordPenalty { .. }
        | Act::Serve { .. }
        | Act::ConfirmAddress { .. }
        | Act::DecideClueTime { .. }
        | Act::ReferPolice { .. }
        | Act::DecidePolice { .. }
        | Act::RequestExtension { .. }
        | Act::DeclineExtension { .. }
        | Act::Link { .. }
        | Act::LinkOperator { .. }
        | Act::Unlink { .. }
        | Act::NoteLinked { .. }
        | Act::NoteVisit { .. }
        | Act::NoteDue { .. }
        | Act::NoteOverdue { .. } => return None,
    })
}

/// What a copy is for and how much it covers.
fn copied(purpose: &str, covered: &std::collections::BTreeMap<String, u32>) -> String {
    let covered = crate::masking::covered_words(covered);
    format!("做遮挡副本，{}；{covered}。", crate::masking::rules().purpose(purpose).unwrap_or(purpose))
}

/// What a spot check found.
fn checked(
    names: &dyn Names,
    by: i64,
    failed: &[String],
    words: &str,
    rectify_by: Option<jiff::civil::Date>,
) -> String {
    let by = names.organization(by);
    let points: Vec<&str> = failed.iter().map(|key| crate::spot_check::point_name(key)).collect();
    let found = if points.is_empty() {
        format!("{by}抽查本件，没有发现问题。")
    } else {
        format!("{by}抽查本件，不合格的要点：{}。", points.join("、"))
    };
    let until = rectify_by.map(|day| format!("请在{}前反馈整改。", day_words(day))).unwrap_or_default();
    format!("{found}{}{until}", said(words))
}
