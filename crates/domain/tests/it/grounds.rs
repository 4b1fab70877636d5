//! The acceptance engine, an article a test: what the facts of a case propose under the set of the day on which it was received
//! (O121 arts. 10, 11, 16, 17; before it the articles of the earlier sets).

use std::sync::LazyLock;

use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::grounds::{Facts, Handled, Proposal, Strength, propose};
use domain::materials;
use domain::rule_book::RuleBook;
use domain::rule_set::RuleSet;
use jiff::civil::{Date, date};

fn facts(received: Date) -> Facts<'static> {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::builtin);
    Facts {
        calendar: &CALENDAR,
        received,
        bought_on: None,
        knew_on: None,
        missing: Vec::new(),
        category: "food",
        handled: Vec::new(),
        signals: Vec::new(),
        materials_unanswered: None,
        identity_unanswered: None,
    }
}

fn book() -> RuleBook {
    RuleBook::builtin().unwrap_or_else(|error| panic!("{error}"))
}

fn set(book: &RuleBook, day: Date) -> &RuleSet {
    book.national(CaseKind::Complaint, day).unwrap_or_else(|error| panic!("{error}"))
}

fn proposed(facts: &Facts<'_>) -> Vec<Proposal> {
    propose(set(&book(), facts.received), facts)
}

#[test]
fn the_time_bar_is_that_of_the_set_of_the_day_of_receipt() {
    // Known on the first day, received on the second: item of the ground, or none.
    for (knew, received, item) in [
        // One year under the rules of 1996 and of 2014, on both sides of 2014-03-15.
        (date(2013, 3, 14), date(2014, 3, 14), None),
        (date(2013, 3, 13), date(2014, 3, 14), Some(4)),
        (date(2013, 3, 15), date(2014, 3, 15), None),
        (date(2013, 3, 14), date(2014, 3, 15), Some(6)),
        (date(2018, 12, 31), date(2019, 12, 31), None),
        (date(2018, 12, 30), date(2019, 12, 31), Some(6)),
        // Three years from 2020-01-01 on, and on both sides of 2024-07-01 and 2026-04-15.
        (date(2018, 12, 30), date(2020, 1, 1), None),
        (date(2017, 1, 1), date(2020, 1, 1), None),
        (date(2016, 12, 31), date(2020, 1, 1), Some(4)),
        (date(2021, 6, 30), date(2024, 6, 30), None),
        (date(2021, 6, 27), date(2024, 6, 28), Some(4)),
        (date(2021, 6, 28), date(2024, 7, 1), Some(4)),
        (date(2023, 4, 14), date(2026, 4, 14), None),
        (date(2023, 4, 14), date(2026, 4, 15), Some(4)),
        (date(2023, 4, 15), date(2026, 4, 15), None),
    ] {
        let found = proposed(&Facts { knew_on: Some(knew), ..facts(received) });
        assert_eq!(found.first().map(|it| it.item), item, "known {knew}, received {received}");
    }
}

#[test]
fn a_bar_that_ends_on_a_day_off_gives_way_by_the_article_of_its_time() {
    for (knew, received, late) in [
        // 民法典 art. 203: Saturday 29 June 2024 gives way to Monday, on both sides of 2024-07-01.
        (date(2021, 6, 29), date(2024, 6, 30), false),
        (date(2021, 6, 29), date(2024, 7, 1), false),
        (date(2021, 6, 29), date(2024, 7, 2), true),
        // A Saturday worked in exchange is a last day like any other (11 May 2024).
        (date(2021, 5, 11), date(2024, 5, 12), true),
        // O121 art. 45: 1 to 5 May 2026 give way to the 6th; an ordinary Sunday (31 May 2026) does not.
        (date(2023, 5, 1), date(2026, 5, 6), false),
        (date(2023, 5, 1), date(2026, 5, 7), true),
        (date(2023, 5, 31), date(2026, 6, 1), true),
    ] {
        let found = proposed(&Facts { knew_on: Some(knew), ..facts(received) });
        assert_eq!(!found.is_empty(), late, "known {knew}, received {received}");
    }
    let found = proposed(&Facts { knew_on: Some(date(2023, 5, 1)), ..facts(date(2026, 5, 7)) });
    let words = "三年期限已于2026年5月6日届满（2026年5月1日不上班，依《市场监督管理投诉举报处理办法》第四十五条顺延）";
    assert!(found[0].evidence[0].contains(words), "{}", found[0].evidence[0]);
}

