//! 诉转案 and leads that nobody reported (O121 art. 27; 行政处罚程序规定 art. 18): a case of its own with its origin, its clock from the
//! day of finding; the complainant is no reporter by it; what became of it comes back to the complaint without its number.

use casework::clue::{self, Lead};
use casework::filing::{self, Evidence, Receipt};
use casework::record::Verdict;
use casework::{ActError, reading, tracking};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::codes::Codes;
use domain::filing::{RawLead, RawReport, parse_lead};
use domain::reporting::Origin;
use domain::status::Status;
use store::counts::By;
use store::search::Selection;

use crate::world::{World, at, consumer, hours, on_both};

/// What was found while the complaint was mediated.
pub fn lead() -> Lead {
    Lead {
        title: "销售没有厂名厂址的电饭煲".to_owned(),
        facts: "货架上同款三台都没有厂名厂址，已拍照。".to_owned(),
        respondent_name: "金水区好又来超市".to_owned(),
        respondent_address: "郑州市金水区文化路2号".to_owned(),
        files: Vec::new(),
    }
}

/// A mediation in which a clue was found and made a case: the number of each.
fn made(world: &World) -> (String, String) {
    let complaint = world.case_in(Status::Mediating);
    world.does("officer1", hours(24), &complaint, Action::FindClue);
    world.does("officer1", hours(48), &complaint, Action::MakeLead);
    let id = world.case(&complaint).id;
    let links = world.look(move |tx| store::case_link::of_case(tx, id));
    (complaint, links[0].other_number.clone())
}

