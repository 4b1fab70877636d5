//! Disputes over which bureau has the power (O121 art. 33), and what a bureau keeps of what it sent on (arts. 13, 41).

use casework::ActError;
use casework::record::Verdict;
use domain::action::Action;
use domain::status::Status;
use jiff::civil::date;

use crate::world::{World, at, hours, on_both};

fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

fn waits(world: &World, number: &str) -> Vec<String> {
    let id = world.case(number).id;
    let open = world.look(move |tx| store::errand::of_case(tx, id));
    open.into_iter().map(|(kind, desk)| format!("{kind} {desk}")).collect()
}

/// Says as the named person that her side takes the case, or not.
fn speaks(world: &World, who: &str, number: &str, takes: bool) -> Result<store::case::CaseRow, ActError> {
    let number = number.to_owned();
    world.act(&world.staff(who), hours(26), move |tx, scene| {
        casework::dispute::agree(tx, scene, &number, None, takes, "经查")
    })
}

#[test]
fn who_agrees_takes_the_case_and_its_time_begins_anew() {
    on_both("agreed", |world| {
        let number = world.registered(at("2026-06-01T09:00:00+08:00")).number;
        let other = world.staff("other_dispatcher");
        let unseen = world.try_to(&other, hours(1), &number, Action::Note).expect_err("not yet");
        assert_eq!(unseen.code(), "case.not_found");
        world.does("dispatcher", at("2026-06-02T09:00:00+08:00"), &number, Action::RaiseDispute);
        // Seven workdays from the day after (art. 33, art. 45).
        assert_eq!(world.deadline(&number, "power_dispute").due_day, date(2026, 6, 11));
        assert_eq!(waits(world, &number), [format!("dispute_answer dispatch:{}", world.place("other_centre"))]);
        // Nothing is decided meanwhile.
        for action in [Action::Accept, Action::Refuse, Action::Forward] {
            let refused = world.try_to(&world.staff("dispatcher"), hours(25), &number, action).expect_err("in dispute");
            assert!(refused.to_string().contains("争议"), "{action:?}: {refused}");
        }
        let case = speaks(world, "other_dispatcher", &number, true).expect("they take it");
        assert_eq!((case.state.bureau, case.state.intake), (world.place("other"), world.place("other_centre")));
        assert_eq!(case.state.status, Status::Registered);
        assert_eq!(world.deadline(&number, "power_dispute").stopped_by.as_deref(), Some("dispute_decided"));
        assert_eq!(world.deadline(&number, "acceptance").due_day, date(2026, 6, 11), "from the day they have it");
        assert_eq!(world.deadline(&number, "acceptance").stopped_by, None);
        let paper = world.papers(&number).pop().unwrap();
        assert_eq!((paper.kind.as_str(), &paper.number[..6]), ("dispatch_notice", "金水"), "{}", paper.number);
        assert_eq!(waits(world, &number), Vec::<String>::new());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn nobody_can_push_a_case_onto_another() {
    on_both("own side", |world| {
        let number = world.registered(hours(0)).number;
        world.does("dispatcher", hours(1), &number, Action::RaiseDispute);
        // The own side's 'we take it' keeps it here.
        let case = speaks(world, "dispatcher", &number, true).expect("kept");
        assert_eq!(case.state.bureau, world.place("bureau"));
        assert_eq!(case.state.turns.dispatching.dispute, None);
        assert_eq!(case.state.turns.dispatching.informed, [world.place("other")], "it may read how it ended");
        assert!(world.staff("other_dispatcher").may_read(&case));
        let refused = world.try_to(&world.staff("other_dispatcher"), hours(29), &number, Action::Accept);
        assert_eq!(refused.expect_err("not theirs to decide").code(), "act.not_by_you");
        world.does("dispatcher", hours(30), &number, Action::Accept);
    });
}

#[test]
fn without_agreement_the_common_superior_designates() {
    on_both("designated", |world| {
        let number = world.registered(at("2026-06-01T09:00:00+08:00")).number;
        world.does("dispatcher", at("2026-06-02T09:00:00+08:00"), &number, Action::RaiseDispute);
        speaks(world, "other_dispatcher", &number, false).expect("no agreement");
        assert_eq!(waits(world, &number), [format!("dispute_designation superior:{}", world.place("city"))]);
        assert_eq!(world.deadline(&number, "power_dispute").stopped_by, None, "it runs until it is decided");
        for nobody in ["dispatcher", "other_dispatcher", "director"] {
            let refused = world.try_to(&world.staff(nobody), hours(30), &number, Action::DesignateDispute);
            assert_eq!(refused.expect_err("no superior").code(), "act.not_by_you", "{nobody}");
        }
        let (target, office) = (number.clone(), world.place("city"));
        let third = world.act(&world.staff("city_dispatcher"), hours(30), move |tx, scene| {
            casework::dispute::designate(tx, scene, &target, None, office, "指定")
        });
        assert_eq!(codes(&third.expect_err("not one of the two")), ["bureau.unknown"]);
        let case = world.does("city_dispatcher", at("2026-06-04T09:00:00+08:00"), &number, Action::DesignateDispute);
        assert_eq!(case.state.bureau, world.place("other"));
        let paper = world.papers(&number).pop().unwrap();
        assert!(paper.number.starts_with("郑市监"), "the superior's own paper: {}", paper.number);
        assert_eq!(world.deadline(&number, "power_dispute").stopped_by.as_deref(), Some("dispute_decided"));
        world.does("other_dispatcher", hours(80), &number, Action::Accept);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn an_accepted_case_moves_with_its_mediation_running_on() {
    on_both("accepted", |world| {
        let number = world.case_in(Status::Accepted);
        let mediation = world.deadline(&number, "mediation");
        world.does("dispatcher", hours(20), &number, Action::RaiseDispute);
        let case = speaks(world, "other_dispatcher", &number, true).expect("they take it");
        assert_eq!((case.state.status, case.state.bureau), (Status::Accepted, world.place("other")));
        assert_eq!(world.deadline(&number, "mediation"), mediation, "sixty days from acceptance, wherever it is");
    });
}

#[test]
fn the_dispute_clock_is_that_of_the_law_of_its_day() {
    on_both("old law", |world| {
        for (received, article) in
            [("2026-04-14T09:00:00+08:00", "第三十条"), ("2026-04-15T09:00:00+08:00", "第三十三条")]
        {
            let now = at(received);
            let number = world.registered(now).number;
            world.does("dispatcher", now, &number, Action::RaiseDispute);
            assert_eq!(world.deadline(&number, "power_dispute").article, article);
        }
    });
}

#[test]
fn who_sent_a_case_on_may_go_on_reading_it() {
    on_both("sight", |world| {
        let number = world.registered(hours(0)).number;
        let forwarded = world.does("dispatcher", hours(1), &number, Action::Forward);
        assert_eq!(forwarded.state.turns.dispatching.sent_by, [world.place("bureau")]);
        assert!(world.staff("dispatcher").may_read(&forwarded), "the sender sees what becomes of it");
        assert!(world.staff("director").may_read(&forwarded));
        assert!(!world.staff("leader").may_read(&forwarded), "its offices do not");
        let refused = world.try_to(&world.staff("dispatcher"), hours(2), &number, Action::Accept);
        assert_eq!(refused.expect_err("not theirs to decide").code(), "act.not_by_you");
        let paper = world.papers(&number).pop().unwrap();
        assert!(paper.number.starts_with("金水"), "the sender's own paper: {}", paper.number);
        // Found by its number, not counted in the sender's figures.
        let (reach, wanted) = (world.places["bureau"].path.clone(), number.clone());
        let found = world.look(move |tx| {
            let scope = [store::search::Scope::Reach(reach.clone())];
            let words = Some(store::search::Words::Number(wanted.clone()));
            let by_number = store::search::Selection { words, ..store::search::Selection::default() };
            let all = store::search::Selection::default();
            Ok((
                store::search::list(tx, &scope, &by_number, None, 10)?.len(),
                store::search::list(tx, &scope, &all, None, 10)?.len(),
            ))
        });
        assert_eq!(found, (1, 0));
    });
}

#[test]
fn what_starts_anew_elsewhere_follows_the_promises_made_there() {
    on_both("overlay", |world| {
        let centre = world.place("other_centre");
        world.look(move |tx| {
            tx.execute("UPDATE organization SET overlay = 'platform' WHERE id = $1", store::params![centre]).map(drop)
        });
        let number = world.registered(hours(0)).number;
        let case = world.does("dispatcher", hours(1), &number, Action::Forward);
        assert_eq!(
            (case.overlay.as_deref(), world.case(&number).overlay.as_deref()),
            (Some("platform"), Some("platform"))
        );
        let running = world.running(&number);
        assert!(running.iter().any(|it| it.starts_with("review_promised")), "{running:?}");
        assert!(!running.iter().any(|it| it.starts_with("acceptance_promised")), "{running:?}");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}
