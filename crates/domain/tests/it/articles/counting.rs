//! How days are counted: 办法 art. 45 and 行政处罚程序规定 art. 80 alike; 暂行办法 had no clause of its own.

use domain::calendar::Calendar;
use domain::clock::beijing_instant;

use super::{book, day, law, rows};

#[test]
fn a_period_that_ends_on_a_public_holiday_ends_on_the_first_day_after_it() {
    let (book, calendar) = (book(), Calendar::builtin());
    for row in rows(
        "
        begun      | sixtieth day            | last day
        2024-08-01 | 2024-09-30 Monday       | 2024-09-30
        2024-08-02 | 2024-10-01 国庆节       | 2024-10-08
        2024-08-06 | 2024-10-05 国庆节       | 2024-10-08
        2025-08-03 | 2025-10-02 国庆节       | 2025-10-09
        2025-12-03 | 2026-02-01 Sunday       | 2026-02-01
        2025-12-17 | 2026-02-15 春节         | 2026-02-24
        2026-03-06 | 2026-05-05 劳动节       | 2026-05-06
        --------------------------------------------------
        2026-04-15 | 2026-06-14 Sunday       | 2026-06-14
        2026-04-20 | 2026-06-19 端午节       | 2026-06-22
        2026-07-22 | 2026-09-20 Sunday, work | 2026-09-20
        2026-07-28 | 2026-09-26 中秋节       | 2026-09-28
        2026-08-02 | 2026-10-01 国庆节       | 2026-10-08
        2026-08-09 | 2026-10-08 Thursday     | 2026-10-08
        ",
    ) {
        let set = law(&book, day(row[0]));
        let limit = set.limit("mediation").expect("the limit");
        let due = set.due(limit, &calendar, beijing_instant(day(row[0]).at(10, 0, 0, 0)), 0, &[], None);
        assert_eq!(due.day, day(row[2]), "begun {}, the sixtieth day is {}", row[0], row[1]);
    }
}

#[test]
fn the_first_day_does_not_count_and_work_days_are_those_of_the_notice() {
    let (book, calendar) = (book(), Calendar::builtin());
    for row in rows(
        "
        received   | at    | seventh working day | why
        2026-04-15 | 00:00 | 2026-04-24          | the day itself does not count, not even from its first minute
        2026-04-15 | 23:59 | 2026-04-24          | nor to its last
        2026-04-18 | 12:00 | 2026-04-28          | a Saturday: counted from Monday
        2026-04-28 | 10:00 | 2026-05-11          | 劳动节 1 to 5 May, work on Saturday 9 May
        2026-09-24 | 10:00 | 2026-10-12          | 中秋节 and 国庆节 do not count, Saturday 10 October does
        2026-02-11 | 10:00 | 2026-02-27          | 春节 15 to 23 February, work on Saturdays 14 and 28
        2024-09-29 | 10:00 | 2024-10-14          | a Sunday worked, 国庆节 1 to 7 October, Saturday 12 October worked
        2020-01-20 | 10:00 | 2020-02-06          | 春节 prolonged to 2 February by the State Council
        ",
    ) {
        let set = law(&book, day(row[0]));
        let limit = set.limit("acceptance").expect("the limit");
        let time: jiff::civil::Time = format!("{}:00", row[1]).parse().expect("a time");
        let due = set.due(limit, &calendar, beijing_instant(day(row[0]).to_datetime(time)), 0, &[], None);
        assert_eq!(due.day, day(row[2]), "received {} {}: {}", row[0], row[1], row[3]);
    }
}
