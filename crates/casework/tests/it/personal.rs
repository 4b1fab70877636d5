//! 个人信息请求 (个人信息保护法第四十四条至第五十条): asked, decided with reason and article, carried out, told; and nobody else's data in a copy.

use std::sync::Arc;

use casework::personal::{self, Correction, Keeping, Wish};
use casework::record::Verdict;
use casework::{ActError, Actor, House, Scene};
use domain::rule_book::RuleBook;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};

use crate::vault::code;
use crate::world::{World, consumer, hours, on_both};

fn wish(right: &str) -> Wish {
    Wish { right: right.to_owned(), asker: "herself".to_owned(), ..Wish::default() }
}

fn asks(world: &World, who: &Actor, number: &str, wish: Wish) -> Result<i64, ActError> {
    let number = number.to_owned();
    world.act(who, hours(30), move |tx, scene| personal::ask(tx, scene, &number, &wish))
}

fn grants(world: &World, who: &str, id: i64) -> Result<Vec<String>, ActError> {
    world.act(&world.staff(who), hours(40), move |tx, scene| personal::grant(tx, scene, id, "核对了身份证件"))
}

fn refuses(world: &World, who: &str, id: i64, ground: &'static str) -> Result<(), ActError> {
    world.act(&world.staff(who), hours(40), move |tx, scene| personal::refuse(tx, scene, id, ground, "见案卷"))
}

fn hands_out(world: &World, who: &Actor, at: Timestamp, id: i64) -> Result<personal::PersonalCopy, ActError> {
    world.act(who, at, move |tx, scene| personal::hand_out(tx, scene, id))
}

#[test]
fn a_request_is_taken_with_everything_that_is_wrong_at_once() {
    on_both("personal request taken", |world| {
        let number = world.case_in(Status::Mediating);
        let hers = consumer(&world.case(&number));
        let nothing = asks(world, &hers, &number, Wish::default()).unwrap_err();
        let ActError::Invalid(faults) = nothing else { panic!("it says what is wrong") };
        assert_eq!(faults.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["right", "asker"]);
        let kin = Wish { asker: "kin".to_owned(), ..wish("copy") };
        assert_eq!(code(&asks(world, &hers, &number, kin).unwrap_err()), "words.missing", "by what right");
        assert_eq!(code(&asks(world, &hers, &number, wish("correct")).unwrap_err()), "correction.nothing");
        let same = Correction { phone: "13837120001".to_owned(), ..Correction::default() };
        let same = Wish { contact: same, ..wish("correct") };
        assert_eq!(code(&asks(world, &hers, &number, same).unwrap_err()), "correction.nothing", "it is so already");
        let bad = Correction { phone: "12".to_owned(), id_number: "41".to_owned(), ..Correction::default() };
        let ActError::Invalid(faults) =
            asks(world, &hers, &number, Wish { contact: bad, ..wish("correct") }).unwrap_err()
        else {
            panic!("both")
        };
        assert_eq!(faults.len(), 2);
        assert_eq!(asks(world, &world.staff("officer1"), &number, wish("copy")).unwrap_err().code(), "act.forbidden");
        let stranger = Actor::Complainant { case_id: world.case(&number).id + 1 };
        assert_eq!(asks(world, &stranger, &number, wish("copy")).unwrap_err().code(), "case.not_found");
        let id = asks(world, &hers, &number, wish("copy")).expect("taken");
        assert_eq!(code(&asks(world, &hers, &number, wish("copy")).unwrap_err()), "right.again");
        asks(world, &world.staff("agent"), &number, wish("delete")).expect("taken down at a counter");
        let row = world.look(move |tx| store::personal::find(tx, id)).expect("kept");
        // Fifteen working days from 2 June, with 端午 on the 19th.
        assert_eq!(row.asked.due_day.to_string(), "2026-06-24");
        assert!(world.messages(&number).iter().any(|it| it.subject == "收到个人信息请求"));
    });
}

