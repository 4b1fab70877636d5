//! 处理结果进经营者的记录 (O121 arts. 37, 38; catalogue 7.6): a penalty with number, kind, sum and day is in the operator's record for all
//! who read the register; from which report it came, and what came to nothing, only for those who may know of the report. Who was
//! penalised is pointed out to whoever handles what names it again.

use casework::operator_tie::{self, Chosen};
use casework::operators::{self, OperatorFile};
use casework::report::{self, Penalty};
use casework::{ActError, Scene, reading};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::turns::ErrandKind;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use store::operator_list::{Order, Wanted};

use crate::report_filing::reported;
use crate::world::{World, hours, on_both};

/// A fine, decided on the day of the act.
pub fn penalty(scene: Scene<'_>) -> Penalty {
    fined(beijing_day(scene.now))
}

fn fined(day: Date) -> Penalty {
    Penalty {
        number: "金市监处罚〔2026〕12号".to_owned(),
        day: Some(day),
        kinds: vec!["warning".to_owned(), "fine".to_owned()],
        sum: 5_000_000,
    }
}

const SHOP: &str = "金水区童乐母婴店";

/// A report that ended with a penalty, tied to a registered operator: its number and the operator.
fn penalised(world: &World) -> (String, i64) {
    if world.look(store::vault::escrow).is_none() {
        world.ceremony();
    }
    let number = reported(world, &world.staff("agent"), hours(0), None).expect("taken in").0.number;
    let operator = tied(world, &number);
    for (hour, (who, action)) in [
        ("dispatcher", Action::Dispatch),
        ("leader", Action::Assign),
        ("officer1", Action::ProposeOpening),
        ("leader", Action::Approve),
        ("officer1", Action::ProposeDecision),
        ("leader", Action::Approve),
    ]
    .into_iter()
    .enumerate()
    {
        world.does(who, hours(2 + hour as i64), &number, action);
    }
    (number, operator)
}

fn tied(world: &World, number: &str) -> i64 {
    let of = number.to_owned();
    let tied = world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
        let typed = operators::Particulars {
            name: SHOP.to_owned(),
            kind: "sole_trader".to_owned(),
            region: "410105001".to_owned(),
            ..operators::Particulars::default()
        };
        operator_tie::link(tx, scene, &of, None, Some(&Chosen::New(Box::new(typed))))
    });
    tied.expect("tied").state.operator.expect("an operator")
}

fn shown(world: &World, who: &str, operator: i64) -> OperatorFile {
    let file = world.act(&world.staff(who), hours(30), move |tx, scene| operators::file(tx, scene, operator));
    file.unwrap_or_else(|error| panic!("{who}: {error:?}"))
}

#[test]
fn the_decision_enters_the_record_and_who_may_not_know_of_the_report_sees_it_alone() {
    on_both("penalty recorded", |world| {
        let (number, operator) = penalised(world);
        let errands = world.case(&number).state.errands();
        assert!(errands.iter().any(|it| it.kind == ErrandKind::RecordPenalty), "it waits to be entered: {errands:?}");
        let tries = |penalty: Penalty| {
            let of = number.clone();
            world.act(&world.staff("officer1"), hours(12), move |tx, scene| {
                report::record_penalty(tx, scene, &of, None, &penalty)
            })
        };
        let Err(ActError::Invalid(faults)) = tries(Penalty::default()) else { panic!("taken") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["number", "day", "kinds"], "all at once");
        for (wrong, code) in [
            (fined(date(2026, 6, 9)), "day.future"),
            (fined(date(2026, 5, 31)), "day.too_early"),
            (Penalty { kinds: vec!["detention".to_owned()], ..fined(date(2026, 6, 1)) }, "kinds.missing"),
            (Penalty { kinds: vec!["warning".to_owned()], ..fined(date(2026, 6, 1)) }, "sum.without_kind"),
        ] {
            let Err(ActError::Invalid(faults)) = tries(wrong) else { panic!("{code}: taken") };
            assert_eq!(faults[0].code, code);
        }
        tries(fined(date(2026, 6, 1))).expect("entered");
        let waits = world.case(&number).state.errands();
        assert!(waits.iter().all(|errand| errand.kind != ErrandKind::RecordPenalty), "{waits:?}");
        // A second time corrects the first.
        tries(Penalty { sum: 4_000_000, ..fined(date(2026, 6, 1)) }).expect("corrected");
        let other = world.try_to(&world.staff("officer3"), hours(13), &number, Action::RecordPenalty);
        assert!(matches!(other, Err(ActError::NotFound)), "not hers to know");
        for (who, knows) in [("leader", true), ("dispatcher", true), ("agent", false), ("statistician", false)] {
            let file = shown(world, who, operator);
            let [decided] = file.penalties.as_slice() else { panic!("{who}: {:?}", file.penalties) };
            assert_eq!((decided.penalty.sum, decided.penalty.kinds.as_str()), (4_000_000, "warning,fine"), "{who}");
            assert_eq!(decided.bureau, "金水区市场监督管理局");
            let reports = [("penalty".to_owned(), 1)];
            assert_eq!(file.reports, if knows { &reports[..] } else { &[] }, "{who}");
            assert!(file.latest.is_empty() && file.history.all.cases == 0, "{who}: a report is in nobody's history");
        }
        assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
    });
}