#[test]
fn the_evidence_says_the_days_and_the_end() {
    let known =
        Facts { bought_on: Some(date(2021, 3, 2)), knew_on: Some(date(2021, 3, 5)), ..facts(date(2026, 11, 22)) };
    let found = proposed(&known);
    let words = "购于2021年3月2日，发现问题2021年3月5日，三年期限已于2024年3月5日届满，收到投诉是2026年11月22日。";
    assert_eq!(found[0].evidence, [words]);
    assert_eq!((found[0].article.as_str(), found[0].strength), ("第十六条第四项", Strength::Met));
    assert!(found[0].reason.contains("2021年3月5日") && found[0].reason.contains("三年"), "{}", found[0].reason);
    let bought = Facts { knew_on: None, ..known };
    let found = proposed(&bought);
    assert_eq!(found[0].strength, Strength::Reminder, "the purchase is only where the time can begin at the earliest");
    assert!(found[0].evidence[0].contains("没有写哪天发现问题"));
    assert!(proposed(&facts(date(2026, 11, 22))).is_empty(), "no days, no bar");
}

#[test]
fn missing_materials_are_a_ground_only_where_the_set_has_it_and_after_they_were_asked_for() {
    let missing = Facts { missing: vec!["complainant_address", "demand"], ..facts(date(2026, 4, 15)) };
    let found = proposed(&missing);
    assert_eq!((found[0].item, found[0].strength), (5, Strength::Reminder), "nobody was asked yet");
    assert!(found[0].evidence[0].contains("投诉人通讯地址、具体的投诉请求"), "{:?}", found[0].evidence);
    let unanswered = Facts { materials_unanswered: Some(date(2026, 4, 20)), ..missing.clone() };
    assert_eq!(proposed(&unanswered)[0].strength, Strength::Met);
    assert!(proposed(&Facts { received: date(2014, 3, 14), ..missing }).is_empty(), "no such ground then");
    for (day, count) in [(date(2014, 3, 15), 0), (date(2020, 1, 1), 9), (date(2024, 7, 1), 9), (date(2026, 4, 15), 9)] {
        let book = book();
        assert_eq!(materials::wanted_by(&set(&book, day).key).count(), count, "{day}");
    }
}

#[test]
fn refusing_the_identity_check_is_a_ground_of_2026() {
    for (received, item) in [(date(2026, 4, 14), None), (date(2026, 4, 15), Some(6))] {
        let asked = Facts { identity_unanswered: Some(date(2026, 4, 20)), ..facts(received) };
        assert_eq!(proposed(&asked).first().map(|it| it.item), item, "{received}");
    }
}

#[test]
fn what_was_handled_before_stands_with_its_cases() {
    let handled = |settled| Handled {
        number: "410105-2026-000001".to_owned(),
        same: "同一投诉人、同一商家、订单号相同".to_owned(),
        became: "达成协议".to_owned(),
        settled,
    };
    for (received, settled, item) in [
        (date(2014, 3, 14), true, Some(2)),
        (date(2014, 3, 14), false, Some(3)),
        (date(2014, 3, 15), false, Some(3)),
        (date(2020, 1, 1), false, Some(2)),
        (date(2026, 4, 15), true, Some(2)),
    ] {
        let found = proposed(&Facts { handled: vec![handled(settled)], ..facts(received) });
        assert_eq!(found.first().map(|it| it.item), item, "{received} {settled}");
        assert_eq!(found[0].cases, ["410105-2026-000001"]);
    }
}

#[test]
fn another_department_and_doubtful_facts_only_remind() {
    let day = date(2026, 4, 15);
    let finance = proposed(&Facts { category: "finance", ..facts(day) });
    assert_eq!((finance[0].item, finance[0].strength), (1, Strength::Reminder));
    assert!(finance[0].reason.contains("12378"));
    let doubtful = proposed(&Facts { signals: vec!["事实里写了200瓶。".to_owned()], ..facts(day) });
    assert_eq!((doubtful[0].item, doubtful[0].strength), (3, Strength::Reminder));
    assert_eq!(doubtful[0].evidence, ["事实里写了200瓶。"]);
}
