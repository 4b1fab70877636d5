//! The ordinary course, from the consumer's phone to the archived file (catalogue 4–9): what each act leaves behind.

use domain::action::Action;
use domain::case::{Outcome, Rating};
use domain::status::Status;

use crate::world::{World, at, on_both};

/// What an act is to leave behind.
struct Expected {
    who: &'static str,
    act: Action,
    at: &'static str,
    status: Status,
    desk: Option<&'static str>,
    /// The clocks that run afterwards, `limit last-day`.
    running: &'static [&'static str],
    /// The papers it made: kind and document number.
    papers: &'static [(&'static str, &'static str)],
    /// The messages it wrote: to whom, how, state.
    messages: &'static [(&'static str, &'static str, &'static str)],
}

const TO_CONSUMER: &[(&str, &str, &str)] = &[("complainant", "in_app", "sent"), ("complainant", "sms", "no_gateway")];
const TO_BOTH: &[(&str, &str, &str)] =
    &[("complainant", "in_app", "sent"), ("complainant", "sms", "no_gateway"), ("respondent", "sms", "no_gateway")];

/// Days counted by hand from the calendar of 2026: 19 to 21 June are 端午, the other weekdays of June are workdays.
const COURSE: &[Expected] = &[
    Expected {
        who: "agent",
        act: Action::Register,
        at: "2026-06-01T10:00:00+08:00",
        status: Status::Registered,
        desk: Some("acceptance:centre"),
        // Seven workdays from the receipt (O121 art. 15); one from the registration (provincial).
        running: &["acceptance 2026-06-10", "acceptance_promised 2026-06-02"],
        papers: &[("registration_form", "")],
        messages: &[],
    },
    Expected {
        who: "dispatcher",
        act: Action::Accept,
        at: "2026-06-01T11:00:00+08:00",
        status: Status::Accepted,
        desk: Some("dispatch:centre"),
        // Sixty days from acceptance (O121 art. 23); one workday to send it on.
        running: &["mediation 2026-07-31", "dispatch_promised 2026-06-02"],
        papers: &[("acceptance_decision", "金水市监投受〔2026〕第1号")],
        messages: TO_CONSUMER,
    },
    Expected {
        who: "dispatcher",
        act: Action::Dispatch,
        at: "2026-06-01T14:00:00+08:00",
        status: Status::Dispatched,
        desk: Some("assignment:office"),
        running: &["mediation 2026-07-31", "return_promised 2026-06-02", "close_promised 2026-06-10"],
        papers: &[("dispatch_notice", "金水市监投分〔2026〕第1号")],
        messages: &[],
    },
    Expected {
        who: "leader",
        act: Action::Assign,
        at: "2026-06-02T09:00:00+08:00",
        status: Status::Assigned,
        desk: Some("officer:officer1"),
        running: &["mediation 2026-07-31", "close_promised 2026-06-10"],
        papers: &[],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::Notify,
        at: "2026-06-02T10:00:00+08:00",
        status: Status::Mediating,
        desk: Some("officer:officer1"),
        running: &["mediation 2026-07-31", "close_promised 2026-06-10", "answer 2026-06-07"],
        papers: &[
            ("mediation_notice", "金水市监投调通〔2026〕第1号"),
            ("mediation_notice", "金水市监投调通〔2026〕第2号"),
        ],
        messages: TO_BOTH,
    },
    Expected {
        who: "officer2",
        act: Action::RecordAnswer,
        at: "2026-06-03T10:00:00+08:00",
        status: Status::Mediating,
        desk: Some("officer:officer1"),
        running: &["mediation 2026-07-31", "close_promised 2026-06-10"],
        papers: &[],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::RecordMeeting,
        at: "2026-06-04T10:00:00+08:00",
        status: Status::Mediating,
        desk: Some("officer:officer1"),
        running: &["mediation 2026-07-31", "close_promised 2026-06-10"],
        papers: &[("mediation_record", "")],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::Settle,
        at: "2026-06-04T11:00:00+08:00",
        status: Status::PendingApproval,
        desk: Some("approval:office"),
        running: &[],
        papers: &[("mediation_agreement", "金水市监投调〔2026〕第1号")],
        messages: &[],
    },
    Expected {
        who: "leader",
        act: Action::Approve,
        at: "2026-06-05T09:00:00+08:00",
        status: Status::Concluded,
        desk: Some("officer:officer1"),
        // Two workdays to tell (provincial): Monday and Tuesday.
        running: &["feedback_promised 2026-06-09"],
        papers: &[],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::Tell,
        at: "2026-06-05T10:00:00+08:00",
        status: Status::Told,
        desk: Some("archive:office"),
        running: &[],
        papers: &[("result_notice", "金水市监投告〔2026〕第1号")],
        messages: TO_BOTH,
    },
    Expected {
        who: "consumer",
        act: Action::Rate,
        at: "2026-06-05T20:00:00+08:00",
        status: Status::Told,
        desk: Some("archive:office"),
        running: &[],
        papers: &[],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::RecordPerformance,
        at: "2026-06-08T09:00:00+08:00",
        status: Status::Told,
        desk: Some("archive:office"),
        running: &[],
        papers: &[],
        messages: &[],
    },
    Expected {
        who: "officer1",
        act: Action::Archive,
        at: "2026-06-08T10:00:00+08:00",
        status: Status::Archived,
        desk: None,
        running: &[],
        papers: &[],
        messages: &[],
    },
];

