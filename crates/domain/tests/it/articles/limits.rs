//! How long each step may take.

use domain::calendar::Calendar;
use domain::clock::beijing_instant;
use domain::rule_set::Limit;
use jiff::SignedDuration;
use jiff::civil::Date;

use super::{book, day, law, rows};

/// Each row: day of receipt | length | what starts it | last day when it starts on that day | article. A dash where the law of
/// that day has no such limit.
fn check(key: &str, table: &str) {
    let (book, calendar) = (book(), Calendar::builtin());
    for row in rows(table) {
        let [received, length, from, last, article, rest @ ..] = row.as_slice() else { panic!("{row:?}") };
        let set = law(&book, day(received));
        let Some(limit) = set.limit(key) else {
            assert_eq!(*length, "—", "{key}, received {received}: {} has no such limit", set.key);
            continue;
        };
        assert_eq!(format!("{} {}", limit.length, limit.unit.key()), *length, "{key}, received {received}");
        assert_eq!(format!("{:?}", limit.from), *from, "{key}, received {received}");
        assert_eq!(format!("{}{}", limit.law, limit.article), *article, "{key}, received {received}");
        assert_eq!(limit.confirmed, !rest.contains(&"unconfirmed"), "{key}, received {received}");
        if *last != "?" {
            let started = beijing_instant(day(received).at(10, 0, 0, 0));
            let due = set.due(limit, &calendar, started, 0, &[], None);
            assert_eq!(due.day, day(last), "{key}, begun {received}");
        }
    }
}

fn limit(received: Date, key: &str) -> Limit {
    let book = book();
    law(&book, received).limit(key).cloned().unwrap_or_else(|| panic!("{key} on {received}"))
}

#[test]
fn decision_on_acceptance() {
    // 暂行办法 art. 14, 办法 art. 15: the bureau that has the power, from its receipt, decides and tells the complainant.
    check(
        "acceptance",
        "
        received   | length    | from     | last day   | article
        2014-03-13 | 5 day     | Received | 2014-03-18 | 工商行政管理机关受理消费者申诉暂行办法第十六条 | unconfirmed
        2014-03-14 | 5 day     | Received | 2014-03-19 | 工商行政管理机关受理消费者申诉暂行办法第十六条 | unconfirmed
        2014-03-15 | 7 workday | Received | 2014-03-25 | 工商行政管理部门处理消费者投诉办法第十五条
        2014-03-16 | 7 workday | Received | 2014-03-25 | 工商行政管理部门处理消费者投诉办法第十五条
        -----------------------------------------------------------------------
        2019-12-31 | 7 workday | Received | 2020-01-10 | 工商行政管理部门处理消费者投诉办法第十五条
        2020-01-01 | 7 workday | Received | 2020-01-10 | 投诉举报处理暂行办法第十四条
        2020-01-02 | 7 workday | Received | 2020-01-13 | 投诉举报处理暂行办法第十四条
        -----------------------------------------------------------------------
        2024-06-30 | 7 workday | Received | 2024-07-09 | 投诉举报处理暂行办法第十四条
        2024-07-01 | 7 workday | Received | 2024-07-10 | 投诉举报处理暂行办法第十四条
        2024-07-02 | 7 workday | Received | 2024-07-11 | 投诉举报处理暂行办法第十四条
        -----------------------------------------------------------------------
        2026-04-14 | 7 workday | Received | 2026-04-23 | 投诉举报处理暂行办法第十四条
        2026-04-15 | 7 workday | Received | 2026-04-24 | 投诉举报处理办法第十五条
        2026-04-16 | 7 workday | Received | 2026-04-27 | 投诉举报处理办法第十五条
        ",
    );
}

