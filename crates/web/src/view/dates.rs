//! Days and times as people here write them. Everything takes `today`: a page has no clock of its own.
//! Arguments may be values or references, because templates pass references.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::text::Given;

/// `周三`.
pub fn weekday(day: impl Given<Date>) -> &'static str {
    match day.given().weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// `3月18日 周三`, with the year when it is not this one: `2027年1月9日 周六`.
pub fn day(day: impl Given<Date>, today: impl Given<Date>) -> String {
    let day = day.given();
    format!("{} {}", short_day(day, today), weekday(day))
}

/// `3月18日`, with the year when it is not this one.
pub fn short_day(day: impl Given<Date>, today: impl Given<Date>) -> String {
    let (day, today) = (day.given(), today.given());
    if day.year() == today.year() { format!("{}月{}日", day.month(), day.day()) } else { long_day(day) }
}

/// `2026年3月18日`, for papers, which are read in other years.
pub fn long_day(day: impl Given<Date>) -> String {
    let day = day.given();
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `今天`, `明天`, `昨天`, or else the day: `3月18日 周三`.
pub fn near_day(date: impl Given<Date>, today: impl Given<Date>) -> String {
    let (date, today) = (date.given(), today.given());
    match days_between(today, date) {
        0 => "今天".to_owned(),
        1 => "明天".to_owned(),
        -1 => "昨天".to_owned(),
        _ => day(date, today),
    }
}

/// `15:04`.
pub fn time(time: impl Given<Time>) -> String {
    let time = time.given();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `3月18日 周三 15:04`; today and its neighbours by name: `今天 15:04`.
pub fn moment(at: impl Given<DateTime>, today: impl Given<Date>) -> String {
    let at = at.given();
    format!("{} {}", near_day(at.date(), today), time(at.time()))
}

/// `2026-03-18T15:04`, for the `datetime` of a `<time>` element.
pub fn machine(at: impl Given<DateTime>) -> String {
    let at = at.given();
    format!("{}T{}", at.date(), time(at.time()))
}

/// Calendar days from one day to another; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}
