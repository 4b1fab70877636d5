//! Circulars: written, signed, published, confirmed; and the directory of bodies with what uses it.

use casework::circular::{self, Draft};
use casework::directory::{self, Typed};
use casework::{ActError, transfer};
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

fn draft(world: &World) -> Draft {
    Draft {
        title: "关于六月抽查情况的通报".to_owned(),
        body: "抽查发现，部分案件没有按期告知。".to_owned(),
        organizations: vec![world.place("bureau"), world.place("other")],
        ..Draft::default()
    }
}

fn begin(world: &World, who: &str, key: &str, draft: &Draft) -> Result<i64, ActError> {
    let (key, draft) = (key.to_owned(), draft.clone());
    world.act(&world.staff(who), hours(1), move |tx, scene| circular::begin(tx, scene, &key, &draft))
}

fn published(world: &World, draft: &Draft) -> i64 {
    let id = begin(world, "city_dispatcher", "k", draft).expect("begun");
    world
        .act(&world.staff("city_dispatcher"), hours(2), move |tx, scene| circular::submit(tx, scene, id, 1))
        .expect("submitted");
    world
        .act(&world.staff("city_leader"), hours(3), move |tx, scene| circular::publish(tx, scene, id, 2))
        .expect("published");
    id
}

fn confirm(world: &World, who: &str, id: i64, reply: &'static str) -> Result<(), ActError> {
    world.act(&world.staff(who), hours(5), move |tx, scene| circular::confirm(tx, scene, id, reply))
}

fn waiting(world: &World, who: &str) -> usize {
    let staff = world.people[who].clone();
    world.act(&world.staff(who), hours(6), move |tx, _| Ok(circular::waiting(tx, &staff)?.len())).expect("a list")
}

#[test]
fn a_circular_is_signed_by_the_leader_and_confirmed_by_each_organisation_once() {
    on_both("circular", |world| {
        let id = begin(world, "city_dispatcher", "k", &draft(world)).expect("begun");
        assert_eq!(begin(world, "city_dispatcher", "k", &draft(world)).expect("sent twice"), id);
        assert_eq!(confirm(world, "director", id, "").expect_err("a draft is nobody's").code(), "case.not_found");
        let early =
            world.act(&world.staff("city_leader"), hours(2), move |tx, scene| circular::publish(tx, scene, id, 1));
        assert_eq!(early.expect_err("not submitted").code(), "act.conflict");
        world
            .act(&world.staff("city_dispatcher"), hours(2), move |tx, scene| circular::submit(tx, scene, id, 1))
            .expect("submitted");
        assert_eq!((waiting(world, "city_leader"), waiting(world, "city_dispatcher")), (1, 0));
        let not_hers =
            world.act(&world.staff("city_dispatcher"), hours(3), move |tx, scene| circular::publish(tx, scene, id, 2));
        assert_eq!(not_hers.expect_err("the leader signs").code(), "act.forbidden");
        for _ in 0..2 {
            world
                .act(&world.staff("city_leader"), hours(3), move |tx, scene| circular::publish(tx, scene, id, 2))
                .expect("published, once");
        }
        let row = world.look(move |tx| store::circular::find(tx, id)).expect("the circular");
        assert_eq!((row.number.as_str(), row.confirm_by), ("（郑）市监通〔2026〕1号", Some(date(2026, 6, 4))));
        assert_eq!((waiting(world, "director"), waiting(world, "dispatcher"), waiting(world, "agent")), (1, 1, 0));
        confirm(world, "agent", id, "").expect("she read it");
        assert_eq!(waiting(world, "director"), 1, "that does not speak for the bureau");
        confirm(world, "director", id, "").expect("confirmed");
        confirm(world, "director", id, "").expect("sent twice");
        assert_eq!((waiting(world, "director"), waiting(world, "dispatcher")), (0, 0));
        assert_eq!(confirm(world, "leader", id, "").expect_err("an office it does not go to").code(), "case.not_found");
        let opened = world
            .act(&world.staff("city_dispatcher"), hours(6), move |tx, scene| circular::open(tx, scene, id))
            .expect("the sender sees");
        let confirmed: Vec<_> =
            opened.addressees.iter().map(|it| (it.organization_id, it.confirmed_at.is_some())).collect();
        assert_eq!(confirmed, [(world.place("bureau"), true), (world.place("other"), false)]);
        assert_eq!(opened.readers.len(), 2);
        let own = world
            .act(&world.staff("other_dispatcher"), hours(6), move |tx, scene| circular::open(tx, scene, id))
            .expect("an addressee sees");
        assert_eq!((own.addressees.len(), own.readers.len()), (1, 0), "and nothing of the others");
    });
}

#[test]
fn a_circular_withdrawn_stays_in_sight_with_its_reason() {
    on_both("withdrawn circular", |world| {
        let id = published(world, &Draft { reply_asked: true, ..draft(world) });
        assert_eq!(codes(&confirm(world, "director", id, " ").expect_err("an answer is asked")), ["reply.missing"]);
        confirm(world, "director", id, "已经逐件补发").expect("answered");
        let withdraw = |who: &str, reason: &'static str| {
            world.act(&world.staff(who), hours(7), move |tx, scene| circular::withdraw(tx, scene, id, 3, reason))
        };
        assert_eq!(withdraw("city_dispatcher", "数字有误").expect_err("the leader does").code(), "act.forbidden");
        assert_eq!(codes(&withdraw("city_leader", "").expect_err("no reason")), ["reason.missing"]);
        withdraw("city_leader", "数字有误").expect("withdrawn");
        withdraw("city_leader", "数字有误").expect("sent twice");
        assert_eq!(confirm(world, "other_dispatcher", id, "好").expect_err("withdrawn").code(), "act.conflict");
        let staff = world.people["director"].clone();
        let seen =
            world.act(&world.staff("director"), hours(8), move |tx, _| circular::received(tx, &staff)).expect("a list");
        assert_eq!((seen[0].status.as_str(), seen[0].opinion.as_str()), ("withdrawn", "数字有误"));
    });
}

