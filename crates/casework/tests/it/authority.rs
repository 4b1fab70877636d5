//! Who may do what, where: every status reached by a real path, every act, every role, tried for real and taken back. The
//! outcomes are a table in sight (`authority.txt`); `XIAOBAO_UPDATE_TABLES=1` writes it anew, to be read before it is kept.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use casework::actor::Actor;
use casework::{ActError, Scene};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::procedure::{By, steps};
use domain::status::Status;
use store::StoreError;

use crate::performing::{Named, perform, statuses};
use crate::world::{World, consumer, hours, on_both};

const TABLE: &str = include_str!("authority.txt");
/// The other kinds, and what each turn beside the course changes against the table of its status.
const BESIDE: &str = include_str!("authority_beside.txt");

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

const UNSEEN: &str = "case.not_found";
const TOO_EARLY_OR_LATE: &str = "act.not_from_here";

/// Who gets which answer to each act that is possible there; first who may not even know of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answers {
    unseen: String,
    by_action: BTreeMap<&'static str, BTreeMap<String, String>>,
}

/// An act that is missing is not possible there, for anybody; `everyone else` are the others who may know of the case.
fn answers(world: &World, number: &str) -> Answers {
    let mut answers = Answers { unseen: String::new(), by_action: BTreeMap::new() };
    let mut unseen = None;
    for action in Action::ALL {
        let mut by_outcome: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, outcome) in tries(world, number, *action) {
            by_outcome.entry(outcome).or_default().push(name);
        }
        let outsiders = by_outcome.remove(UNSEEN).unwrap_or_default().join(" ");
        assert_eq!(*unseen.get_or_insert(outsiders.clone()), outsiders, "{number} {action:?}");
        if by_outcome.len() == 1 && by_outcome.contains_key(TOO_EARLY_OR_LATE) {
            continue;
        }
        assert!(!by_outcome.contains_key(TOO_EARLY_OR_LATE), "{number} {action:?}: the same for all");
        let named = by_outcome.into_iter().map(|(outcome, names)| {
            let names = if outcome == "act.not_by_you" { "everyone else".to_owned() } else { names.join(" ") };
            (outcome, names)
        });
        answers.by_action.insert(action.key(), named.collect());
    }
    let events = world.events(number).len();
    assert_eq!(world.case(number).state.version as usize, events, "{number}: every try was taken back");
    answers.unseen = unseen.unwrap_or_default();
    answers
}

/// A section of the table; against the answers without the turn, when there are any, only what is different.
fn section(title: &str, found: &Answers, without: Option<&Answers>) -> String {
    let mut table = format!("{title}\n");
    if without.is_none_or(|without| without.unseen != found.unseen) {
        writeln!(table, "  {UNSEEN}: {}", found.unseen).unwrap();
    }
    for action in Action::ALL {
        let of = |answers: &Answers| answers.by_action.get(action.key()).cloned();
        if without.is_some_and(|without| of(without) == of(found)) {
            continue;
        }
        let Some(outcomes) = of(found) else {
            if without.is_some() {
                writeln!(table, "  {}\n    impossible", action.key()).unwrap();
            }
            continue;
        };
        writeln!(table, "  {}", action.key()).unwrap();
        for (outcome, names) in outcomes {
            writeln!(table, "    {outcome}: {names}").unwrap();
        }
    }
    table
}

fn table(world: &World) -> String {
    let of = |status: &Status| section(status.key(), &answers(world, &world.case_in(*status)), None);
    statuses().map(of).collect()
}

type Course = &'static [(&'static str, Action)];

/// A report sent to an office and given to its officers, and what is done then.
macro_rules! under_inquiry {
    ($($deed:expr),*) => { &[("dispatcher", Action::Dispatch), ("leader", Action::Assign), $($deed),*] };
}

const OPENING: (&str, Action) = ("officer1", Action::ProposeOpening);
const DECISION: (&str, Action) = ("officer1", Action::ProposeDecision);
const APPROVAL: (&str, Action) = ("leader", Action::Approve);
const REWARD: (&str, Action) = ("officer1", Action::ProposeReward);
const SIGNATURE: (&str, Action) = ("leader", Action::ApproveReward);
const SECOND: (&str, Action) = ("director", Action::ApproveReward);
const TOLD: (&str, Action) = ("officer1", Action::TellReward);

