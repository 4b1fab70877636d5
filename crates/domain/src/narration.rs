//! 办理过程: each act told in one or two Chinese sentences, for colleagues and for the consumer.
//!
//! A sentence for colleagues starts with the verb, because the page puts the actor's name before it; a sentence for the
//! consumer stands by itself. The article is told beside it, never inside. What is nobody's business outside — notes,
//! names of officers, the office's own clocks — is not told to the consumer at all.

use jiff::Timestamp;
use jiff::civil::Weekday;

use crate::act::{Act, AgreementItem};
use crate::clock::beijing_time;
use crate::rule_set::{Ground, Limit};

/// For whom the course is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Colleagues: everything.
    Staff,
    /// The consumer of this case: what concerns her.
    Complainant,
}

/// What stands behind the numbers and keys that an act carries.
pub trait Names {
    /// The name of an organisation.
    fn organization(&self, id: i64) -> String;
    /// The name of a member of staff.
    fn person(&self, account_id: i64) -> String;
    /// The label of a code (`channels`, `goods_categories`, …); the key itself when there is none.
    fn code(&self, table: &str, key: &str) -> String;
    /// A ground of refusal of the case's rule set.
    fn refusal_ground(&self, item: u32) -> Option<&Ground>;
    /// A ground of termination of the case's rule set.
    fn termination_ground(&self, item: u32) -> Option<&Ground>;
    /// A limit of the case's rule set or of its overlay.
    fn limit(&self, key: &str) -> Option<&Limit>;
}

/// The act in words; nothing when it does not concern this audience.
pub fn tell(act: &Act, audience: Audience, names: &dyn Names) -> Option<String> {
    match audience {
        Audience::Staff => Some(to_staff(act, names)),
        Audience::Complainant => to_complainant(act, names),
    }
}

