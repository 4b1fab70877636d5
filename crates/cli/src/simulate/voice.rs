//! How people tell it: plain, angry, rambling, typed with a thumb, in a letter, or as a clerk writes it down.

use jiff::civil::Date;
use rand::Rng;

use super::phrase::Cast;
use super::skeleton::{BOOK, Skeleton};
use super::vocabulary::{below, between, per_mille};

/// An account has at least this many characters.
pub const SHORTEST_FACTS: usize = 60;
/// An account has at most this many characters.
pub const LONGEST_FACTS: usize = 300;

/// Words that people mistake for each other on a phone.
const SLIPS: [(&str, &str); 8] = [
    ("已经", "以经"),
    ("再打", "在打"),
    ("账", "帐"),
    ("联系", "连系"),
    ("响得", "响的"),
    ("明明", "明名"),
    ("做", "作"),
    ("在哪", "再哪"),
];

/// The manner of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Collected, whole sentences.
    Plain,
    /// Outraged.
    Angry,
    /// Long-winded.
    Rambling,
    /// Typed on a phone, stops and commas left out.
    Typed,
    /// A letter with greeting and signature.
    Letter,
    /// Written down by the clerk who listened, in the third person.
    Recorded,
}

impl Voice {
    /// The manner that goes with a channel.
    pub fn of_channel(rng: &mut impl Rng, channel: &str) -> Self {
        match channel {
            "letter" => Self::Letter,
            "phone" | "visit" | "hotline_referral" => Self::Recorded,
            _ => match below(rng, 100) {
                0..38 => Self::Plain,
                38..59 => Self::Angry,
                59..76 => Self::Rambling,
                _ => Self::Typed,
            },
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Angry => "angry",
            Self::Rambling => "rambling",
            Self::Typed => "typed",
            Self::Letter => "letter",
            Self::Recorded => "official",
        }
    }
}

/// The consumer's account (事实经过), between the two lengths above.
pub fn tell(rng: &mut impl Rng, voice: Voice, channel: &str, skeleton: &Skeleton, cast: &mut Cast<'_>) -> String {
    let opening = match voice {
        Voice::Recorded => format!("open_{channel}"),
        voice => format!("open_{}", voice.key()),
    };
    let opening = cast.say(rng, &opening, true);
    let mut parts = vec![
        (true, opening),
        (true, cast.draw(rng, "open", &skeleton.open)),
        (true, cast.draw(rng, "trouble", &skeleton.trouble)),
    ];
    let feeling = match voice {
        Voice::Letter => Some("feel_plain"),
        Voice::Recorded => None,
        voice => Some(match voice {
            Voice::Angry => "feel_angry",
            Voice::Rambling => "feel_rambling",
            Voice::Typed => "feel_typed",
            _ => "feel_plain",
        }),
    };
    let feels_early = per_mille(rng, 400);
    if let Some(list) = feeling.filter(|_| feels_early) {
        parts.push((false, stopped(cast.say(rng, list, true))));
    }
    parts.push((true, cast.draw(rng, "reply", &skeleton.reply)));
    let replies_again = if voice == Voice::Rambling { 450 } else { 180 };
    if skeleton.reply.len() > 1 && per_mille(rng, replies_again) {
        parts.push((false, cast.draw(rng, "reply", &skeleton.reply)));
    }
    if per_mille(rng, if voice == Voice::Recorded { 350 } else { 650 }) {
        parts.push((false, cast.draw(rng, "more", &skeleton.more)));
    }
    if let Some(list) = feeling.filter(|_| !feels_early || voice == Voice::Rambling) {
        parts.push((false, stopped(cast.say(rng, list, true))));
    }
    let asks = per_mille(rng, if voice == Voice::Recorded { 900 } else { 450 });
    if asks {
        parts.push((false, cast.say(rng, "ask", false)));
    }
    let closing = cast.say(rng, &format!("close_{}", voice.key()), true);
    // Typing drops stops, so the account is made a little longer than it has to be.
    if length(&parts) + closing.chars().count() < SHORTEST_FACTS + 10 {
        parts.push((false, cast.draw(rng, "more", &skeleton.more)));
        if !asks {
            parts.push((false, cast.say(rng, "ask", false)));
        }
        parts.push((false, cast.say(rng, "filler", true)));
    }
    parts.push((voice == Voice::Letter, closing));
    let text = fit(parts);
    match voice {
        Voice::Recorded => write_down(&text),
        Voice::Typed => type_fast(rng, &text),
        _ => text,
    }
}

/// Joins the parts and leaves out what may be left out, from the end, until the account is short enough.
fn fit(mut parts: Vec<(bool, String)>) -> String {
    while length(&parts) > LONGEST_FACTS {
        let Some(last) = parts.iter().rposition(|(needed, _)| !needed) else { break };
        parts.remove(last);
    }
    parts.into_iter().map(|(_, text)| text).collect()
}

fn length(parts: &[(bool, String)]) -> usize {
    parts.iter().map(|(_, text)| text.chars().count()).sum()
}

fn stopped(text: String) -> String {
    if text.is_empty() || text.ends_with(['。', '！', '？']) { text } else { format!("{text}。") }
}

