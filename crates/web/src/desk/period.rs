//! 统计期间: ordinary days, weeks and months, and the half-year and year as the rules cut them (12.2).

use jiff::Span;
use jiff::civil::{Date, date};

use crate::view;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Day,
    Week,
    Month,
    Quarter,
    /// 1 December to 31 May, 1 June to 30 November.
    HalfYear,
    /// 1 December to 30 November.
    Year,
}

impl Length {
    pub(super) const ALL: [Length; 6] =
        [Length::Day, Length::Week, Length::Month, Length::Quarter, Length::HalfYear, Length::Year];

    pub(super) fn key(self) -> &'static str {
        match self {
            Length::Day => "day",
            Length::Week => "week",
            Length::Month => "month",
            Length::Quarter => "quarter",
            Length::HalfYear => "half",
            Length::Year => "year",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Length::Day => "日",
            Length::Week => "周",
            Length::Month => "月",
            Length::Quarter => "季",
            Length::HalfYear => "半年",
            Length::Year => "年",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Length> {
        Length::ALL.into_iter().find(|length| length.key() == key)
    }
}

/// From one day to another, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) length: Length,
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Period {
    /// The period of this length that holds the day.
    pub(super) fn holding(day: Date, length: Length) -> Period {
        let (from, months) = match length {
            Length::Day => return Period { length, from: day, to: day },
            Length::Week => {
                let since_monday = i64::from(day.weekday().to_monday_zero_offset());
                let monday = day.checked_sub(Span::new().days(since_monday)).unwrap_or(day);
                let sunday = monday.checked_add(Span::new().days(6)).unwrap_or(day);
                return Period { length, from: monday, to: sunday };
            }
            Length::Month => (day.first_of_month(), 1),
            Length::Quarter => (date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1), 3),
            Length::HalfYear => match day.month() {
                12 => (date(day.year(), 12, 1), 6),
                1..=5 => (date(day.year() - 1, 12, 1), 6),
                _ => (date(day.year(), 6, 1), 6),
            },
            Length::Year => (date(if day.month() == 12 { day.year() } else { day.year() - 1 }, 12, 1), 12),
        };
        let next = from.checked_add(Span::new().months(months)).unwrap_or(from);
        Period { length, from, to: next.yesterday().unwrap_or(next) }
    }

    pub(super) fn previous(self) -> Period {
        Period::holding(self.from.yesterday().unwrap_or(self.from), self.length)
    }

    pub(super) fn next(self) -> Period {
        Period::holding(self.to.tomorrow().unwrap_or(self.to), self.length)
    }

    /// `2026年11月`, `2026年11月16日至22日`.
    pub(super) fn label(self) -> String {
        let (from, to) = (self.from, self.to);
        match self.length {
            Length::Day => view::dates::day(from, from),
            Length::Month => format!("{}年{}月", from.year(), from.month()),
            Length::Quarter => format!("{}年第{}季度", from.year(), (from.month() + 2) / 3),
            Length::Year => {
                format!("{}统计年（{}至{}）", to.year(), view::dates::long_day(from), view::dates::long_day(to))
            }
            Length::Week | Length::HalfYear => {
                format!("{}至{}", view::dates::long_day(from), view::dates::short_day(to, from))
            }
        }
    }

    pub(super) fn address(self, path: &str) -> String {
        format!("{path}?period={}&day={}", self.length.key(), self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_cut_as_the_rules_cut_them() {
        let at = |day, length| {
            let period = Period::holding(day, length);
            (period.from, period.to)
        };
        let day = date(2026, 11, 21);
        assert_eq!(at(day, Length::Week), (date(2026, 11, 16), date(2026, 11, 22)));
        assert_eq!(at(day, Length::Month), (date(2026, 11, 1), date(2026, 11, 30)));
        assert_eq!(at(day, Length::Quarter), (date(2026, 10, 1), date(2026, 12, 31)));
        assert_eq!(at(day, Length::HalfYear), (date(2026, 6, 1), date(2026, 11, 30)));
        assert_eq!(at(day, Length::Year), (date(2025, 12, 1), date(2026, 11, 30)));
        assert_eq!(at(date(2026, 12, 1), Length::HalfYear), (date(2026, 12, 1), date(2027, 5, 31)));
        assert_eq!(at(date(2027, 2, 3), Length::HalfYear), (date(2026, 12, 1), date(2027, 5, 31)));
        assert_eq!(Period::holding(day, Length::Year).next().from, date(2026, 12, 1));
    }
}