fn to_staff(act: &Act, names: &dyn Names) -> String {
    match act {
        Act::File { channel, bureau, registered, evidence, .. } => {
            let how = names.code("channels", channel);
            let files = files_words(*evidence);
            match registered {
                true => format!("经{how}接到投诉并登记{files}，由{}负责。", names.organization(*bureau)),
                false => format!("经{how}提交投诉{files}，{}收到。", names.organization(*bureau)),
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
        Act::Assign { lead, partner } => {
            format!("由{}承办，{}协办。", names.person(*lead), names.person(*partner))
        }
        Act::Return { reason } => format!("退回分送单位。{}", said(reason)),
        Act::Notify { at, place, mode, bring } => {
            let bring = if bring.is_empty() { String::new() } else { format!("请商家带来：{}。", ended(bring)) };
            format!("通知双方{}{}。{bring}", moment_words(*at), meeting_words(mode, place))
        }
        Act::RecordAnswer { answer, agrees } => {
            format!("记录商家答复：{}。商家{}调解。", ended(answer), if *agrees { "同意" } else { "不同意" })
        }
        Act::Arrange { at, place, mode } => {
            format!("另约双方{}{}。", moment_words(*at), meeting_words(mode, place))
        }
        Act::RecordMeeting { at, mode, complainant_present, respondent_present, transcript } => {
            format!(
                "记录{}的{}，{}。{}",
                moment_words(*at),
                mode_words(mode),
                presence(*complainant_present, *respondent_present),
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
        Act::Tell { result } => format!("将结果告知双方：{}", said(result)),
        Act::RecordPerformance { item, performed, note } => {
            let became = if *performed { "已履行" } else { "没有履行" };
            format!("登记协议第 {item} 项{became}。{}", said(note))
        }
        Act::Archive { file_number, papers } => format!("归档，案卷号 {file_number}，共 {papers} 份材料。"),
        Act::Urge { words } => format!("催办。{}", said(words)),
        Act::AnswerUrge { answer } => format!("答复催办：{}", said(answer)),
        Act::Withdraw { reason } => format!("撤回投诉。{}", said(reason)),
        Act::AddEvidence { files, note } => format!("补充材料 {files} 份。{}", said(note)),
        Act::Rate { solved, mark, words } => {
            let solved = if *solved { "已解决" } else { "没有解决" };
            format!("评价：{solved}，{mark} 分。{}", said(words))
        }
        Act::Note { text } => format!("备注：{}", said(text)),
        Act::Suspend { reason, .. } => format!("中止计算期限。{}", said(reason)),
        Act::Resume { reason } => format!("恢复计算期限。{}", said(reason)),
        Act::RequestExtension { limit, reason } => {
            format!("申请延长“{}”的期限。{}", limit_name(names, limit), said(reason))
        }
        Act::GrantExtension { limit, by } => {
            let unit = names.limit(limit).map_or("", |limit| limit.unit.label());
            format!("同意“{}”的期限延长 {by} {unit}。", limit_name(names, limit))
        }
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
        Act::File { bureau, registered, evidence, .. } => {
            let (how, files) = (if *registered { "登记了您的投诉" } else { "收到您的投诉" }, files_words(*evidence));
            format!("{}{how}{files}。", names.organization(*bureau))
        }
        Act::Register { .. } => "工作人员核对了您填写的内容，已经登记。".to_owned(),
        Act::Forward { bureau, .. } => {
            format!("您的投诉属于{}处理，已转给该局，受理期限从该局收到时起算。", names.organization(*bureau))
        }
        Act::Accept { .. } => "决定受理您的投诉。".to_owned(),
        Act::Refuse { ground, reason } => {
            let ground = ground_words(names.refusal_ground(*ground));
            format!("决定不予受理：{ground}。{}", said(reason))
        }
        Act::Dispatch { unit, .. } => format!("交给{}办理。", names.organization(*unit)),
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
        Act::Archive { .. } => "这件投诉已经办完归档。".to_owned(),
        Act::Urge { words } => format!("您催办了一次。{}", said(words)),
        Act::AnswerUrge { answer } => format!("答复您的催办：{}", said(answer)),
        Act::Withdraw { .. } => "您撤回了投诉。".to_owned(),
        Act::AddEvidence { files, note } => format!("补充了 {files} 份材料。{}", said(note)),
        Act::Rate { solved, mark, words } => {
            let solved = if *solved { "问题解决了" } else { "问题没有解决" };
            format!("您评价：{solved}，{mark} 分。{}", said(words))
        }
        Act::Suspend { reason, .. } => format!("期限暂停计算。{}", said(reason)),
        Act::Resume { .. } => "期限恢复计算。".to_owned(),
        Act::GrantExtension { limit, by } => {
            let limit = names.limit(limit)?;
            format!("“{}”的期限延长 {by} {}。", limit.name, limit.unit.label())
        }
        Act::MoveDeadline { limit, to, source, .. } => {
            format!("按{source}，“{}”的最后一日改为{}。", limit_name(names, limit), day_words(*to))
        }
        Act::Return { .. }
        | Act::SendBack { .. }
        | Act::Note { .. }
        | Act::RequestExtension { .. }
        | Act::DeclineExtension { .. }
        | Act::NoteDue { .. }
        | Act::NoteOverdue { .. } => return None,
    })
}

/// Somebody's own words, ended with a stop; nothing when there are none.
fn said(words: &str) -> String {
    match ended(words) {
        "" => String::new(),
        words if words.ends_with(['？', '！', '?', '!', '…', '”', '）']) => words.to_owned(),
        words => format!("{words}。"),
    }
}

/// Words without the stop at their end.
fn ended(words: &str) -> &str {
    words.trim().trim_end_matches(['。', '；', '.', ';'])
}

fn files_words(count: usize) -> String {
    if count == 0 { String::new() } else { format!("，附 {count} 份材料") }
}

fn ground_words(ground: Option<&Ground>) -> &str {
    ground.map_or("法定情形", |ground| ended(&ground.wording))
}

fn limit_name(names: &dyn Names, key: &str) -> String {
    names.limit(key).map_or_else(|| key.to_owned(), |limit| limit.name.clone())
}

fn recovered_words(recovered: i64) -> String {
    if recovered == 0 { String::new() } else { format!("挽回损失 {} 元。", yuan(recovered)) }
}

fn items_words(items: &[AgreementItem]) -> String {
    let many = items.len() > 1;
    let words = items.iter().enumerate().map(|(index, item)| {
        let number = if many { format!("{}. ", index + 1) } else { String::new() };
        let due = item.due.map_or("，当场履行".to_owned(), |day| format!("，{}前履行", day_words(day)));
        let amount = if item.amount == 0 || item.text.contains(&yuan(item.amount)) {
            String::new()
        } else {
            format!("（{} 元）", yuan(item.amount))
        };
        format!("{number}{}{amount}{due}", ended(&item.text))
    });
    format!("{}。", words.collect::<Vec<_>>().join("；"))
}

/// 分 in 元 with the decimals that are there.
fn yuan(fen: i64) -> String {
    match (fen / 100, fen % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

fn mode_words(mode: &str) -> &'static str {
    match mode {
        "phone" => "电话调解",
        "video" => "视频调解",
        _ => "现场调解",
    }
}

fn meeting_words(mode: &str, place: &str) -> String {
    match (mode, place.trim()) {
        ("phone" | "video", _) | (_, "") => format!(" {}", mode_words(mode)),
        (_, place) => format!("，在{place}{}", mode_words(mode)),
    }
}

fn presence(complainant: bool, respondent: bool) -> &'static str {
    match (complainant, respondent) {
        (true, true) => "双方到场",
        (true, false) => "商家没有到场",
        (false, true) => "投诉人没有到场",
        (false, false) => "双方都没有到场",
    }
}

/// `3月18日 周三 15:00`: the year stands with the event.
fn moment_words(at: Timestamp) -> String {
    let at = beijing_time(at);
    format!("{} {:02}:{:02}", day_words(at.date()), at.hour(), at.minute())
}

fn day_words(day: jiff::civil::Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    };
    format!("{}月{}日 {weekday}", day.month(), day.day())
}