#[test]
fn the_ordinary_course_leaves_what_the_rules_say() {
    on_both("course", |world| {
        let receipt = world.filed(at("2026-06-01T09:00:00+08:00"));
        let number = receipt.number.as_str();
        assert_eq!(number, "410105-2026-000001");
        assert_eq!(receipt.query_code.len(), 12);
        assert_eq!(world.running(number), ["acceptance 2026-06-10"]);
        assert_eq!(world.messages(number).len(), 2, "she gets number and query code by SMS too");
        let mut before = (1, 0, 2);
        for expected in COURSE {
            let case = world.does(expected.who, at(expected.at), number, expected.act);
            let name = expected.act.key();
            assert_eq!(case, CaseAgain::of(world, number, &case), "{name}: what the act gave is what is kept");
            assert_eq!(case.state.status, expected.status, "{name}");
            assert_eq!(desk(world, number), expected.desk.map(str::to_owned), "{name}");
            assert_eq!(world.running(number), expected.running, "{name}");
            let (events, papers, messages) = (world.events(number), world.papers(number), world.messages(number));
            assert_eq!(events.len(), before.0 + 1, "{name}: one act, one event");
            assert_eq!(events.last().map(String::as_str), Some(name));
            let made: Vec<_> = papers[before.1..].iter().map(|it| (it.kind.as_str(), it.number.as_str())).collect();
            assert_eq!(made, expected.papers, "{name}");
            assert!(papers[before.1..].iter().all(|paper| paper.event_number == case.state.version), "{name}");
            let told: Vec<_> = messages[before.2..]
                .iter()
                .map(|it| (it.recipient.as_str(), it.channel.as_str(), it.state.as_str()))
                .collect();
            assert_eq!(told, expected.messages, "{name}");
            before = (events.len(), papers.len(), messages.len());
        }
        ends_well(world, number);
    });
}

/// The case read again with what only storage adds.
struct CaseAgain;

impl CaseAgain {
    fn of(world: &World, number: &str, given: &store::case::CaseRow) -> store::case::CaseRow {
        let kept = world.case(number);
        // Milestones and office path are written beside the state; the act's answer need not repeat them.
        store::case::CaseRow {
            concluded_at: given.concluded_at,
            told_at: given.told_at,
            archived_at: given.archived_at,
            unit_path: given.unit_path.clone(),
            ..kept
        }
    }
}