/// Where a question, an opinion, a complaint against staff and a report can be.
const KINDS: &[(CaseKind, Course)] = &[
    (CaseKind::Consultation, &[]),
    (CaseKind::Consultation, &[("agent", Action::Register)]),
    (CaseKind::Consultation, &[("agent", Action::Register), ("dispatcher", Action::Dispatch)]),
    (
        CaseKind::Consultation,
        &[("agent", Action::Register), ("dispatcher", Action::Dispatch), ("leader", Action::Assign)],
    ),
    (CaseKind::Consultation, &[("agent", Action::Answer)]),
    (CaseKind::Consultation, &[("agent", Action::Answer), ("dispatcher", Action::Archive)]),
    (CaseKind::Consultation, &[("consumer", Action::Withdraw)]),
    (CaseKind::StaffComplaint, &[]),
    (CaseKind::StaffComplaint, &[("discipline", Action::Register)]),
    (CaseKind::StaffComplaint, &[("discipline", Action::Register), ("discipline", Action::Answer)]),
    (
        CaseKind::StaffComplaint,
        &[("discipline", Action::Register), ("discipline", Action::Answer), ("discipline", Action::Archive)],
    ),
    (CaseKind::Report, &[]),
    (CaseKind::Report, &[("dispatcher", Action::Dispatch)]),
    (CaseKind::Report, under_inquiry!()),
    (CaseKind::Report, under_inquiry!(OPENING)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL)),
    (CaseKind::Report, under_inquiry!(("officer1", Action::NoteDuty), OPENING, APPROVAL, DECISION, APPROVAL)),
    (CaseKind::Report, under_inquiry!(("officer1", Action::ProposeNotOpening), APPROVAL)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL, DECISION, APPROVAL)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL, DECISION, APPROVAL, REWARD)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL, DECISION, APPROVAL, REWARD, SIGNATURE)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL, DECISION, APPROVAL, REWARD, SIGNATURE, SECOND)),
    (CaseKind::Report, under_inquiry!(OPENING, APPROVAL, DECISION, APPROVAL, REWARD, SIGNATURE, SECOND, TOLD)),
    (
        CaseKind::Report,
        under_inquiry!(
            OPENING,
            APPROVAL,
            DECISION,
            APPROVAL,
            REWARD,
            SIGNATURE,
            SECOND,
            TOLD,
            ("consumer", Action::ClaimReward)
        ),
    ),
    (
        CaseKind::Report,
        under_inquiry!(
            OPENING,
            APPROVAL,
            DECISION,
            APPROVAL,
            ("officer1", Action::ProposeNoReward),
            SIGNATURE,
            TOLD,
            ("officer1", Action::Archive)
        ),
    ),
];

/// What goes on beside the ordinary course: its name, where it begins, what is done.
const TURNS: &[(&str, Status, Course)] = &[
    ("materials asked for", Status::Registered, &[("dispatcher", Action::RequestMaterials)]),
    ("identity asked for", Status::Registered, &[("dispatcher", Action::RequestIdentity)]),
    ("power disputed", Status::Registered, &[("dispatcher", Action::RaiseDispute)]),
    ("referral proposed", Status::Registered, &[("dispatcher", Action::ProposeReferral)]),
    ("merged", Status::Registered, &[("dispatcher", Action::Merge)]),
    ("linked", Status::Registered, &[("dispatcher", Action::Link)]),
    ("complained of jointly", Status::Mediating, &[("officer1", Action::AddParty)]),
    ("urged", Status::Mediating, &[("consumer", Action::Urge)]),
    ("urged from above", Status::Mediating, &[("city_dispatcher", Action::SuperiorUrge)]),
    ("supervised", Status::Mediating, &[("city_dispatcher", Action::Supervise)]),
    ("help asked for", Status::Mediating, &[("officer1", Action::Assist)]),
    ("reported up", Status::Mediating, &[("officer1", Action::ReportUp)]),
    ("recusal asked for", Status::Mediating, &[("consumer", Action::RequestRecusal)]),
    ("at the laboratory", Status::Mediating, &[("officer1", Action::Appraise)]),
    ("suspended", Status::Mediating, &[("officer1", Action::Suspend)]),
    ("delegated", Status::Mediating, &[("officer1", Action::Delegate)]),
    ("more time asked for", Status::Mediating, &[("officer1", Action::RequestExtension)]),
    ("a clue found", Status::Mediating, &[("officer1", Action::FindClue)]),
    ("the police to be told", Status::Mediating, &[("officer1", Action::ReferPolice)]),
    ("the police told", Status::Mediating, &[("officer1", Action::ReferPolice), ("leader", Action::DecidePolice)]),
    ("reopened", Status::Told, &[("consumer", Action::Reopen)]),
];

