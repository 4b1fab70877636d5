//! Who may do what, where: every status reached by a real path, every act, every role, tried for real and taken back. The
//! outcomes are a table in sight (`authority.txt`); `XIAOBAO_UPDATE_TABLES=1` writes it anew, to be read before it is kept.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use casework::actor::Actor;
use casework::{ActError, Scene};
use domain::action::Action;
use domain::procedure::{By, step_of, steps};
use domain::status::Status;
use store::StoreError;

use crate::performing::{Named, perform};
use crate::world::{World, consumer, hours, on_both};

const TABLE: &str = include_str!("authority.txt");

/// Everybody who could try, by the name in the table.
fn everybody(world: &World, case_id: i64) -> Vec<(String, Actor)> {
    let mut everybody: Vec<_> = world.people.keys().map(|name| ((*name).to_owned(), world.staff(name))).collect();
    everybody.push(("consumer".to_owned(), Actor::Complainant { case_id }));
    everybody.push(("another_consumer".to_owned(), Actor::Complainant { case_id: case_id + 1_000_000 }));
    everybody.push(("stranger".to_owned(), Actor::Public));
    let program = Actor::Program { token_id: 1, name: "热线".to_owned() };
    everybody.push(("program".to_owned(), program));
    everybody.push(("system".to_owned(), Actor::System));
    everybody
}

#[derive(Debug)]
struct TakenBack(Vec<(String, String)>);

impl From<StoreError> for TakenBack {
    fn from(error: StoreError) -> Self {
        panic!("{error:?}")
    }
}

/// What each person's try of an act comes to; nothing of it stays.
fn tries(world: &World, number: &str, action: Action) -> Vec<(String, String)> {
    let (house, named, number) = (world.house.clone(), Named::of(world), number.to_owned());
    let everybody = everybody(world, world.case(&number).id);
    let TakenBack(outcomes) = world
        .db
        .act(move |tx| {
            let mut outcomes = Vec::new();
            for (name, actor) in &everybody {
                let scene = Scene { house: &house, now: hours(30), actor };
                let outcome = tx.attempt(|tx| {
                    let outcome = match perform(tx, scene, &number, None, action, &named) {
                        Ok(case) => format!("→ {}", case.state.status.key()),
                        Err(ActError::Invalid(faults)) => faults[0].code.clone(),
                        Err(error) => error.code().to_owned(),
                    };
                    // Whatever it was, it is taken back.
                    Err::<(), _>(TakenBack(vec![(name.clone(), outcome)]))
                });
                outcomes.extend(outcome.unwrap_err().0);
            }
            Err::<(), _>(TakenBack(outcomes))
        })
        .unwrap_err();
    outcomes
}

/// Where a complaint can stand; only a report is investigated (`reporting.rs`).
fn statuses() -> impl Iterator<Item = &'static Status> {
    Status::ALL.iter().filter(|status| **status != Status::Investigating)
}

const UNSEEN: &str = "case.not_found";
const TOO_EARLY_OR_LATE: &str = "act.not_from_here";

/// The table as it comes out: for each status who may not even know of the case, then for each act that is possible there
/// who gets which answer; `everyone else` are the others who may know of it. An act that is not listed is not possible
/// there, for anybody.
fn table(world: &World) -> String {
    let mut table = String::new();
    for status in statuses() {
        let number = world.case_in(*status);
        writeln!(table, "{}", status.key()).unwrap();
        let mut unseen = None;
        for action in Action::ALL {
            let mut by_outcome: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, outcome) in tries(world, &number, *action) {
                by_outcome.entry(outcome).or_default().push(name);
            }
            let outsiders = by_outcome.remove(UNSEEN).unwrap_or_default().join(" ");
            if unseen.is_none() {
                writeln!(table, "  {UNSEEN}: {outsiders}").unwrap();
            }
            assert_eq!(*unseen.get_or_insert(outsiders.clone()), outsiders, "{status:?} {action:?}");
            if by_outcome.len() == 1 && by_outcome.contains_key(TOO_EARLY_OR_LATE) {
                continue;
            }
            assert!(!by_outcome.contains_key(TOO_EARLY_OR_LATE), "{status:?} {action:?}: the same for all");
            writeln!(table, "  {}", action.key()).unwrap();
            for (outcome, names) in by_outcome {
                let names = if outcome == "act.not_by_you" { "everyone else".to_owned() } else { names.join(" ") };
                writeln!(table, "    {outcome}: {names}").unwrap();
            }
        }
        let events = world.events(&number).len();
        assert_eq!(world.case(&number).state.version as usize, events, "{status:?}: every try was taken back");
    }
    table
}

#[test]
fn every_act_of_everybody_in_every_status_is_as_written() {
    on_both("authority", |world| {
        let found = table(world);
        if std::env::var_os("XIAOBAO_UPDATE_TABLES").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/authority.txt");
            std::fs::write(file, &found).expect("the table can be written");
            return;
        }
        for (number, (written, found)) in TABLE.lines().zip(found.lines()).enumerate() {
            assert_eq!(written, found, "authority.txt, line {}", number + 1);
        }
        assert_eq!(TABLE.lines().count(), found.lines().count());
    });
}

