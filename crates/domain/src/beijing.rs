//! Beijing time, in which every limit runs, whatever the machine's zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The civil day in Beijing at an instant.
pub fn beijing_day(instant: Timestamp) -> Date {
    beijing_time(instant).date()
}

/// The civil date and time in Beijing at an instant.
pub fn beijing_time(instant: Timestamp) -> DateTime {
    BEIJING.to_datetime(instant)
}

/// The instant at which a day begins in Beijing.
pub fn beijing_midnight(day: Date) -> Timestamp {
    beijing_instant(day.to_datetime(jiff::civil::Time::midnight()))
}

/// The instant of a civil date and time in Beijing.
pub fn beijing_instant(time: DateTime) -> Timestamp {
    BEIJING.to_timestamp(time).unwrap_or(if time.year() > 0 { Timestamp::MAX } else { Timestamp::MIN })
}

/// `2026年3月18日`, as papers and histories write a day.
pub fn day_words(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Beijing time: a fixed offset, because no limit reaches back to the summer time of 1986–1991.
pub const BEIJING: Offset = Offset::constant(8);

/// Beijing time as a zone, for `Timestamp::to_zoned`.
pub fn beijing_zone() -> TimeZone {
    TimeZone::fixed(BEIJING)
}
