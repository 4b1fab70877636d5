//! The kinds of a matter (catalogue 3.1, 3.2, 3.8): a question and an opinion are answered, a complaint against staff is kept
//! from everybody but the discipline officers, one intake becomes several linked cases.

use casework::actor::Actor;
use casework::filing::{self, Evidence, Receipt};
use casework::split::{self, Part};
use casework::{
    ActError, answer, archive, assignment, consumer as consumers, dispatch, feedback, reading, registration, tracking,
};
use domain::act::Act;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use domain::codes::Codes;
use domain::filing::{RawAsking, Typist, parse_asking};
use domain::status::Status;
use jiff::Timestamp;
use store::search::Selection;

use crate::performing::upload;
use crate::world::{World, at, consumer, hours, on_both};

/// What somebody asks, to be told in this way.
pub fn asking(notify_by: &str) -> RawAsking {
    RawAsking {
        region: "410105".to_owned(),
        channel: "web".to_owned(),
        complainant_name: "陈晓梅".to_owned(),
        complainant_phone: "13837120001".to_owned(),
        complainant_email: "chen@example.cn".to_owned(),
        notify_by: notify_by.to_owned(),
        facts: "网上买的衣服剪了吊牌，还能七天无理由退货吗？吊牌还在。".to_owned(),
        ..RawAsking::default()
    }
}

/// Files a question, an opinion or a complaint against staff.
pub fn ask(world: &World, actor: &Actor, now: Timestamp, kind: CaseKind, raw: &RawAsking) -> Receipt {
    let typist = if matches!(actor, Actor::Staff(_)) { Typist::Agent } else { Typist::Consumer };
    let filing = parse_asking(kind, raw, typist, &Codes::builtin(), now).unwrap_or_else(|faults| panic!("{faults:?}"));
    world
        .act(actor, now, move |tx, scene| filing::file(tx, scene, &filing, Evidence::default()))
        .unwrap_or_else(|error| panic!("{error:?}"))
}

fn reply(world: &World, who: &str, now: Timestamp, number: &str, spoken: bool) -> Result<Status, ActError> {
    let (actor, number) = (world.staff(who), number.to_owned());
    let words = "可以。吊牌剪下不等于商品不完好，请在签收七日内向商家提出。";
    world
        .act(&actor, now, move |tx, scene| answer::answer(tx, scene, &number, None, words, spoken))
        .map(|case| case.state.status)
}

#[test]
fn the_short_form_needs_a_place_a_telephone_and_words() {
    let raw = RawAsking { channel: "web".to_owned(), notify_by: "letter".to_owned(), ..RawAsking::default() };
    let faults = parse_asking(CaseKind::Consultation, &raw, Typist::Consumer, &Codes::builtin(), hours(0))
        .expect_err("nothing was written");
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["region", "complainant_phone", "complainant_address", "facts"]);
    let filing = parse_asking(CaseKind::Consultation, &asking("sms"), Typist::Consumer, &Codes::builtin(), hours(0))
        .expect("name and shop may be left out");
    assert_eq!(filing.title, "网上买的衣服剪了吊牌，还能七天无理由退货吗", "the line is the first sentence");
}

