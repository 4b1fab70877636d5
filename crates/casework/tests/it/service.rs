//! 送达 (处罚程序规定 arts. 81 to 83; catalogue 6.2): each way with its day of effect and its proof, what it starts, and that what did
//! not arrive comes back.

use casework::service::{self, Address, Try};
use casework::{ActError, Scene};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::mediation::Side;
use domain::service::{ServiceOutcome, ServiceWay};
use jiff::civil::date;
use store::Tx;
use store::case::CaseRow;

use crate::world::{World, at, on_both};

/// The first paper that goes to a side, handed over on the day of the act; for the table of authority.
pub fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    action: Action,
) -> Result<CaseRow, ActError> {
    if action == Action::ConfirmAddress {
        return service::confirm_address(tx, scene, number, seen, &address(Side::Respondent, true));
    }
    let case = casework::record::readable(tx, scene, number)?;
    let papers = store::paper::of_case(tx, case.id)?;
    let servable = service::servable(tx, scene.house, &case, &papers)?;
    let paper = servable.first().map(service::Servable::key).unwrap_or_default();
    let day = Some(beijing_day(scene.now));
    service::serve(tx, scene, number, seen, &Try { paper, day, ..handed_over() })
}

fn handed_over() -> Try {
    Try {
        way: Some(ServiceWay::InPerson),
        outcome: Some(ServiceOutcome::Served),
        receiver: "王某，前台，负责收件".to_owned(),
        place: "经三路 8 号门店".to_owned(),
        ..Try::default()
    }
}

fn address(side: Side, electronic: bool) -> Address {
    Address {
        side: Some(side),
        electronic: Some(electronic),
        mobile: "13800130001".to_owned(),
        address: "经三路 8 号".to_owned(),
        receiver: "王某".to_owned(),
        day: Some(date(2026, 6, 1)),
        ..Address::default()
    }
}

/// A complaint of which the respondent was notified on 2 June 2026, a Tuesday.
fn notified(world: &World) -> String {
    let number = world.registered(at("2026-06-01T09:00:00+08:00")).number;
    for (who, action, time) in [
        ("dispatcher", Action::Accept, "2026-06-01T10:00:00+08:00"),
        ("dispatcher", Action::Dispatch, "2026-06-01T11:00:00+08:00"),
        ("leader", Action::Assign, "2026-06-01T14:00:00+08:00"),
        ("officer1", Action::Notify, "2026-06-02T09:00:00+08:00"),
    ] {
        world.does(who, at(time), &number, action);
    }
    number
}

fn paper_of(world: &World, number: &str, kind: &str, side: Side) -> String {
    let case = world.case(number);
    let (papers, house) = (world.papers(number), world.house.clone());
    let all = world.look(move |tx| Ok(service::servable(tx, &house, &case, &papers).expect("papers")));
    all.iter().find(|it| it.paper.kind == kind && it.side == side).expect("a paper for this side").key()
}

fn serve(world: &World, number: &str, time: &str, tried: Try) -> Result<CaseRow, ActError> {
    let number = number.to_owned();
    world.act(&world.staff("officer1"), at(time), move |tx, scene| service::serve(tx, scene, &number, None, &tried))
}

fn confirm(world: &World, number: &str, time: &str, typed: Address) -> Result<CaseRow, ActError> {
    let number = number.to_owned();
    world.act(&world.staff("officer1"), at(time), move |tx, scene| {
        service::confirm_address(tx, scene, &number, None, &typed)
    })
}

fn errands(world: &World, number: &str) -> Vec<String> {
    world.case(number).state.errands().iter().map(|errand| format!("{} {}", errand.kind.key(), errand.desk)).collect()
}