#[test]
fn a_copy_holds_what_is_hers_and_nothing_of_others() {
    on_both("personal copy", |world| {
        let number = world.case_in(Status::Mediating);
        let hers = consumer(&world.case(&number));
        let id = asks(world, &hers, &number, wish("copy")).expect("taken");
        assert_eq!(hands_out(world, &hers, hours(31), id).unwrap_err().code(), "case.not_found", "not granted yet");
        assert_eq!(grants(world, "officer1", id).unwrap_err().code(), "act.forbidden");
        assert_eq!(grants(world, "next_leader", id).unwrap_err().code(), "case.not_found");
        grants(world, "leader", id).expect("granted");
        assert_eq!(grants(world, "leader", id).unwrap_err().code(), "act.conflict", "once");
        let copy = hands_out(world, &hers, hours(41), id).expect("hers");
        let text = serde_json::to_string(&copy).expect("machine readable");
        for own in ["陈晓梅", "13837120001", "花园路1号", "chen@example.cn", "不能加热"] {
            assert!(text.contains(own), "{own}");
        }
        for foreign in ["13937120002", "文化路2号", "好又来", "officer1"] {
            assert!(!text.contains(foreign), "{foreign}: {text}");
        }
        assert_eq!(hands_out(world, &world.staff("officer1"), hours(41), id).unwrap_err().code(), "case.not_found");
        hands_out(world, &world.staff("agent"), hours(41), id).expect("at the counter");
        let month = hours(40) + SignedDuration::from_hours(24 * 31);
        assert_eq!(hands_out(world, &hers, month, id).unwrap_err().code(), "case.not_found", "its time is over");
        let case = world.case(&number).id;
        let taken = world.look(move |tx| {
            let rows = tx
                .query("SELECT what FROM access_record WHERE case_id = $1 AND kind = 'export'", store::params![case])?;
            Ok(rows.len())
        });
        assert_eq!(taken, 2, "each copy that was taken out is on record");
    });
}

#[test]
fn a_correction_changes_the_party_and_leaves_papers_and_history_sound() {
    on_both("personal correction", |world| {
        let number = world.case_in(Status::Mediating);
        let hers = consumer(&world.case(&number));
        let papers = world.papers(&number);
        let contact = Correction {
            name: "陈小梅".to_owned(),
            phone: "13837120009".to_owned(),
            email: "mei@example.cn".to_owned(),
            ..Correction::default()
        };
        let id = asks(world, &hers, &number, Wish { contact, ..wish("correct") }).expect("taken");
        let opened = world.act(&world.staff("leader"), hours(35), move |tx, scene| personal::open(tx, scene, id));
        assert_eq!(opened.expect("hers to decide").changes.len(), 3, "what is held beside what it should be");
        grants(world, "director", id).expect("granted");
        let case = world.case(&number);
        assert_eq!(case.matter.complainant_name, "陈小梅");
        let party = world.look(move |tx| store::party::of_case(tx, case.id)).remove(0);
        assert_eq!((party.phone.as_str(), party.email.as_str()), ("13837120009", "mei@example.cn"));
        assert_eq!(party.address, "郑州市金水区花园路1号", "what was not named stays");
        assert_eq!(world.papers(&number), papers, "papers keep what stood in them");
        assert_eq!(world.verdict(&number), Verdict::Sound);
        let row = world.look(move |tx| store::personal::find(tx, id)).expect("kept");
        assert_eq!(row.asked.wanted, "", "the particulars live with the party alone");
        assert_eq!(row.decided.expect("decided").fields, "name,phone,email");
        assert_eq!(world.events(&number).last().map(String::as_str), Some("correct_personal"));
    });
}