#[test]
fn no_consumers_data_goes_into_a_circular() {
    on_both("circular privacy", |world| {
        let number = world.registered(hours(0)).number;
        let with = |body: &str, cases: &str| Draft { body: body.to_owned(), cases: cases.to_owned(), ..draft(world) };
        for body in ["请联系13837120001核实", "身份证号410105199003072996"] {
            let refused = begin(world, "city_dispatcher", "p", &with(body, "")).expect_err(body);
            assert_eq!(codes(&refused), ["personal_data"], "{body}");
        }
        let named = begin(world, "city_dispatcher", "p", &with("陈晓梅的投诉没有告知", &number)).expect_err("a name");
        assert_eq!(codes(&named), ["personal_data"]);
        let all = Draft { organizations: vec![world.place("office")], ..with("", "410105-2026-999999") };
        let all =
            begin(world, "city_dispatcher", "p", &Draft { title: String::new(), ..all }).expect_err("all at once");
        assert_eq!(codes(&all), ["title.missing", "body.missing", "organizations.unknown", "cases.unknown"]);
        let id = begin(world, "city_dispatcher", "p", &with("编号见后", &format!("{number}、{number}"))).expect("kept");
        let row = world.look(move |tx| store::circular::find(tx, id)).expect("the circular");
        assert_eq!(row.content.case_numbers, number);
        let stale = with("改过", "");
        let changed =
            world.act(&world.staff("city_leader"), hours(2), move |tx, scene| circular::save(tx, scene, id, 9, &stale));
        assert_eq!(changed.expect_err("from an old page").code(), "act.conflict");
        for nobody in ["agent", "officer1", "leader", "administrator", "auditor"] {
            let refused = begin(world, nobody, "n", &draft(world)).expect_err(nobody);
            assert_eq!(refused.code(), "act.forbidden", "{nobody}");
        }
    });
}

fn association() -> Typed {
    Typed {
        kind: directory::DEPARTMENT.to_owned(),
        name: "金水区住房保障中心".to_owned(),
        phone: "0371-65551234".to_owned(),
        matters: "公租房".to_owned(),
        ..Typed::default()
    }
}

#[test]
fn a_bureaus_own_body_can_be_chosen_named_and_disabled() {
    on_both("directory", |world| {
        let bureau = world.place("bureau");
        let add = |who: &str, typed: Typed| {
            world.act(&world.staff(who), hours(0), move |tx, scene| directory::add(tx, scene, bureau, &typed))
        };
        for nobody in ["director", "dispatcher", "officer1", "auditor"] {
            assert_eq!(add(nobody, association()).expect_err(nobody).code(), "act.forbidden", "{nobody}");
        }
        let refused = add("administrator", Typed { phone: "电话".to_owned(), ..Typed::default() }).expect_err("bare");
        assert_eq!(codes(&refused), ["kind.unknown", "name.missing", "phone.invalid"]);
        let id = add("administrator", association()).expect("added");
        assert_eq!(add("administrator", association()).expect("sent twice"), id);
        let choices = |place: i64| {
            world
                .act(&world.staff("director"), hours(1), move |tx, _| directory::of(tx, place, directory::DEPARTMENT))
                .expect("a list")
        };
        let key = format!("body-{id}");
        assert_eq!((choices(bureau)[0].key.as_str(), choices(world.place("other"))[0].key.as_str()), {
            (key.as_str(), "government_hotline")
        });
        let number = world.case_in(Status::Registered);
        let (target, body) = (number.clone(), key.clone());
        world
            .act(&world.staff("dispatcher"), hours(2), move |tx, scene| {
                transfer::propose(tx, scene, &target, None, &body, "公租房的分配由该中心负责")
            })
            .expect("proposed");
        world.does("director", hours(3), &number, Action::ApproveReferral);
        let told = world.messages(&number).pop().expect("she is told").body;
        assert!(told.contains("金水区住房保障中心") && told.contains("0371-65551234"), "{told}");
        let change = |seen: i64, typed: Typed, active: bool| {
            world.act(&world.staff("administrator"), hours(4), move |tx, scene| {
                directory::change(tx, scene, id, seen, &typed, active)
            })
        };
        change(1, association(), false).expect("disabled");
        change(1, association(), false).expect("sent twice");
        let other = Typed { name: "金水区房管局".to_owned(), ..association() };
        assert_eq!(change(1, other, true).expect_err("from an old page").code(), "act.conflict");
        assert_eq!(choices(bureau)[0].key, "government_hotline", "no longer to be chosen");
        let file = world
            .act(&world.staff("dispatcher"), at("2026-06-02T10:00:00+08:00"), {
                let number = number.clone();
                move |tx, scene| Ok(casework::reading::case_file(tx, scene, &number)?.course)
            })
            .expect("the file");
        assert!(file.iter().any(|told| told.words.contains("批准移送金水区住房保障中心")), "the course still names it");
    });
}
