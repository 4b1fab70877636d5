//! Other offices that help (5.1), other departments that are competent (4.3), and serious matters that go up at once (3.11).

use casework::ActError;
use casework::record::Verdict;
use domain::action::Action;
use domain::case::Outcome;
use domain::status::Status;

use crate::performing::upload;
use crate::world::{World, at, hours, on_both};

fn waits(world: &World, number: &str) -> Vec<String> {
    let id = world.case(number).id;
    let open = world.look(move |tx| store::errand::of_case(tx, id));
    open.into_iter().map(|(kind, desk)| format!("{kind} {desk}")).collect()
}

fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

#[test]
fn an_office_that_is_asked_reads_adds_and_answers() {
    on_both("assist", |world| {
        let number = world.case_in(Status::Mediating);
        let helper = world.staff("next_officer");
        assert_eq!(world.try_to(&helper, hours(20), &number, Action::Note).expect_err("no").code(), "case.not_found");
        let case = world.does("officer1", hours(21), &number, Action::Assist);
        assert_eq!((case.state.unit, case.state.lead), (Some(world.place("office")), Some(world.account("officer1"))));
        assert_eq!(waits(world, &number), [format!("assist_answer assignment:{}", world.place("next_office"))]);
        world.does("next_officer", hours(22), &number, Action::Note);
        let target = number.clone();
        world
            .act(&helper, hours(22), move |tx, scene| {
                upload(tx, "helped", scene.now)?;
                casework::consumer::add_evidence(tx, scene, &target, None, "helped", "仓库照片")
            })
            .expect("adds evidence");
        for action in [Action::Settle, Action::Terminate, Action::Notify] {
            let refused = world.try_to(&helper, hours(23), &number, action).expect_err("helps, does not decide");
            assert!(["act.not_by_you", "act.not_from_here"].contains(&refused.code()), "{action:?}");
        }
        let answered = world.does("next_officer", hours(24), &number, Action::RecordAssist);
        assert!(answered.state.turns.dispatching.assists[0].answered);
        assert_eq!(waits(world, &number), Vec::<String>::new());
        assert!(helper.may_read(&answered), "what it helped with it may go on reading");
        let twice = world.try_to(&helper, hours(25), &number, Action::RecordAssist).expect_err("answered");
        assert!(twice.to_string().contains("没有等待反馈"), "{twice}");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn help_is_asked_of_another_office_of_the_same_bureau() {
    on_both("assist whom", |world| {
        let number = world.case_in(Status::Mediating);
        for place in ["office", "other_office", "centre"] {
            let (target, unit) = (number.clone(), world.place(place));
            let refused = world.act(&world.staff("officer1"), hours(20), move |tx, scene| {
                casework::assist::assist(tx, scene, &target, None, unit, "请看仓库")
            });
            assert_eq!(codes(&refused.expect_err("not that one")), ["unit.unknown"], "{place}");
        }
    });
}

#[test]
fn a_referral_needs_the_leader_and_tells_body_and_phone() {
    on_both("referral", |world| {
        let number = world.registered(hours(0)).number;
        let empty = number.clone();
        let refused = world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
            casework::transfer::propose(tx, scene, &empty, None, "nobody", "")
        });
        assert_eq!(codes(&refused.expect_err("nothing said")), ["body.unknown", "reason.missing"]);
        world.does("dispatcher", hours(1), &number, Action::ProposeReferral);
        assert_eq!(waits(world, &number), [format!("referral_approval bureau_leader:{}", world.place("bureau"))]);
        assert!(world.people["director"].desks().contains(&format!("bureau_leader:{}", world.place("bureau"))));
        for nobody in ["dispatcher", "leader", "city_dispatcher"] {
            let refused = world.try_to(&world.staff(nobody), hours(2), &number, Action::ApproveReferral);
            assert!(["act.not_by_you", "case.not_found"].contains(&refused.expect_err("no leader").code()), "{nobody}");
        }
        let early = world.try_to(&world.staff("dispatcher"), hours(2), &number, Action::Accept).expect_err("waits");
        assert!(early.to_string().contains("等领导决定"), "{early}");
        let case = world.does("director", hours(3), &number, Action::ApproveReferral);
        assert_eq!((case.state.status, case.state.outcome), (Status::Refused, Some(Outcome::Referred)));
        assert_eq!(world.running(&number), Vec::<String>::new());
        let message = world
            .messages(&number)
            .into_iter()
            .find(|it| it.recipient == "complainant" && it.subject.contains("其他部门"));
        let message = message.expect("she is told");
        assert!(message.body.contains("交通运输部门") && message.body.contains("12328"), "{}", message.body);
        let paper = world.papers(&number).pop().unwrap();
        assert!(paper.kind == "refusal_decision" && paper.body.contains("12328"), "{}", paper.kind);
        let archived = world.does("archivist", hours(4), &number, Action::Archive);
        assert_eq!(archived.state.status, Status::Archived);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_referral_that_is_declined_leaves_the_case_here() {
    on_both("declined", |world| {
        let number = world.registered(hours(0)).number;
        world.does("dispatcher", hours(1), &number, Action::ProposeReferral);
        let before = world.running(&number);
        let case = world.does("director", hours(2), &number, Action::DeclineReferral);
        assert_eq!((case.state.status, case.state.outcome), (Status::Registered, None));
        assert_eq!(world.running(&number), before, "the time for the decision ran on");
        world.does("dispatcher", hours(3), &number, Action::Accept);
    });
}

#[test]
fn a_serious_matter_goes_up_and_somebody_is_there_in_eight_hours() {
    on_both("major", |world| {
        // A Saturday evening: hours run round the clock.
        let now = at("2026-06-06T20:00:00+08:00");
        let number = world.registered(now).number;
        assert!(world.running(&number).iter().all(|it| !it.starts_with("on_site")), "only when somebody says so");
        let case = world.does("agent", now, &number, Action::ReportUp);
        let major = case.state.turns.dispatching.major.clone().expect("reported");
        assert_eq!((major.to, major.acknowledged), (world.place("city"), false));
        assert_eq!(world.deadline(&number, "on_site_county_town").due_at, at("2026-06-07T04:00:00+08:00"));
        assert_eq!(world.deadline(&number, "major_acknowledged").due_at, at("2026-06-06T21:00:00+08:00"));
        assert!(world.running(&number).iter().all(|it| !it.starts_with("on_site_township")), "one place, one limit");
        assert_eq!(waits(world, &number), [format!("major_acknowledgement superior:{}", world.place("city"))]);
        let refused = world.try_to(&world.staff("director"), now, &number, Action::Acknowledge).expect_err("not they");
        assert_eq!(codes(&refused), ["major.not_yours"]);
        world.does("city_dispatcher", at("2026-06-06T20:30:00+08:00"), &number, Action::Acknowledge);
        assert_eq!(world.deadline(&number, "major_acknowledged").stopped_by.as_deref(), Some("acknowledged"));
        assert_eq!(waits(world, &number), Vec::<String>::new());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn an_arrival_stops_the_on_site_limit_once() {
    on_both("arrival", |world| {
        let number = world.case_in(Status::Assigned);
        world.does("officer1", hours(20), &number, Action::ReportUp);
        let (target, later) = (number.clone(), hours(40));
        let future = world.act(&world.staff("officer1"), hours(22), move |tx, scene| {
            casework::major::arrive(tx, scene, &target, None, later, "")
        });
        assert_eq!(codes(&future.expect_err("not yet")), ["at.future"]);
        let case = world.does("officer1", hours(22), &number, Action::Arrive);
        assert_eq!(case.state.turns.dispatching.major.as_ref().unwrap().on_site, None);
        assert_eq!(world.deadline(&number, "on_site_county_town").stopped_by.as_deref(), Some("arrived"));
        let twice = world.try_to(&world.staff("officer1"), hours(23), &number, Action::Arrive).expect_err("there");
        assert!(twice.to_string().contains("已经登记到达"), "{twice}");
    });
}
