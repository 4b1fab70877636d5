//! The small words of which the sentences are made: sums, days, who came, what was brought.

use jiff::Timestamp;
use jiff::civil::Weekday;

use super::Names;
use crate::act::AgreementItem;
use crate::clock::beijing_time;
use crate::rule_set::Ground;

/// Somebody's own words, ended with a stop; nothing when there are none.
pub(crate) fn said(words: &str) -> String {
    match ended(words) {
        "" => String::new(),
        words if words.ends_with(['？', '！', '?', '!', '…', '”', '）']) => words.to_owned(),
        words => format!("{words}。"),
    }
}

/// What is missing, as colleagues name it.
pub(super) fn material_labels(keys: &[String]) -> String {
    let labels: Vec<&str> =
        keys.iter().filter_map(|key| crate::materials::find(key)).map(|it| it.label.as_str()).collect();
    labels.join("、")
}

/// What was brought: files, and which data were corrected.
pub(super) fn brought(corrected: &[String], files: usize) -> String {
    let mut parts = Vec::new();
    if files > 0 {
        parts.push(format!("{files} 份材料"));
    }
    if !corrected.is_empty() {
        parts.push(format!("更正了{}", material_labels(corrected)));
    }
    if parts.is_empty() { "书面说明".to_owned() } else { parts.join("，") }
}

/// Words without the stop at their end.
pub(super) fn ended(words: &str) -> &str {
    words.trim().trim_end_matches(['。', '；', '.', ';'])
}

pub(super) fn files_words(count: usize) -> String {
    if count == 0 { String::new() } else { format!("，附 {count} 份材料") }
}

pub(super) fn ground_words(ground: Option<&Ground>) -> &str {
    ground.map_or("法定情形", |ground| ended(&ground.wording))
}

pub(super) fn body_name(names: &dyn Names, key: &str) -> String {
    names.body(key).map_or_else(|| key.to_owned(), |(name, _)| name)
}

pub(super) fn limit_name(names: &dyn Names, key: &str) -> String {
    names.limit(key).map_or_else(|| key.to_owned(), |limit| limit.name.clone())
}

pub(super) fn recovered_words(recovered: i64) -> String {
    if recovered == 0 { String::new() } else { format!("挽回损失 {} 元。", yuan(recovered)) }
}

pub(super) fn items_words(items: &[AgreementItem]) -> String {
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
pub(crate) fn yuan(fen: i64) -> String {
    match (fen / 100, fen % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

pub(super) fn mode_words(mode: &str) -> &'static str {
    match mode {
        "phone" => "电话调解",
        "video" => "视频调解",
        _ => "现场调解",
    }
}

pub(super) fn meeting_words(mode: &str, place: &str) -> String {
    match (mode, place.trim()) {
        ("phone" | "video", _) | (_, "") => format!(" {}", mode_words(mode)),
        (_, place) => format!("，在{place}{}", mode_words(mode)),
    }
}

pub(super) fn presence(complainant: bool, respondent: bool) -> &'static str {
    match (complainant, respondent) {
        (true, true) => "双方到场",
        (true, false) => "商家没有到场",
        (false, true) => "投诉人没有到场",
        (false, false) => "双方都没有到场",
    }
}

/// `3月18日 周三 15:00`: the year stands with the event.
pub(super) fn moment_words(at: Timestamp) -> String {
    let at = beijing_time(at);
    format!("{} {:02}:{:02}", day_words(at.date()), at.hour(), at.minute())
}

pub(crate) fn day_words(day: jiff::civil::Date) -> String {
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
