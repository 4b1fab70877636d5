//! Office hours: people act when they are at work.

use domain::calendar::Calendar;
use domain::clock::{beijing_instant, beijing_time};
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;

use super::vocabulary::between;

/// The same time if somebody is at work then, else a moment early on the next working day.
pub fn at_work(calendar: &Calendar, rng: &mut impl Rng, at: Timestamp) -> Timestamp {
    let civil = beijing_time(at);
    let open = civil.time() >= time(8, 30, 0, 0) && civil.time() < time(17, 40, 0, 0);
    if calendar.is_workday(civil.date()) && open {
        return at;
    }
    let today = calendar.is_workday(civil.date()) && civil.time() < time(8, 30, 0, 0);
    let day = if today { civil.date() } else { calendar.add_workdays(civil.date(), 1) };
    on(rng, day, 8, 10)
}

/// After so many minutes, at work.
pub fn after_minutes(calendar: &Calendar, rng: &mut impl Rng, at: Timestamp, low: i64, high: i64) -> Timestamp {
    let minutes = between(rng, low, high);
    at_work(calendar, rng, at + SignedDuration::from_mins(minutes))
}

/// After so many working days, some time in office hours, and never before `at`.
pub fn after_workdays(calendar: &Calendar, rng: &mut impl Rng, at: Timestamp, low: i64, high: i64) -> Timestamp {
    let days = u32::try_from(between(rng, low, high)).unwrap_or_default();
    if days == 0 {
        return after_minutes(calendar, rng, at, 20, 200);
    }
    on(rng, calendar.add_workdays(beijing_time(at).date(), days), 9, 16)
}

/// Some moment of a day between two hours.
pub fn on(rng: &mut impl Rng, day: Date, from_hour: i64, to_hour: i64) -> Timestamp {
    let (hour, minute) = (between(rng, from_hour, to_hour), between(rng, 0, 59));
    let (hour, minute) = (i8::try_from(hour).unwrap_or(9), i8::try_from(minute).unwrap_or(0));
    beijing_instant(day.to_datetime(time(hour, if hour == 8 { minute.max(31) } else { minute }, 0, 0)))
}
