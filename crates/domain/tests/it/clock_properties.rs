//! What holds for every period, whatever the dates.

use domain::calendar::Calendar;
use domain::clock::{Due, Suspension, Unit, due};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// A minute between 2019 and the autumn of 2026.
fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000).prop_map(|minutes| {
        "2018-12-31T16:00:00Z".parse::<Timestamp>().expect("an instant") + SignedDuration::from_mins(minutes)
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Workday), Just(Unit::Day), Just(Unit::Hour)]
}

fn pause(from: Timestamp, minutes: i64) -> Suspension {
    Suspension { from, until: Some(from + SignedDuration::from_mins(minutes)), reason: "鉴定".into() }
}

fn counted(due: &Due) -> usize {
    due.days.iter().filter(|day| day.counted).count()
}

proptest! {
    #[test]
    fn a_suspension_cut_in_two_takes_out_as_much_as_whole(
        started in instant(), length in 1_u32..90, unit in unit(),
        after in 0_i64..100_000, first in 0_i64..40_000, second in 0_i64..40_000,
    ) {
        let calendar = Calendar::builtin();
        let from = started + SignedDuration::from_mins(after);
        let middle = from + SignedDuration::from_mins(first);
        let whole = due(&calendar, length, unit, started, 0, &[pause(from, first + second)], None);
        let parts = due(&calendar, length, unit, started, 0, &[pause(middle, second), pause(from, first)], None);
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn a_suspension_lengthens_a_period_by_the_days_it_takes_out(
        started in instant(), length in 1_u32..60, after in 0_i64..60_000, lasts in 0_i64..60_000,
    ) {
        let calendar = Calendar::builtin();
        let pauses = [pause(started + SignedDuration::from_mins(after), lasts)];
        let suspended = due(&calendar, length, Unit::Workday, started, 0, &pauses, None);
        prop_assert_eq!(counted(&suspended), length as usize);
        let taken_out = suspended.days.iter().filter(|day| day.why.ends_with("期间不计") && calendar.is_workday(day.day)).count();
        let longer = due(&calendar, length, Unit::Workday, started, taken_out as u32, &[], None);
        prop_assert_eq!(suspended.day, longer.day);
    }

    #[test]
    fn hours_are_lengthened_by_exactly_the_time_suspended(
        started in instant(), length in 1_u32..200, after in 0_i64..5_000, lasts in 0_i64..5_000,
    ) {
        let calendar = Calendar::builtin();
        let plain = due(&calendar, length, Unit::Hour, started, 0, &[], None);
        let from = started + SignedDuration::from_mins(after);
        let suspended = due(&calendar, length, Unit::Hour, started, 0, &[pause(from, lasts)], None);
        let expected = if from < plain.at { SignedDuration::from_mins(lasts) } else { SignedDuration::ZERO };
        prop_assert_eq!(suspended.at.duration_since(plain.at), expected);
    }

    #[test]
    fn who_starts_later_or_has_longer_is_never_due_earlier(
        started in instant(), later in 0_i64..100_000, length in 1_u32..90, more in 0_u32..30, unit in unit(),
    ) {
        let calendar = Calendar::builtin();
        let first = due(&calendar, length, unit, started, 0, &[], None);
        let second = due(&calendar, length, unit, started + SignedDuration::from_mins(later), 0, &[], None);
        let longer = due(&calendar, length, unit, started, more, &[], None);
        prop_assert!(first.at <= second.at);
        prop_assert!(first.at <= longer.at);
        prop_assert!(first.at > started);
    }

    #[test]
    fn an_extension_is_the_same_as_a_longer_period(started in instant(), length in 1_u32..60, more in 0_u32..30, unit in unit()) {
        let calendar = Calendar::builtin();
        let extended = due(&calendar, length, unit, started, more, &[], None);
        prop_assert_eq!(extended, due(&calendar, length + more, unit, started, 0, &[], None));
    }

    #[test]
    fn the_derivation_names_every_day_once_and_ends_on_the_last(started in instant(), length in 1_u32..90, unit in unit()) {
        let due = due(&Calendar::builtin(), length, unit, started, 0, &[], None);
        for pair in due.days.windows(2) {
            prop_assert_eq!(pair[0].day.tomorrow().expect("a day"), pair[1].day);
        }
        prop_assert_eq!(due.days.last().map(|day| day.day), Some(due.day));
        prop_assert!(due.days.iter().all(|day| !day.why.is_empty()));
    }
}
