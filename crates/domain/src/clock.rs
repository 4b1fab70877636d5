//! How a time limit is counted (order 121 art. 45; penalty procedure art. 80).
//!
//! The day on which the cause arises is not counted. A period in working days counts from the next working day, a
//! period in days from the next calendar day; when the last day of the latter is a 法定节假日 (the notice's whole
//! block, 调休 included) the period ends on the first day after it. A suspension takes out whole days: the day on
//! which it begins still counts, the days after it up to and including the day on which it ends do not.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use crate::beijing::{BEIJING, beijing_day, beijing_instant, beijing_midnight, beijing_time, beijing_zone};
use crate::calendar::{Calendar, DayKind};
use crate::keyed::keyed;

keyed! {
    /// What a limit is counted in.
    pub enum Unit:
    /// 工作日.
    Workday = "workday", "个工作日";
    /// 日 (calendar day, 自然日).
    Day = "day", "日";
    /// 小时, running day and night.
    Hour = "hour", "小时";
}

keyed! {
    /// Whether the law sets a limit or the bureau promised it.
    pub enum Basis:
    /// 法定: a law, regulation or rule.
    Statutory = "statutory", "法定";
    /// 承诺: a local rule of the bureau's own.
    Promised = "promised", "承诺";
}

/// A stretch of time that does not count (期限中止), e.g. an appraisal (order 121 art. 22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// When it began.
    pub from: Timestamp,
    /// When it ended; none while it lasts.
    pub until: Option<Timestamp>,
    /// A noun for the reason, e.g. 鉴定.
    pub reason: String,
}

/// One day of a period and what it is to the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// The day, in Beijing.
    pub day: Date,
    /// Whether it counts.
    pub counted: bool,
    /// Which day of the period it is, from 1, when it counts.
    pub number: Option<u32>,
    /// Why, in Chinese.
    pub why: String,
}

/// When a period ends, and the derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The first instant that is too late: Beijing midnight after the last day; for hours, the exact instant.
    pub at: Timestamp,
    /// The last day, in Beijing.
    pub day: Date,
    /// Whether it rests on a year whose holidays are not known.
    pub provisional: bool,
    /// Each day from the first to the last.
    pub days: Vec<DayCount>,
    /// What a person should know before relying on the date.
    pub caution: Option<String>,
}

/// When a period ends, without the derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The first instant that is too late.
    pub at: Timestamp,
    /// The last day, in Beijing.
    pub day: Date,
    /// Whether it rests on a year whose holidays are not known.
    pub provisional: bool,
}

/// Points of counting on which the text is open and which a rule set settles (`settings` of its file).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counting {
    /// Whether a period in days that ends on an ordinary weekend also moves to the next working day.
    pub weekend_roll: bool,
}

/// When a period ends that began at `started`, counted by the plain text of order 121 art. 45.
///
/// `length` and `extended_by` are in `unit`. A suspension that still lasts is taken to last until `now`.
pub fn due(
    calendar: &Calendar,
    length: u32,
    unit: Unit,
    started: Timestamp,
    extended_by: u32,
    suspensions: &[Suspension],
    now: Option<Timestamp>,
) -> Due {
    let counting = Counting::default();
    Period { counting, calendar, length, unit, started, extended_by, suspensions, now }.due()
}

/// A period with every fact that its end depends on.
#[derive(Debug, Clone, Copy)]
pub struct Period<'a> {
    /// The rule set's own settings.
    pub counting: Counting,
    /// The working days.
    pub calendar: &'a Calendar,
    /// In `unit`.
    pub length: u32,
    /// What it is counted in.
    pub unit: Unit,
    /// When it began.
    pub started: Timestamp,
    /// Granted on top, in `unit`.
    pub extended_by: u32,
    /// What does not count.
    pub suspensions: &'a [Suspension],
    /// Until when a suspension that still lasts is taken to last.
    pub now: Option<Timestamp>,
}

