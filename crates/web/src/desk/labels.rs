//! Words for keys, and personal data as a list or page may show it.

use casework::{House, Staff};
use domain::case_kind::CaseKind;
use domain::citizen_id::CitizenId;
use domain::codes::Codes;
use domain::phone_number::PhoneNumber;
use domain::reporting::{Decision, Origin};
use domain::role::Role;
use domain::status::Status;
use jiff::civil::Date;

use crate::view::{self, Choice, Tag, Tone, tag};

/// `周**`: the first character, so that a colleague can tell two callers apart.
pub(super) fn masked_name(name: &str) -> String {
    match name.chars().next() {
        Some(first) => format!("{first}**"),
        None => "没有留名".to_owned(),
    }
}

/// `138****2207`.
pub(super) fn masked_phone(phone: &str) -> String {
    if phone.is_empty() {
        return String::new();
    }
    PhoneNumber::parse(phone).map_or_else(|_| "****".to_owned(), |phone| phone.masked())
}

/// The first characters of an address: enough to know the town.
pub(super) fn masked_address(address: &str) -> String {
    let start: String = address.chars().take(6).collect();
    if start.is_empty() { start } else { format!("{start}****") }
}

/// `4101**********1234`.
pub(super) fn masked_id(number: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    CitizenId::parse(number).map_or_else(|_| "****".to_owned(), |id| id.masked())
}

/// The label of a code; the key itself when the table has none.
pub(super) fn code(house: &House, table: &str, key: &str) -> String {
    house.codes.label(table, key).unwrap_or(key).to_owned()
}

/// How a respondent sells, or what of it is reported: the word for it and its code table.
pub(super) fn way_of_selling(kind: CaseKind) -> (&'static str, &'static str) {
    match kind {
        CaseKind::Report => ("举报的是", "report_targets"),
        _ => ("购买途径", "sales_channels"),
    }
}

/// The choices of a code table, headings before their entries as `食品 · 乳制品`.
pub(crate) fn choices(codes: &Codes, table: &str) -> Vec<Choice> {
    let Some(table) = codes.table(table) else { return Vec::new() };
    table
        .choices()
        .map(|code| {
            let heading = code.parent.as_deref().and_then(|parent| table.get(parent));
            let label = heading.map_or_else(|| code.label.clone(), |above| format!("{} · {}", above.label, code.label));
            Choice::new(&code.key, label)
        })
        .collect()
}

/// The word in a box for where a case of this kind stands.
pub(super) fn status(kind: CaseKind, status: Status) -> Tag {
    tag(status.label_for(kind), Tone::named(status.tone()))
}

/// What stands above the facts of a matter.
pub(super) fn facts(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Complaint => "诉求与事实",
        CaseKind::Report => "举报的线索",
        CaseKind::Consultation => "问题",
        CaseKind::Suggestion => "意见建议",
        CaseKind::StaffComplaint => "反映的情况",
    }
}

/// What the one it is about is called.
pub(super) fn about(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Complaint => "被投诉人",
        CaseKind::Report => "被举报人",
        CaseKind::StaffComplaint => "被反映的工作人员",
        CaseKind::Consultation | CaseKind::Suggestion => "涉及的商家",
    }
}

/// The kinds that somebody may look for: what only discipline officers read is offered to nobody else.
pub(super) fn kinds(staff: &Staff) -> Vec<Choice> {
    let known = |kind: &CaseKind| match kind {
        CaseKind::StaffComplaint => staff.holds(Role::Discipline),
        CaseKind::Report => staff.holds(Role::Officer) || staff.grants.iter().any(|grant| grant.role.directs_reports()),
        _ => true,
    };
    CaseKind::ALL.iter().filter(|kind| known(kind)).map(|kind| Choice::new(kind.key(), kind.label())).collect()
}

/// The outcome in words.
pub(super) fn outcome(key: Option<&str>) -> &'static str {
    match key {
        Some("settled") => "达成协议",
        Some("terminated") => "终止调解",
        Some("refused") => "不予受理",
        Some("withdrawn") => "撤回",
        Some("answered") => "已答复",
        Some("referred") => "移送其他部门",
        Some("merged") => "并入另一件",
        Some("repeated") => "重复举报，不再另行处理",
        Some("not_opened") => "不予立案",
        Some("turned_away") => "告知另行举报",
        Some(decision) if Decision::from_key(decision).is_some() => {
            Decision::from_key(decision).map_or("", Decision::label)
        }
        _ => "尚无结果",
    }
}

/// The keys of outcomes, in the order in which lists show them.
pub(super) const OUTCOMES: &[&str] = &[
    "settled",
    "terminated",
    "refused",
    "withdrawn",
    "answered",
    "referred",
    "merged",
    "repeated",
    "not_opened",
    "penalty",
    "no_penalty",
    "unfounded",
    "handed_over",
    "prosecuted",
    "turned_away",
];

/// How the authority came to know of what a report is about.
pub(super) fn origin(key: &str) -> &'static str {
    Origin::from_key(key).map_or("举报", Origin::label)
}

/// The words for a way of telling the consumer.
pub(super) fn notify_by(key: &str) -> &'static str {
    match key {
        "sms" => "短信",
        "email" => "电子邮件",
        "phone" => "电话",
        "letter" => "信函",
        _ => "网上查询",
    }
}

/// The choices for a way of telling the consumer.
pub(super) fn notify_choices() -> Vec<Choice> {
    ["sms", "phone", "in_app", "email", "letter"].into_iter().map(|key| Choice::new(key, notify_by(key))).collect()
}

/// `是`, `否`, or that nobody asked yet.
pub(super) fn consent(given: Option<bool>) -> &'static str {
    match given {
        Some(true) => "同意",
        Some(false) => "不同意",
        None => "没有问",
    }
}

/// The demands of a case in words.
pub(super) fn demands(house: &House, keys: &str, own_words: &str) -> String {
    let named: Vec<String> =
        keys.split(',').filter(|key| !key.is_empty()).map(|key| code(house, "demands", key)).collect();
    match (named.is_empty(), own_words.is_empty()) {
        (true, _) => own_words.to_owned(),
        (false, true) => named.join("、"),
        (false, false) => format!("{}：{own_words}", named.join("、")),
    }
}

/// `2026年3月18日` without the year when it is this one, or nothing.
pub(super) fn day(day: Option<Date>, today: Date) -> String {
    day.map(|day| view::dates::short_day(day, today)).unwrap_or_default()
}

/// A sum, or nothing.
pub(super) fn sum(fen: Option<i64>) -> String {
    fen.map(view::money_sign).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_shown_only_in_part() {
        assert_eq!(masked_name("周敏"), "周**");
        assert_eq!(masked_phone("13800132207"), "138****2207");
        assert_eq!(masked_phone("不知道"), "****");
        assert_eq!(masked_address("郑州市二七区大学路18号"), "郑州市二七区****");
    }
}
