//! A case keeps the law under which it was received (catalogue 2.1; `regulations.md` §1.0).

use domain::action::Action;
use jiff::SignedDuration;

use crate::world::{World, at, on_both};

struct Period {
    received: &'static str,
    set: &'static str,
    acceptance: &'static str,
    /// From acceptance an hour later: length, unit, law.
    mediation: (i64, &'static str, &'static str),
    refusal_grounds: usize,
    termination_grounds: usize,
}

const PERIODS: &[Period] = &[
    Period {
        received: "2014-03-14T23:00:00+08:00",
        set: "national-1996",
        acceptance: "5 day",
        mediation: (60, "day", "工商行政管理机关受理消费者申诉暂行办法"),
        refusal_grounds: 6,
        termination_grounds: 2,
    },
    Period {
        received: "2019-12-31T22:59:00+08:00",
        set: "national-2014",
        acceptance: "7 workday",
        mediation: (60, "day", "工商行政管理部门处理消费者投诉办法"),
        refusal_grounds: 7,
        termination_grounds: 5,
    },
    Period {
        received: "2020-01-01T00:00:00+08:00",
        set: "national-2020",
        acceptance: "7 workday",
        mediation: (45, "workday", "投诉举报处理暂行办法"),
        refusal_grounds: 6,
        termination_grounds: 7,
    },
    Period {
        received: "2024-06-30T23:59:59+08:00",
        set: "national-2020",
        acceptance: "7 workday",
        // Accepted on 1 July, an hour later: the law of receipt still rules.
        mediation: (45, "workday", "投诉举报处理暂行办法"),
        refusal_grounds: 6,
        termination_grounds: 7,
    },
    Period {
        received: "2024-07-01T00:00:00+08:00",
        set: "national-2024",
        acceptance: "7 workday",
        mediation: (60, "day", "消费者权益保护法实施条例"),
        refusal_grounds: 6,
        termination_grounds: 7,
    },
    Period {
        received: "2026-04-14T23:59:59+08:00",
        set: "national-2024",
        acceptance: "7 workday",
        mediation: (60, "day", "消费者权益保护法实施条例"),
        refusal_grounds: 6,
        termination_grounds: 7,
    },
    Period {
        received: "2026-04-15T00:00:00+08:00",
        set: "national-2026",
        acceptance: "7 workday",
        mediation: (60, "day", "投诉举报处理办法"),
        refusal_grounds: 7,
        termination_grounds: 8,
    },
];

#[test]
fn a_case_keeps_the_law_of_the_day_it_was_received() {
    on_both("periods", |world| {
        for period in PERIODS {
            let received = at(period.received);
            let number = world.registered(received).number;
            assert_eq!(world.case(&number).rule_set, period.set, "{}", period.received);
            let acceptance = world.deadline(&number, "acceptance");
            assert_eq!(format!("{} {}", acceptance.length, acceptance.unit), period.acceptance);
            assert_eq!(acceptance.rule_set, period.set);
            grounds(world, &number, period);
            world.does("dispatcher", received + SignedDuration::from_hours(1), &number, Action::Accept);
            if period.set == "national-1996" {
                continue; // its sixty days run from receipt
            }
            let mediation = world.deadline(&number, "mediation");
            assert_eq!(
                (mediation.length, mediation.unit.as_str(), mediation.law.as_str()),
                period.mediation,
                "{}",
                period.received
            );
            assert_eq!(mediation.rule_set, period.set);
            let event = world.look({
                let id = world.case(&number).id;
                move |tx| store::event::of_case(tx, id)
            });
            let basis = &event.last().unwrap().basis;
            assert!(!basis.contains("投诉举报处理办法") || period.set == "national-2026", "{basis}");
        }
    });
}

/// Every ground of the set can be used, and none beyond.
fn grounds(world: &World, number: &str, period: &Period) {
    let set = world.house.book.get(period.set).unwrap();
    assert_eq!(set.refusal_grounds.len(), period.refusal_grounds, "{}", period.set);
    assert_eq!(set.termination_grounds.len(), period.termination_grounds, "{}", period.set);
    let beyond = period.refusal_grounds as u32 + 1;
    let target = number.to_owned();
    let refused = world
        .act(&world.staff("dispatcher"), at(period.received), move |tx, scene| {
            casework::acceptance::refuse(tx, scene, &target, None, beyond, "理由")
        })
        .expect_err("no such ground");
    assert_eq!(crate::turns::field_codes(&refused), ["ground.unknown"]);
}

#[test]
fn an_old_case_goes_its_whole_course_under_its_own_law() {
    on_both("old course", |world| {
        for period in PERIODS {
            let received = at(period.received);
            let number = world.registered(received).number;
            let hour = SignedDuration::from_hours(1);
            for (step, (who, action)) in [
                ("dispatcher", Action::Accept),
                ("dispatcher", Action::Dispatch),
                ("leader", Action::Assign),
                ("officer1", Action::Notify),
                ("officer1", Action::Terminate),
                ("leader", Action::Approve),
                ("officer1", Action::Tell),
                ("officer1", Action::Archive),
            ]
            .into_iter()
            .enumerate()
            {
                world.does(who, received + hour * (step as i32 + 1), &number, action);
            }
            assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
            let foreign: Vec<_> = world
                .deadlines(&number)
                .into_iter()
                .filter(|row| row.rule_set != period.set && row.rule_set != "provincial")
                .collect();
            assert_eq!(foreign, []);
        }
    });
}

#[test]
fn a_day_before_every_law_is_refused_in_words() {
    on_both("before", |world| {
        let now = at("1995-01-01T09:00:00+08:00");
        let agent = world.staff("agent");
        let filing = crate::world::filing_of(&agent, now, &crate::world::complaint("in_app"));
        let refused = world
            .act(&agent, now, move |tx, scene| {
                casework::filing::file(tx, scene, &filing, casework::filing::Evidence::default())
            })
            .expect_err("no law of that day is known");
        assert_eq!(refused.code(), "rules.invalid");
        assert!(refused.to_string().contains("1995-01-01"), "{refused}");
    });
}
