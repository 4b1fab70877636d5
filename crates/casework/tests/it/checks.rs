//! Spot checks: a draw that anybody can repeat, findings case by case, putting right, and who may do which of it (5.5).

use casework::ActError;
use casework::record::Verdict as Kept;
use casework::spot_check::{self, Checked, Drawing};
use domain::action::Action;
use domain::spot_check::{Finding, Member, Verdict};
use domain::status::Status;
use jiff::civil::date;
use store::spot_check::SampledRow;

use crate::world::{World, at, complaint, hours, on_both};

fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

fn drawing(key: &str, organizations: Vec<i64>, size: usize) -> Drawing {
    Drawing {
        key: key.to_owned(),
        organizations,
        from: Some(date(2026, 6, 1)),
        to: Some(date(2026, 6, 30)),
        kind: "complaint".to_owned(),
        size,
        ..Drawing::default()
    }
}

fn draw(world: &World, who: &str, drawing: &Drawing) -> Result<i64, ActError> {
    let drawing = drawing.clone();
    world.act(&world.staff(who), hours(60), move |tx, scene| spot_check::draw(tx, scene, &drawing, [0, 0, 0, 0, 0, 7]))
}

fn sample(world: &World, id: i64) -> Vec<SampledRow> {
    world.look(move |tx| store::spot_check::cases(tx, id))
}

fn numbers(world: &World, id: i64) -> Vec<String> {
    sample(world, id).into_iter().map(|row| row.number).collect()
}

/// A draw of the city over one case of the county; gives the id of the sampled row.
fn drawn_case(world: &World, number: &str) -> i64 {
    let id = draw(world, "city_dispatcher", &drawing("one", vec![], 200)).expect("drawn");
    sample(world, id).into_iter().find(|row| row.number == number).expect("it is in the sample").id
}

/// Every point in order, but these.
fn findings(world: &World, row: i64, failed: &[&str]) -> Checked {
    let looked = world
        .act(&world.staff("city_dispatcher"), hours(60), move |tx, scene| {
            Ok(spot_check::sheet(tx, scene, row)?.points.iter().map(|it| it.point.key.clone()).collect::<Vec<_>>())
        })
        .expect("the sheet");
    let finding = |key: &String| {
        let fails = failed.contains(&key.as_str());
        Finding {
            point: key.clone(),
            verdict: Some(if fails { Verdict::Fail } else { Verdict::Pass }),
            remark: if fails { "没有告知书".to_owned() } else { String::new() },
        }
    };
    Checked {
        findings: looked.iter().map(finding).collect(),
        words: "请补发告知书，并核对同期案件".to_owned(),
        rectify: true,
    }
}

fn finish(world: &World, who: &str, row: i64, seen: i64, checked: &Checked) -> Result<(), ActError> {
    let checked = checked.clone();
    world.act(&world.staff(who), at("2026-06-05T10:00:00+08:00"), move |tx, scene| {
        spot_check::finish(tx, scene, row, seen, &checked)
    })
}

fn errands(world: &World, number: &str) -> Vec<String> {
    let id = world.case(number).id;
    world
        .look(move |tx| store::errand::of_case(tx, id))
        .into_iter()
        .map(|(kind, desk)| format!("{kind} {desk}"))
        .collect()
}

#[test]
fn anybody_can_draw_the_same_sample_again() {
    on_both("draw", |world| {
        for hour in 0..6 {
            world.registered(hours(hour));
        }
        let mut elsewhere = complaint("in_app");
        elsewhere.region = "410102001".to_owned();
        world.file(&world.staff("agent"), hours(6), &elsewhere);
        let (bureau, other) = (world.place("bureau"), world.place("other"));
        let id = draw(world, "city_dispatcher", &drawing("a", vec![bureau], 3)).expect("drawn");
        let check = world.look(move |tx| store::spot_check::find(tx, id)).expect("kept");
        assert_eq!((check.drawn.seed, check.drawn.population_size, check.cases), (7, 6, 3));
        let population: Vec<Member> = serde_json::from_str(&check.drawn.population).expect("plain data");
        assert!(population.iter().all(|member| member.organization == bureau), "of the county only");
        // What is kept is enough to draw again, in whatever order.
        let backwards: Vec<Member> = population.into_iter().rev().collect();
        assert_eq!(numbers(world, id), domain::spot_check::draw(7, &backwards, 3, false));
        assert_eq!(draw(world, "city_dispatcher", &drawing("a", vec![bureau], 3)).expect("again"), id, "sent twice");
        let second = draw(world, "city_dispatcher", &drawing("b", vec![bureau], 3)).expect("drawn");
        assert_ne!(second, id);
        assert_eq!(numbers(world, second), numbers(world, id));
        let mut shares = drawing("c", vec![], 50);
        (shares.percent, shares.by_organization) = (true, true);
        let shared = draw(world, "city_dispatcher", &shares).expect("drawn");
        let of = |place: i64| sample(world, shared).iter().filter(|row| row.organization_id == place).count();
        assert_eq!((of(bureau), of(other)), (3, 1), "four of seven: 3.4 and 0.6 rounded");
    });
}

