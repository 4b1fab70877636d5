//! 中止、恢复、延长, and the sweep that notes what passed (catalogue 2.8, issue row 9).

use casework::clocks;
use casework::sweep::sweep;
use domain::action::Action;
use domain::status::Status;
use jiff::civil::date;

use crate::performing::statuses;
use crate::turns::field_codes;
use crate::world::{World, at, hours, on_both};

#[test]
fn a_pause_moves_both_clocks_by_its_length() {
    on_both("pause", |world| {
        let number = world.case_in(Status::Mediating);
        assert_eq!(world.deadline(&number, "close_promised").due_day, date(2026, 6, 10));
        world.does("officer1", at("2026-06-03T09:00:00+08:00"), &number, Action::Suspend);
        let answer = world.deadline(&number, "answer");
        assert!(!answer.is_paused(), "the shop's days to answer go on");
        for limit in ["mediation", "close_promised"] {
            assert!(world.deadline(&number, limit).is_paused(), "{limit}");
        }
        let twice = world.try_to(&world.staff("officer1"), hours(60), &number, Action::Suspend);
        assert_eq!(field_codes(&twice.expect_err("it stands already")), ["suspend.already"]);
        world.does("officer2", at("2026-06-13T09:00:00+08:00"), &number, Action::Resume);
        // Ten days of appraisal: sixty days from 1 June end on 31 July, and ten later.
        assert_eq!(world.deadline(&number, "mediation").due_day, date(2026, 8, 10));
        assert!(world.deadline(&number, "close_promised").due_day > date(2026, 6, 17));
        assert!(world.deadlines(&number).iter().all(|row| !row.is_paused()));
        let none = world.try_to(&world.staff("officer1"), hours(400), &number, Action::Resume);
        assert_eq!(field_codes(&none.expect_err("it runs")), ["suspend.none"]);
        let unknown = number.clone();
        let refused = world.act(&world.staff("officer1"), hours(400), move |tx, scene| {
            casework::timing::suspend(tx, scene, &unknown, None, "节日", "太忙")
        });
        assert_eq!(field_codes(&refused.expect_err("not a lawful cause")), ["cause.unknown"]);
    });
}

#[test]
fn a_pause_hides_no_lateness() {
    on_both("late pause", |world| {
        let number = world.case_in(Status::Mediating);
        // The promise passed on 10 June; the appraisal only begins after that.
        world.does("officer1", at("2026-06-12T09:00:00+08:00"), &number, Action::Suspend);
        world.does("officer1", at("2026-06-15T09:00:00+08:00"), &number, Action::Settle);
        let case = world.case(&number);
        assert_eq!(case.state.suspended, None);
        let promise = world.deadline(&number, "close_promised");
        assert!(!promise.is_paused(), "an outcome ends the pause");
        assert_eq!(promise.due_day, date(2026, 6, 10));
        assert_eq!(clocks::in_time(&promise, at("2026-06-15T10:00:00+08:00")), Some(false));
        let mediation = world.deadline(&number, "mediation");
        assert_eq!(clocks::in_time(&mediation, at("2026-06-15T10:00:00+08:00")), Some(true));
        world.does("leader", at("2026-06-16T09:00:00+08:00"), &number, Action::SendBack);
        assert_eq!(world.deadline(&number, "mediation").due_day, date(2026, 8, 3), "three days were paused");
    });
}

#[test]
fn a_withdrawal_during_a_pause_leaves_no_clock_standing() {
    on_both("withdrawn in a pause", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", hours(30), &number, Action::Suspend);
        world.does("consumer", hours(40), &number, Action::Withdraw);
        assert!(world.deadlines(&number).iter().all(|row| !row.is_paused()));
        let due = world.look(|tx| tx.first("SELECT next_due_at FROM cases", &[])).unwrap().int(0).unwrap();
        assert_eq!(due, world.deadline(&number, "feedback_promised").due_at.as_microsecond());
    });
}