#[test]
fn end_of_mediation() {
    // 暂行办法 art. 21(1)(5): 45 working days; 实施条例 art. 46(3): 60 days; 办法 art. 23(1)(5): 60 days; all from acceptance.
    check(
        "mediation",
        "
        received   | length     | from     | last day   | article
        2014-03-14 | 60 day     | Received | 2014-05-13 | 工商行政管理机关受理消费者申诉暂行办法第二十八条
        2014-03-15 | 60 day     | Accepted | 2014-05-14 | 工商行政管理部门处理消费者投诉办法关于六十日内终结调解的规定 | unconfirmed
        2014-03-16 | 60 day     | Accepted | 2014-05-15 | 工商行政管理部门处理消费者投诉办法关于六十日内终结调解的规定 | unconfirmed
        -----------------------------------------------------------------------
        2019-12-31 | 60 day     | Accepted | 2020-02-29 | 工商行政管理部门处理消费者投诉办法关于六十日内终结调解的规定 | unconfirmed
        2020-01-01 | 45 workday | Accepted | 2020-03-11 | 投诉举报处理暂行办法第二十一条第一款第五项
        2020-01-02 | 45 workday | Accepted | 2020-03-12 | 投诉举报处理暂行办法第二十一条第一款第五项
        -----------------------------------------------------------------------
        2024-06-30 | 45 workday | Accepted | 2024-08-30 | 投诉举报处理暂行办法第二十一条第一款第五项
        2024-07-01 | 60 day     | Accepted | 2024-08-30 | 消费者权益保护法实施条例第四十六条第三款
        2024-07-02 | 60 day     | Accepted | 2024-08-31 | 消费者权益保护法实施条例第四十六条第三款
        -----------------------------------------------------------------------
        2026-04-14 | 60 day     | Accepted | 2026-06-13 | 消费者权益保护法实施条例第四十六条第三款
        2026-04-15 | 60 day     | Accepted | 2026-06-14 | 投诉举报处理办法第二十三条第一款第五项；实施条例第四十六条第三款
        2026-04-16 | 60 day     | Accepted | 2026-06-15 | 投诉举报处理办法第二十三条第一款第五项；实施条例第四十六条第三款
        ",
    );
}

#[test]
fn time_that_does_not_count_in_mediation() {
    // 暂行办法 arts. 19, 20; 实施条例 art. 46(3); 办法 arts. 21, 22. Recusal: the law has the mediation stand until it is decided.
    for row in rows(
        "
        received   | what does not count
        2014-03-14 |
        2014-03-15 | 鉴定 检测
        2019-12-31 | 鉴定 检测
        2020-01-01 | 检定 检验 检测 鉴定 回避
        2024-06-30 | 检定 检验 检测 鉴定 回避
        2024-07-01 | 检定 检验 检测 鉴定 回避
        2026-04-14 | 检定 检验 检测 鉴定 回避
        2026-04-15 | 鉴定 检测 回避
        2026-04-16 | 鉴定 检测 回避
        ",
    ) {
        let (mut found, mut wanted) = (
            limit(day(row[0]), "mediation").excludes,
            row[1].split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        );
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "received {}", row[0]);
    }
}

#[test]
fn ten_days_in_the_laboratory_put_the_end_off_by_ten_days() {
    // 暂行办法 art. 20, 实施条例 art. 46(3), 办法 art. 22.
    for row in rows(
        "
        received   | sent       | result     | last day without | last day
        2024-07-01 | 2024-07-08 | 2024-07-18 | 2024-08-30       | 2024-09-09
        2026-04-14 | 2026-04-20 | 2026-04-30 | 2026-06-13       | 2026-06-23
        2026-04-15 | 2026-04-20 | 2026-04-30 | 2026-06-14       | 2026-06-24
        ",
    ) {
        let (book, calendar) = (book(), Calendar::builtin());
        let at = |text: &str| beijing_instant(day(text).at(10, 0, 0, 0));
        let set = law(&book, day(row[0]));
        let limit = set.limit("mediation").expect("the limit");
        let away = domain::clock::Suspension { from: at(row[1]), until: Some(at(row[2])), reason: "鉴定".to_owned() };
        let due = |away: &[_]| set.due(limit, &calendar, at(row[0]), 0, away, None).day;
        assert_eq!((due(&[]), due(&[away])), (day(row[3]), day(row[4])), "accepted {}", row[0]);
    }
}

#[test]
fn telling_both_sides_of_the_termination() {
    // 暂行办法 art. 21(2), 办法 art. 23(2): seven working days from the decision. Before 2020 no number was found.
    check(
        "termination_notice",
        "
        received   | length    | from       | last day   | article
        2014-03-14 | —         |            |            |
        2014-03-15 | —         |            |            |
        2019-12-31 | —         |            |            |
        2020-01-01 | 7 workday | Terminated | 2020-01-10 | 投诉举报处理暂行办法第二十一条第二款
        2020-01-02 | 7 workday | Terminated | 2020-01-13 | 投诉举报处理暂行办法第二十一条第二款
        2024-06-30 | 7 workday | Terminated | 2024-07-09 | 投诉举报处理暂行办法第二十一条第二款
        2024-07-01 | 7 workday | Terminated | 2024-07-10 | 投诉举报处理暂行办法第二十一条第二款
        2026-04-14 | 7 workday | Terminated | 2026-04-23 | 投诉举报处理暂行办法第二十一条第二款
        2026-04-15 | 7 workday | Terminated | 2026-04-24 | 投诉举报处理办法第二十三条第二款
        2026-04-16 | 7 workday | Terminated | 2026-04-27 | 投诉举报处理办法第二十三条第二款
        ",
    );
}