impl Period<'_> {
    /// When it ends, and the derivation.
    pub fn due(&self) -> Due {
        let mut due = self.count(Days(Some(Vec::new())));
        if let Some(open) = self.suspensions.iter().find(|suspension| suspension.until.is_none()) {
            due.add_caution(&format!("{}期间仍未结束，恢复之日起期限顺延。", open.reason));
        }
        due
    }

    /// The same end, where nobody reads how it came about: a million of them are counted again in one go.
    pub fn end(&self) -> End {
        let Due { at, day, provisional, .. } = self.count(Days(None));
        End { at, day, provisional }
    }

    fn count(&self, days: Days) -> Due {
        let count = Count {
            counting: self.counting,
            calendar: self.calendar,
            length: self.length.saturating_add(self.extended_by),
            started: self.started,
            pauses: Pauses::new(self.suspensions, self.now),
        };
        match self.unit {
            Unit::Workday => count.workdays(days),
            Unit::Day => count.days(days),
            Unit::Hour => count.hours(days),
        }
    }
}

/// The days of a derivation, when one is wanted.
struct Days(Option<Vec<DayCount>>);

impl Days {
    fn push(&mut self, day: impl FnOnce() -> DayCount) {
        if let Some(days) = &mut self.0 {
            days.push(day());
        }
    }

    /// Says more of the last day.
    fn add(&mut self, why: impl FnOnce() -> String) {
        if let Some(last) = self.0.as_mut().and_then(|days| days.last_mut()) {
            last.why = format!("{}，{}", last.why, why());
        }
    }
}

/// One computation: what it is given.
struct Count<'a> {
    counting: Counting,
    calendar: &'a Calendar,
    length: u32,
    started: Timestamp,
    pauses: Pauses<'a>,
}

impl Count<'_> {
    fn workdays(&self, mut days: Days) -> Due {
        days.push(|| self.first_day());
        let mut day = beijing_day(self.started);
        let mut number = 0;
        while number < self.length {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if let Some(reason) = self.pauses.reason(day) {
                days.push(|| not_counted(day, format!("{reason}期间不计")));
            } else if self.calendar.is_workday(day) {
                number += 1;
                days.push(|| self.nth_workday(day, number));
            } else {
                days.push(|| not_counted(day, self.why_off(day)));
            }
        }
        let from = beijing_day(self.started).tomorrow().unwrap_or(day).min(day);
        self.ending(day, from, days)
    }

    fn nth_workday(&self, day: Date, number: u32) -> DayCount {
        let remark = match self.calendar.day_kind(day) {
            DayKind::MakeUpWorkday(name) => format!("（{name}调休上班）"),
            _ if !self.calendar.is_announced(day) => "（估算）".to_owned(),
            _ => String::new(),
        };
        DayCount { day, counted: true, number: Some(number), why: format!("第{number}个工作日{remark}") }
    }

    fn days(&self, mut days: Days) -> Due {
        days.push(|| self.first_day());
        let mut day = beijing_day(self.started);
        let mut number = 0;
        while number < self.length {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if let Some(reason) = self.pauses.reason(day) {
                days.push(|| not_counted(day, format!("{reason}期间不计")));
            } else {
                number += 1;
                days.push(|| DayCount { day, counted: true, number: Some(number), why: format!("第{number}日") });
            }
        }
        let plain_end = day;
        while self.rolls(day) {
            days.add(|| format!("{}，顺延", self.why_off(day)));
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            days.push(|| not_counted(day, "届满日顺延至此".to_owned()));
        }
        let mut due = self.ending(day, plain_end, days);
        if is_plain_weekend(self.calendar, plain_end) || is_plain_weekend(self.calendar, day) {
            due.add_caution(&if self.counting.weekend_roll {
                format!("最后一日{plain_end}是休息日，已顺延至{day}；条文只写法定节假日，宜在{plain_end}前办结。")
            } else {
                format!("最后一日{day}是休息日；条文只写法定节假日顺延，休息日未顺延，请在{day}前办结。")
            });
        }
        due
    }

    /// Whether a period in days may not end on the day.
    fn rolls(&self, day: Date) -> bool {
        match self.calendar.day_kind(day) {
            DayKind::Holiday(_) => true,
            DayKind::Weekend => self.counting.weekend_roll,
            DayKind::Workday | DayKind::MakeUpWorkday(_) => false,
        }
    }

    fn hours(&self, mut days: Days) -> Due {
        let mut at = self.started;
        let mut left = SignedDuration::from_hours(i64::from(self.length));
        for (from, until, _) in self.pauses.merged() {
            let running = from.duration_since(at).max(SignedDuration::ZERO);
            if until <= at {
                continue;
            }
            if running >= left {
                break;
            }
            left -= running;
            at = until;
        }
        let at = at.checked_add(left).unwrap_or(Timestamp::MAX);
        let first = beijing_day(self.started);
        let continuous = |day, why| DayCount { day, counted: true, number: None, why };
        days.push(|| continuous(first, format!("自{}起按小时连续计算，节假日不扣除", clock_time(self.started))));
        let day = beijing_day(at);
        let mut next = first;
        while next < day {
            let Ok(tomorrow) = next.tomorrow() else { break };
            next = tomorrow;
            days.push(|| continuous(next, "连续计算".to_owned()));
        }
        days.add(|| format!("{}届满", clock_time(at)));
        Due { at, day, provisional: false, days: days.0.unwrap_or_default(), caution: None }
    }

    fn first_day(&self) -> DayCount {
        not_counted(beijing_day(self.started), "开始当日不计".to_owned())
    }

    fn why_off(&self, day: Date) -> String {
        match self.calendar.day_kind(day) {
            DayKind::Holiday(name) => name,
            _ if day.weekday() == Weekday::Saturday => "周六".to_owned(),
            _ => "周日".to_owned(),
        }
    }

    /// The answer for a period that ends with the day; what the calendar says from `relied_from` on decided it.
    fn ending(&self, day: Date, relied_from: Date, days: Days) -> Due {
        let at = beijing_midnight(day.tomorrow().unwrap_or(day));
        let mut due = Due { at, day, provisional: false, days: days.0.unwrap_or_default(), caution: None };
        for year in relied_from.year()..=day.year() {
            let some_day = |year| Date::constant(year, 1, 1);
            let known = |year| self.calendar.is_announced(some_day(year));
            if !known(year) {
                due.provisional = true;
                due.add_caution(&format!("{year}年放假安排未收录或尚未公布，暂按周一至周五估算，公布后重新计算。"));
            } else if year == day.year() && !known(year + 1) && day.month() == 12 && day.day() > 24 {
                // A notice may move the last days of the year before (2022-12-31, 2018-12-29 …).
                due.add_caution(&format!("{}年放假安排尚未公布，可能涉及{year}年最后几天。", year + 1));
            }
        }
        due
    }
}

