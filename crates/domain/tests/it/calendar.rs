//! Working days (catalogue 2.7), against an independent library's.

use std::collections::BTreeMap;

use domain::calendar::{Calendar, DayKind, YearNotice};
use jiff::civil::{Date, date};

/// Each day 2019–2026 as the library sees it.
fn library() -> BTreeMap<Date, bool> {
    include_str!("../fixtures/chinesecalendar-1.11.0.txt")
        .lines()
        .flat_map(|line| {
            let (year, marks) = line.split_once(' ').expect("year and marks");
            let first = date(year.parse().expect("a year"), 1, 1);
            first
                .series(jiff::Span::new().days(1))
                .zip(marks.bytes())
                .map(|(day, mark)| (day, mark == b'1'))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_day_agrees_with_the_library() {
    let calendar = Calendar::builtin();
    let library = library();
    assert_eq!(library.len(), 2922);
    for (day, works) in library {
        assert_eq!(calendar.is_workday(day), works, "{day}");
    }
}

#[test]
fn adding_working_days_agrees_with_counting_over_the_library_for_every_start_and_1_to_60_days() {
    let calendar = Calendar::builtin();
    let library = library();
    let mut compared = 0;
    for start in library.keys() {
        let following = library.range(*start..).skip(1).filter(|(_, works)| **works).map(|(day, _)| *day);
        for (n, expected) in (1..=60).zip(following) {
            assert_eq!(calendar.add_workdays(*start, n), expected, "{start} and {n} working days");
            if n % 20 == 0 {
                assert_eq!(calendar.workdays_between(*start, expected), i64::from(n), "{start} to {expected}");
            }
            compared += 1;
        }
    }
    assert!(compared > 170_000, "{compared}");
}

#[test]
fn working_days_a_year_are_those_of_the_notices() {
    let calendar = Calendar::builtin();
    for (year, count) in [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let days = calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31));
        assert_eq!(days, count, "{year}");
        assert_eq!(calendar.workdays_between(date(year, 12, 31), date(year - 1, 12, 31)), -count, "{year} backwards");
    }
}

#[test]
fn a_day_is_named_for_what_it_is() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.day_kind(date(2026, 2, 13)), DayKind::Workday);
    assert_eq!(calendar.day_kind(date(2026, 2, 14)), DayKind::MakeUpWorkday("春节".into()));
    assert_eq!(calendar.day_kind(date(2026, 2, 15)), DayKind::Holiday("春节".into()));
    assert_eq!(calendar.day_kind(date(2026, 3, 1)), DayKind::Weekend);
    // The 2023 notice reached back into 2022, and the 2019 notice into 2018.
    assert_eq!(calendar.day_kind(date(2022, 12, 31)), DayKind::Holiday("元旦".into()));
    assert_eq!(calendar.day_kind(date(2018, 12, 29)), DayKind::MakeUpWorkday("元旦".into()));
    // The Spring Festival of 2020 was lengthened to Sunday 2 February; Monday was worked.
    assert!(!calendar.is_workday(date(2020, 1, 31)));
    assert!(calendar.is_workday(date(2020, 2, 3)));
}

#[test]
fn a_year_without_a_notice_is_not_announced() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.announced_years(), (2019..=2026).collect::<Vec<_>>());
    assert!(calendar.is_announced(date(2026, 12, 31)));
    assert!(!calendar.is_announced(date(2027, 1, 1)));
    assert_eq!(calendar.day_kind(date(2027, 1, 1)), DayKind::Workday);
}

const NOTICE_2027: &str = r#"
year = 2027
source = "编造的通知，只用于测试"
[[off]]
name = "元旦"
from = "2026-12-31"
until = "2027-01-03"
[[work]]
name = "元旦"
from = "2027-01-09"
"#;

#[test]
fn an_imported_notice_changes_its_year_and_the_last_days_of_the_year_before() {
    let before = Calendar::builtin();
    let notice = YearNotice::parse(NOTICE_2027).expect("a good notice");
    let after = before.clone().with_notice(notice.clone());
    assert!(after.is_announced(date(2027, 6, 1)));
    assert!(!after.is_workday(date(2026, 12, 31)) && before.is_workday(date(2026, 12, 31)));
    assert!(after.is_workday(date(2027, 1, 9)));
    assert_ne!(before.version(), after.version());
    assert_eq!(after.clone().with_notice(notice).version(), after.version(), "the same notice twice");
}

#[test]
fn a_corrected_notice_takes_the_place_of_the_first() {
    let first = YearNotice::parse(NOTICE_2027).expect("a good notice");
    let corrected = YearNotice::parse(&NOTICE_2027.replace("2026-12-31", "2027-01-01")).expect("a good notice");
    let calendar = Calendar::builtin().with_notice(first).with_notice(corrected);
    assert!(calendar.is_workday(date(2026, 12, 31)));
    assert!(!calendar.is_workday(date(2027, 1, 1)));
}

#[test]
fn the_shown_example_is_a_good_file() {
    let notice = YearNotice::parse(YearNotice::EXAMPLE).expect("the example");
    assert_eq!((notice.year, notice.off.len(), notice.work.len()), (2023, 4, 2));
}

#[test]
fn a_notice_written_out_is_the_notice_read() {
    for text in [YearNotice::EXAMPLE, NOTICE_2027] {
        let mut notice = YearNotice::parse(text).expect("a good notice");
        notice.source.push_str("“引号\"和\\反斜线”");
        assert_eq!(YearNotice::parse(&notice.to_file()), Ok(notice));
    }
}

#[test]
fn a_bad_file_is_refused_with_its_line_and_the_reason() {
    for (from, to, line, reason) in [
        ("2027-01-09", "2027-01-08", 10, "不是星期六或者星期日"),
        ("2027-01-09", "2027-01-02", 10, "既写作放假又写作上班"),
        ("2027-01-03", "2027-13-03", 6, "不是日期"),
        ("2027-01-03", "2026-12-30", 6, "早于开始日"),
        ("2026-12-31", "2026-11-30", 6, "超过 31 天"),
        ("2027-01-03", "2027-01-31", 6, "超过 31 天"),
        ("\nname = \"元旦\"\nfrom = \"2026", "\nname = \" \"\nfrom = \"2026", 6, "节日名称"),
        ("[[work]]", "[[works]]", 8, "文件格式有误"),
        ("year = 2027", "year = \"2027\"", 2, "文件格式有误"),
        ("year = 2027", "year = 27", 2, "不合理"),
        ("year = 2027", "year = 2031", 6, "不属于 2031 年"),
        ("编造的通知，只用于测试", "", 3, "出处"),
    ] {
        assert!(NOTICE_2027.contains(from), "{from}");
        let error = YearNotice::parse(&NOTICE_2027.replacen(from, to, 1)).expect_err(reason);
        assert!(error.reason.contains(reason), "{from} → {to}: {error}");
        assert!(error.line.abs_diff(line) <= 2, "{from} → {to}: {error}");
    }
    let error = YearNotice::parse("year = 2027\nsource = \"x\"").expect_err("no day off");
    assert!(error.to_string().contains("没有一个放假日"), "{error}");
}
