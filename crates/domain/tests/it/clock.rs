//! Counting, article by article, with dates worked out by hand from the published notices.

use domain::calendar::{Calendar, YearNotice};
use domain::clock::{Counting, Due, Period, Suspension, Unit, beijing_instant, due};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};

fn at(text: &str) -> Timestamp {
    beijing_instant(text.parse::<DateTime>().expect("a time"))
}

fn count(length: u32, unit: Unit, started: &str) -> Due {
    due(&Calendar::builtin(), length, unit, at(started), 0, &[], None)
}

fn pause(from: &str, until: Option<&str>) -> Suspension {
    Suspension { from: at(from), until: until.map(at), reason: "鉴定".into() }
}

#[test]
fn order_121_article_15_seven_working_days_over_the_spring_festival() {
    // Friday 13 February 2026 is not counted; Saturday 14 is worked; 15–23 are off; 28 is a worked Saturday.
    let due = count(7, Unit::Workday, "2026-02-13T15:04");
    assert_eq!(due.day, date(2026, 3, 2));
    assert_eq!(due.at, at("2026-03-03T00:00"), "the first instant that is too late");
    assert!(!due.provisional);
    let told: Vec<_> = due.days.iter().map(|day| (day.day.day(), day.counted, day.number, day.why.as_str())).collect();
    assert_eq!(told[0], (13, false, None, "开始当日不计"));
    assert_eq!(told[1], (14, true, Some(1), "第1个工作日（春节调休上班）"));
    assert_eq!(told[2], (15, false, None, "春节"));
    assert_eq!(told[11], (24, true, Some(2), "第2个工作日"));
    assert_eq!(told[15], (28, true, Some(6), "第6个工作日（春节调休上班）"));
    assert_eq!(told[16], (1, false, None, "周日"));
    assert_eq!(told[17], (2, true, Some(7), "第7个工作日"));
    assert_eq!(told.len(), 18);
}

#[test]
fn order_121_article_45_in_working_days() {
    for (started, n, last) in [
        ("2026-04-15T09:00", 7, date(2026, 4, 24)),   // Wednesday, an ordinary week
        ("2026-04-18T23:59", 7, date(2026, 4, 28)),   // received on a Saturday: Monday is the first
        ("2026-04-30T10:00", 1, date(2026, 5, 6)),    // over Labour Day
        ("2026-09-30T18:00", 7, date(2026, 10, 15)),  // over National Day; 10 October is worked
        ("2024-09-14T08:00", 15, date(2024, 10, 12)), // worked Saturday; Mid-Autumn; 29 Sep worked; National Day; 12 Oct worked
        ("2022-12-30T16:00", 7, date(2023, 1, 11)),   // the 2023 notice takes 31 December 2022
        ("2020-01-23T12:00", 7, date(2020, 2, 11)),   // the lengthened Spring Festival of 2020
    ] {
        assert_eq!(count(n, Unit::Workday, started).day, last, "{n} working days from {started}");
    }
}

#[test]
fn order_121_article_23_sixty_days_move_off_a_statutory_holiday() {
    for (started, last, rolled) in [
        ("2026-04-20T10:00", date(2026, 6, 22), true), // the 60th day, 19 June, is 端午节 (19–21)
        ("2026-04-16T10:00", date(2026, 6, 15), false), // a Monday
        ("2026-08-03T10:00", date(2026, 10, 8), true), // 2 October is 国庆节 (1–7)
        ("2025-12-03T10:00", date(2026, 2, 1), false), // a Sunday that no notice names: it does not move
    ] {
        let due = count(60, Unit::Day, started);
        assert_eq!(due.day, last, "60 days from {started}");
        assert_eq!(due.days.iter().any(|day| day.why.contains("顺延")), rolled, "{started}");
        assert_eq!(due.days.iter().filter(|day| day.counted).count(), 60, "{started}");
    }
}

#[test]
fn a_plain_weekend_moves_only_where_the_rules_say_so_and_the_earlier_day_is_said() {
    let started = at("2025-12-03T10:00");
    let plain = due(&Calendar::builtin(), 60, Unit::Day, started, 0, &[], None);
    assert_eq!(plain.day, date(2026, 2, 1));
    assert!(plain.caution.expect("a caution").contains("2026-02-01"));
    let (counting, calendar) = (Counting { weekend_roll: true }, &Calendar::builtin());
    let (length, unit) = (60, Unit::Day);
    let rolled =
        Period { counting, calendar, length, unit, started, extended_by: 0, suspensions: &[], now: None }.due();
    assert_eq!(rolled.day, date(2026, 2, 2));
    let caution = rolled.caution.expect("a caution");
    assert!(caution.contains("2026-02-01") && caution.contains("2026-02-02"), "{caution}");
}

#[test]
fn order_20_article_21_forty_five_working_days() {
    // January from the 5th: 19; February to the 10th, Sunday 7 worked: 9; 18 to 26 with Saturday 20 worked: 8; March: 9.
    assert_eq!(count(45, Unit::Workday, "2021-01-04T10:00").day, date(2021, 3, 11));
}