#[test]
fn what_must_be_kept_is_not_deleted_but_used_for_nothing_else() {
    on_both("personal deletion refused", |world| {
        let open = world.case_in(Status::Mediating);
        let id = asks(world, &consumer(&world.case(&open)), &open, wish("delete")).expect("taken");
        assert_eq!(code(&grants(world, "leader", id).unwrap_err()), "personal.kept");
        assert_eq!(code(&refuses(world, "leader", id, "accurate").unwrap_err()), "ground.unknown", "of another right");
        assert_eq!(code(&refuses(world, "leader", id, "retention").unwrap_err()), "personal.not_closed");
        refuses(world, "leader", id, "purpose").expect("it is still handled");
        let told = world.messages(&open).into_iter().find(|it| it.subject == "个人信息请求的答复").expect("told");
        assert!(told.body.contains("第四十七条第一款") && told.body.contains("第五十条"), "{}", told.body);

        let closed = world.case_in(Status::Archived);
        let id = asks(world, &consumer(&world.case(&closed)), &closed, wish("delete")).expect("taken");
        assert_eq!(code(&grants(world, "leader", id).unwrap_err()), "personal.kept", "no years are set: kept for good");
        refuses(world, "leader", id, "retention").expect("refused");
        let told = world.messages(&closed).into_iter().find(|it| it.subject == "个人信息请求的答复").expect("told");
        assert!(told.body.contains("长期保存"), "{}", told.body);
        let case = world.case(&closed);
        assert_eq!((case.matter.consent_publish, case.matter.consent_delegate), (Some(false), Some(false)));
        let bureau = world.place("bureau");
        let asked = world.look(move |tx| store::visit::candidates(tx, bureau, hours(0), hours(0), 10));
        assert!(!asked.iter().any(|it| it.case_id == case.id), "nobody asks her again");
        assert_eq!(world.verdict(&closed), Verdict::Sound);
    });
}

/// The same installation under a law whose files are kept for a year.
fn with_a_year(world: &World) -> Arc<House> {
    let text = include_str!("../../../../regulations/national/national-2026.toml");
    let text = text.replace("[retention]\n", "[retention]\nyears = 1\n");
    let (settings, secret) = (world.house.settings.clone(), world.house.secret.clone());
    let opened = world.db.act(move |tx| {
        House::open(tx, settings.clone(), secret.clone()).map_err(|error| ActError::File(error.to_string()))
    });
    let mut house = opened.unwrap_or_else(|error| panic!("{error:?}"));
    house.book = RuleBook::builtin_with("national/national-2026.toml", &text).expect("the same law with a year");
    Arc::new(house)
}

#[test]
fn after_the_time_of_keeping_nobody_can_tell_who_it_was_and_the_history_still_holds() {
    on_both("personal deletion", |world| {
        let number = world.case_in(Status::Archived);
        let id = asks(world, &consumer(&world.case(&number)), &number, wish("delete")).expect("taken");
        let house = with_a_year(world);
        let keeping = |at: Timestamp| {
            let (house, actor) = (house.clone(), world.staff("director"));
            let opened =
                world.db.act(move |tx| personal::open(tx, Scene { house: &house, now: at, actor: &actor }, id));
            opened.unwrap_or_else(|error: ActError| panic!("{error:?}")).keeping
        };
        assert!(matches!(keeping(hours(50)), Keeping::Until(_)));
        let later = hours(24 * 400);
        assert!(matches!(keeping(later), Keeping::Over(_)));
        let (kept, actor) = (house.clone(), world.staff("director"));
        let granted =
            world.db.act(move |tx| personal::grant(tx, Scene { house: &kept, now: later, actor: &actor }, id, "期满"));
        granted.unwrap_or_else(|error: ActError| panic!("{error:?}"));
        let case = world.case(&number);
        let (papers, messages) = (world.papers(&number), world.messages(&number));
        let parties = world.look(move |tx| store::party::of_case(tx, case.id));
        let all = format!("{:?}{parties:?}{papers:?}{messages:?}", world.case(&number).matter);
        for hers in ["陈晓梅", "13837120001", "花园路1号", "chen@example.cn", "不能加热"] {
            assert!(!all.contains(hers), "{hers}");
        }
        assert_eq!(world.verdict(&number), Verdict::Sound, "state and chain hold");
        assert_eq!(world.events(&number).last().map(String::as_str), Some("erase_personal"));
    });
}