#[test]
fn a_question_is_answered_on_the_spot() {
    on_both("question on the spot", |world| {
        let taken = ask(world, &world.staff("agent"), hours(0), CaseKind::Consultation, &asking("phone"));
        let case = world.case(&taken.number);
        assert_eq!((case.state.kind, case.state.status), (CaseKind::Consultation, Status::Registered));
        assert_eq!(
            case.state.desk().key(),
            Some(format!("intake:{}", world.place("centre"))),
            "an agent may answer it"
        );
        // One workday for an ordinary question (provincial 限时办结制); received on Monday.
        assert_eq!(world.running(&taken.number), ["consultation_answer 2026-06-02"]);
        assert_eq!(reply(world, "agent", hours(1), &taken.number, true).expect("answered"), Status::Told);
        let case = world.case(&taken.number);
        assert_eq!(case.state.outcome, Some(Outcome::Answered));
        assert!(case.concluded_at.is_some() && case.told_at.is_some());
        assert!(world.running(&taken.number).is_empty(), "the promise is kept");
        assert_eq!(world.deadline(&taken.number, "consultation_answer").stopped_by.as_deref(), Some("concluded"));
        // She heard it on the telephone: nothing is sent, her page shows it.
        let answers: Vec<_> = world.messages(&taken.number).into_iter().filter(|it| it.subject == "咨询答复").collect();
        assert_eq!(answers.iter().map(|it| it.channel.as_str()).collect::<Vec<_>>(), ["in_app"]);
        let papers: Vec<String> = world.papers(&taken.number).into_iter().map(|paper| paper.kind).collect();
        assert_eq!(papers, ["asking_record"], "its own sheet, no form for complaints");
        // Rated by her, closed into the archive by the dispatcher.
        let (number, her) = (taken.number.clone(), consumer(&case));
        world
            .act(&her, hours(2), move |tx, scene| feedback::rate(tx, scene, &number, None, true, 5, "清楚"))
            .expect("rated");
        let number = taken.number.clone();
        world
            .act(&world.staff("dispatcher"), hours(3), move |tx, scene| archive::archive(tx, scene, &number, None))
            .expect("archived");
        assert_eq!(world.case(&taken.number).state.status, Status::Archived);
        assert_eq!(world.verdict(&taken.number), casework::record::Verdict::Sound);
    });
}

#[test]
fn a_question_from_the_page_is_answered_in_the_way_she_chose() {
    on_both("question from the page", |world| {
        let taken = ask(world, &Actor::Public, hours(0), CaseKind::Consultation, &asking("sms"));
        assert_eq!(world.case(&taken.number).state.status, Status::Filed);
        for who in ["officer1", "leader", "archivist", "other_dispatcher"] {
            assert!(reply(world, who, hours(1), &taken.number, false).is_err(), "{who} does not answer for the centre");
        }
        // No registration is needed before an answer.
        assert_eq!(reply(world, "dispatcher", hours(1), &taken.number, false).expect("answered"), Status::Told);
        let sent: Vec<_> = world.messages(&taken.number).into_iter().filter(|it| it.subject == "咨询答复").collect();
        let ways: Vec<_> = sent.iter().map(|it| (it.channel.as_str(), it.state.as_str())).collect();
        assert_eq!(ways, [("in_app", "sent"), ("sms", "no_gateway")]);
        assert!(sent.iter().all(|it| it.body.contains("签收七日内")));
        let (her, id) = (consumer(&world.case(&taken.number)), taken.case_id);
        let own = world.act(&her, hours(2), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.answer.is_some_and(|answer| answer.contains("签收七日内")));
        assert!(own.course.iter().any(|told| told.words.contains("收到您的咨询")), "the words fit the kind");
    });
}

#[test]
fn an_office_answers_what_the_centre_cannot() {
    on_both("question to an office", |world| {
        let taken = ask(world, &world.staff("agent"), hours(0), CaseKind::Consultation, &asking("in_app"));
        let (number, office) = (taken.number.clone(), world.place("office"));
        world
            .act(&world.staff("agent"), hours(1), move |tx, scene| {
                dispatch::dispatch(tx, scene, &number, None, office, "专业问题")
            })
            .expect("the agent hands it on");
        assert_eq!(world.case(&taken.number).state.status, Status::Dispatched);
        let number = taken.number.clone();
        world
            .act(&world.staff("leader"), hours(2), move |tx, scene| {
                dispatch::give_back(tx, scene, &number, None, "not_in_area", "不属于本所")
            })
            .expect("returned");
        // Back to where it can be answered, not to a dispatch that follows acceptance.
        let returned = world.case(&taken.number).state;
        assert_eq!((returned.status, returned.returns), (Status::Registered, 1));
        let number = taken.number.clone();
        world
            .act(&world.staff("dispatcher"), hours(3), move |tx, scene| {
                dispatch::dispatch(tx, scene, &number, None, office, "")
            })
            .expect("again");
        let (number, lead) = (taken.number.clone(), world.account("officer1"));
        world
            .act(&world.staff("leader"), hours(4), move |tx, scene| {
                assignment::assign(tx, scene, &number, None, lead, 0)
            })
            .expect("one officer is enough");
        let state = world.case(&taken.number).state;
        assert_eq!((state.status, state.lead, state.partner), (Status::Assigned, Some(lead), None));
        assert!(reply(world, "agent", hours(5), &taken.number, false).is_err(), "it is the officer's now");
        assert!(reply(world, "officer2", hours(5), &taken.number, false).is_err());
        // Tuesday noon: inside the one workday.
        assert_eq!(
            reply(world, "officer1", at("2026-06-02T12:00:00+08:00"), &taken.number, false).expect("answered"),
            Status::Told
        );
        let clock = world.deadline(&taken.number, "consultation_answer");
        assert!(clock.stopped_at.is_some_and(|stopped| stopped < clock.due_at), "in time");
        assert_eq!(world.verdict(&taken.number), casework::record::Verdict::Sound);
    });
}

