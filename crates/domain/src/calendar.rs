//! Which days are working days (catalogue 2.7): the State Council's yearly notices, 调休 included.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};
use sha2::{Digest, Sha256};

pub use crate::year_notice::{NoticeError, YearNotice};

/// What one day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary Monday to Friday.
    Workday,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// Off by a notice; the holiday's name, e.g. 春节. Weekend days inside the block belong to it.
    Holiday(String),
    /// A Saturday or Sunday worked in exchange (调休上班); the holiday's name.
    MakeUpWorkday(String),
}

impl DayKind {
    /// Whether bureaus work on such a day.
    pub const fn is_workday(&self) -> bool {
        matches!(self, Self::Workday | Self::MakeUpWorkday(_))
    }
}

/// The notices of each year, and what they make of its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    notices: BTreeMap<i16, YearNotice>,
    days: BTreeMap<Date, DayKind>,
    version: String,
}

impl Calendar {
    /// A calendar without any notice: Monday to Friday, nothing announced.
    pub const fn plain() -> Self {
        Self { notices: BTreeMap::new(), days: BTreeMap::new(), version: String::new() }
    }

    /// The calendar shipped with the program: `regulations/calendars/`.
    pub fn builtin() -> Self {
        static BUILTIN: OnceLock<Calendar> = OnceLock::new();
        BUILTIN
            .get_or_init(|| {
                crate::embedded::CALENDARS.iter().fold(Self::plain(), |calendar, (name, text)| {
                    let notice =
                        YearNotice::parse(text).unwrap_or_else(|error| panic!("built-in calendar {name}: {error}"));
                    calendar.with_notice(notice)
                })
            })
            .clone()
    }

    /// The same calendar with a year's notice added, or put in place of the one it had.
    #[must_use]
    pub fn with_notice(mut self, notice: YearNotice) -> Self {
        self.notices.insert(notice.year, notice);
        self.days.clear();
        // Ascending years: a notice may speak of the last days of the year before and then has the last word.
        for notice in self.notices.values() {
            for (day, name) in &notice.off {
                self.days.insert(*day, DayKind::Holiday(name.clone()));
            }
            for (day, name) in &notice.work {
                self.days.insert(*day, DayKind::MakeUpWorkday(name.clone()));
            }
        }
        self.version = self.digest();
        self
    }

    /// What the day is.
    pub fn day_kind(&self, day: Date) -> DayKind {
        self.days.get(&day).cloned().unwrap_or_else(
            || {
                if is_weekend(day) { DayKind::Weekend } else { DayKind::Workday }
            },
        )
    }

    /// Whether bureaus work on the day.
    pub fn is_workday(&self, day: Date) -> bool {
        self.days.get(&day).map_or_else(|| !is_weekend(day), DayKind::is_workday)
    }

    /// Whether the notice of the day's year is known. Without it, the day is an estimate.
    pub fn is_announced(&self, day: Date) -> bool {
        self.notices.contains_key(&day.year())
    }

    /// The `n`th working day after `from`; `from` itself is not counted. With `n` = 0, `from`.
    pub fn add_workdays(&self, from: Date, n: u32) -> Date {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_workday(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days lie after `from` up to and including `until`; negative when `until` is earlier.
    pub fn workdays_between(&self, from: Date, until: Date) -> i64 {
        let (first, last, sign) = if from <= until { (from, until, 1) } else { (until, from, -1) };
        let mut day = first;
        let mut count = 0;
        while day < last {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            count += i64::from(self.is_workday(day));
        }
        sign * count
    }

    /// The years whose notice is known, ascending.
    pub fn announced_years(&self) -> Vec<i16> {
        self.notices.keys().copied().collect()
    }

    /// The notice of a year.
    pub fn notice(&self, year: i16) -> Option<&YearNotice> {
        self.notices.get(&year)
    }

    /// A digest of what the calendar says, kept with each deadline so that it can be derived again.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for year in self.notices.keys() {
            hash.update(format!("year {year}\n"));
        }
        for (day, kind) in &self.days {
            hash.update(format!("{day} {}\n", kind.is_workday()));
        }
        hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Saturday or Sunday.
pub(crate) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
