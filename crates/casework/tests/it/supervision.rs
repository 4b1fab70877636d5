//! Returns with their reasons, what a second one brings about by itself, and what superiors ask and hear (5.2, 5.4).

use casework::ActError;
use casework::record::Verdict;
use domain::action::Action;
use domain::status::Status;

use crate::world::{World, at, hours, on_both};

fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

/// The open errands of a case, each as `kind desk`.
fn errands(world: &World, number: &str) -> Vec<String> {
    let id = world.case(number).id;
    let mut open: Vec<String> = world
        .look(move |tx| store::errand::of_case(tx, id))
        .into_iter()
        .map(|(kind, desk)| format!("{kind} {desk}"))
        .collect();
    open.sort();
    open
}

#[test]
fn a_return_names_its_reason_and_goes_to_the_sender_only() {
    on_both("coded return", |world| {
        let number = world.case_in(Status::Dispatched);
        let target = number.clone();
        let refused = world
            .act(&world.staff("officer1"), hours(20), move |tx, scene| {
                casework::dispatch::give_back(tx, scene, &target, None, "", " ")
            })
            .expect_err("without code and reason");
        assert_eq!(codes(&refused), ["code.unknown", "reason.missing"], "all at once");
        let case = world.does("officer1", hours(20), &number, Action::Return);
        assert_eq!((case.state.status, case.state.unit, case.state.returns), (Status::Accepted, None, 1));
        assert_eq!(case.state.turns.dispatching.supervision, None, "once is no ping-pong");
    });
}

#[test]
fn the_second_return_is_supervised_by_itself_in_the_same_transaction() {
    on_both("second return", |world| {
        let number = world.case_in(Status::Dispatched);
        world.does("officer1", hours(20), &number, Action::Return);
        world.does("dispatcher", hours(21), &number, Action::Dispatch);
        let before = world.events(&number).len();
        let case = world.does("leader", hours(22), &number, Action::Return);
        assert_eq!(world.events(&number)[before..], ["return", "supervise"]);
        let supervision = case.state.turns.dispatching.supervision.clone().expect("supervised");
        assert_eq!((supervision.by, supervision.automatic), (world.place("city"), true), "by the bureau above");
        let centre = world.place("centre");
        assert_eq!(
            errands(world, &number),
            [
                format!("supervision_answer dispatch:{centre}"),
                format!("supervision_end superior:{}", world.place("city"))
            ]
        );
        assert!(world.running(&number).contains(&"supervision_news 2026-06-03".to_owned()));
        assert_eq!(world.verdict(&number), Verdict::Sound);
        // A third return does not begin another one.
        world.does("dispatcher", hours(23), &number, Action::Dispatch);
        let again = world.does("officer1", hours(24), &number, Action::Return);
        assert_eq!(again.state.turns.dispatching.supervision, Some(supervision));
    });
}

#[test]
fn a_superior_supervises_hears_and_ends_it() {
    on_both("supervision", |world| {
        let number = world.case_in(Status::Mediating);
        let now = at("2026-06-03T09:00:00+08:00");
        for nobody in ["dispatcher", "leader", "officer1", "other_dispatcher"] {
            let refused = world.try_to(&world.staff(nobody), now, &number, Action::Supervise).expect_err("no superior");
            assert!(["act.not_by_you", "case.not_found"].contains(&refused.code()), "{nobody}: {refused}");
        }
        let case = world.does("city_dispatcher", now, &number, Action::Supervise);
        assert_eq!(case.state.turns.dispatching.supervision.as_ref().unwrap().by, world.place("city"));
        // One workday for news, seven to be done (12315限时办结制).
        assert_eq!(world.deadline(&number, "supervision_news").due_day, jiff::civil::date(2026, 6, 4));
        assert_eq!(world.deadline(&number, "supervision_done").due_day, jiff::civil::date(2026, 6, 12));
        let officer = world.account("officer1");
        assert_eq!(errands(world, &number), [format!("supervision_answer officer:{officer}")]);
        let queue = world.look(move |tx| {
            let filter = store::queue::Filter { supervised: true, ..store::queue::Filter::default() };
            store::queue::page(tx, &store::queue::View::Lead(officer), &filter, None, 10)
        });
        assert_eq!(queue.iter().map(|row| row.supervised).collect::<Vec<_>>(), [true]);
        world.does("officer1", at("2026-06-03T15:00:00+08:00"), &number, Action::AnswerSupervision);
        assert_eq!(world.deadline(&number, "supervision_news").stopped_by.as_deref(), Some("supervision_answered"));
        assert_eq!(world.deadline(&number, "supervision_done").stopped_by, None);
        assert_eq!(errands(world, &number), [format!("supervision_end superior:{}", world.place("city"))]);
        // The bureau that is supervised does not end it.
        let refused = world.try_to(&world.staff("director"), hours(60), &number, Action::EndSupervision);
        assert_eq!(codes(&refused.expect_err("not theirs")), ["supervision.not_yours"]);
        let ended = world.does("city_dispatcher", at("2026-06-04T09:00:00+08:00"), &number, Action::EndSupervision);
        assert_eq!(ended.state.turns.dispatching.supervision, None);
        assert_eq!(world.deadline(&number, "supervision_done").stopped_by.as_deref(), Some("supervision_done"));
        assert_eq!(errands(world, &number), Vec::<String>::new());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn the_bureaus_own_leader_supervises_its_offices() {
    on_both("own leader", |world| {
        let number = world.case_in(Status::Mediating);
        let case = world.does("director", hours(30), &number, Action::Supervise);
        assert_eq!(case.state.turns.dispatching.supervision.as_ref().unwrap().by, world.place("bureau"));
        let twice = world.try_to(&world.staff("city_dispatcher"), hours(31), &number, Action::Supervise);
        assert!(twice.expect_err("it runs").to_string().contains("已经在督办"));
        // A superior of the one who supervises may end it too.
        world.does("city_dispatcher", hours(32), &number, Action::EndSupervision);
    });
}

#[test]
fn a_superior_urges_and_is_answered_in_a_day() {
    on_both("superior urges", |world| {
        let number = world.case_in(Status::Assigned);
        let case = world.does("city_dispatcher", at("2026-06-03T09:00:00+08:00"), &number, Action::SuperiorUrge);
        assert!(!case.state.urge_open, "the consumer did not urge");
        assert_eq!(world.deadline(&number, "urge_news").due_day, jiff::civil::date(2026, 6, 4));
        world.does("officer2", at("2026-06-03T10:00:00+08:00"), &number, Action::AnswerSupervision);
        assert_eq!(world.deadline(&number, "urge_news").stopped_by.as_deref(), Some("urge_answered"));
        let nothing = world.try_to(&world.staff("officer2"), hours(60), &number, Action::AnswerSupervision);
        assert!(nothing.expect_err("nobody asks").to_string().contains("没有要反馈的"));
        assert_eq!(world.messages(&number).iter().filter(|it| it.subject.contains("催办")).count(), 0);
    });
}

#[test]
fn an_end_of_the_case_ends_the_supervision() {
    on_both("end", |world| {
        let number = world.case_in(Status::Registered);
        world.does("city_dispatcher", hours(2), &number, Action::Supervise);
        let case = world.does("dispatcher", hours(3), &number, Action::Refuse);
        assert_eq!(case.state.turns.dispatching.supervision, None);
        assert_eq!(errands(world, &number), Vec::<String>::new());
        assert_eq!(world.running(&number), Vec::<String>::new());
    });
}