#[test]
fn checking_a_clue_found_in_mediation() {
    // 暂行办法 art. 23, 办法 art. 27: fifteen working days from the finding, and fifteen more in special circumstances.
    check(
        "clue_check",
        "
        received   | length     | from      | last day   | article
        2014-03-14 | —          |           |            |
        2014-03-15 | —          |           |            |
        2019-12-31 | —          |           |            |
        2020-01-01 | 15 workday | ClueFound | 2020-01-21 | 投诉举报处理暂行办法第二十三条
        2024-06-30 | 15 workday | ClueFound | 2024-07-19 | 投诉举报处理暂行办法第二十三条
        2024-07-01 | 15 workday | ClueFound | 2024-07-22 | 投诉举报处理暂行办法第二十三条
        2026-04-14 | 15 workday | ClueFound | 2026-05-08 | 投诉举报处理暂行办法第二十三条
        2026-04-15 | 15 workday | ClueFound | 2026-05-09 | 投诉举报处理办法第二十七条
        2026-04-16 | 15 workday | ClueFound | 2026-05-11 | 投诉举报处理办法第二十七条
        ",
    );
}

#[test]
fn what_may_be_extended_and_by_how_much() {
    // 暂行办法 art. 23, 办法 art. 27 (clue); 行政处罚程序规定 arts. 18, 64 (report, penalty). Nothing else may be extended by law.
    for row in rows(
        "
        begun      | limit            | more | last day with it
        2020-01-01 | acceptance       | —    |
        2026-04-15 | acceptance       | —    |
        2020-01-01 | mediation        | —    |
        2024-07-01 | mediation        | —    |
        2026-04-15 | mediation        | —    |
        2026-04-15 | power_dispute    | —    |
        2020-01-01 | clue_check       | 15   | 2020-02-19
        2024-06-30 | clue_check       | 15   | 2024-08-09
        2024-07-01 | clue_check       | 15   | 2024-08-12
        2026-04-14 | clue_check       | 15   | 2026-05-28
        2026-04-15 | clue_check       | 15   | 2026-05-29
        2020-01-01 | verification     | 15   | 2020-02-19
        2026-04-15 | verification     | 15   | 2026-05-29
        2026-04-16 | penalty_decision | 30   | 2026-08-14
        ",
    ) {
        let limit = limit(day(row[0]), row[1]);
        let more = (row[2] != "—").then(|| row[2].parse::<u32>().expect("a number"));
        assert_eq!(limit.extendable_by, more, "{} {}", row[0], row[1]);
        let Some(more) = more else { continue };
        let (book, calendar) = (book(), Calendar::builtin());
        let begun = beijing_instant(day(row[0]).at(10, 0, 0, 0));
        let due = law(&book, day(row[0])).due(&limit, &calendar, begun, more, &[], None);
        assert_eq!(due.day, day(row[3]), "{} {}", row[0], row[1]);
    }
}

#[test]
fn disputes_over_the_power() {
    // 暂行办法 art. 30, 办法 art. 33: seven working days from the dispute; then the common superior, who may also be asked at once.
    check(
        "power_dispute",
        "
        received   | length    | from          | last day   | article
        2014-03-14 | —         |               |            |
        2014-03-15 | —         |               |            |
        2019-12-31 | —         |               |            |
        2020-01-01 | 7 workday | DisputeArisen | 2020-01-10 | 投诉举报处理暂行办法第三十条
        2024-06-30 | 7 workday | DisputeArisen | 2024-07-09 | 投诉举报处理暂行办法第三十条
        2024-07-01 | 7 workday | DisputeArisen | 2024-07-10 | 投诉举报处理暂行办法第三十条
        2026-04-14 | 7 workday | DisputeArisen | 2026-04-23 | 投诉举报处理暂行办法第三十条
        2026-04-15 | 7 workday | DisputeArisen | 2026-04-24 | 投诉举报处理办法第三十三条
        2026-04-16 | 7 workday | DisputeArisen | 2026-04-27 | 投诉举报处理办法第三十三条
        ",
    );
}

