//! What the law of its day asks of a report besides its course: the notice of opening before 2026-04-15 (O20 art. 31), the papers
//! (penalty forms 1, 5, 7; form 10 of 2026), joint action, and whose it is (O121 arts. 29–32).

use casework::filing::{self, Evidence};
use casework::record::Verdict;
use casework::report::Proposed;
use casework::reporter::{self, Reporter};
use casework::{ActError, Actor, Scene, approval, feedback, jurisdiction, registration, report, timing, tracking};
use domain::action::Action;
use domain::codes::Codes;
use domain::filing::{RawReport, parse_report};
use domain::jurisdiction::{Place, Target};
use domain::reporting::Decision;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::Tx;

use crate::report_filing::{reported, what};
use crate::vault::identity;
use crate::world::{World, at, consumer, on_both};

/// A Friday, five days before the law changed.
const BEFORE: &str = "2026-04-10T09:00:00+08:00";
/// A Monday under the new law.
const AFTER: &str = "2026-06-01T09:00:00+08:00";

struct Case<'a> {
    world: &'a World,
    number: String,
    now: std::cell::Cell<Timestamp>,
}

impl Case<'_> {
    fn does(
        &self,
        who: &str,
        act: impl Fn(&mut Tx<'_>, Scene<'_>, &str) -> Result<store::case::CaseRow, ActError> + Send + 'static,
    ) -> Result<store::case::CaseRow, ActError> {
        self.now.set(self.now.get() + SignedDuration::from_hours(1));
        let number = self.number.clone();
        self.world.act(&self.world.staff(who), self.now.get(), move |tx, scene| act(tx, scene, &number))
    }

    fn titles(&self) -> Vec<String> {
        self.world.papers(&self.number).into_iter().map(|paper| paper.kind).collect()
    }

    fn text(&self, kind: &str) -> String {
        let papers = self.world.papers(&self.number);
        papers.into_iter().rev().find(|paper| paper.kind == kind).unwrap_or_else(|| panic!("no {kind}")).body
    }
}

/// In the hands of two officers.
fn in_hand<'a>(world: &'a World, received: &str, named: bool) -> Case<'a> {
    if world.look(store::vault::escrow).is_none() {
        world.ceremony();
    }
    let (receipt, _) = reported(world, &world.staff("agent"), at(received), named.then(identity)).expect("taken in");
    let case = Case { world, number: receipt.number, now: std::cell::Cell::new(at(received)) };
    for (who, action) in [("dispatcher", Action::Dispatch), ("leader", Action::Assign)] {
        case.now.set(case.now.get() + SignedDuration::from_hours(1));
        world.does(who, case.now.get(), &case.number, action);
    }
    case
}

#[test]
fn before_the_new_law_whoever_gave_her_name_hears_within_five_workdays_whether_a_case_was_opened() {
    on_both("old notice", |world| {
        let case = in_hand(world, BEFORE, true);
        let early = case.does("officer1", |tx, scene, it| report::tell_filing(tx, scene, it, None));
        assert!(matches!(early, Err(ActError::NotLawful(_))), "nothing is decided yet");
        case.does("officer1", |tx, scene, it| report::propose_opening(tx, scene, it, None, "查获改日期奶粉")).unwrap();
        case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意立案")).unwrap();
        // Five workdays from Friday 2026-04-10: the next Friday.
        assert_eq!(world.deadline(&case.number, "filing_notice").due_day.to_string(), "2026-04-17");
        let told = case.does("officer1", |tx, scene, it| report::tell_filing(tx, scene, it, None)).unwrap();
        assert_eq!(told.state.status, Status::Investigating, "the case goes on");
        assert_eq!(world.deadline(&case.number, "filing_notice").stopped_by.as_deref(), Some("filing_told"));
        let again = case.does("officer2", |tx, scene, it| report::tell_filing(tx, scene, it, None));
        assert!(matches!(again, Err(ActError::NotLawful(_))), "once");
        let id = told.id;
        let own = world.act(&consumer(&told), case.now.get(), move |tx, scene| tracking::own_file(tx, scene, id));
        let letters: Vec<String> = own.unwrap().letters.into_iter().map(|paper| paper.kind).collect();
        assert_eq!(letters, ["report_opening_notice"], "on her own page");
        assert!(world.messages(&case.number).is_empty(), "nothing goes to an address");
        assert_eq!(world.verdict(&case.number), Verdict::Sound);
    });
}