fn codes(refused: Result<CaseRow, ActError>) -> Vec<String> {
    match refused {
        Err(ActError::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
        other => panic!("not refused for what was typed: {other:?}"),
    }
}

#[test]
fn the_days_to_answer_are_counted_from_the_day_on_which_the_notice_was_signed_for() {
    on_both("served in person", |world| {
        let number = notified(world);
        assert_eq!(
            world.deadline(&number, "answer").due_at,
            at("2026-06-08T00:00:00+08:00"),
            "five days after it was sent"
        );
        let paper = paper_of(world, &number, "mediation_notice", Side::Respondent);
        let tried = Try { paper, day: Some(date(2026, 6, 4)), ..handed_over() };
        serve(world, &number, "2026-06-05T10:00:00+08:00", tried).expect("served");
        let limits: Vec<_> = world.deadlines(&number).into_iter().filter(|it| it.limit_key == "answer").collect();
        assert_eq!(limits.len(), 2);
        assert_eq!(limits[0].stopped_by.as_deref(), Some("served"));
        assert_eq!(limits[1].due_at, at("2026-06-10T00:00:00+08:00"), "five days after 4 June");
        assert!(!casework::clocks::is_judged(&limits[0]), "what is counted anew is no failure and no success");
        // The mediation's own limit knows nothing of it.
        assert_eq!(world.deadlines(&number).iter().filter(|it| it.limit_key == "mediation").count(), 1);
        let receipt = world.papers(&number).into_iter().find(|it| it.kind == "service_record").expect("a receipt");
        let words = casework::letters::read(&receipt).expect("a letter").text();
        for said in ["王某，前台，负责收件", "直接送达（第八十二条第一项）", "2026年6月4日送达", "被投诉人"]
        {
            assert!(words.contains(said), "{said} in {words}");
        }
        assert!(errands(world, &number).is_empty());
        assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
    });
}

#[test]
fn what_is_not_for_this_limit_moves_nothing() {
    on_both("served to the other side", |world| {
        let number = notified(world);
        for (kind, side) in [("mediation_notice", Side::Complainant), ("acceptance_decision", Side::Complainant)] {
            let paper = paper_of(world, &number, kind, side);
            let tried = Try { paper, day: Some(date(2026, 6, 4)), ..handed_over() };
            serve(world, &number, "2026-06-05T10:00:00+08:00", tried).expect("served");
        }
        assert_eq!(world.deadlines(&number).iter().filter(|it| it.limit_key == "answer").count(), 1);
    });
}

#[test]
fn a_letter_that_comes_back_waits_for_another_way_until_it_is_made_public() {
    on_both("served by notice", |world| {
        let number = notified(world);
        let paper = paper_of(world, &number, "mediation_notice", Side::Respondent);
        let lead = format!("officer:{}", world.account("officer1"));
        let post = |outcome, day| Try {
            paper: paper.clone(),
            way: Some(ServiceWay::Post),
            outcome: Some(outcome),
            day: Some(day),
            mark: "XA12345678941".to_owned(),
            ..Try::default()
        };
        serve(world, &number, "2026-06-03T10:00:00+08:00", post(ServiceOutcome::UnderWay, date(2026, 6, 3)))
            .expect("sent");
        assert_eq!(errands(world, &number), [format!("await_receipt {lead}")]);
        serve(world, &number, "2026-06-09T10:00:00+08:00", post(ServiceOutcome::Failed, date(2026, 6, 9)))
            .expect("back");
        assert_eq!(errands(world, &number), [format!("serve_again {lead}")]);
        // Nothing has arrived: the days run as they did.
        assert_eq!(world.deadlines(&number).iter().filter(|it| it.limit_key == "answer").count(), 1);
        let notice = Try {
            paper,
            way: Some(ServiceWay::Notice),
            outcome: Some(ServiceOutcome::Served),
            day: Some(date(2026, 6, 10)),
            place: "本局公告栏和经三路 8 号门口".to_owned(),
            course: "邮寄被退回，门店已关，电话无人接听".to_owned(),
            ..Try::default()
        };
        serve(world, &number, "2026-06-10T10:00:00+08:00", notice).expect("made public");
        assert!(errands(world, &number).is_empty());
        let case = world.case(&number);
        let rows = world
            .act(&world.staff("officer1"), at("2026-06-10T10:00:00+08:00"), move |tx, _| service::standing(tx, &case));
        let rows = rows.expect("read");
        assert_eq!(rows.len(), 1, "one paper, its last try");
        assert_eq!(rows[0].effective_on, Some(date(2026, 7, 10)), "thirty days after it was made public");
        let letter = world.papers(&number).into_iter().find(|it| it.kind == "service_notice").expect("a notice");
        assert!(casework::letters::read(&letter).expect("a letter").text().contains("经过30日，即视为送达"));
        assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
    });
}

#[test]
fn what_comes_back_from_a_confirmed_address_counts_as_served_on_that_day() {
    on_both("returned from the confirmed address", |world| {
        let number = notified(world);
        confirm(world, &number, "2026-06-02T15:00:00+08:00", address(Side::Respondent, false)).expect("confirmed");
        let paper = paper_of(world, &number, "mediation_notice", Side::Respondent);
        let tried = Try {
            paper,
            way: Some(ServiceWay::Post),
            outcome: Some(ServiceOutcome::Failed),
            day: Some(date(2026, 6, 5)),
            mark: "XA12345678941".to_owned(),
            ..Try::default()
        };
        serve(world, &number, "2026-06-08T10:00:00+08:00", tried).expect("served by law");
        assert!(errands(world, &number).is_empty());
        assert_eq!(world.deadline(&number, "answer").due_at, at("2026-06-11T00:00:00+08:00"));
    });
}

#[test]
fn an_electronic_way_needs_the_consent_of_the_one_who_is_served() {
    on_both("served electronically", |world| {
        let number = notified(world);
        let paper = paper_of(world, &number, "mediation_notice", Side::Respondent);
        let tried = || Try {
            paper: paper.clone(),
            way: Some(ServiceWay::Electronic),
            outcome: Some(ServiceOutcome::Served),
            day: Some(date(2026, 6, 3)),
            mark: "13800130001".to_owned(),
            ..Try::default()
        };
        let time = "2026-06-03T10:00:00+08:00";
        assert_eq!(codes(serve(world, &number, time, tried())), ["way.no_consent"]);
        // The other side's consent is not hers, and an address alone is no consent.
        confirm(world, &number, time, address(Side::Complainant, true)).expect("confirmed");
        confirm(world, &number, time, address(Side::Respondent, false)).expect("confirmed");
        assert_eq!(codes(serve(world, &number, time, tried())), ["way.no_consent"]);
        confirm(world, &number, time, address(Side::Respondent, true)).expect("confirmed");
        serve(world, &number, time, tried()).expect("served");
    });
}

#[test]
fn what_is_missing_is_said_at_once() {
    on_both("faults of a service", |world| {
        let number = notified(world);
        let time = "2026-06-03T10:00:00+08:00";
        let none = codes(serve(world, &number, time, Try::default()));
        assert_eq!(none, ["paper.missing", "way.missing", "outcome.missing", "day.missing"]);
        let paper = paper_of(world, &number, "mediation_notice", Side::Respondent);
        let left = Try {
            way: Some(ServiceWay::Left),
            receiver: String::new(),
            place: String::new(),
            paper: paper.clone(),
            day: Some(date(2026, 6, 4)),
            ..handed_over()
        };
        assert_eq!(
            codes(serve(world, &number, time, left)),
            ["day.in_the_future", "place.missing", "course.missing", "witness.missing"]
        );
        let early = Try { paper: paper.clone(), day: Some(date(2026, 6, 1)), ..handed_over() };
        assert_eq!(codes(serve(world, &number, time, early)), ["day.before_the_paper"]);
        let odd = Try { outcome: Some(ServiceOutcome::UnderWay), paper, day: Some(date(2026, 6, 3)), ..handed_over() };
        assert_eq!(codes(serve(world, &number, time, odd)), ["outcome.not_of_this_way"]);
        let bare = codes(confirm(world, &number, time, Address { electronic: Some(true), ..Address::default() }));
        assert_eq!(bare, ["side.missing", "mobile.missing", "address.missing", "receiver.missing", "day.missing"]);
    });
}