#[test]
fn checking_a_report() {
    // 行政处罚程序规定 art. 18: fifteen working days from the clue. Before 2020: seven, recalled and not read.
    check(
        "verification",
        "
        received   | length     | from      | last day   | article
        2014-03-14 | 7 workday  | ClueFound | 2014-03-25 | 工商行政管理机关行政处罚程序规定立案前核查的规定 | unconfirmed
        2014-03-15 | 7 workday  | ClueFound | 2014-03-25 | 工商行政管理机关行政处罚程序规定立案前核查的规定 | unconfirmed
        2019-12-31 | 7 workday  | ClueFound | 2020-01-10 | 工商行政管理机关行政处罚程序规定立案前核查的规定 | unconfirmed
        2020-01-01 | 15 workday | ClueFound | 2020-01-21 | 行政处罚程序规定第十八条
        2024-07-01 | 15 workday | ClueFound | 2024-07-22 | 行政处罚程序规定第十八条
        2026-04-14 | 15 workday | ClueFound | 2026-05-08 | 行政处罚程序规定第十八条
        2026-04-15 | 15 workday | ClueFound | 2026-05-09 | 行政处罚程序规定第十八条
        ",
    );
}

#[test]
fn telling_who_reported_under_her_name() {
    // 暂行办法 art. 31(2): five working days from the decision to open a case or not; 办法 art. 36 has no such limit any more.
    check(
        "filing_notice",
        "
        received   | length    | from        | last day   | article
        2019-12-31 | —         |             |            |
        2020-01-01 | 5 workday | ClueChecked | 2020-01-08 | 投诉举报处理暂行办法第三十一条第二款
        2024-06-30 | 5 workday | ClueChecked | 2024-07-05 | 投诉举报处理暂行办法第三十一条第二款
        2024-07-01 | 5 workday | ClueChecked | 2024-07-08 | 投诉举报处理暂行办法第三十一条第二款
        2026-04-14 | 5 workday | ClueChecked | 2026-04-21 | 投诉举报处理暂行办法第三十一条第二款
        2026-04-15 | —         |             |            |
        2026-04-16 | —         |             |            |
        ",
    );
    // 广告法 art. 53, 企业信息公示暂行条例 art. 13: the laws that still oblige to tell.
    for (key, table) in [
        (
            "advertising_result",
            "
            received   | length    | from     | last day   | article
            2020-01-01 | 7 workday | Received | 2020-01-10 | 广告法第五十三条
            2024-07-01 | 7 workday | Received | 2024-07-10 | 广告法第五十三条
            2026-04-15 | 7 workday | Received | 2026-04-24 | 广告法第五十三条
            ",
        ),
        (
            "publicity_result",
            "
            received   | length     | from     | last day   | article
            2020-01-01 | 20 workday | Received | 2020-02-05 | 企业信息公示暂行条例第十三条
            2024-07-01 | 20 workday | Received | 2024-07-29 | 企业信息公示暂行条例第十三条
            2026-04-15 | 20 workday | Received | 2026-05-15 | 企业信息公示暂行条例第十三条
            ",
        ),
    ] {
        check(key, table);
    }
}

#[test]
fn deciding_a_penalty_case() {
    // 行政处罚程序规定 art. 64: ninety days from the opening.
    check(
        "penalty_decision",
        "
        received   | length | from      | last day   | article
        2019-12-31 | 90 day | CaseFiled | 2020-03-30 | 工商行政管理机关行政处罚程序规定办案期限的规定 | unconfirmed
        2020-01-01 | 90 day | CaseFiled | 2020-03-31 | 行政处罚程序规定第六十四条
        2024-07-01 | 90 day | CaseFiled | 2024-09-29 | 行政处罚程序规定第六十四条
        2026-04-15 | 90 day | CaseFiled | 2026-07-14 | 行政处罚程序规定第六十四条
        ",
    );
}

#[test]
fn the_law_of_the_day_of_receipt_rules_to_the_end() {
    // Received on the last day of the old law, accepted under the new one: the old limit, from acceptance.
    for row in rows(
        "
        received   | accepted   | last day
        2024-06-30 | 2024-07-01 | 2024-09-02
        2024-07-01 | 2024-07-02 | 2024-08-31
        2026-04-14 | 2026-04-16 | 2026-06-15
        ",
    ) {
        let (book, calendar) = (book(), Calendar::builtin());
        let set = law(&book, day(row[0]));
        let accepted = beijing_instant(day(row[1]).at(10, 0, 0, 0)) + SignedDuration::from_mins(5);
        let due = set.due(set.limit("mediation").expect("the limit"), &calendar, accepted, 0, &[], None);
        assert_eq!(due.day, day(row[2]), "received {}", row[0]);
    }
}
