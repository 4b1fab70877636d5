//! 遮挡副本与保管记录 (catalogue 3.12, 11.3): a copy holds nothing of what is covered, the original stays, and everything that becomes
//! of it is on record.

use casework::actor::Actor;
use casework::copies::{self, Enclosed, Original, Purpose, Source, Wish};
use casework::record::Verdict;
use casework::{ActError, custody, mediation};
use domain::custody::Custody;
use domain::filing::RawFiling;
use domain::status::Status;
use store::attachment::AttachmentRow;

use crate::performing::appointment;
use crate::world::{World, complaint, filing_of, hours, on_both};

/// A complaint whose words name people and numbers, typed at the centre.
fn told(world: &World) -> String {
    let raw = RawFiling {
        facts: "我叫陈晓梅，电话13837120001，身份证11010519491231002X，住金水区花园路1号3单元。店员不退。".to_owned(),
        ..complaint("in_app")
    };
    let agent = world.staff("agent");
    let filing = filing_of(&agent, hours(0), &raw);
    let filed = world.act(&agent, hours(0), move |tx, scene| {
        casework::filing::file(tx, scene, &filing, casework::filing::Evidence::default())
    });
    filed.expect("filed").number
}

fn original(world: &World, who: &Actor, number: &str, source: Source) -> Result<Original, ActError> {
    let number = number.to_owned();
    world.act(who, hours(1), move |tx, scene| copies::original(tx, scene, &number, source))
}

fn to_the_shop() -> Purpose {
    Purpose { purpose: "respondent".to_owned(), recipient: "金水区好又来超市".to_owned() }
}

/// A file of evidence with these bytes, in the case and in the data folder.
fn evidence(world: &World, number: &str, media_type: &str, bytes: &[u8]) -> i64 {
    let sha256 = store::files::put(&world.house.settings.data, bytes).expect("kept");
    let case_id = world.case(number).id;
    let row = AttachmentRow {
        id: 0,
        case_id: Some(case_id),
        draft_hash: None,
        name: "陈晓梅的小票.jpg".to_owned(),
        media_type: media_type.to_owned(),
        size: bytes.len() as i64,
        sha256,
        added_by: "complainant".to_owned(),
        added_at: hours(0),
    };
    world.look(move |tx| store::attachment::insert(tx, &row))
}

fn happened(world: &World, number: &str) -> Vec<String> {
    let id = world.case(number).id;
    world.look(move |tx| store::custody::of_case(tx, id)).into_iter().map(|row| row.what).collect()
}

fn make(world: &World, number: &str, source: Source, wish: &Wish) -> Result<Vec<u8>, ActError> {
    let agent = world.staff("agent");
    let original = original(world, &agent, number, source)?;
    let made = copies::text_copy(&original, &copies::mark(&original, wish))?;
    copies::put(&world.house.settings.data, &made)?;
    let bytes = made.bytes().to_vec();
    let number = number.to_owned();
    world.act(&agent, hours(2), move |tx, scene| {
        copies::record(tx, scene, &number, None, &original, &made, &to_the_shop())
    })?;
    Ok(bytes)
}