/// What was said in the first person, as a clerk writes it: “我” becomes “其”, except inside quotations.
fn write_down(text: &str) -> String {
    const PERSONS: [(&str, &str); 10] = [
        ("我爱人", "其爱人"),
        ("我对象", "其对象"),
        ("我妈", "其母亲"),
        ("我爸", "其父亲"),
        ("我家那口子", "其配偶"),
        ("我们", "其一行"),
        ("我的", "其"),
        ("我", "其"),
        ("你们", "执法人员"),
        ("！", "。"),
    ];
    let mut written = String::new();
    for (index, part) in text.split_inclusive(['“', '”']).enumerate() {
        if index % 2 == 1 {
            written.push_str(part);
            continue;
        }
        let part = PERSONS.iter().fold(part.to_owned(), |part, (said, written)| part.replace(said, written));
        written.push_str(&part);
    }
    written
}

/// Thumb typing: stops become commas or blanks, quotation marks go, a word may be mistaken.
fn type_fast(rng: &mut impl Rng, text: &str) -> String {
    let text = text.replace(['“', '”'], "").replace("：", " ");
    let text = match below(rng, 3) {
        0 => text.replace(['，', '。', '；'], " "),
        1 => text.replace('。', "，"),
        _ => text.replace('，', " ").replace('。', "，"),
    };
    let mut text = text.trim_end_matches([' ', '，']).to_owned();
    if per_mille(rng, 350) {
        let slips: Vec<&(&str, &str)> = SLIPS.iter().filter(|(right, _)| text.contains(right)).collect();
        if !slips.is_empty() {
            let (right, wrong) = slips[below(rng, slips.len())];
            text = text.replacen(right, wrong, 1);
        }
    }
    text
}

/// A day as people name it when they look back from `today`.
pub fn name_day(rng: &mut impl Rng, voice: Voice, day: Date, today: Date) -> String {
    let ago = days_between(day, today);
    if matches!(voice, Voice::Recorded | Voice::Letter) {
        return formal_day(day);
    }
    match ago {
        0 => return "今天".to_owned(),
        1 => return "昨天".to_owned(),
        2 => return "前天".to_owned(),
        _ => {}
    }
    let this_monday = i64::from(today.weekday().to_monday_zero_offset());
    if ago > this_monday && ago <= this_monday + 7 && per_mille(rng, 300) {
        let names = ["一", "二", "三", "四", "五", "六", "日"];
        return format!("上周{}", names[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())]);
    }
    let year = match today.year() - day.year() {
        0 if ago > 120 && per_mille(rng, 500) => "今年".to_owned(),
        0 => String::new(),
        1 if per_mille(rng, 600) => "去年".to_owned(),
        2 if per_mille(rng, 600) => "前年".to_owned(),
        _ => format!("{}年", day.year()),
    };
    match below(rng, 10) {
        0..=1 if ago > 70 => format!("{year}{}月份", day.month()),
        0..=4 => format!("{year}{}月{}日", day.month(), day.day()),
        5 if year.is_empty() && ago < 80 => format!("{}.{}号", day.month(), day.day()),
        _ => format!("{year}{}月{}号", day.month(), day.day()),
    }
}

/// `2026年5月3日`.
pub fn formal_day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// How long something was used, as people say it.
pub fn name_span(rng: &mut impl Rng, days: i64) -> String {
    const NUMBERS: [&str; 13] = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    let text = match days {
        0..=1 => "一天",
        2..=6 => NUMBERS[days as usize],
        7..=9 => "一个星期",
        10..=13 => "十来天",
        14..=20 => "半个月",
        21..=27 => "二十多天",
        28..=34 => "一个月",
        35..=55 => "一个多月",
        56..=350 => {
            let months = NUMBERS[(days / 30).min(12) as usize];
            let more = if days % 30 > 12 { "多" } else { "" };
            return if (170..200).contains(&days) { "半年".to_owned() } else { format!("{months}个{more}月") };
        }
        351..=400 => "一年",
        _ => "一年多",
    };
    match days {
        2..=6 => format!("{text}天"),
        14..=20 | 28..=34 if per_mille(rng, 400) => format!("不到{text}"),
        _ => text.to_owned(),
    }
}

/// Whole days from one to the other.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.since(from).map_or(0, |span| i64::from(span.get_days()))
}

/// The occasion that shops made of a day.
pub fn sale(rng: &mut impl Rng, day: Date) -> &'static str {
    match (day.month(), day.day()) {
        (11, 1..=14) => "双十一",
        (6, 1..=20) => "618活动",
        (12, 8..=13) => "双十二",
        (1, 5..=28) => "年货节",
        (3, 1..=8) => "三八节活动",
        (10, 1..=7) => "国庆活动",
        _ => ["店庆活动", "赶上做活动", "搞促销", "赶上清仓"][between(rng, 0, 3) as usize],
    }
}

/// Whether every word list that voices use exists; for the tests.
pub fn lists_are_complete() -> bool {
    let voices = [Voice::Plain, Voice::Angry, Voice::Rambling, Voice::Typed, Voice::Letter, Voice::Recorded];
    let openings = ["plain", "angry", "rambling", "typed", "letter", "phone", "visit", "hotline_referral"];
    voices.iter().all(|voice| BOOK.lists.contains_key(&format!("close_{}", voice.key())))
        && openings.iter().all(|key| BOOK.lists.contains_key(&format!("open_{key}")))
        && ["plain", "angry", "rambling", "typed"].iter().all(|key| BOOK.lists.contains_key(&format!("feel_{key}")))
}