impl Due {
    fn add_caution(&mut self, text: &str) {
        self.caution.get_or_insert_default().push_str(text);
    }
}

/// The suspensions, with those still open taken to last until now.
struct Pauses<'a>(Vec<(Timestamp, Timestamp, &'a str)>);

impl<'a> Pauses<'a> {
    fn new(suspensions: &'a [Suspension], now: Option<Timestamp>) -> Self {
        let ended = |suspension: &Suspension| suspension.until.or(now).unwrap_or(suspension.from);
        let mut all: Vec<_> = suspensions.iter().map(|one| (one.from, ended(one), one.reason.as_str())).collect();
        all.sort();
        Self(all)
    }

    /// Why the day does not count, when it does not: the days after a suspension's first, its last included.
    fn reason(&self, day: Date) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(from, until, _)| beijing_day(*from) < day && day <= beijing_day(*until))
            .map(|(_, _, reason)| *reason)
    }

    /// Stretches that do not overlap, ascending.
    fn merged(&self) -> Vec<(Timestamp, Timestamp, &'a str)> {
        let mut merged: Vec<(Timestamp, Timestamp, &str)> = Vec::new();
        for (from, until, reason) in self.0.iter().copied().filter(|(from, until, _)| from < until) {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until, reason)),
            }
        }
        merged
    }
}

const fn not_counted(day: Date, why: String) -> DayCount {
    DayCount { day, counted: false, number: None, why }
}

fn is_plain_weekend(calendar: &Calendar, day: Date) -> bool {
    calendar.day_kind(day) == DayKind::Weekend
}

fn clock_time(instant: Timestamp) -> String {
    let time = beijing_time(instant);
    format!("{:02}:{:02}", time.hour(), time.minute())
}
