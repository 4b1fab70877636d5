//! Two people at once, and one person twice.

use std::sync::{Arc, Barrier};

use casework::actor::Actor;
use casework::record::Verdict;
use casework::{ActError, Scene};
use domain::action::Action;
use domain::status::Status;

use crate::performing::{Named, perform};
use crate::world::{World, consumer, hours, on_both};

#[test]
fn whoever_comes_second_hears_what_happened_and_nothing_is_lost() {
    on_both("second", |world| {
        let number = world.case_in(Status::Mediating);
        let seen = Some(world.case(&number).state.version);
        let (one, two) = (world.staff("officer1"), world.staff("officer2"));
        world.try_from_page(&one, hours(30), &number, seen, Action::Settle).expect("the first");
        let refused = world.try_from_page(&two, hours(30), &number, seen, Action::Terminate).expect_err("the second");
        assert_eq!(refused.code(), "act.conflict");
        let sentence = refused.to_string();
        for part in ["承办人officer1", "达成调解协议", "待审批"] {
            assert!(sentence.contains(part), "{sentence}");
        }
        assert_eq!(world.events(&number).last().map(String::as_str), Some("settle"));
    });
}

#[test]
fn at_the_same_moment_exactly_one_act_happens() {
    on_both("moment", |world| {
        for _ in 0..12 {
            let number = world.case_in(Status::Mediating);
            let seen = Some(world.case(&number).state.version);
            let outcomes =
                at_once(world, &number, seen, &[("officer1", Action::Settle), ("officer2", Action::Terminate)]);
            let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(done, 1, "{outcomes:?}");
            assert!(outcomes.iter().flatten_err().all(|code| code == "act.conflict"), "{outcomes:?}");
            assert_eq!(world.verdict(&number), Verdict::Sound);
            let items = world.look({
                let id = world.case(&number).id;
                move |tx| store::agreement::of_case(tx, id)
            });
            let settled = world.events(&number).contains(&"settle".to_owned());
            assert_eq!(items.is_empty(), !settled, "the loser left nothing behind");
        }
    });
}