#[test]
fn a_clue_becomes_a_case_with_the_office_that_found_it_and_nobody_is_its_reporter() {
    on_both("lead made", |world| {
        let (complaint, number) = made(world);
        let lead = world.case(&number);
        assert_eq!((lead.state.kind, lead.state.status), (CaseKind::Report, Status::Dispatched));
        assert_eq!(lead.state.turns.reporting.origin, Some(Origin::Complaint));
        assert_eq!((lead.state.turns.reporting.named, lead.query_code_round), (None, filing::NO_QUERY_CODE));
        assert_eq!(lead.matter.complainant_name, "");
        let id = lead.id;
        let parties = world.look(move |tx| store::party::of_case(tx, id));
        assert_eq!(parties.iter().map(|party| party.role.as_str()).collect::<Vec<_>>(), ["respondent"]);
        assert_eq!(
            lead.state.desk().key(),
            Some(format!("approval:{}", world.place("office"))),
            "its leader names two"
        );
        // Found on Tuesday 2026-06-02: fifteen workdays, 19 June is a holiday.
        assert!(world.running(&number).contains(&"verification 2026-06-24".to_owned()), "{:?}", world.running(&number));
        let clock = world.deadline(&complaint, "clue_check");
        assert_eq!(clock.stopped_by.as_deref(), Some("lead_made"), "it is counted there");
        assert!(!casework::clocks::is_judged(&clock), "and judged there");
        assert!(world.case(&complaint).state.errands().is_empty());
        assert_eq!(world.case(&complaint).state.status, Status::Mediating, "the mediation goes on");
        let form = world.papers(&number).into_iter().find(|paper| paper.kind == "case_source_form").expect("the form");
        assert!(form.body.contains("☑投诉、举报") && form.body.contains("□监督检查"), "{}", form.body);
        assert!(!form.body.contains("陈晓梅") && !form.body.contains("13837120001"));
        let again = world.try_to(&world.staff("officer1"), hours(49), &complaint, Action::MakeLead);
        assert!(matches!(again, Err(ActError::NotLawful(_))), "that clue has its case");
        for number in [&complaint, &number] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn the_two_know_of_each_other_as_far_as_each_reader_may_and_the_result_comes_back() {
    on_both("lead linked", |world| {
        let (complaint, number) = made(world);
        let links = |who: &str, of: &str| {
            let of = of.to_owned();
            let file = world.act(&world.staff(who), hours(50), move |tx, scene| reading::case_file(tx, scene, &of));
            file.expect("readable")
                .links
                .into_iter()
                .map(|link| (link.number.clone(), link.words()))
                .collect::<Vec<_>>()
        };
        assert_eq!(links("leader", &complaint), [(number.clone(), "由本件发现的线索")]);
        assert_eq!(links("leader", &number), [(complaint.clone(), "线索来源")]);
        assert!(links("agent", &complaint).is_empty(), "who may not know of reports sees no link");
        assert!(links("officer1", &complaint).is_empty(), "nor does the officer before she is named");
        let id = world.case(&complaint).id;
        for event in world.look(move |tx| store::event::of_case(tx, id)) {
            assert!(!event.data.contains(&number), "{}", event.data);
        }
        world.does("leader", hours(51), &number, Action::Assign);
        assert_eq!(links("officer1", &complaint).len(), 1);
        let back = |complaint: &str| {
            let of = complaint.to_owned();
            let file = world.act(&world.staff("agent"), hours(70), move |tx, scene| reading::case_file(tx, scene, &of));
            let told = file.expect("readable").course;
            told.into_iter().filter(|told| told.act == "note_lead").map(|told| told.words).collect::<Vec<_>>()
        };
        world.does("officer1", hours(52), &number, Action::ProposeOpening);
        assert!(back(&complaint).is_empty(), "nothing before the leader's word");
        world.does("leader", hours(53), &number, Action::Approve);
        world.does("officer1", hours(54), &number, Action::ProposeDecision);
        world.does("leader", hours(55), &number, Action::Approve);
        assert_eq!(back(&complaint), ["由本件转出的案件线索：已立案。", "由本件转出的案件线索：行政处罚。"]);
        let her = consumer(&world.case(&complaint));
        let own = world.act(&her, hours(56), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.course.iter().all(|told| !told.words.contains("线索")), "{:?}", own.course);
        assert!(own.reports.is_empty(), "she has no report by it");
        for number in [&complaint, &number] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn a_lead_is_made_once_of_a_clue_and_everything_that_is_missing_is_said() {
    on_both("lead faults", |world| {
        let complaint = world.case_in(Status::Mediating);
        let early = world.try_to(&world.staff("officer1"), hours(20), &complaint, Action::MakeLead);
        assert!(matches!(early, Err(ActError::NotLawful(_))), "no clue yet");
        world.does("officer1", hours(24), &complaint, Action::FindClue);
        let of = complaint.clone();
        let faults = world.act(&world.staff("officer1"), hours(25), move |tx, scene| {
            clue::make_lead(tx, scene, &of, None, &Lead::default())
        });
        let Err(ActError::Invalid(faults)) = faults else { panic!("taken") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["title", "facts", "respondent_name"]);
        let version = world.case(&complaint).state.version;
        for _ in 0..2 {
            let of = complaint.clone();
            let done = world.act(&world.staff("officer1"), hours(26), move |tx, scene| {
                clue::make_lead(tx, scene, &of, Some(version), &lead())
            });
            done.expect("made");
        }
        let id = world.case(&complaint).id;
        assert_eq!(world.look(move |tx| store::case_link::of_case(tx, id)).len(), 1, "a form sent twice is one lead");
        // Another clue, another case.
        world.does("officer1", hours(27), &complaint, Action::FindClue);
        world.does("officer1", hours(28), &complaint, Action::MakeLead);
        assert_eq!(world.case(&complaint).state.turns.mediation.leads, 2);
        let counted = |who: &str| {
            let casework::Actor::Staff(staff) = world.staff(who) else { panic!("{who}") };
            let (scopes, all) = (reading::scopes(&staff), Selection::default());
            let rows = world.look(move |tx| store::counts::by(tx, &scopes, &all, By::Origin));
            rows.into_iter().filter(|(key, _)| !key.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(counted("dispatcher"), [("complaint".to_owned(), 2)]);
        assert!(counted("agent").is_empty(), "who may not know of them counts none");
    });
}

fn registered(world: &World, raw: &RawLead, now: &str) -> Receipt {
    let now = at(now);
    let lead = parse_lead(raw, &Codes::builtin(), now).unwrap_or_else(|faults| panic!("{faults:?}"));
    world
        .act(&world.staff("dispatcher"), now, move |tx, scene| {
            let origin = Some((lead.origin, lead.found_at));
            filing::file(tx, scene, &lead.filing, Evidence { origin, ..Evidence::default() })
        })
        .expect("registered")
}

fn raw(origin: &str, found_on: &str) -> RawLead {
    RawLead {
        origin: origin.to_owned(),
        sender: "市生态环境局".to_owned(),
        document: "郑环移〔2026〕3号".to_owned(),
        found_on: found_on.to_owned(),
        what: RawReport {
            region: "410105001".to_owned(),
            respondent_name: "金水区童乐母婴店".to_owned(),
            facts: "日常检查发现奶粉罐底日期有擦改痕迹。".to_owned(),
            grounds: "现场检查笔录".to_owned(),
            ..RawReport::default()
        },
    }
}

#[test]
fn each_origin_is_registered_ticked_on_the_form_and_counted_from_the_day_of_finding() {
    on_both("lead origins", |world| {
        for (origin, ticked) in
            [("inspection", "☑监督检查"), ("transfer", "☑其他部门移送"), ("superior", "☑上级交办"), ("other", "☑其他")]
        {
            // No reporter, so no vault is asked for. Found on Friday 2026-05-29, registered on Monday.
            let receipt = registered(world, &raw(origin, "2026-05-29"), "2026-06-01T09:00:00+08:00");
            let number = receipt.number;
            let case = world.case(&number);
            assert_eq!(case.state.status, Status::Registered, "{origin}");
            assert_eq!(world.deadline(&number, "verification").due_day.to_string(), "2026-06-22", "{origin}");
            assert!(case.matter.facts.contains("郑环移〔2026〕3号"), "{}", case.matter.facts);
            assert!(world.messages(&number).is_empty(), "there is nobody to tell");
            world.does("dispatcher", hours(1), &number, Action::Dispatch);
            let form = world.papers(&number).into_iter().find(|paper| paper.kind == "case_source_form").expect("form");
            assert!(form.body.contains(ticked) && form.body.matches('☑').count() == 1, "{}", form.body);
            let ask = world.try_to(&world.staff("dispatcher"), hours(2), &number, Action::AskReporter);
            assert!(matches!(ask, Err(ActError::NotLawful(_))), "there is nobody to ask");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
        // Before the law changed the law of that day holds.
        let before = registered(world, &raw("inspection", "2026-04-14"), "2026-04-20T09:00:00+08:00");
        assert_eq!(world.case(&before.number).rule_set, "national-2024");
        let on = registered(world, &raw("inspection", "2026-04-15"), "2026-04-20T09:00:00+08:00");
        assert_eq!(world.case(&on.number).rule_set, "national-2026");
    });
}

#[test]
fn what_is_wrong_with_a_lead_is_said_at_once() {
    let now = at("2026-06-01T09:00:00+08:00");
    let fields = |raw: &RawLead| {
        let faults = parse_lead(raw, &Codes::builtin(), now).expect_err("not in order");
        faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    let nothing = fields(&RawLead::default());
    assert_eq!(nothing, ["origin", "found_on", "region", "respondent_name", "facts", "grounds"]);
    assert_eq!(fields(&RawLead { sender: String::new(), ..raw("transfer", "2026-05-29") }), ["sender"]);
    assert_eq!(fields(&raw("complaint", "2026-05-29")), ["origin"], "a complaint makes its own");
    assert_eq!(fields(&raw("inspection", "2026-06-02")), ["found_on"], "not yet");
    assert!(
        parse_lead(&RawLead { sender: String::new(), ..raw("other", "2026-05-29") }, &Codes::builtin(), now).is_ok()
    );
}
