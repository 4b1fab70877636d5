//! 重办: a case that is not solved goes back to its officers, in time and counted (O121 art. 26; catalogue 8.2).

use casework::record::Verdict;
use casework::{ActError, reopening};
use domain::action::Action;
use domain::case::Desk;
use domain::status::Status;
use jiff::Timestamp;
use store::case::CaseRow;

use crate::world::{World, consumer, hours, on_both};

fn code(tried: Result<CaseRow, ActError>) -> String {
    match tried.expect_err("it must be refused") {
        ActError::Invalid(faults) => faults[0].code.clone(),
        error => error.code().to_owned(),
    }
}

#[test]
fn the_consumer_says_it_is_not_solved_and_the_officers_have_it_again() {
    on_both("reopening", |world| {
        let number = world.case_in(Status::Told);
        let case = world.does("consumer", hours(30), &number, Action::Reopen);
        assert_eq!(case.state.status, Status::Mediating, "the respondent was notified: mediation goes on");
        assert_eq!(case.state.desk(), Desk::Officer(world.account("officer1")));
        assert_eq!((case.state.outcome, case.state.recovered, case.state.turns.mediation.reopened), (None, 0, 1));
        let kept = world.case(&number);
        assert_eq!((kept.concluded_at, kept.told_at), (None, None));
        assert!(
            world
                .look({
                    let id = kept.id;
                    move |tx| store::agreement::of_case(tx, id)
                })
                .is_empty()
        );
        // Its own clock, from Tuesday 2 June: seven working days.
        assert_eq!(world.running(&number), ["reopened_promised 2026-06-11"]);
        let row = |world: &World| {
            let view = store::queue::View::Lead(world.account("officer1"));
            world.look(move |tx| store::queue::page(tx, &view, &store::queue::Filter::default(), None, 10)).remove(0)
        };
        assert_eq!(row(world).reopened, 1, "the queue marks it");
        // It goes the whole way once more, and into the same place on the shelf.
        for (hour, who, action) in
            [(31, "officer1", Action::Settle), (32, "leader", Action::Approve), (33, "officer1", Action::Tell)]
        {
            world.does(who, hours(hour), &number, action);
        }
        let hers = consumer(&kept);
        assert_eq!(code(world.try_to(&hers, hours(34), &number, Action::Reopen)), "reopen.too_late", "once by herself");
        world.does("dispatcher", hours(35), &number, Action::Reopen);
        assert_eq!(world.case(&number).state.turns.mediation.reopened, 2);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn an_appointment_that_was_never_kept_is_not_reminded_of_after_a_reopening() {
    on_both("old appointment", |world| {
        let number = world.case_in(Status::Mediating);
        let appointments = |world: &World| {
            let id = world.case(&number).id;
            world.look(move |tx| store::meeting::of_case(tx, id))
        };
        assert!(appointments(world).iter().any(|meeting| meeting.held_at.is_none()));
        let last = appointments(world).last().expect("one was made").at;
        for (hour, who, action) in
            [(20, "officer1", Action::Settle), (21, "leader", Action::Approve), (22, "officer1", Action::Tell)]
        {
            world.does(who, hours(hour), &number, action);
        }
        world.does("consumer", hours(23), &number, Action::Reopen);
        assert!(appointments(world).iter().all(|meeting| meeting.held_at.is_some()));
        let swept = casework::sweep::sweep(&world.db, &world.house, "one", last - jiff::SignedDuration::from_hours(12));
        assert_eq!(swept.expect("it sweeps").meetings, 0);
    });
}

#[test]
fn after_the_days_are_over_the_centre_decides() {
    on_both("reopening late", |world| {
        let number = world.case_in(Status::Told);
        let told = world.case(&number).told_at.unwrap();
        let hers = consumer(&world.case(&number));
        let days = |count: i64| -> Timestamp { told + jiff::SignedDuration::from_hours(24 * count) };
        assert_eq!(code(world.try_to(&hers, days(31), &number, Action::Reopen)), "reopen.too_late");
        let officer = world.staff("officer1");
        assert_eq!(code(world.try_to(&officer, days(31), &number, Action::Reopen)), "act.not_by_you");
        let silent = number.clone();
        let refused = world
            .act(&world.staff("leader"), days(31), move |tx, scene| reopening::reopen(tx, scene, &silent, None, " "));
        assert_eq!(code(refused), "reason.missing");
        world.does("leader", days(31), &number, Action::Reopen);
        // The last day still counts.
        let number = world.case_in(Status::Told);
        let told = world.case(&number).told_at.unwrap();
        world.does("consumer", told + jiff::SignedDuration::from_hours(24 * 30), &number, Action::Reopen);
    });
}

#[test]
fn an_archived_case_comes_from_the_shelf_and_goes_back_to_its_place() {
    on_both("reopening from the archive", |world| {
        let number = world.case_in(Status::Archived);
        let id = world.case(&number).id;
        let volume = |world: &World| world.look(move |tx| store::volume::of_case(tx, id)).expect("its file");
        let first = volume(world);
        world.does("leader", hours(30), &number, Action::Reopen);
        assert_eq!(world.case(&number).archived_at, None);
        for (hour, who, action) in [
            (31, "officer1", Action::Terminate),
            (32, "leader", Action::Approve),
            (33, "officer1", Action::Tell),
            (34, "archivist", Action::Archive),
        ] {
            world.does(who, hours(hour), &number, action);
        }
        let second = volume(world);
        assert_eq!(first.file_number, second.file_number);
        assert!(second.contents.len() > first.contents.len(), "with what came since");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn what_the_centre_settled_on_the_spot_goes_to_an_office() {
    on_both("reopening of a simple case", |world| {
        let number = world.case_in(Status::Registered);
        world.does("agent", hours(2), &number, Action::SettleOnSpot);
        world.does("agent", hours(3), &number, Action::Tell);
        let case = world.does("consumer", hours(4), &number, Action::Reopen);
        assert_eq!((case.state.status, case.state.lead), (Status::Accepted, None));
        for (hour, who, action) in [
            (5, "dispatcher", Action::Dispatch),
            (6, "leader", Action::Assign),
            (7, "officer1", Action::Notify),
            (8, "officer1", Action::Settle),
            (9, "leader", Action::Approve),
            (10, "officer1", Action::Tell),
            (11, "officer1", Action::Archive),
        ] {
            world.does(who, hours(hour), &number, action);
        }
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_withdrawn_case_is_filed_anew_instead() {
    on_both("reopening after withdrawal", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("consumer", hours(10), &number, Action::Withdraw);
        world.does("officer1", hours(11), &number, Action::Tell);
        let hers = consumer(&world.case(&number));
        assert_eq!(code(world.try_to(&hers, hours(12), &number, Action::Reopen)), "act.not_now");
    });
}