#[test]
fn the_bytes_of_a_text_copy_hold_nothing_of_what_is_covered() {
    on_both("text copy", |world| {
        let number = told(world);
        let wish = Wish { words: "店员\n".to_owned(), ..Wish::default() };
        let bytes = make(world, &number, Source::Facts, &wish).expect("made");
        let text = String::from_utf8(bytes).expect("text");
        for secret in ["陈晓梅", "13837120001", "3712", "11010519491231002X", "19491231", "花园路", "店员"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(text.contains("陈**") && text.contains("138****0001") && text.contains("不退"), "{text}");
        let id = world.case(&number).id;
        let rows = world.look(move |tx| store::derived_copy::of_case(tx, id));
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((row.source.as_str(), row.recipient.as_str()), ("facts", "金水区好又来超市"));
        assert_eq!(row.covered, r#"{"house":1,"id_number":1,"mobile":1,"name":1,"word":1}"#);
        let kept = store::files::read(&world.house.settings.data, &row.sha256).expect("kept under its hash");
        assert_eq!(kept, text.as_bytes());
        assert_ne!(row.sha256, row.source_sha256);
        // The event says what kinds and how many, and no word of them.
        let events = world.look(move |tx| store::event::of_case(tx, id));
        let data = &events.last().expect("an event").data;
        assert!(data.contains("make_copy") && !data.contains("陈") && !data.contains("超市"), "{data}");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn what_an_officer_leaves_out_stays_and_a_letter_can_be_copied_too() {
    on_both("spared", |world| {
        let number = told(world);
        let agent = world.staff("agent");
        let facts = original(world, &agent, &number, Source::Facts).expect("readable");
        let spans = copies::mark(&facts, &Wish::default()).spans;
        let (name, _) = spans.iter().find(|(span, _)| span.kind.key == "name").expect("a name");
        let wish = Wish { spared: vec![name.key()], ..Wish::default() };
        let text = copies::mark(&facts, &wish).covered;
        assert!(text.contains("陈晓梅") && !text.contains("13837120001"));
        let papers = world.papers(&number);
        let paper = papers.iter().find(|paper| paper.attachment_id.is_none()).expect("the registration form").id;
        let letter =
            make(world, &number, Source::Paper(paper), &Wish { whole: true, ..Wish::default() }).expect("made");
        let letter = String::from_utf8(letter).expect("text");
        assert!(!letter.contains("陈") && !letter.contains("0001"), "{letter}");
    });
}

#[test]
fn a_copy_of_what_is_no_text_is_written_down_and_needs_a_purpose_and_a_recipient() {
    on_both("typed", |world| {
        let number = told(world);
        let file = evidence(world, &number, "application/pdf", b"%PDF-1.7 13837120001");
        let nothing = make(world, &number, Source::File(file), &Wish::default());
        assert!(matches!(nothing, Err(ActError::Invalid(faults)) if faults[0].code == "typed.missing"));
        let wish = Wish { typed: "发票上写着13837120001".to_owned(), ..Wish::default() };
        let bytes = make(world, &number, Source::File(file), &wish).expect("made");
        assert!(!String::from_utf8(bytes).expect("text").contains("13837120001"));
        assert_eq!(happened(world, &number), ["copied"]);
        let agent = world.staff("agent");
        let facts = original(world, &agent, &number, Source::Facts).expect("readable");
        let made = copies::text_copy(&facts, &copies::mark(&facts, &Wish::default())).expect("a copy");
        let refused = world.act(&agent, hours(3), {
            let number = number.clone();
            move |tx, scene| copies::record(tx, scene, &number, None, &facts, &made, &Purpose::default())
        });
        let Err(ActError::Invalid(faults)) = refused else { panic!("taken") };
        assert_eq!(faults.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["purpose", "recipient"]);
        // Whoever may not know of the case gets nothing of it.
        let stranger = world.staff("other_dispatcher");
        let hidden = original(world, &stranger, &number, Source::Facts);
        assert!(matches!(hidden, Err(ActError::NotFound)));
    });
}

#[test]
fn boxes_are_read_as_people_write_them() {
    let areas = copies::areas("10, 20, 30, 40\n\n5 6 7 8\n1，2，3，4").expect("read");
    assert_eq!(areas.len(), 3);
    assert_eq!((areas[1].x, areas[1].height), (5, 8));
    for wrong in ["10,20,30", "a,b,c,d", "1,2,0,4", "-1,2,3,4", "1,2,3,4,5"] {
        assert!(copies::areas(wrong).is_err(), "{wrong}");
    }
    assert!(copies::areas("").expect("none").is_empty());
}

#[test]
fn the_record_of_an_original_tells_every_look_and_the_check_finds_a_change() {
    on_both("custody", |world| {
        let number = told(world);
        let file = evidence(world, &number, "image/jpeg", b"a picture");
        let agent = world.staff("agent");
        let act = |act: fn(&mut store::Tx<'_>, casework::Scene<'_>, &str, i64) -> Result<bool, ActError>| {
            let number = number.clone();
            world.act(&agent, hours(4), move |tx, scene| act(tx, scene, &number, file))
        };
        act(|tx, scene, number, id| custody::view(tx, scene, number, id).map(|_| true)).expect("seen");
        let without = act(|tx, scene, number, id| custody::take_out(tx, scene, number, id, " ").map(|_| true));
        assert!(matches!(without, Err(ActError::Invalid(faults)) if faults[0].field == "reason"));
        act(|tx, scene, number, id| custody::take_out(tx, scene, number, id, "送检").map(|_| true)).expect("taken out");
        assert!(
            act(|tx, scene, number, id| {
                let sha256 = custody::kept(tx, scene, number, id)?.file.sha256;
                custody::check(tx, scene, number, id, Some(&sha256))
            })
            .expect("checked")
        );
        assert!(!act(|tx, scene, number, id| custody::check(tx, scene, number, id, Some("00"))).expect("checked"));
        assert!(!act(|tx, scene, number, id| custody::check(tx, scene, number, id, None)).expect("checked"));
        assert_eq!(happened(world, &number), ["viewed", "downloaded", "verified", "differs", "differs"]);
        // The auditor sees who took it out and why.
        let looks = world.look(|tx| store::access::latest(tx, i64::MAX, 10));
        assert!(looks.iter().any(|look| look.what.contains("取出证据原件") && look.reason == "送检"), "{looks:?}");
        // Once somebody has seen that it shows nobody, no reason is asked.
        act(|tx, scene, number, id| custody::judge(tx, scene, number, id, false).map(|()| true)).expect("judged");
        act(|tx, scene, number, id| custody::take_out(tx, scene, number, id, "").map(|_| true)).expect("taken out");
        assert!(!act(|tx, scene, number, id| Ok(custody::kept(tx, scene, number, id)?.personal)).expect("kept"));
        let stranger = world.staff("other_dispatcher");
        let asked = number.clone();
        let hidden = world.act(&stranger, hours(5), move |tx, scene| custody::kept(tx, scene, &asked, file));
        assert!(matches!(hidden, Err(ActError::NotFound)));
    });
}

#[test]
fn with_a_notice_goes_the_copy_and_an_original_only_when_somebody_vouches() {
    on_both("enclosed", |world| {
        let (number, officer) = (world.case_in(Status::Assigned), world.staff("officer1"));
        let (shown, copied) =
            (evidence(world, &number, "image/jpeg", b"one"), evidence(world, &number, "audio/mpeg", b"two"));
        let wish = Wish { typed: "录音里店员承认不退".to_owned(), ..Wish::default() };
        let (asked, act_of) = (number.clone(), officer.clone());
        let heard = original(world, &act_of, &number, Source::File(copied)).expect("readable");
        let made = copies::text_copy(&heard, &copies::mark(&heard, &wish)).expect("a copy");
        world
            .act(&officer, hours(5), move |tx, scene| {
                copies::record(tx, scene, &asked, None, &heard, &made, &to_the_shop())
            })
            .expect("made");
        let id = world.case(&number).id;
        let copy = world.look(move |tx| store::derived_copy::of_case(tx, id))[0].id;
        let notify = |what: Vec<String>, as_is: bool| {
            let (number, enclosed) = (number.clone(), Enclosed { what, as_is });
            world.act(&officer, hours(6), move |tx, scene| {
                mediation::notify(tx, scene, &number, None, &appointment(scene.now), "", &enclosed)
            })
        };
        let (original, copy) = (format!("file-{shown}"), format!("copy-{copy}"));
        for (what, code) in
            [(vec![original.clone()], "enclosed.personal"), (vec![format!("file-{copied}")], "enclosed.unknown")]
        {
            let Err(ActError::Invalid(faults)) = notify(what, false) else { panic!("{code}") };
            assert_eq!(faults[0].code, code);
        }
        notify(vec![copy, original], true).expect("sent");
        let happened = happened(world, &number);
        assert_eq!(happened, [Custody::Copied, Custody::CopySent, Custody::Sent].map(Custody::key));
        let told: Vec<_> = world.messages(&number).into_iter().filter(|it| it.recipient == "respondent").collect();
        assert!(told.iter().any(|message| message.body.contains("随附证据材料 2 份")), "{told:?}");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}