#[test]
fn a_case_that_was_not_opened_ends_with_that_notice() {
    on_both("old notice declined", |world| {
        let case = in_hand(world, BEFORE, true);
        case.does("officer1", |tx, scene, it| report::propose_not_opening(tx, scene, it, None, 5, "没有发现")).unwrap();
        let waits = case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意")).unwrap();
        assert_eq!(waits.state.status, Status::Concluded, "she is still to be told");
        let told = case.does("officer1", |tx, scene, it| report::tell_filing(tx, scene, it, None)).unwrap();
        assert_eq!(told.state.status, Status::Told);
        assert!(told.told_at.is_some() || world.case(&case.number).told_at.is_some());
        assert!(case.text("report_declining_notice").contains("不予立案"));
        assert!(world.running(&case.number).is_empty());
    });
}

#[test]
fn nobody_else_is_owed_that_notice() {
    on_both("no notice", |world| {
        for (received, named) in [(BEFORE, false), (AFTER, true)] {
            let case = in_hand(world, received, named);
            case.does("officer1", |tx, scene, it| report::propose_not_opening(tx, scene, it, None, 5, "没有")).unwrap();
            let ended = case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意")).unwrap();
            assert_eq!(ended.state.status, Status::Told, "{received}");
            let tell = case.does("officer1", |tx, scene, it| report::tell_filing(tx, scene, it, None));
            assert!(matches!(tell, Err(ActError::NotLawful(_))), "{received}");
        }
    });
}

#[test]
fn each_paper_is_made_and_none_holds_who_reported() {
    on_both("report papers", |world| {
        let case = in_hand(world, AFTER, true);
        case.does("officer1", |tx, scene, it| report::note_duty(tx, scene, it, None, "advertising")).unwrap();
        let faults = case.does("officer1", |tx, scene, it| report::join_forces(tx, scene, it, None, "", ""));
        let Err(ActError::Invalid(faults)) = faults else { panic!("taken") };
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["bodies", "words"]);
        case.does("officer1", |tx, scene, it| {
            report::join_forces(tx, scene, it, None, "区公安分局", "联合检查，查封仓库一处")
        })
        .unwrap();
        case.does("officer1", |tx, scene, it| report::propose_opening(tx, scene, it, None, "广告含治病内容")).unwrap();
        case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意立案")).unwrap();
        let form = case.text("filing_approval_form");
        assert!(form.contains("广告含治病内容") && form.contains("同意立案"), "{form}");
        case.does("officer1", |tx, scene, it| {
            report::propose_decision(tx, scene, it, None, &Proposed::new(Decision::Prosecuted, 0, "涉嫌诈骗罪"))
        })
        .unwrap();
        case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意")).unwrap();
        assert!(case.text("crime_transfer").contains("公安机关"));
        case.does("officer1", |tx, scene, it| feedback::tell(tx, scene, it, None, "已移送公安机关。")).unwrap();
        let told = case.text("report_result_notice");
        assert!(told.contains("《广告法》第五十三条") && told.contains("已移送公安机关"), "{told}");
        let titles = case.titles();
        let wanted = ["report_registration_form", "case_source_form", "filing_approval_form", "crime_transfer"];
        for kind in wanted {
            assert!(titles.iter().any(|title| title == kind), "{kind} in {titles:?}");
        }
        let who = identity();
        for paper in world.papers(&case.number) {
            for secret in [&who.name, &who.phone, &who.address, &who.id_number, &who.other] {
                assert!(!paper.body.contains(secret.as_str()), "{secret} on {}", paper.kind);
            }
        }
        assert_eq!(world.verdict(&case.number), Verdict::Sound);
    });
}

#[test]
fn a_report_goes_where_it_happened_and_the_reasons_are_shown() {
    on_both("report jurisdiction", |world| {
        world.ceremony();
        let (receipt, _) = reported(world, &Actor::Public, at(AFTER), None).expect("taken in");
        let number = receipt.number;
        let advice = world
            .act(&world.staff("dispatcher"), at(AFTER), move |tx, scene| {
                let case = registration::register(tx, scene, &number, None, "改日期", "food", "food_safety")?;
                jurisdiction::advise(tx, scene, &case)
            })
            .unwrap();
        assert_eq!(advice.ruling.as_ref().map(|ruling| ruling.article.as_str()), Some("投诉举报处理办法第二十九条"));
        assert!(advice.reasons.iter().any(|reason| reason.contains("被举报行为发生地")), "{:?}", advice.reasons);
        assert_eq!(advice.bureau.map(|bureau| bureau.id), Some(world.place("bureau")));
    });
}