#[test]
fn a_suggestion_goes_the_same_way_without_a_limit_of_its_own() {
    on_both("suggestion", |world| {
        let raw = RawAsking { facts: "建议集市设公平秤。".to_owned(), ..asking("email") };
        let taken = ask(world, &Actor::Public, hours(0), CaseKind::Suggestion, &raw);
        assert!(world.running(&taken.number).is_empty(), "no rule gives it a limit");
        let number = taken.number.clone();
        let registered = world.act(&world.staff("agent"), hours(1), move |tx, scene| {
            registration::register(tx, scene, &number, None, "建议集市设公平秤", "", "")
        });
        assert_eq!(registered.expect("without a class").state.status, Status::Registered);
        assert!(world.papers(&taken.number).is_empty());
        assert_eq!(reply(world, "shift", hours(2), &taken.number, false).expect("answered"), Status::Told);
        let subjects: Vec<String> = world.messages(&taken.number).into_iter().map(|it| it.subject).collect();
        assert!(subjects.contains(&"意见建议答复".to_owned()), "{subjects:?}");
    });
}

#[test]
fn she_may_withdraw_a_question_even_from_an_officer() {
    on_both("question withdrawn", |world| {
        let taken = ask(world, &world.staff("agent"), hours(0), CaseKind::Consultation, &asking("in_app"));
        let (number, office, lead) = (taken.number.clone(), world.place("office"), world.account("officer1"));
        world
            .act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
                dispatch::dispatch(tx, scene, &number, None, office, "").map(drop)
            })
            .expect("dispatched");
        let number = taken.number.clone();
        world
            .act(&world.staff("leader"), hours(1), move |tx, scene| {
                assignment::assign(tx, scene, &number, None, lead, lead).map(drop)
            })
            .expect("assigned");
        let (number, her) = (taken.number.clone(), consumer(&world.case(&taken.number)));
        world
            .act(&her, hours(2), move |tx, scene| consumers::withdraw(tx, scene, &number, None, "知道了").map(drop))
            .expect("withdrawn");
        // There is no other side to be told.
        assert_eq!(world.case(&taken.number).state.status, Status::Withdrawn);
        assert!(world.running(&taken.number).is_empty());
    });
}