#[test]
fn without_a_page_the_second_act_is_judged_by_what_the_first_left() {
    on_both("no page", |world| {
        for _ in 0..8 {
            let number = world.case_in(Status::PendingApproval);
            let outcomes = at_once(world, &number, None, &[("leader", Action::Approve), ("leader", Action::SendBack)]);
            let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(done, 1, "{outcomes:?}");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
    });
}

#[test]
fn numbers_taken_at_once_are_all_different() {
    on_both("numbers at once", |world| {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let (db, house, agent) = (world.db.clone(), world.house.clone(), world.staff("agent"));
                std::thread::spawn(move || {
                    let filing = crate::world::filing_of(&agent, hours(0), &crate::world::complaint("in_app"));
                    (0..10)
                        .map(|_| {
                            let (house, agent, filing) = (house.clone(), agent.clone(), filing.clone());
                            db.act(move |tx| {
                                let scene = Scene { house: &house, now: hours(0), actor: &agent };
                                casework::filing::file(tx, scene, &filing, casework::filing::Evidence::default())
                            })
                            .unwrap_or_else(|error: ActError| panic!("{error:?}"))
                            .number
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut numbers: Vec<String> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        numbers.sort();
        let expected: Vec<String> = (1..=60).map(|serial| format!("410105-2026-{serial:06}")).collect();
        assert_eq!(numbers, expected, "none twice, none missing");
    });
}

/// Each act from its page again: it counts once, and the answer is as the first time.
#[test]
fn the_same_act_from_the_same_page_counts_once() {
    on_both("twice", |world| {
        for (status, who, action) in [
            (Status::Filed, "agent", Action::Register),
            (Status::Registered, "dispatcher", Action::Accept),
            (Status::Registered, "dispatcher", Action::Refuse),
            (Status::Registered, "dispatcher", Action::Forward),
            (Status::Accepted, "dispatcher", Action::Dispatch),
            (Status::Dispatched, "leader", Action::Assign),
            (Status::Dispatched, "officer1", Action::Return),
            (Status::Assigned, "officer1", Action::Notify),
            (Status::Mediating, "officer1", Action::RecordAnswer),
            (Status::Mediating, "officer1", Action::RecordMeeting),
            (Status::Mediating, "officer1", Action::Arrange),
            (Status::Mediating, "officer1", Action::Settle),
            (Status::Mediating, "officer1", Action::Terminate),
            (Status::Mediating, "officer1", Action::Suspend),
            (Status::Mediating, "officer1", Action::RequestExtension),
            (Status::Mediating, "consumer", Action::Urge),
            (Status::Mediating, "consumer", Action::Withdraw),
            (Status::Mediating, "leader", Action::Note),
            (Status::PendingApproval, "leader", Action::Approve),
            (Status::PendingApproval, "leader", Action::SendBack),
            (Status::Concluded, "officer1", Action::Tell),
            (Status::Told, "consumer", Action::Rate),
            (Status::Told, "officer1", Action::RecordPerformance),
            (Status::Told, "archivist", Action::Archive),
        ] {
            counts_once(world, &world.case_in(status), who, action);
        }
        let asked = world.case_in(Status::Mediating);
        world.does("officer1", hours(20), &asked, Action::RequestExtension);
        counts_once(world, &asked, "dispatcher", Action::GrantExtension);
        let asked = world.case_in(Status::Mediating);
        world.does("officer1", hours(20), &asked, Action::RequestExtension);
        counts_once(world, &asked, "dispatcher", Action::DeclineExtension);
        let urged = world.case_in(Status::Mediating);
        world.does("consumer", hours(20), &urged, Action::Urge);
        counts_once(world, &urged, "dispatcher", Action::AnswerUrge);
        let paused = world.case_in(Status::Mediating);
        world.does("officer1", hours(20), &paused, Action::Suspend);
        counts_once(world, &paused, "officer1", Action::Resume);
    });
}

#[test]
fn an_upload_sent_twice_is_filed_once() {
    on_both("upload twice", |world| {
        let number = world.case_in(Status::Mediating);
        let case = world.case(&number);
        let (seen, actor) = (Some(case.state.version), consumer(&case));
        world.look(|tx| crate::performing::upload(tx, "key", hours(20)));
        for _ in 0..2 {
            let target = number.clone();
            world
                .act(&actor, hours(21), move |tx, scene| {
                    casework::consumer::add_evidence(tx, scene, &target, seen, "key", "小票")
                })
                .expect("it is there");
        }
        assert_eq!(world.events(&number).iter().filter(|act| *act == "add_evidence").count(), 1);
        assert_eq!(world.papers(&number).iter().filter(|paper| paper.kind == "evidence").count(), 1);
    });
}

#[test]
fn the_same_words_by_somebody_else_are_no_repeat() {
    on_both("somebody else", |world| {
        let number = world.case_in(Status::Mediating);
        let seen = Some(world.case(&number).state.version);
        world.try_from_page(&world.staff("officer1"), hours(30), &number, seen, Action::RecordAnswer).unwrap();
        let other = world.try_from_page(&world.staff("officer2"), hours(30), &number, seen, Action::RecordAnswer);
        assert_eq!(other.expect_err("hers is another act").code(), "act.conflict");
        // Nor does a repeat show a case to one who may not know of it.
        let stranger = Actor::Complainant { case_id: world.case(&number).id + 1_000 };
        world.does("consumer", hours(31), &number, Action::Urge);
        let seen = Some(world.case(&number).state.version - 1);
        let refused = world.try_from_page(&stranger, hours(31), &number, seen, Action::Urge);
        assert_eq!(refused.expect_err("not her case").code(), "case.not_found");
    });
}

#[test]
fn what_the_program_noted_stands_in_nobodys_way() {
    on_both("noted", |world| {
        let number = world.registered(hours(0)).number;
        let seen = Some(world.case(&number).state.version);
        let now = crate::world::at("2026-06-03T09:00:00+08:00");
        assert_eq!(casework::sweep::sweep(&world.db, &world.house, "one", now).unwrap().overdue, 1);
        let dispatcher = world.staff("dispatcher");
        let case = world.try_from_page(&dispatcher, now, &number, seen, Action::Accept).expect("her page still holds");
        assert_eq!(case.state.status, Status::Accepted);
        let late = world.try_from_page(&dispatcher, now, &number, Some(99), Action::Dispatch);
        assert_eq!(late.expect_err("no page showed that").code(), "act.conflict");
    });
}

#[test]
fn a_sweep_and_people_at_once_lose_nothing() {
    on_both("sweep and people", |world| {
        let now = crate::world::at("2026-06-03T09:00:00+08:00");
        let numbers: Vec<String> = (0..10).map(|_| world.registered(hours(0)).number).collect();
        let barrier = Arc::new(Barrier::new(2));
        let sweeper = {
            let (db, house, barrier) = (world.db.clone(), world.house.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                casework::sweep::sweep(&db, &house, "one", now).expect("a sweep never fails for a person's act")
            })
        };
        barrier.wait();
        for number in &numbers {
            let done = world.try_to(&world.staff("dispatcher"), now, number, Action::Accept);
            assert!(done.is_ok() || done.as_ref().is_err_and(|error| error.code() == "act.conflict"), "{done:?}");
        }
        sweeper.join().unwrap();
        casework::sweep::sweep(&world.db, &world.house, "one", now).unwrap();
        for number in &numbers {
            assert_eq!(world.verdict(number), Verdict::Sound);
            let late = world.deadlines(number).into_iter().filter(|row| row.overdue_noted_at.is_some()).count();
            let noted = world.events(number).iter().filter(|act| *act == "note_overdue").count();
            assert_eq!(late, noted, "each lateness has its event");
        }
    });
}

fn counts_once(world: &World, number: &str, who: &str, action: Action) {
    let actor = match who {
        "consumer" => consumer(&world.case(number)),
        name => world.staff(name),
    };
    let seen = Some(world.case(number).state.version);
    let first = world.try_from_page(&actor, hours(50), number, seen, action);
    let first = first.unwrap_or_else(|error| panic!("{action:?}: {error:?}"));
    let left = (world.events(number), world.papers(number), world.messages(number));
    let again = world.try_from_page(&actor, hours(50), number, seen, action);
    let again = again.unwrap_or_else(|error| panic!("{action:?} again: {error:?}"));
    assert_eq!(again.state, first.state, "{action:?}");
    assert_eq!((world.events(number), world.papers(number), world.messages(number)), left, "{action:?}");
}

type Outcomes = Vec<Result<Status, String>>;

fn at_once(world: &World, number: &str, seen: Option<i64>, acts: &[(&str, Action)]) -> Outcomes {
    let barrier = Arc::new(Barrier::new(acts.len()));
    let threads: Vec<_> = acts
        .iter()
        .map(|(who, action)| {
            let (db, house, actor, named) = (world.db.clone(), world.house.clone(), world.staff(who), Named::of(world));
            let (number, action, barrier) = (number.to_owned(), *action, barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                db.act(move |tx| {
                    let scene = Scene { house: &house, now: hours(30), actor: &actor };
                    perform(tx, scene, &number, seen, action, &named)
                })
                .map(|case| case.state.status)
                .map_err(|error: ActError| error.code().to_owned())
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no act panics")).collect()
}

trait Errors {
    fn flatten_err(self) -> impl Iterator<Item = String>;
}

impl<'a, I: Iterator<Item = &'a Result<Status, String>>> Errors for I {
    fn flatten_err(self) -> impl Iterator<Item = String> {
        self.filter_map(|outcome| outcome.as_ref().err().cloned())
    }
}