#[test]
fn who_has_no_office_to_look_over_draws_nothing_and_all_that_is_wrong_is_said_at_once() {
    on_both("draw authority", |world| {
        world.case_in(Status::Dispatched);
        for nobody in ["agent", "officer1", "leader", "statistician", "administrator", "auditor", "discipline"] {
            let refused = draw(world, nobody, &drawing("n", vec![], 1)).expect_err(nobody);
            assert_eq!(refused.code(), "act.forbidden", "{nobody}");
        }
        let none = draw(world, "dispatcher", &drawing("n", vec![], 1)).expect_err("no bureau beneath");
        assert_eq!(codes(&none), ["population.empty"]);
        let foreign = draw(world, "director", &drawing("n", vec![world.place("other")], 1)).expect_err("not beneath");
        assert_eq!(codes(&foreign), ["organizations.unknown"]);
        draw(world, "director", &drawing("own", vec![world.place("office")], 1)).expect("her own office");
        let wrong = Drawing { key: "w".to_owned(), kind: "staff_complaint".to_owned(), ..Drawing::default() };
        let refused = draw(world, "city_leader", &wrong).expect_err("nothing filled in");
        assert_eq!(codes(&refused), ["from.invalid", "to.invalid", "kind.unknown", "size.range"]);
    });
}

#[test]
fn a_complaint_against_staff_is_in_no_sample() {
    on_both("draw secrecy", |world| {
        let open = world.registered(hours(0)).number;
        let secret = world.registered(hours(1)).number;
        let id = world.case(&secret).id;
        world.look(move |tx| tx.execute("UPDATE cases SET kind = 'staff_complaint' WHERE id = $1", store::params![id]));
        let id = draw(world, "city_dispatcher", &drawing("s", vec![], 200)).expect("drawn");
        assert_eq!(numbers(world, id), [open]);
    });
}

#[test]
fn what_the_case_itself_says_is_filled_in() {
    on_both("prefilled", |world| {
        let number = world.registered(hours(0)).number;
        let row = drawn_case(world, &number);
        // Two weeks without a decision: the promised day and the statutory one are past.
        let late = at("2026-06-20T10:00:00+08:00");
        let looked = world
            .act(&world.staff("city_dispatcher"), late, move |tx, scene| {
                let sheet = spot_check::sheet(tx, scene, row)?;
                Ok(sheet
                    .points
                    .iter()
                    .map(|it| (it.point.key.clone(), it.finding.verdict, it.finding.remark.clone(), it.computed))
                    .collect::<Vec<_>>())
            })
            .expect("the sheet");
        let of = |key: &str| looked.iter().find(|it| it.0 == key).unwrap_or_else(|| panic!("{key}"));
        assert_eq!(of("accepted_in_time").1, Some(Verdict::Fail));
        assert!(of("accepted_in_time").2.contains("2026-06-"), "{looked:?}");
        assert_eq!((of("told_in_time").1, of("pauses_justified").1), {
            (Some(Verdict::NotApplicable), Some(Verdict::NotApplicable))
        });
        assert_eq!((of("wording_right").1, of("wording_right").3), (None, false), "a person reads");
        assert!(looked.iter().all(|it| it.0 != "ground_right"), "nothing was refused or ended");
        let (before, check) = (world.events(&number).len(), row);
        world
            .act(&world.staff("city_dispatcher"), late, move |tx, scene| spot_check::note_look(tx, scene, check))
            .expect("noted");
        let looks = world.look(|tx| store::access::latest(tx, i64::MAX, 5));
        assert_eq!((looks[0].what.as_str(), looks[0].case_number.as_ref()), ("抽查案件", Some(&number)));
        assert_eq!(world.events(&number).len(), before, "a look is no act");
    });
}