#[test]
fn more_time_is_granted_once_by_the_sender() {
    on_both("extension", |world| {
        let number = world.case_in(Status::Mediating);
        let none = world.try_to(&world.staff("dispatcher"), hours(20), &number, Action::GrantExtension);
        assert_eq!(field_codes(&none.expect_err("nobody asked")), ["extension.none"]);
        world.does("officer1", hours(20), &number, Action::RequestExtension);
        let case = world.case(&number);
        let waits = |world: &World| world.look(move |tx| store::errand::of_case(tx, case.id));
        let desk = format!("dispatch:{}", case.state.intake);
        assert_eq!(waits(world), [("extension".to_owned(), desk.clone())], "the one who sent the case is asked");
        assert!(world.people["dispatcher"].desks().contains(&desk));
        let twice = world.try_to(&world.staff("officer1"), hours(21), &number, Action::RequestExtension);
        assert_eq!(field_codes(&twice.expect_err("it waits")), ["extension.asked"]);
        let own = world.try_to(&world.staff("officer1"), hours(21), &number, Action::GrantExtension);
        assert_eq!(own.expect_err("not her own").code(), "act.not_by_you");
        let granted = world.does("dispatcher", hours(22), &number, Action::GrantExtension);
        assert_eq!(granted.state.extension_asked, None);
        assert_eq!(waits(world), []);
        let promise = world.deadline(&number, "close_promised");
        // Seven and five workdays from 1 June: the 17th.
        assert_eq!((promise.extended_by, promise.due_day), (5, date(2026, 6, 17)));
        let again = world.try_to(&world.staff("officer1"), hours(23), &number, Action::RequestExtension);
        assert_eq!(field_codes(&again.expect_err("once only")), ["limit.not_extendable"]);
        let law = number.clone();
        let refused = world.act(&world.staff("officer1"), hours(23), move |tx, scene| {
            casework::timing::request_extension(tx, scene, &law, None, "mediation", "来不及")
        });
        assert_eq!(field_codes(&refused.expect_err("sixty days are sixty days")), ["limit.not_extendable"]);
    });
}

#[test]
fn a_declined_request_moves_nothing_and_may_be_made_again() {
    on_both("declined", |world| {
        let number = world.case_in(Status::Mediating);
        let before = world.deadlines(&number);
        world.does("officer1", hours(20), &number, Action::RequestExtension);
        world.does("shift", hours(21), &number, Action::DeclineExtension);
        assert_eq!(world.deadlines(&number), before);
        world.does("officer1", hours(22), &number, Action::RequestExtension);
    });
}

#[test]
fn an_extension_granted_during_a_pause_counts_afterwards() {
    on_both("paused extension", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", at("2026-06-03T09:00:00+08:00"), &number, Action::RequestExtension);
        world.does("officer1", at("2026-06-03T10:00:00+08:00"), &number, Action::Suspend);
        world.does("dispatcher", at("2026-06-03T11:00:00+08:00"), &number, Action::GrantExtension);
        assert!(world.deadline(&number, "close_promised").is_paused());
        world.does("officer1", at("2026-06-04T10:00:00+08:00"), &number, Action::Resume);
        let promise = world.deadline(&number, "close_promised");
        assert_eq!(promise.extended_by, 5);
        assert!(promise.due_day >= date(2026, 6, 17), "{}", promise.due_day);
    });
}

#[test]
fn the_sweep_notes_each_lateness_once() {
    on_both("sweep", |world| {
        let late = world.registered(at("2026-06-01T09:00:00+08:00")).number;
        let other = world.filed(at("2026-06-01T09:00:00+08:00")).number;
        let now = at("2026-06-03T00:00:00+08:00");
        let early = sweep(&world.db, &world.house, "one", at("2026-06-02T23:59:59+08:00")).unwrap();
        assert_eq!(early.overdue, 0, "the last day belongs to the bureau to its end");
        let swept = sweep(&world.db, &world.house, "one", now).unwrap();
        assert_eq!((swept.overdue, swept.elsewhere), (1, false));
        assert_eq!(world.events(&late), ["file", "note_overdue"]);
        assert_eq!(world.events(&other), ["file"]);
        assert_eq!(sweep(&world.db, &world.house, "two", now).unwrap().overdue, 0, "it may run twice");
        assert_eq!(world.events(&late).len(), 2);
        assert_eq!(world.case(&late).state.status, Status::Registered, "late is no status");
        assert_eq!(world.verdict(&late), casework::record::Verdict::Sound);
    });
}