#[test]
fn a_complaint_against_staff_exists_for_the_discipline_officers_alone() {
    on_both("staff complaint", |world| {
        let raw = RawAsking {
            respondent_name: "承办人officer1".to_owned(),
            facts: "上门检查时索要烟酒。".to_owned(),
            ..asking("sms")
        };
        let taken = ask(world, &world.staff("agent"), hours(0), CaseKind::StaffComplaint, &raw);
        // The same telephone has an ordinary complaint too, so that the history beside it could show the other.
        let ordinary = world.registered(hours(0)).number;
        let case = world.case(&taken.number);
        assert_eq!(case.state.status, Status::Filed, "an agent's typing is no registration of it");
        assert_eq!(case.state.desk().key(), Some(format!("discipline:{}", world.place("bureau"))));
        let bodies: Vec<String> = world.messages(&taken.number).into_iter().map(|it| it.subject + &it.body).collect();
        assert!(bodies.iter().all(|body| !body.contains("举报") && !body.contains("烟酒")), "{bodies:?}");
        for (name, staff) in &world.people {
            let knows = *name == "discipline";
            assert_eq!(staff.may_read(&case), knows, "{name}");
            assert_eq!(staff.standing(&case).roles.is_empty(), !knows, "{name}");
            assert_eq!(staff.desks().contains(&case.state.desk().key().expect("a desk")), knows, "{name}");
            let (actor, number, scopes) = (Actor::Staff(staff.clone()), taken.number.clone(), reading::scopes(staff));
            let opened = world.act(&actor, hours(1), move |tx, scene| reading::case_file(tx, scene, &number).map(drop));
            assert_eq!(opened.is_ok(), knows, "{name}");
            let listed = world.look(move |tx| store::search::list(tx, &scopes, &Selection::default(), None, 100));
            assert_eq!(listed.iter().any(|row| row.number == taken.number), knows, "{name}: list");
            assert!(!knows || listed.len() == 1, "the role has nothing else");
            let scopes = reading::scopes(staff);
            let counted = world.look(move |tx| {
                let selection = Selection { kind: Some(CaseKind::StaffComplaint), ..Selection::default() };
                store::counts::count(tx, &scopes, &selection)
            });
            assert_eq!(counted, i64::from(knows), "{name}: count");
            assert_eq!(
                reply(world, name, hours(1), &taken.number, false).err().map(|error| error.code()),
                Some(if knows { "act.not_from_here" } else { "case.not_found" }),
                "{name}"
            );
        }
        // Not beside another case of the same telephone either.
        let number = ordinary;
        let beside = world
            .act(&world.staff("dispatcher"), hours(1), move |tx, scene| reading::case_file(tx, scene, &number))
            .expect("an ordinary case");
        assert!(beside.earlier.iter().all(|other| other.number != taken.number));
        // Its course: registered, answered, archived, all by the discipline officer.
        let number = taken.number.clone();
        world
            .act(&world.staff("discipline"), hours(2), move |tx, scene| {
                registration::register(tx, scene, &number, None, "反映索要烟酒", "", "").map(drop)
            })
            .expect("registered");
        assert_eq!(reply(world, "discipline", hours(3), &taken.number, false).expect("answered"), Status::Told);
        let outgoing = world.messages(&taken.number).into_iter().filter(|it| it.channel == "sms");
        assert!(outgoing.map(|it| it.body).all(|body| !body.contains("吊牌")), "the answer is read with her code");
        let number = taken.number.clone();
        world
            .act(&world.staff("discipline"), hours(4), move |tx, scene| {
                archive::archive(tx, scene, &number, None).map(drop)
            })
            .expect("archived");
        assert_eq!(world.verdict(&taken.number), casework::record::Verdict::Sound);
    });
}

#[test]
fn what_is_said_of_a_discipline_officer_goes_to_the_bureau_above() {
    on_both("staff complaint above", |world| {
        let raw = RawAsking { respondent_name: "纪检人员discipline".to_owned(), ..asking("in_app") };
        let taken = ask(world, &Actor::Public, hours(0), CaseKind::StaffComplaint, &raw);
        let case = world.case(&taken.number);
        assert_eq!(case.state.desk().key(), Some(format!("discipline:{}", world.place("city"))));
        assert!(!world.people["discipline"].may_read(&case), "not even she");
    });
}