/// Rules of the law and the catalogue, said again without a look at the procedure.
#[test]
fn the_table_keeps_the_rules_that_matter_most() {
    let (mut status, mut action) = ("", "");
    for line in TABLE.lines() {
        let depth = line.len() - line.trim_start().len();
        let line = line.trim();
        match (depth, line.split_once(": ")) {
            (0, _) => status = line,
            (2, None) => action = line,
            // Who is outside of the case learns nothing of it, not even its status.
            (2, Some((_, outsiders))) => {
                let outsiders: Vec<&str> = outsiders.split(' ').collect();
                for outsider in ["another_consumer", "stranger", "program", "administrator", "other_leader"] {
                    assert!(outsiders.contains(&outsider), "{status}: {outsider} sees it");
                }
            }
            (_, Some((outcome, names))) if outcome.starts_with('→') => {
                hands_that_may(status, action, &names.split(' ').collect::<Vec<_>>());
            }
            _ => {}
        }
    }
}

fn hands_that_may(status: &str, action: &str, names: &[&str]) {
    for onlooker in ["auditor", "statistician", "everyone"] {
        assert!(!names.contains(&onlooker), "{status} {action}: {onlooker} only looks on");
    }
    // A superior asks, watches and designates; what is done in the case is done by those who have it.
    let superior = ["superior_urge", "supervise", "end_supervision", "designate_dispute", "acknowledge"];
    assert!(superior.contains(&action) || !names.contains(&"city_dispatcher"), "{status} {action}: a superior acts");
    assert!(action == "supervise" || !names.contains(&"system"), "{status} {action}: the program acts");
    // The decisions of the law each belong to one kind of hand (O121 arts. 15, 18, 23).
    let hands: Option<&[&str]> = match action {
        "accept" | "refuse" | "forward" | "dispatch" => Some(&["dispatcher", "shift"]),
        "settle" | "terminate" | "notify" | "tell" => Some(&["officer1", "officer2"]),
        "approve" | "send_back" | "decide_recusal" | "decide_police" | "decide_clue_time" => Some(&["leader"]),
        "reopen" => Some(&["consumer", "dispatcher", "leader"]),
        "approve_referral" | "decline_referral" => Some(&["director"]),
        "supervise" => Some(&["city_dispatcher", "director", "system"]),
        "withdraw" | "urge" | "rate" => Some(&["consumer"]),
        _ => None,
    };
    assert!(hands.is_none_or(|hands| names.iter().all(|name| hands.contains(name))), "{status} {action}: {names:?}");
    // A closed file stays closed, unless it is said that nothing is solved.
    assert!(status != "archived" || ["rate", "reopen"].contains(&action), "{action}: a closed file stays closed");
}

/// The gate, the page's buttons and the act itself agree: what `allowed` offers is what the act lets through.
#[test]
fn what_is_offered_is_what_is_let_through() {
    on_both("offered", |world| {
        for status in statuses() {
            let number = world.case_in(*status);
            let case = world.case(&number);
            for (name, actor) in everybody(world, case.id) {
                let offered = domain::procedure::allowed(case.state.kind, *status, &actor.standing(&case));
                for step in steps() {
                    let named = (Named::of(world), world.house.clone(), number.clone(), actor.clone());
                    let action = step.action;
                    let tried: Result<(), TakenBack> = world.db.act(move |tx| {
                        let (named, house, number, actor) = &named;
                        let scene = Scene { house, now: hours(30), actor };
                        let outcome = match perform(tx, scene, number, None, action, named) {
                            Ok(_) => "done".to_owned(),
                            Err(error) => error.code().to_owned(),
                        };
                        Err(TakenBack(vec![(String::new(), outcome)]))
                    });
                    let outcome = tried.unwrap_err().0.remove(0).1;
                    let through = ["done", "input.invalid", "act.not_now"].contains(&outcome.as_str());
                    let is_offered = offered.iter().any(|it| it.action == action);
                    // Particulars may be refused before anybody is asked for; an offer is never refused for rights.
                    assert!(!is_offered || through, "{status:?} {name} {action:?}: offered, then {outcome}");
                    assert!(is_offered || outcome != "done", "{status:?} {name} {action:?}: done without an offer");
                }
            }
        }
    });
}

#[test]
fn every_role_of_the_procedure_is_tried() {
    let tried =
        ["intake_agent", "shift_lead", "duty_director", "dispatcher", "officer", "leader", "archivist", "discipline"];
    for action in Action::ALL {
        for by in step_of(*action).by {
            if let By::Role(role) = by {
                assert!(tried.contains(&role.key()), "{role:?} has no person in the world");
            }
        }
    }
}

#[test]
fn a_consumer_has_only_her_own_case() {
    on_both("own case", |world| {
        let (hers, another) = (world.case_in(Status::Mediating), world.case_in(Status::Mediating));
        let actor = consumer(&world.case(&hers));
        for action in [Action::Urge, Action::Withdraw, Action::AddEvidence] {
            assert_eq!(
                world.try_to(&actor, hours(30), &another, action).expect_err("not hers").code(),
                "case.not_found"
            );
        }
        world.try_to(&actor, hours(30), &hers, Action::Urge).expect("hers");
        let nothing = world.try_to(&actor, hours(30), "410105-2026-999999", Action::Urge).expect_err("no such case");
        assert_eq!(nothing.code(), "case.not_found", "a case of others and none look the same");
    });
}