/// O121 art. 32: whose an advertisement is follows from who published it, and the reasons say what is still to be looked up.
#[test]
fn who_published_an_advertisement_decides_whose_the_report_is() {
    on_both("report advertisement", |world| {
        world.ceremony();
        let advice = |target: &str| {
            let raw = RawReport { sales_channel: target.to_owned(), ..what() };
            let filing = parse_report(&raw, &Codes::builtin(), at(AFTER)).expect("in order");
            let code = reporter::code(&world.house, target);
            let seed = crate::vault::seed();
            let receipt = world
                .act(&Actor::Public, at(AFTER), move |tx, scene| {
                    let reporter = Reporter { identity: None, code: &code, earlier: None, files: &[], seed };
                    filing::file(tx, scene, &filing, Evidence { reporter: Some(reporter), ..Evidence::default() })
                })
                .expect("taken in");
            let case = world.case(&receipt.number);
            world
                .act(&world.staff("dispatcher"), at(AFTER), move |tx, scene| jurisdiction::advise(tx, scene, &case))
                .expect("advice")
        };
        let own = advice("own_advertisement");
        assert_eq!(own.ruling.as_ref().map(|it| it.places.clone()), Some(vec![Place::Advertiser]));
        assert_eq!(own.bureau.map(|bureau| bureau.id), Some(world.place("bureau")));
        assert!(own.reasons.iter().any(|it| it.contains("请先核对广告主是不是在这里")), "{:?}", own.reasons);
        let others: Vec<Target> = own.otherwise.iter().map(|(target, _)| *target).collect();
        assert!(others.contains(&Target::InternetAdvertisement) && !others.contains(&Target::OwnAdvertisement));
        let by_others = advice("internet_advertisement");
        assert_eq!(by_others.bureau.map(|bureau| bureau.id), Some(world.place("bureau")));
        assert!(
            by_others.reasons.iter().any(|it| it.contains("不是的查明广告发布者所在地")),
            "{:?}",
            by_others.reasons
        );
        let paper = advice("advertisement");
        assert!(paper.bureau.is_none(), "nobody wrote where its publisher is");
        assert!(paper.reasons.iter().any(|it| it.contains("请先查明广告发布者所在地")), "{:?}", paper.reasons);
        let unknown = RawReport { sales_channel: "barter".to_owned(), ..what() };
        let faults = parse_report(&unknown, &Codes::builtin(), at(AFTER)).expect_err("no such target");
        assert_eq!(faults.iter().map(|fault| fault.code.as_str()).collect::<Vec<_>>(), ["sales_channel.unknown"]);
    });
}

/// 行政处罚程序规定 arts. 18, 64: a test stops the time to check and the promise with it; once a case is opened, a hearing stops the
/// time to decide.
#[test]
fn what_the_law_excludes_stops_the_clock_that_runs() {
    on_both("report suspended", |world| {
        let case = in_hand(world, AFTER, false);
        let pauses = |case: &Case<'_>, cause: &'static str| {
            case.does("officer1", move |tx, scene, it| timing::suspend(tx, scene, it, None, cause, "样品已送检"))
        };
        let Err(ActError::Invalid(faults)) = pauses(&case, "听证") else { panic!("nothing is to be heard yet") };
        assert_eq!(faults[0].code, "cause.unknown");
        // Monday 2026-06-01; fifteen workdays with the holiday on 19 June end on the 23rd.
        assert_eq!(world.deadline(&case.number, "verification").due_day.to_string(), "2026-06-23");
        pauses(&case, "检验").expect("a test");
        for limit in ["verification", "filing_promised"] {
            assert!(world.deadline(&case.number, limit).is_paused(), "{limit}");
        }
        let early =
            case.does("officer1", |tx, scene, it| report::propose_opening(tx, scene, it, None, "查获改日期奶粉"));
        assert!(matches!(early, Err(ActError::NotLawful(_))), "it stands still");
        case.now.set(case.now.get() + SignedDuration::from_hours(48));
        case.does("officer1", |tx, scene, it| timing::resume(tx, scene, it, None, "收到检验报告")).unwrap();
        assert_eq!(world.deadline(&case.number, "verification").due_day.to_string(), "2026-06-25", "two days later");
        case.does("officer1", |tx, scene, it| report::propose_opening(tx, scene, it, None, "查获改日期奶粉")).unwrap();
        case.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意立案")).unwrap();
        let before = world.deadline(&case.number, "penalty_decision").due_day;
        pauses(&case, "听证").expect("a hearing");
        assert!(world.deadline(&case.number, "penalty_decision").is_paused());
        case.now.set(case.now.get() + SignedDuration::from_hours(72));
        case.does("officer1", |tx, scene, it| timing::resume(tx, scene, it, None, "听证结束")).unwrap();
        let after = world.deadline(&case.number, "penalty_decision").due_day;
        assert_eq!(before.until(after).unwrap().get_days(), 3);
        assert_eq!(world.verdict(&case.number), Verdict::Sound);
    });
}