#[test]
fn one_intake_becomes_two_linked_cases() {
    on_both("split", |world| {
        let taken = world.registered(hours(0));
        let id = taken.case_id;
        let files = world
            .db
            .act(move |tx| {
                upload(tx, "first", hours(0))?;
                store::attachment::adopt(tx, "first", id)?;
                Ok::<_, store::StoreError>(
                    store::attachment::of_case(tx, id)?.iter().map(|it| it.id).collect::<Vec<_>>(),
                )
            })
            .unwrap_or_else(|error: store::StoreError| panic!("{error:?}"));
        let part = Part {
            kind: "complaint".to_owned(),
            title: "隔壁店奶粉过期".to_owned(),
            facts: "同一天在隔壁店买的奶粉已经过期。".to_owned(),
            respondent_name: "金水区童乐母婴店".to_owned(),
            respondent_address: "郑州市金水区文化路4号".to_owned(),
            demands: vec!["refund".to_owned()],
            files,
            ..Part::default()
        };
        let splits = |who: &str, now: Timestamp, seen: Option<i64>, part: &Part| {
            let (number, part) = (taken.number.clone(), part.clone());
            world.act(&world.staff(who), now, move |tx, scene| split::split(tx, scene, &number, seen, &part))
        };
        // Everything that is wrong, at once.
        let empty = Part { kind: "complaint".to_owned(), ..Part::default() };
        let Err(ActError::Invalid(faults)) = splits("agent", hours(1), None, &empty) else { panic!("taken") };
        assert_eq!(faults.len(), 5, "{faults:?}");
        for kind in ["staff_complaint", ""] {
            let other = Part { kind: kind.to_owned(), ..part.clone() };
            assert!(splits("agent", hours(1), None, &other).is_err(), "{kind} has no way on from here");
        }
        assert!(splits("leader", hours(1), None, &part).is_err(), "no case of the leader's");
        splits("agent", hours(1), Some(1), &part).expect("split");
        // A double click finds its own act.
        splits("agent", hours(1), Some(1), &part).expect("the same once more");
        let links = world.look(move |tx| store::case_link::of_case(tx, id));
        assert_eq!(links.len(), 1);
        let other = world.case(&links[0].other_number);
        assert_eq!((links[0].relation.as_str(), links[0].outgoing), ("split", true));
        assert_ne!(other.number, taken.number);
        assert_eq!((other.state.kind, other.state.status), (CaseKind::Complaint, Status::Registered));
        assert_eq!(other.received_at, taken.received_at, "the material has lain here since then");
        assert_eq!(other.matter.respondent_name, "金水区童乐母婴店");
        // Its own clocks, form and copy of the evidence; the person the same.
        let clocks = ["acceptance 2026-06-10", "acceptance_promised 2026-06-02"];
        assert_eq!(world.running(&other.number), clocks);
        let kinds: Vec<String> = world.papers(&other.number).into_iter().map(|paper| paper.kind).collect();
        assert_eq!(kinds, ["evidence", "registration_form"]);
        let (id, other_id) = (taken.case_id, other.id);
        let people = world.look(move |tx| Ok((store::party::of_case(tx, id)?, store::party::of_case(tx, other_id)?)));
        assert_eq!(people.0[0].phone, people.1[0].phone);
        assert_eq!(people.1[1].name, "金水区童乐母婴店");
        for number in [&taken.number, &other.number] {
            assert_eq!(world.verdict(number), casework::record::Verdict::Sound);
        }
        // Both pages show the other, and each says which came out of which.
        for (number, shown, words) in
            [(&taken.number, &other.number, "由本件拆出"), (&other.number, &taken.number, "拆自该件")]
        {
            let asked = number.clone();
            let file = world
                .act(&world.staff("dispatcher"), hours(2), move |tx, scene| reading::case_file(tx, scene, &asked))
                .expect("hers");
            assert_eq!(
                file.links.iter().map(|link| (&link.number, link.words())).collect::<Vec<_>>(),
                [(shown, words)]
            );
        }
    });
}

#[test]
fn a_question_is_taken_out_of_a_complaint_and_the_event_names_nobody() {
    on_both("split question", |world| {
        let taken = world.registered(hours(0));
        let part = Part {
            kind: "consultation".to_owned(),
            title: "保修期从哪天算".to_owned(),
            facts: "另外想问保修期从哪天算。".to_owned(),
            ..Part::default()
        };
        let number = taken.number.clone();
        world
            .act(&world.staff("agent"), hours(1), move |tx, scene| split::split(tx, scene, &number, None, &part))
            .expect("split");
        let id = taken.case_id;
        let (links, events) =
            world.look(move |tx| Ok((store::case_link::of_case(tx, id)?, store::event::of_case(tx, id)?)));
        let other = world.case(&links[0].other_number);
        assert_eq!((other.state.kind, other.state.status), (CaseKind::Consultation, Status::Registered));
        assert_eq!(world.running(&other.number), ["consultation_answer 2026-06-02"]);
        let act: Act = serde_json::from_str(&events.last().expect("an event").data).expect("an act");
        let Act::Split { kind, number, files, .. } = act else { panic!("{act:?}") };
        assert_eq!((kind, number, files), (CaseKind::Consultation, other.number.clone(), 0));
        assert!(!events.last().expect("an event").data.contains("陈晓梅"));
        assert_eq!(reply(world, "agent", hours(2), &other.number, true).expect("answered"), Status::Told);
    });
}

/// A question from the public page, for tests that need any.
pub fn question(world: &World, now: Timestamp) -> Receipt {
    ask(world, &Actor::Public, now, CaseKind::Consultation, &asking("sms"))
}