#[test]
fn what_came_to_nothing_is_known_to_those_alone_who_may_know_of_the_report() {
    on_both("penalty none", |world| {
        world.ceremony();
        let number = reported(world, &world.staff("agent"), hours(0), None).expect("taken in").0.number;
        let operator = tied(world, &number);
        world.does("dispatcher", hours(2), &number, Action::Dispatch);
        world.does("leader", hours(3), &number, Action::Assign);
        assert_eq!(shown(world, "leader", operator).reports, [(String::new(), 1)], "under way");
        world.does("officer1", hours(4), &number, Action::ProposeNotOpening);
        world.does("leader", hours(5), &number, Action::Approve);
        let record = world.try_to(&world.staff("officer1"), hours(6), &number, Action::RecordPenalty);
        assert!(matches!(record, Err(ActError::NotLawful(_))), "there is no penalty");
        assert_eq!(shown(world, "leader", operator).reports, [("not_opened".to_owned(), 1)]);
        let agent = shown(world, "agent", operator);
        assert!(agent.reports.is_empty() && agent.penalties.is_empty());
    });
}

#[test]
fn whoever_was_penalised_of_late_is_pointed_out_when_it_is_named_again() {
    on_both("penalty again", |world| {
        let (number, operator) = penalised(world);
        world.does("officer1", hours(12), &number, Action::RecordPenalty);
        let mut raw = crate::world::complaint("in_app");
        SHOP.clone_into(&mut raw.respondent_name);
        let complaint = world.file(&world.staff("agent"), hours(21), &raw).number;
        let file = |now| {
            let of = complaint.clone();
            let file = world.act(&world.staff("dispatcher"), now, move |tx, scene| reading::case_file(tx, scene, &of));
            file.expect("readable")
        };
        let likely = file(hours(22)).likely_penalised.expect("it is likely that one");
        assert_eq!((likely.0.operator.id, likely.1.len()), (operator, 1), "before anybody tied it");
        let of = complaint.clone();
        world
            .act(&world.staff("dispatcher"), hours(23), move |tx, scene| {
                operator_tie::link(tx, scene, &of, None, Some(&Chosen::Known(operator)))
            })
            .expect("tied");
        let tied = file(hours(24));
        assert!(tied.likely_penalised.is_none());
        assert_eq!(tied.operator.expect("tied").penalties.len(), 1);
        let listed = |now| {
            world
                .act(&world.staff("dispatcher"), now, move |tx, scene| {
                    let since = operators::penalised_since(scene.now);
                    let wanted = Wanted { penalised_since: Some(since), ..Wanted::default() };
                    Ok(store::operator_list::list(tx, &[], &wanted, (Order::Name, false), 0, 10)?)
                })
                .expect("listed")
                .len()
        };
        assert_eq!(listed(hours(24)), 1);
        // Twenty-four months on it is no longer recent.
        let later = hours(24) + SignedDuration::from_hours(24 * 735);
        assert!(file(later).operator.expect("tied").penalties.is_empty());
        assert_eq!(listed(later), 0);
    });
}