#[test]
fn what_was_found_is_put_right_and_looked_at_also_after_the_archive() {
    on_both("rectification", |world| {
        let number = world.case_in(Status::Archived);
        let row = drawn_case(world, &number);
        let checked = findings(world, row, &["told_in_time"]);
        finish(world, "city_dispatcher", row, 1, &checked).expect("finished");
        finish(world, "city_dispatcher", row, 1, &checked).expect("sent twice");
        assert_eq!(world.events(&number).iter().filter(|act| *act == "note_checked").count(), 1);
        let lead = world.account("officer1");
        assert_eq!(errands(world, &number), [format!("rectify officer:{lead}")]);
        let found = sample(world, 1).into_iter().find(|it| it.id == row).expect("the row");
        assert_eq!((found.failed, found.rectify_by), (1, Some(date(2026, 6, 16))), "seven working days");
        let early = world.try_to(&world.staff("city_dispatcher"), hours(110), &number, Action::CloseRectification);
        assert_eq!(early.expect_err("nothing to look at").code(), "act.not_now");
        let stranger = world.try_to(&world.staff("next_officer"), hours(110), &number, Action::Rectify);
        assert_eq!(stranger.expect_err("another office").code(), "case.not_found");
        world.does("officer1", hours(110), &number, Action::Rectify);
        assert_eq!(errands(world, &number), [format!("close_rectification superior:{}", world.place("city"))]);
        let target = number.clone();
        let refused = world.act(&world.staff("director"), hours(111), move |tx, scene| {
            spot_check::close_rectification(tx, scene, &target, None, true, "可以")
        });
        assert_eq!(codes(&refused.expect_err("the city checked")), ["rectification.not_yours"]);
        let target = number.clone();
        let again = world
            .act(&world.staff("city_leader"), at("2026-06-08T10:00:00+08:00"), move |tx, scene| {
                spot_check::close_rectification(tx, scene, &target, None, false, "回执没有入卷")
            })
            .expect("not enough");
        let turn = again.state.turns.dispatching.rectification.clone().expect("it goes on");
        assert_eq!((turn.until, turn.answered), (date(2026, 6, 17), false));
        world.does("leader", hours(180), &number, Action::Rectify);
        let closed = world.does("city_dispatcher", hours(181), &number, Action::CloseRectification);
        assert_eq!((closed.state.status, errands(world, &number).len()), (Status::Archived, 0));
        let found = sample(world, 1).into_iter().find(|it| it.id == row).expect("the row");
        assert!(found.closed_at.is_some());
        assert_eq!(world.verdict(&number), Kept::Sound);
    });
}

#[test]
fn two_checkers_and_one_sheet() {
    on_both("check conflict", |world| {
        let number = world.case_in(Status::Told);
        let row = drawn_case(world, &number);
        let bare = Checked { findings: Vec::new(), ..findings(world, row, &[]) };
        let missing = finish(world, "city_leader", row, 1, &bare).expect_err("no finding");
        let points = findings(world, row, &[]).findings.len();
        assert_eq!(codes(&missing), vec!["verdict.missing".to_owned(); points], "all at once");
        let silent = Checked { words: String::new(), ..findings(world, row, &["wording_right"]) };
        let mut unexplained = silent.clone();
        unexplained.findings.iter_mut().for_each(|finding| finding.remark.clear());
        let refused = finish(world, "city_leader", row, 1, &unexplained).expect_err("fails without reason");
        assert_eq!(codes(&refused), ["remark.missing", "words.missing"]);
        let draft = silent.clone();
        world
            .act(&world.staff("city_leader"), hours(61), move |tx, scene| spot_check::save(tx, scene, row, 1, &draft))
            .expect("a draft may be incomplete");
        let checked = findings(world, row, &[]);
        let late = finish(world, "city_dispatcher", row, 1, &checked).expect_err("the leader wrote first");
        assert_eq!(late.code(), "act.conflict");
        assert!(late.to_string().contains("city_leader"), "{late}");
        finish(world, "city_dispatcher", row, 2, &checked).expect("from the newer sheet");
        assert!(errands(world, &number).is_empty(), "all in order: nothing to put right");
        let other = findings(world, row, &["wording_right"]);
        assert_eq!(finish(world, "city_leader", row, 3, &other).expect_err("finished").code(), "act.conflict");
        let stranger = world
            .act(&world.staff("director"), hours(62), move |tx, scene| spot_check::sheet(tx, scene, row).map(drop));
        assert_eq!(stranger.expect_err("another bureau's draw").code(), "case.not_found");
        let check = sample(world, 1)[0].check_id;
        let begun = world.act(&world.staff("city_leader"), hours(63), move |tx, scene| {
            spot_check::void(tx, scene, check, "范围选错")
        });
        assert_eq!(codes(&begun.expect_err("a finding was told")), ["check.begun"]);
        // In order, not in order: figures by hand.
        let rows = sample(world, check);
        let by_organization = spot_check::by_organization(&rows);
        assert_eq!((by_organization.len(), by_organization[0].passed, by_organization[0].failed), (1, 1, 0));
        let by_point = spot_check::by_point(&rows);
        assert_eq!(by_point.len(), points);
        assert!(by_point.iter().all(|line| (line.passed, line.failed, line.not_applicable) == (1, 0, 0)));
    });
}