fn beside(world: &World) -> String {
    let mut table = String::new();
    for (kind, course) in KINDS {
        let number = after(world, &ask(world, *kind), course);
        let title = format!("{} {}", kind.key(), world.case(&number).state.status.key());
        table.push_str(&section(&title, &answers(world, &number), None));
        if *kind == CaseKind::Consultation {
            let opinion = after(world, &ask(world, CaseKind::Suggestion), course);
            assert_eq!(answers(world, &opinion), answers(world, &number), "{title}: an opinion goes the same way");
        }
    }
    for (name, status, course) in TURNS {
        let number = after(world, &world.case_in(*status), course);
        let now = world.case(&number).state.status;
        let without = answers(world, &world.case_in(now));
        table.push_str(&section(&format!("{}, {name}", now.key()), &answers(world, &number), Some(&without)));
    }
    table
}

fn ask(world: &World, kind: CaseKind) -> String {
    if kind == CaseKind::Report {
        return crate::reporting::taken_out(world).1;
    }
    crate::kinds::ask(world, &Actor::Public, hours(0), kind, &crate::kinds::asking("sms")).number
}

fn after(world: &World, number: &str, course: Course) -> String {
    for (hour, (who, action)) in course.iter().enumerate() {
        world.does(who, hours(hour as i64 + 12), number, *action);
    }
    number.to_owned()
}

/// Compares with the table in sight, or writes it anew.
fn compare(written: &str, file: &str, found: &str) {
    if std::env::var_os("XIAOBAO_UPDATE_TABLES").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(file);
        std::fs::write(file, found).expect("the table can be written");
        return;
    }
    for (number, (written, found)) in written.lines().zip(found.lines()).enumerate() {
        assert_eq!(written, found, "{file}, line {}", number + 1);
    }
    assert_eq!(written.lines().count(), found.lines().count());
}

#[test]
fn every_act_of_everybody_in_every_status_is_as_written() {
    on_both("authority", |world| compare(TABLE, "authority.txt", &table(world)));
}

/// The rules are the same on both engines; the table above holds them against both.
#[test]
fn every_kind_and_every_turn_is_as_written() {
    let fresh = store::testing::Fresh::new(store::Dialect::Sqlite);
    let db = store::Db::open(&fresh.url).expect("a database");
    compare(BESIDE, "authority_beside.txt", &beside(&World::new(&db)));
    db.close();
}

/// Rules of the law and the catalogue, said again without a look at the procedure.
#[test]
fn the_table_keeps_the_rules_that_matter_most() {
    let (mut status, mut action) = ("", "");
    for line in TABLE.lines().chain(BESIDE.lines()) {
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
    assert!(
        ["supervise", "waive_reward"].contains(&action) || !names.contains(&"system"),
        "{status} {action}: the program acts"
    );
    // The decisions of the law each belong to one kind of hand (O121 arts. 15, 18, 23).
    let hands: Option<&[&str]> = match action {
        // Nobody but the discipline officer handles what is said of colleagues.
        _ if status.starts_with("staff_complaint") => Some(&["discipline", "consumer"]),
        // There is nothing to accept in a question: whoever takes it gives it to an office.
        "dispatch" if status.starts_with("consultation") => Some(&["agent", "dispatcher", "shift"]),
        "accept" | "refuse" | "forward" | "dispatch" => Some(&["dispatcher", "shift"]),
        "settle" | "terminate" | "notify" | "tell" => Some(&["officer1", "officer2"]),
        "approve" | "send_back" | "decide_recusal" | "decide_police" | "decide_clue_time" => Some(&["leader"]),
        "propose_reward" | "propose_no_reward" | "record_finance" | "tell_reward" | "pay_reward" => {
            Some(&["officer1", "officer2"])
        }
        "approve_reward" | "send_back_reward" => Some(&["leader", "director"]),
        "claim_reward" | "ask_review" => Some(&["consumer", "officer1", "officer2"]),
        "waive_reward" => Some(&["consumer", "officer1", "officer2", "system"]),
        "reopen" => Some(&["consumer", "dispatcher", "leader"]),
        "approve_referral" | "decline_referral" | "answer_review" => Some(&["director"]),
        "supervise" => Some(&["city_dispatcher", "city_leader", "director", "system"]),
        "withdraw" | "urge" | "rate" => Some(&["consumer"]),
        _ => None,
    };
    assert!(hands.is_none_or(|hands| names.iter().all(|name| hands.contains(name))), "{status} {action}: {names:?}");
    // A closed file stays closed, unless it is said that nothing is solved; a copy of it leaves it as it is. The decision to punish
    // may come after the report is closed, and whoever is to enter it may leave.
    let after = ["rate", "reopen", "make_copy", "record_penalty", "replace"];
    assert!(!status.ends_with("archived") || after.contains(&action), "{action}: a closed file stays closed");
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
    for step in steps() {
        for by in step.by {
            if let By::Role(role) | By::Bureau(role) | By::Beside(role) | By::Superior(role) = by {
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