fn ends_well(world: &World, number: &str) {
    let case = world.case(number);
    assert_eq!(case.state.outcome, Some(Outcome::Settled));
    assert_eq!(case.state.recovered, 29_900);
    assert_eq!(case.state.rating, Some(Rating { solved: true, mark: 5 }));
    assert_eq!(case.concluded_at, Some(at("2026-06-05T09:00:00+08:00")));
    assert_eq!(case.told_at, Some(at("2026-06-05T10:00:00+08:00")));
    assert_eq!(case.archived_at, Some(at("2026-06-08T10:00:00+08:00")));
    let volume = world.look(move |tx| store::volume::of_case(tx, case.id)).expect("a file was made");
    assert_eq!(volume.file_number, "410105-2026-00001");
    assert_eq!(volume.retention, "长期");
    let contents: Vec<casework::archive::ContentsLine> = serde_json::from_str(&volume.contents).unwrap();
    let titles: Vec<_> = contents.iter().map(|line| line.place).collect();
    assert_eq!(titles, (1..=8).collect::<Vec<u32>>(), "every paper has its place");
    let items = world.look(move |tx| store::agreement::of_case(tx, case.id));
    assert_eq!(items.iter().map(|item| item.performed).collect::<Vec<_>>(), [Some(true), None]);
    assert_eq!(world.verdict(number), casework::record::Verdict::Sound);
    let stopped: Vec<_> = world
        .deadlines(number)
        .into_iter()
        .map(|row| format!("{}|{}|{}", row.limit_key, row.article, row.stopped_by.unwrap_or_default()))
        .collect();
    assert_eq!(
        stopped,
        [
            "acceptance|第十五条|accepted",
            "acceptance_promised|第一条；限时办结制第二条|accepted",
            "mediation|第二十三条第一款第五项；实施条例第四十六条第三款|settled",
            "dispatch_promised|第二条|dispatched",
            "return_promised|第四条|taken",
            "close_promised|第五条|settled",
            "answer|第十五条|answered",
            "feedback_promised|第五条；维权服务措施第六条|told",
        ]
    );
}

/// The desk on which the case lies, with names instead of ids.
fn desk(world: &World, number: &str) -> Option<String> {
    let key = world.case(number).state.desk().key()?;
    let (kind, id) = key.split_once(':').expect("a desk has a holder");
    let id: i64 = id.parse().expect("an id");
    let name = match kind {
        "officer" => world.people.iter().find(|(_, person)| person.account_id == id).map(|(name, _)| *name),
        _ => world.places.iter().find(|(_, place)| place.id == id).map(|(name, _)| *name),
    };
    Some(format!("{kind}:{}", name.expect("somebody of this world")))
}

#[test]
fn letters_carry_the_names_of_their_sides_and_are_frozen() {
    on_both("letters", |world| {
        let number = world.case_in(Status::Mediating);
        let papers = world.papers(&number);
        let bodies: Vec<_> = papers
            .iter()
            .filter(|paper| paper.kind == "mediation_notice")
            .map(|paper| casework::letters::read(paper).expect("a kept letter"))
            .collect();
        assert_eq!(bodies.len(), 2);
        let text = |index: usize| format!("{:?}", bodies[index]);
        assert!(text(0).contains("陈晓梅") && text(1).contains("金水区好又来超市"));
        assert!(bodies.iter().all(|kept| kept.bureau == "金水区市场监督管理局"));
        assert!(text(0).contains("承办人officer1"), "the notice names the officers: {}", text(0));
    });
}

#[test]
fn numbers_run_by_bureau_and_year() {
    on_both("numbers", |world| {
        let numbers: Vec<_> = ["2026-12-31T23:59:00+08:00", "2027-01-01T00:00:00+08:00", "2027-01-01T00:01:00+08:00"]
            .map(|instant| world.filed(at(instant)).number)
            .into();
        assert_eq!(numbers, ["410105-2026-000001", "410105-2027-000001", "410105-2027-000002"]);
    });
}

#[test]
fn a_filing_goes_to_the_bureau_of_the_place_or_the_one_above() {
    on_both("receiver", |world| {
        let now = at("2026-06-01T09:00:00+08:00");
        for (region, bureau) in [("410105002", "bureau"), ("410102", "other"), ("410103", "city"), ("410100", "city")] {
            let raw = domain::filing::RawFiling { region: region.to_owned(), ..crate::world::complaint("in_app") };
            let receipt = world.file(&casework::actor::Actor::Public, now, &raw);
            assert_eq!(receipt.bureau, world.places[bureau].name, "{region}");
        }
        let raw = domain::filing::RawFiling { region: "110101".to_owned(), ..crate::world::complaint("in_app") };
        let filing = crate::world::filing_of(&casework::actor::Actor::Public, now, &raw);
        let refused = world
            .act(&casework::actor::Actor::Public, now, move |tx, scene| {
                casework::filing::file(tx, scene, &filing, casework::filing::Evidence::default())
            })
            .expect_err("nobody serves that place");
        assert_eq!(refused.code(), "input.invalid");
        assert!(refused.to_string().contains("12315"));
    });
}