#[test]
fn penalty_procedure_article_18_with_its_extension() {
    let calendar = Calendar::builtin();
    let started = at("2026-06-01T10:00");
    let plain = due(&calendar, 15, Unit::Workday, started, 0, &[], None);
    let extended = due(&calendar, 15, Unit::Workday, started, 15, &[], None);
    assert_eq!(plain.day, date(2026, 6, 23)); // 19 June is 端午节
    assert_eq!(extended.day, date(2026, 7, 14));
    assert_eq!(calendar.add_workdays(plain.day, 15), extended.day);
}

#[test]
fn order_121_article_22_days_of_an_appraisal_do_not_count() {
    let calendar = Calendar::builtin();
    // The day on which the appraisal begins still counts, the day on which it ends does not: 10 days are taken out.
    let one = [pause("2026-05-10T09:00", Some("2026-05-20T17:00"))];
    let due = due(&calendar, 60, Unit::Day, at("2026-04-20T10:00"), 0, &one, None);
    assert_eq!(due.day, date(2026, 6, 29));
    let told = |day: Date| due.days.iter().find(|count| count.day == day).expect("the day").clone();
    assert!(told(date(2026, 5, 10)).counted);
    assert_eq!(told(date(2026, 5, 11)).why, "鉴定期间不计");
    assert!(!told(date(2026, 5, 20)).counted);
    assert_eq!(told(date(2026, 5, 21)).number, Some(21));
}

#[test]
fn while_an_appraisal_lasts_the_limit_moves_with_today() {
    let calendar = Calendar::builtin();
    let open = [pause("2026-05-10T09:00", None)];
    let day_on = |now: &str| {
        let due = due(&calendar, 60, Unit::Day, at("2026-04-27T10:00"), 0, &open, Some(at(now)));
        assert!(due.caution.expect("a caution").contains("鉴定"), "{now}");
        due.day
    };
    assert_eq!(day_on("2026-05-10T12:00"), date(2026, 6, 26));
    assert_eq!(day_on("2026-05-13T12:00"), date(2026, 6, 29));
}

#[test]
fn hours_run_through_nights_and_holidays() {
    let due = count(24, Unit::Hour, "2026-02-14T22:30");
    assert_eq!(due.at, at("2026-02-15T22:30"));
    assert_eq!(due.day, date(2026, 2, 15));
    assert!(!due.provisional);
    let paused = domain::clock::due(
        &Calendar::builtin(),
        8,
        Unit::Hour,
        at("2026-03-02T08:00"),
        0,
        &[pause("2026-03-02T10:00", Some("2026-03-02T13:30"))],
        None,
    );
    assert_eq!(paused.at, at("2026-03-02T19:30"));
}

#[test]
fn a_year_not_yet_announced_is_said_to_be_an_estimate() {
    let calendar = Calendar::builtin();
    let started = at("2026-12-29T10:00");
    let guess = due(&calendar, 7, Unit::Workday, started, 0, &[], None);
    assert_eq!(guess.day, date(2027, 1, 7));
    assert!(guess.provisional);
    assert!(guess.caution.expect("a caution").contains("2027年放假安排"));
    let notice = YearNotice::parse(
        "year = 2027\nsource = \"编造\"\n[[off]]\nname = \"元旦\"\nfrom = \"2027-01-01\"\nuntil = \"2027-01-03\"\n",
    )
    .expect("a notice");
    let known = due(&calendar.with_notice(notice), 7, Unit::Workday, started, 0, &[], None);
    assert_eq!(known.day, date(2027, 1, 8));
    assert!(!known.provisional && known.caution.is_none());
}

#[test]
fn a_period_in_days_is_an_estimate_only_when_its_end_is() {
    assert!(!count(60, Unit::Day, "2026-10-20T10:00").provisional);
    assert!(count(60, Unit::Day, "2026-11-21T10:00").provisional);
    // Before 2019 the calendar holds no notice, so an old case is an estimate too.
    assert!(count(7, Unit::Workday, "2015-02-10T10:00").provisional);
}

#[test]
fn the_last_days_of_a_year_may_still_be_moved_by_the_next_years_notice() {
    let due = count(1, Unit::Workday, "2026-12-30T10:00");
    assert_eq!(due.day, date(2026, 12, 31));
    assert!(!due.provisional);
    assert!(due.caution.expect("a caution").contains("2027年放假安排尚未公布"));
}

#[test]
fn the_day_is_beijings_wherever_the_machine_stands() {
    // 16:30 UTC on 13 February is half past midnight on the 14th in Beijing.
    let started: Timestamp = "2026-02-13T16:30:00Z".parse().expect("an instant");
    let due = due(&Calendar::builtin(), 1, Unit::Workday, started, 0, &[], None);
    assert_eq!(due.days[0].day, date(2026, 2, 14));
    assert_eq!(due.day, date(2026, 2, 24));
}