#[test]
fn one_process_sweeps_at_a_time() {
    on_both("lease", |world| {
        let now = at("2026-06-03T00:00:00+08:00");
        world.registered(at("2026-06-01T09:00:00+08:00"));
        let until = now + jiff::SignedDuration::from_mins(5);
        assert!(world.look(move |tx| store::lease::take(tx, "sweep", "elsewhere", now, until)));
        let swept = sweep(&world.db, &world.house, "here", now).unwrap();
        assert!(swept.elsewhere && swept.overdue == 0);
        let swept = sweep(&world.db, &world.house, "here", until).unwrap();
        assert_eq!((swept.elsewhere, swept.overdue), (false, 1), "a lease ends by itself");
    });
}

#[test]
fn an_extension_takes_a_noted_lateness_back() {
    on_both("extended late", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", at("2026-06-10T09:00:00+08:00"), &number, Action::RequestExtension);
        sweep(&world.db, &world.house, "one", at("2026-06-11T01:00:00+08:00")).unwrap();
        assert!(world.deadline(&number, "close_promised").overdue_noted_at.is_some());
        world.does("dispatcher", at("2026-06-11T09:00:00+08:00"), &number, Action::GrantExtension);
        assert_eq!(world.deadline(&number, "close_promised").overdue_noted_at, None);
        sweep(&world.db, &world.house, "one", at("2026-06-18T01:00:00+08:00")).unwrap();
        assert!(world.deadline(&number, "close_promised").overdue_noted_at.is_some(), "and noted anew when it passes");
    });
}

#[test]
fn the_sweep_reminds_once_before_a_limit_ends_and_again_when_it_moved() {
    on_both("reminder", |world| {
        let number = world.case_in(Status::Mediating);
        let promise = world.deadline(&number, "close_promised");
        let reminded = |world: &World| world.events(&number).iter().filter(|act| **act == "note_due").count();
        let eve = promise.remind_at.expect("ten working days are long enough");
        assert!(promise.started_at < eve && eve < promise.due_at);
        sweep(&world.db, &world.house, "one", eve - jiff::SignedDuration::from_secs(1)).unwrap();
        assert_eq!(reminded(world), 0);
        assert_eq!(sweep(&world.db, &world.house, "one", eve).unwrap().due, 1);
        assert_eq!(sweep(&world.db, &world.house, "two", eve).unwrap().due, 0, "it may run twice");
        assert_eq!(reminded(world), 1);
        let (asked, granted) = (eve + jiff::SignedDuration::from_hours(9), eve + jiff::SignedDuration::from_hours(10));
        world.does("officer1", asked, &number, Action::RequestExtension);
        world.does("dispatcher", granted, &number, Action::GrantExtension);
        let moved = world.deadline(&number, "close_promised");
        assert!(moved.reminded_at.is_none() && moved.remind_at.is_some_and(|at| at > eve));
        sweep(&world.db, &world.house, "one", moved.remind_at.unwrap()).unwrap();
        assert_eq!(reminded(world), 2);
        assert!(
            world.deadlines(&number).iter().all(|row| row.bearer == "bureau" || row.remind_at.is_none()),
            "what the respondent owes is no reminder for the officer"
        );
        assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
    });
}

#[test]
fn a_limit_that_was_met_is_not_reminded_of() {
    on_both("no reminder", |world| {
        let number = world.case_in(Status::Accepted);
        let met = world.deadlines(&number).into_iter().find(|row| row.limit_key == "acceptance").expect("it ran");
        assert!(met.stopped_at.is_some());
        sweep(&world.db, &world.house, "one", met.remind_at.unwrap()).unwrap();
        assert!(world.deadlines(&number).iter().all(|row| row.limit_key != "acceptance" || row.reminded_at.is_none()));
    });
}

#[test]
fn no_clock_is_without_law_and_article() {
    on_both("articles", |world| {
        for status in statuses() {
            let number = world.case_in(*status);
            for row in world.deadlines(&number) {
                assert!(!row.law.is_empty() && !row.article.is_empty(), "{}", row.limit_key);
                assert!(row.basis == "statutory" || row.basis == "promised");
                assert!(clocks_are_derived(world, &row), "{}: {}", row.limit_key, row.due_day);
            }
        }
    });
}

/// The page's derivation ends on the kept day.
fn clocks_are_derived(world: &World, row: &store::deadline::DeadlineRow) -> bool {
    let actor = casework::Actor::System;
    let scene = casework::Scene { house: &world.house, now: hours(100), actor: &actor };
    clocks::derivation(scene, row).is_some_and(|due| due.day == row.due_day && due.at == row.due_at)
}
