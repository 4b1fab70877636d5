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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{day, long_day, machine, moment, near_day, short_day};

    #[test]
    fn the_year_stands_when_it_is_not_this_one() {
        let today = date(2026, 3, 16);
        assert_eq!(day(date(2026, 3, 18), today), "3月18日 周三");
        assert_eq!(day(date(2027, 1, 9), today), "2027年1月9日 周六");
        assert_eq!(short_day(date(2025, 12, 31), today), "2025年12月31日");
        assert_eq!(long_day(today), "2026年3月16日");
    }

    #[test]
    fn the_neighbours_of_today_have_names() {
        let today = date(2026, 3, 1);
        for (date, name) in [
            (date(2026, 2, 28), "昨天"),
            (today, "今天"),
            (date(2026, 3, 2), "明天"),
            (date(2026, 3, 3), "3月3日 周二"),
        ] {
            assert_eq!(near_day(date, today), name);
        }
        assert_eq!(moment(today.at(9, 5, 0, 0), today), "今天 09:05");
        assert_eq!(machine(today.at(9, 5, 0, 0)), "2026-03-01T09:05");
    }
}
