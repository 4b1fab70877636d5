//! 重复举报 (O121 art. 35, in force since 2026-04-15): the same reporter's same matter is not handled by itself; new facts go into the
//! one under way, whose time to check begins anew; whoever else reports it is handled by herself. Catalogue 7.1.

use casework::filing::{self, Evidence, NO_QUERY_CODE, Receipt};
use casework::record::{self, Verdict};
use casework::repeat::{self, Again};
use casework::reporter::{self, Reporter};
use casework::{ActError, Actor, Scene, linking, proposing, tracking};
use domain::act::Act;
use domain::action::Action;
use domain::case::{Case, Outcome};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::codes::Codes;
use domain::filing::{RawReport, parse_report};
use domain::reporting::Same;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::case::{CaseRow, Matter, NewCase};

use crate::report_filing::what;
use crate::vault::{identity, seed};
use crate::world::{World, at, consumer, hours, on_both};

/// A report of the same, an hour before this one and with the same people; gives its number.
pub fn earlier(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<String, ActError> {
    let case = store::case::by_number(tx, number)?.expect("the case");
    let act = Act::File {
        kind: CaseKind::Report,
        channel: case.channel.clone(),
        bureau: case.state.bureau,
        intake: case.state.intake,
        rule_set: case.rule_set.clone(),
        overlay: case.overlay.clone(),
        registered: true,
        evidence: 0,
        named: None,
        earlier: None,
    };
    let begun = Case::begin(&act).expect("a filing");
    let (unit, lead, partner) = (case.state.unit, case.state.lead, case.state.partner);
    let received_at = case.received_at - SignedDuration::from_hours(1);
    let new = NewCase {
        number: format!("{number}-0"),
        query_code_round: NO_QUERY_CODE,
        channel: case.channel.clone(),
        rule_set: case.rule_set.clone(),
        overlay: case.overlay.clone(),
        region_code: case.region_code.clone(),
        received_at,
        received_day: beijing_day(received_at),
        state: Case { unit, lead, partner, ..begun },
        matter: Matter { respondent_name: case.matter.respondent_name.clone(), ..Matter::default() },
    };
    record::begin(tx, scene, &new, &act)?;
    Ok(new.number)
}

/// Files a report of this; gives its receipt and its code.
fn files(world: &World, now: Timestamp, raw: &RawReport, with: Option<&str>) -> Result<(Receipt, String), ActError> {
    let filing = parse_report(raw, &Codes::builtin(), now).expect("in order");
    let code = reporter::code(&world.house, &format!("{now} {}", raw.facts));
    let (given, with) = (code.clone(), with.map(str::to_owned));
    let receipt = world.act(&world.staff("agent"), now, move |tx, scene| {
        let earlier = with.as_deref();
        let reporter = Reporter { identity: None, code: &given, earlier, files: &[], seed: seed() };
        filing::file(tx, scene, &filing, Evidence { reporter: Some(reporter), ..Evidence::default() })
    })?;
    Ok((receipt, code))
}

fn number(world: &World, now: Timestamp, facts: &str) -> String {
    files(world, now, &RawReport { facts: facts.to_owned(), ..what() }, None).expect("taken in").0.number
}

const FACTS: &str = "店员把奶粉罐底的日期擦掉重新打印。";
const AGAIN: &str = "店员把奶粉罐底的日期擦掉，又重新打印。";
const MORE: &str = "又拍到仓库里还有三批改过日期的奶粉，附进货单。";

fn says(
    world: &World,
    who: &str,
    now: Timestamp,
    number: &str,
    of: &str,
    (action, same): (Action, Same),
) -> Result<CaseRow, ActError> {
    let (number, of) = (number.to_owned(), of.to_owned());
    world.act(&world.staff(who), now, move |tx, scene| {
        let again = Again { of: &of, same: Some(same), reason: "核对两件的时间、地点和商品" };
        match action {
            Action::NotSeparately => repeat::not_separately(tx, scene, &number, None, &again),
            _ => repeat::merge(tx, scene, &number, None, &again),
        }
    })
}

fn undo(world: &World, who: &str, now: Timestamp, number: &str) -> Result<CaseRow, ActError> {
    let number = number.to_owned();
    world.act(&world.staff(who), now, move |tx, scene| {
        linking::unmerge(tx, scene, &number, None, "核对后不是同一批商品")
    })
}

fn code_of(error: Result<CaseRow, ActError>) -> String {
    match error {
        Err(ActError::Invalid(faults)) => faults[0].code.clone(),
        other => panic!("{other:?}"),
    }
}

/// Brings a report to its two officers.
fn in_hand(world: &World, now: Timestamp, number: &str) {
    world.does("dispatcher", now, number, Action::Dispatch);
    world.does("leader", now + SignedDuration::from_hours(1), number, Action::Assign);
}

#[test]
fn what_came_before_the_law_is_handled_by_itself_what_came_on_its_day_or_after_need_not_be() {
    on_both("repeat by period", |world| {
        world.ceremony();
        for (received, lawful) in [
            ("2026-04-14T15:00:00+08:00", false),
            ("2026-04-15T09:00:00+08:00", true),
            ("2026-06-01T09:00:00+08:00", true),
        ] {
            let first = number(world, at(received) - SignedDuration::from_hours(100), &format!("{FACTS}{received}"));
            let second = number(world, at(received), &format!("{AGAIN}{received}"));
            let now = at(received) + SignedDuration::from_hours(1);
            let said = says(world, "dispatcher", now, &second, &first, (Action::NotSeparately, Same::Told));
            match lawful {
                true => assert_eq!(said.expect(received).state.outcome, Some(Outcome::Repeated)),
                false => assert_eq!(code_of(said), "into.other_law"),
            }
        }
    });
}

#[test]
fn the_same_once_more_ends_there_is_told_on_her_own_page_and_can_be_undone() {
    on_both("repeat not separately", |world| {
        world.ceremony();
        let first = number(world, hours(0), FACTS);
        let second = number(world, hours(24), AGAIN);
        let (before, own_clocks) = (world.running(&first), world.running(&second));
        let version = world.case(&second).state.version;
        for _ in 0..2 {
            // A form sent twice is one act.
            let (number, of) = (second.clone(), first.clone());
            world
                .act(&world.staff("dispatcher"), hours(25), move |tx, scene| {
                    let again = Again { of: &of, same: Some(Same::Told), reason: "没有新的事实" };
                    repeat::not_separately(tx, scene, &number, Some(version), &again)
                })
                .expect("said");
        }
        let ended = world.case(&second);
        assert_eq!((ended.state.status, ended.state.outcome), (Status::Told, Some(Outcome::Repeated)));
        assert!(world.running(&second).is_empty(), "nothing is left to be done");
        assert_eq!(world.running(&first), before, "the first goes on as it was: no new facts");
        assert_eq!(world.events(&second).iter().filter(|act| *act == "not_separately").count(), 1);
        let (id, her) = (ended.id, consumer(&ended));
        let own = world.act(&her, hours(26), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.course.iter().any(|told| told.words.contains("不再另行处理")), "{:?}", own.course);
        assert!(own.course.iter().all(|told| !told.words.contains(&first)), "the number of the first is not told");
        assert!(own.allowed.iter().any(|step| step.action == Action::WriteOfficers), "her channel stays");
        assert!(world.messages(&second).is_empty(), "nothing goes to an address");
        let back = undo(world, "dispatcher", hours(27), &second).expect("undone");
        assert_eq!((back.state.status, back.state.outcome), (Status::Registered, None));
        assert_eq!(world.running(&second), own_clocks, "from the old start");
        let again = undo(world, "dispatcher", hours(28), &second);
        assert!(matches!(again, Err(ActError::NotLawful(_))), "{again:?}");
        for number in [&first, &second] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn new_facts_have_the_time_to_check_counted_anew_from_the_last_receipt() {
    on_both("repeat merged", |world| {
        world.ceremony();
        // Monday 2026-06-01; a Wednesday and a Friday after it.
        let first = number(world, hours(0), FACTS);
        in_hand(world, hours(1), &first);
        let second = number(world, hours(48), MORE);
        let third = number(world, hours(96), "又看到运奶粉的车，车牌尾号和时间见附件。");
        let check = |number: &str| world.deadline(number, "verification").due_day.to_string();
        // Fifteen workdays; 19 June is a holiday.
        assert_eq!(check(&first), "2026-06-23");
        let merged =
            says(world, "dispatcher", hours(97), &second, &first, (Action::Merge, Same::Told)).expect("merged");
        assert_eq!((merged.state.status, merged.state.outcome), (Status::Told, Some(Outcome::Merged)));
        assert_eq!(check(&first), "2026-06-25", "from Wednesday, not from the day of merging");
        assert!(
            world.running(&first).iter().any(|it| it == "filing_promised 2026-06-12"),
            "{:?}",
            world.running(&first)
        );
        assert_eq!(world.deadline(&first, "verification").started_at, hours(48));
        says(world, "dispatcher", hours(98), &third, &first, (Action::Merge, Same::Told)).expect("merged");
        assert_eq!(check(&first), "2026-06-29", "from the last one");
        // The one in the middle is parted: the last one still counts. Then the last one, too.
        undo(world, "dispatcher", hours(99), &second).expect("parted");
        assert_eq!(check(&first), "2026-06-29");
        assert!(world.running(&second).iter().any(|it| it == "verification 2026-06-25"), "its own clock runs on");
        undo(world, "dispatcher", hours(100), &third).expect("parted");
        let running = world.running(&first);
        assert!(running.contains(&"verification 2026-06-23".to_owned()), "as it began: {running:?}");
        assert_eq!(running.iter().filter(|it| it.starts_with("verification")).count(), 1, "{running:?}");
        assert!(running.contains(&"filing_promised 2026-06-10".to_owned()), "{running:?}");
        for number in [&first, &second, &third] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn where_a_case_is_opened_its_time_runs_on_and_what_waits_for_a_decision_takes_nothing_in() {
    on_both("repeat merged late", |world| {
        world.ceremony();
        let first = number(world, hours(0), FACTS);
        in_hand(world, hours(1), &first);
        world.does("officer1", hours(3), &first, Action::ProposeOpening);
        let second = number(world, hours(4), MORE);
        let waits = says(world, "dispatcher", hours(5), &second, &first, (Action::Merge, Same::Told));
        assert_eq!(code_of(waits), "into.pending");
        world.does("leader", hours(6), &first, Action::Approve);
        let before = world.running(&first);
        says(world, "dispatcher", hours(7), &second, &first, (Action::Merge, Same::Told)).expect("merged");
        assert_eq!(world.running(&first), before, "ninety days from the opening, whatever came in");
        undo(world, "dispatcher", hours(8), &second).expect("parted");
        assert_eq!(world.running(&first), before);
        // What has ended takes nothing in either, but the same once more is still not handled by itself.
        world.does("officer1", hours(9), &first, Action::ProposeDecision);
        world.does("leader", hours(10), &first, Action::Approve);
        let closed = says(world, "dispatcher", hours(11), &second, &first, (Action::Merge, Same::Told));
        assert_eq!(code_of(closed), "into.closed");
        says(world, "dispatcher", hours(12), &second, &first, (Action::NotSeparately, Same::Told)).expect("said");
        for number in [&first, &second] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn only_the_same_reporter_and_the_same_one_reported_and_what_is_said_of_it_must_be_true() {
    on_both("repeat refused", |world| {
        world.ceremony();
        let first = number(world, hours(0), FACTS);
        let second = number(world, hours(1), AGAIN);
        let third = files(world, hours(2), &RawReport { respondent_name: "花园路粮油店".to_owned(), ..what() }, None);
        let third = third.expect("taken in").0.number;
        let tries = |number: &str, of: &str, same| {
            code_of(says(world, "dispatcher", hours(3), number, of, (Action::NotSeparately, same)))
        };
        assert_eq!(tries(&second, &first, Same::Code), "same.no_code");
        assert_eq!(tries(&second, &first, Same::Identity), "same.not_opened");
        assert_eq!(tries(&second, &second, Same::Told), "into.same");
        assert_eq!(tries(&first, &second, Same::Told), "into.later");
        assert_eq!(tries(&third, &first, Same::Told), "into.another_shop");
        assert_eq!(tries(&second, "410105-2026-999999", Same::Told), "into.unknown");
        let missing = world.act(&world.staff("dispatcher"), hours(3), move |tx, scene| {
            repeat::merge(tx, scene, &second, None, &Again { of: " ", same: None, reason: "" })
        });
        let Err(ActError::Invalid(faults)) = missing else { panic!("taken") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["into", "same", "reason"], "all at once");
    });
}

#[test]
fn two_looks_on_record_say_that_it_is_the_same_person() {
    on_both("repeat by identity", |world| {
        world.ceremony();
        for who in ["custodian1", "custodian2"] {
            world.makes_key(who);
        }
        world.hands_over("custodian1", "custodian2").expect("handed over");
        let named = |now: Timestamp, key: &str| {
            let filing = parse_report(&what(), &Codes::builtin(), now).expect("in order");
            let code = reporter::code(&world.house, key);
            world
                .act(&world.staff("agent"), now, move |tx, scene| {
                    let who = identity();
                    let reporter =
                        Reporter { identity: Some(&who), code: &code, earlier: None, files: &[], seed: seed() };
                    filing::file(tx, scene, &filing, Evidence { reporter: Some(reporter), ..Evidence::default() })
                })
                .expect("taken in")
                .number
        };
        let (first, second) = (named(hours(0), "one"), named(hours(1), "two"));
        let opens = |number: &str| {
            world.asks("custodian1", number).expect("asked");
            world.approves("custodian2", number).expect("approved");
            world.opens("custodian1", number).expect("opened");
        };
        opens(&first);
        let one_is_not_two = says(world, "dispatcher", hours(2), &second, &first, (Action::Merge, Same::Identity));
        assert_eq!(code_of(one_is_not_two), "same.not_opened");
        opens(&second);
        says(world, "dispatcher", hours(3), &second, &first, (Action::Merge, Same::Identity)).expect("merged");
        let who = identity();
        for number in [&first, &second] {
            let id = world.case(number).id;
            for event in world.look(move |tx| store::event::of_case(tx, id)) {
                assert!(!event.data.contains(&who.name) && !event.data.contains(&who.phone), "{}", event.data);
            }
        }
    });
}

#[test]
fn her_own_code_of_the_first_says_it_without_a_name() {
    on_both("repeat by code", |world| {
        world.ceremony();
        let (first, code) = files(world, hours(0), &what(), None).expect("taken in");
        let more = RawReport { facts: MORE.to_owned(), ..what() };
        let wrong = files(world, hours(1), &more, Some("1234567890123456"));
        let Err(ActError::Invalid(faults)) = wrong else { panic!("taken") };
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("earlier_code", "earlier_code.unknown"));
        let (second, own_code) = files(world, hours(2), &more, Some(&code)).expect("taken in");
        assert_ne!(code, own_code, "each has its own");
        let case = world.case(&second.number);
        assert_eq!(case.state.turns.reporting.earlier.as_deref(), Some(first.number.as_str()));
        let likely = |who: &str| {
            let case = case.clone();
            world
                .act(&world.staff(who), hours(3), move |tx, scene| proposing::likely_reports(tx, scene, &case))
                .expect("looked")
        };
        let found = likely("dispatcher");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].reasons, ["举报人填了那一件的回执码"], "the facts are others");
        assert!(likely("agent").is_empty() && likely("officer1").is_empty(), "not theirs to know");
        let noted = world.case(&first.number).id;
        let kept = world.look(move |tx| store::event::of_case(tx, noted));
        assert!(kept.iter().any(|event| event.act == "note_linked"), "the first knows of it");
        says(world, "dispatcher", hours(4), &second.number, &first.number, (Action::Merge, Same::Code))
            .expect("merged");
        // Both codes open each its own; she may still write by the second.
        for (code, number) in [(&code, &first.number), (&own_code, &second.number)] {
            let (house, code) = (world.house.clone(), code.clone());
            let found = world.act(&Actor::Public, hours(5), move |tx, _| reporter::by_code(tx, &house, &code));
            assert_eq!(found.expect("looked").map(|case| case.number).as_ref(), Some(number));
        }
        world.does("consumer", hours(6), &second.number, Action::WriteOfficers);
        let errands = world.case(&second.number).state.errands();
        assert_eq!(errands.len(), 1, "somebody reads it: {errands:?}");
        world.does("dispatcher", hours(7), &second.number, Action::ReadReporter);
        world.does("dispatcher", hours(7), &second.number, Action::AskReporter);
        assert_eq!(world.verdict(&second.number), Verdict::Sound);
    });
}

#[test]
fn likeness_looks_at_the_one_reported_and_the_facts_and_at_nobody_who_reports() {
    on_both("repeat likeness", |world| {
        world.ceremony();
        let first = number(world, hours(0), FACTS);
        let other_facts = number(world, hours(1), MORE);
        let other_shop =
            RawReport { respondent_name: "花园路粮油店".to_owned(), facts: AGAIN.to_owned(), ..what() };
        let other_shop = files(world, hours(2), &other_shop, None).expect("taken in").0.number;
        let again = number(world, hours(3), AGAIN);
        let proposed = |who: &str, number: &str| {
            let case = world.case(number);
            world
                .act(&world.staff(who), hours(4), move |tx, scene| Ok(proposing::look(tx, scene, &case)?.duplicates))
                .expect("looked")
                .into_iter()
                .map(|it| (it.case.number, it.reasons.join("，")))
                .collect::<Vec<_>>()
        };
        assert_eq!(proposed("dispatcher", &again), [(first.clone(), "被举报人相同，线索几乎一样".to_owned())]);
        assert!(proposed("dispatcher", &first).is_empty(), "only what came before");
        assert!(proposed("dispatcher", &other_facts).is_empty() && proposed("dispatcher", &other_shop).is_empty());
        assert!(proposed("other_dispatcher", &again).is_empty(), "another bureau's");
        // What follows another is proposed no more, and neither is what is linked already.
        says(world, "dispatcher", hours(5), &again, &first, (Action::NotSeparately, Same::Told)).expect("said");
        let last = number(world, hours(6), &AGAIN.replace('，', "、"));
        let found = proposed("dispatcher", &last);
        assert_eq!(found.iter().map(|(number, _)| number).collect::<Vec<_>>(), [&first], "not the repeat itself");
    });
}
