//! 举报奖励 (国市监稽规〔2021〕4号): percentages, floors, cap, the finance department's word, insiders, joint reporters, thresholds;
//! each sum worked out by hand from the rule.

use domain::clock::Unit;
use domain::reward::{Level, Merit, Rule, compute, rule_on, threshold};
use domain::rule_book::RuleBook;
use jiff::civil::date;

fn rule() -> &'static Rule {
    rule_on(date(2026, 6, 1)).expect("a rule")
}

fn merit(level: Level, fine: i64) -> Merit {
    Merit { level, fine: fine * 100, raised: None, stated: None, together: 1, already: 0 }
}

#[test]
fn the_sum_is_the_percentage_but_not_below_the_floor_nor_above_the_cap() {
    for (level, fine, sum, finance) in [
        // One hundred thousand is where one level's percentage meets its floor.
        (Level::First, 100_000, 5_000, false),
        (Level::First, 99_999, 5_000, false),
        (Level::First, 200_000, 10_000, false),
        (Level::First, 9_999_980, 499_999, false),
        (Level::First, 10_000_000, 500_000, true),
        (Level::First, 20_000_000, 1_000_000, true),
        (Level::First, 50_000_000, 1_000_000, true),
        (Level::Second, 100_000, 3_000, false),
        (Level::Second, 50_000, 3_000, false),
        (Level::Second, 1_000_000, 30_000, false),
        (Level::Third, 100_000, 1_000, false),
        (Level::Third, 1, 1_000, false),
        (Level::Third, 3_000_000, 30_000, false),
        (Level::Third, 200_000_000, 1_000_000, true),
    ] {
        let computed = compute(rule(), &merit(level, fine));
        assert_eq!((computed.sum, computed.needs_finance), (sum * 100, finance), "{level:?} {fine}");
        assert_eq!(computed.steps.last().map(|step| step.sum), Some(computed.sum), "the last step is the sum");
    }
}

#[test]
fn without_a_fine_it_is_not_less_than_the_floor() {
    for (level, floor) in [(Level::First, 5_000), (Level::Second, 3_000), (Level::Third, 1_000)] {
        assert_eq!(compute(rule(), &merit(level, 0)).sum, floor * 100);
    }
    let stated = |sum: i64| compute(rule(), &Merit { stated: Some(sum * 100), ..merit(Level::First, 0) });
    assert_eq!(stated(8_000).sum, 800_000);
    assert_eq!(stated(4_000).sum, 500_000, "below the floor it is the floor");
    assert_eq!(stated(2_000_000).sum, 100_000_000, "above the cap it is the cap");
    // With a fine nobody states a sum.
    let both = Merit { stated: Some(900_000), ..merit(Level::Third, 1_000_000) };
    assert_eq!(compute(rule(), &both).sum, 1_000_000);
}

#[test]
fn sums_are_rounded_to_the_nearest_fen() {
    // 1 % of 123,456.50 is 1,234.565: half a 分 goes up.
    let odd = Merit { fine: 12_345_650, ..merit(Level::Third, 0) };
    assert_eq!(compute(rule(), &odd).sum, 123_457);
    let even = Merit { fine: 12_345_640, ..merit(Level::Third, 0) };
    assert_eq!(compute(rule(), &even).sum, 123_456);
}

#[test]
fn an_insider_may_get_a_higher_percentage_with_the_finance_departments_word_and_under_the_same_cap() {
    let raised = |fine| compute(rule(), &Merit { raised: Some(8), ..merit(Level::First, fine) });
    assert_eq!((raised(1_000_000).sum, raised(1_000_000).needs_finance), (8_000_000, true));
    assert_eq!(raised(50_000_000).sum, 100_000_000);
    assert!(raised(1_000_000).steps[0].words.contains("8%"));
}

#[test]
fn those_who_reported_together_share_one_reward() {
    let three = compute(rule(), &Merit { together: 3, ..merit(Level::First, 200_000) });
    assert_eq!((three.sum, three.each), (1_000_000, 333_333));
    assert_eq!(three.steps.last().map(|step| step.sum), Some(1_000_000), "three do not get three rewards");
    let one = compute(rule(), &merit(Level::First, 200_000));
    assert_eq!((one.sum, one.each), (1_000_000, 1_000_000));
}

#[test]
fn every_step_says_where_it_stands() {
    for level in Level::ALL {
        assert_eq!(rule().level(*level).key, *level);
        for fine in [0, 1, 10_000_000, 900_000_000] {
            for step in compute(rule(), &merit(*level, fine)).steps {
                assert!(step.article.contains('条') && !step.words.is_empty(), "{step:?}");
            }
        }
    }
}

#[test]
fn the_rule_holds_from_its_day_and_what_is_doubtful_says_so() {
    assert!(rule_on(date(2021, 11, 30)).is_none());
    assert_eq!(rule_on(date(2021, 12, 1)).map(|rule| rule.number.as_str()), Some("国市监稽规〔2021〕4号"));
}

#[test]
fn a_large_sum_is_what_the_province_says() {
    let zhejiang = threshold("330106").expect("浙江");
    assert_eq!((zhejiang.natural_person, zhejiang.organization), (100_000, 100_000));
    let liaoning = threshold("210102").expect("辽宁");
    assert_eq!((liaoning.natural_person, liaoning.organization), (10_000, 100_000));
    assert!(threshold("410105").is_none(), "河南 is not known: the officer says why");
}

#[test]
fn what_other_reports_of_the_case_got_counts_against_its_cap() {
    let left = |already: i64| compute(rule(), &Merit { already: already * 100, ..merit(Level::First, 16_000_000) }).sum;
    assert_eq!([0, 200_000, 800_000, 1_000_000, 1_200_000].map(left), [80_000_000, 80_000_000, 20_000_000, 0, 0]);
}

#[test]
fn the_days_are_a_rule_set_of_their_own_that_says_what_is_doubtful() {
    let book = RuleBook::builtin().expect("the rules read");
    let set = book.get("reward-2021").expect("the set");
    assert!(!set.in_force(date(2021, 11, 30)) && set.in_force(date(2021, 12, 1)));
    let limits: Vec<_> = set.limits.iter().map(|it| (it.key.as_str(), it.length, it.extendable_by)).collect();
    assert_eq!(limits, [("reward_notice", 15, None), ("reward_claim", 30, Some(10)), ("reward_review", 10, None)]);
    assert!(set.limits.iter().all(|limit| limit.unit == Unit::Workday && !limit.confirmed && limit.note.is_some()));
    assert!(book.letter("national-2026", "reward_notice").is_some() && book.letter("national-2020", "x").is_none());
}
