//! Issue 5 rows 2 and 3: numbers without gap and double, what is issued and what waits, seals, signatures, and the public check.

use casework::issuing::{self, Compared, Printable, Standing};
use casework::numbering;
use casework::signing::{self, Opened};
use casework::stamping;
use casework::{ActError, Actor};
use domain::action::Action;
use domain::issuing::SignatureWay;
use domain::status::Status;
use store::number::{NumberChoice, NumberStyle};
use store::paper::PaperRow;

use crate::vault::code;
use crate::world::{World, hours, on_both};

fn paper_of(world: &World, number: &str, kind: &str) -> PaperRow {
    world.papers(number).into_iter().rfind(|paper| paper.kind == kind).unwrap_or_else(|| panic!("no {kind}"))
}

fn printable(world: &World, number: &str, kind: &str) -> Printable {
    let (case, row) = (world.case(number), paper_of(world, number, kind));
    let made = world
        .act(&world.staff("officer1"), hours(50), move |tx, scene| issuing::printable(tx, scene, &case, row.clone()));
    made.expect("a look").expect("a letter")
}

fn serials(world: &World, who: &str, choice: NumberChoice) -> Vec<(i64, bool)> {
    let list = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| numbering::register(tx, scene, &choice, 99);
    let lines = world.act(&world.staff(who), hours(50), list).expect("a register");
    lines.iter().map(|line| (line.given.serial, line.voided.is_some())).collect()
}

fn of_word(word: &str) -> NumberChoice {
    NumberChoice { word: Some(word.to_owned()), ..NumberChoice::default() }
}

#[test]
fn thirty_two_clients_take_numbers_without_gap_or_double() {
    on_both("numbers at once", |world| {
        let cases: Vec<String> = (0..32).map(|_| world.registered(hours(0)).number).collect();
        std::thread::scope(|scope| {
            for (index, number) in cases.iter().enumerate() {
                scope.spawn(move || {
                    // Every fourth is refused at first, after whatever it took: it must leave no hole.
                    if index % 4 == 0 {
                        let asked = number.clone();
                        let refused = world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
                            casework::acceptance::accept(tx, scene, &asked, None, "")?;
                            Err::<(), _>(ActError::Forbidden)
                        });
                        assert!(refused.is_err());
                    }
                    world.does("dispatcher", hours(1), number, Action::Accept);
                });
            }
        });
        let mut given = serials(world, "dispatcher", of_word("市监投受"));
        given.sort_unstable();
        assert_eq!(given, (1..=32).map(|serial| (serial, false)).collect::<Vec<_>>());
    });
}

#[test]
fn a_voided_number_stays_and_is_never_given_again() {
    on_both("number voided", |world| {
        let number = world.case_in(Status::Accepted);
        let id = paper_of(world, &number, "acceptance_decision").id;
        let void = |who: &str, reason: &'static str| {
            let asked = number.clone();
            world.act(&world.staff(who), hours(9), move |tx, scene| numbering::void(tx, scene, &asked, id, reason))
        };
        assert_eq!(
            void("officer1", "名称有误").unwrap_err().code(),
            "case.not_found",
            "nobody's case yet but the centre's"
        );
        assert_eq!(void("agent", "名称有误").unwrap_err().code(), "act.forbidden");
        assert_eq!(code(&void("dispatcher", " ").unwrap_err()), "reason.missing");
        void("dispatcher", "名称有误").expect("voided");
        assert_eq!(void("dispatcher", "再来").unwrap_err().code(), "act.conflict", "once");
        let other = world.case_in(Status::Accepted);
        assert_eq!(paper_of(world, &other, "acceptance_decision").number, "金水市监投受〔2026〕第2号");
        assert_eq!(serials(world, "dispatcher", of_word("市监投受")), [(2, false), (1, true)]);
        assert_eq!(serials(world, "other_dispatcher", NumberChoice::default()), [], "another bureau's");
        let paper = printable_by(world, "dispatcher", &number, "acceptance_decision");
        assert_eq!(paper.standing.label(), "已作废");
        assert_eq!(paper.paper(&world.house).mark.as_deref(), Some("已作废"));
    });
}

fn printable_by(world: &World, who: &str, number: &str, kind: &str) -> Printable {
    let (case, row) = (world.case(number), paper_of(world, number, kind));
    let look =
        move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| issuing::printable(tx, scene, &case, row.clone());
    world.act(&world.staff(who), hours(50), look).expect("a look").expect("a letter")
}

#[test]
fn a_bureau_writes_its_numbers_as_it_says_and_the_series_goes_on() {
    on_both("number style", |world| {
        let first = world.case_in(Status::Accepted);
        let bureau = world.place("bureau");
        let set = |who: &str, head: &'static str| {
            let style = NumberStyle { head: head.to_owned(), ordinal: false };
            world.act(&world.staff(who), hours(9), move |tx, scene| numbering::set_style(tx, scene, bureau, &style))
        };
        assert_eq!(set("leader", "豫郑市监").unwrap_err().code(), "act.forbidden");
        assert_eq!(code(&set("administrator", "").unwrap_err()), "head.missing");
        assert_eq!(code(&set("administrator", "豫〔郑〕").unwrap_err()), "head.signs");
        set("administrator", "豫郑市监").expect("set");
        let second = world.case_in(Status::Accepted);
        assert_eq!(paper_of(world, &first, "acceptance_decision").number, "金水市监投受〔2026〕第1号");
        assert_eq!(paper_of(world, &second, "acceptance_decision").number, "豫郑市监投受〔2026〕2号");
    });
}

/// A red ring on a clear ground.
fn seal_picture() -> Vec<u8> {
    picture(|x, y| {
        let from_middle = (f64::from(x) - 150.0).hypot(f64::from(y) - 150.0);
        if (120.0..140.0).contains(&from_middle) { 255 } else { 0 }
    })
}

fn picture(alpha: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 300, 300);
    encoder.set_color(png::ColorType::Rgba);
    let dots = (0..300).flat_map(|y| (0..300).map(move |x| (x, y)));
    let data: Vec<u8> = dots.flat_map(|(x, y)| [200, 0, 0, alpha(x, y)]).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&data)).expect("a picture");
    bytes
}

fn has_picture(pdf: &[u8]) -> bool {
    pdf.windows(14).any(|window| window == b"/Subtype/Image")
}

fn may_be_served(world: &World, number: &str, kind: &'static str) -> bool {
    let (case, papers, house) = (world.case(number), world.papers(number), world.house.clone());
    let all = world.look(move |tx| Ok(casework::service::servable(tx, &house, &case, &papers).expect("papers")));
    all.iter().any(|it| it.paper.kind == kind)
}

#[test]
fn an_agreement_bears_the_seal_only_after_the_leader_signed() {
    on_both("agreement issued", |world| {
        let bureau = world.place("bureau");
        let bytes = seal_picture();
        assert_eq!(stamping::judged(&bytes, 42).expect("fit"), 42);
        assert_eq!(code(&stamping::judged(&picture(|_, _| 255), 42).unwrap_err()), "seal.kind");
        assert_eq!(code(&stamping::judged(&bytes, 300).unwrap_err()), "seal.width");
        let sha256 = store::files::put(&world.house.settings.data, &bytes).expect("kept");
        let put = |who: &str| {
            let sha256 = sha256.clone();
            world.act(&world.staff(who), hours(0), move |tx, scene| {
                stamping::put_seal(tx, scene, bureau, &sha256, (42, 42))
            })
        };
        assert_eq!(put("administrator").unwrap_err().code(), "act.forbidden");
        put("security").expect("in force");

        let number = world.case_in(Status::PendingApproval);
        let waits = printable(world, &number, "mediation_agreement");
        assert_eq!(waits.standing, Standing::Waiting);
        assert_eq!(waits.paper(&world.house).mark.as_deref(), Some("未签发，不得送达"));
        assert!(!has_picture(&waits.pdf(&world.house).expect("a PDF")), "no seal before the signature");
        assert!(!may_be_served(world, &number, "mediation_agreement"), "nor does it go to anybody");
        world.does("leader", hours(9), &number, Action::Approve);
        assert!(may_be_served(world, &number, "mediation_agreement"));
        let issued = printable(world, &number, "mediation_agreement");
        assert_eq!(issued.standing, Standing::Issued(hours(9)));
        let pdf = issued.pdf(&world.house).expect("a PDF");
        assert!(has_picture(&pdf), "the seal");
        assert_eq!(pdf, issued.pdf(&world.house).expect("again"), "the same bytes");
        assert!(issued.docx(&world.house).expect("a Word file").starts_with(b"PK"));

        // What was issued keeps its seal; what is issued without one has none.
        world
            .act(&world.staff("security"), hours(20), move |tx, scene| stamping::end_seal(tx, scene, bureau))
            .expect("ended");
        assert_eq!(pdf, printable(world, &number, "mediation_agreement").pdf(&world.house).expect("as it was"));
    });
}

#[test]
fn one_that_was_sent_back_is_never_issued() {
    on_both("agreement sent back", |world| {
        let number = world.case_in(Status::PendingApproval);
        world.does("leader", hours(9), &number, Action::SendBack);
        world.does("officer1", hours(10), &number, Action::Settle);
        world.does("leader", hours(11), &number, Action::Approve);
        let case = world.case(&number);
        let papers = world.papers(&number).into_iter().filter(|paper| paper.kind == "mediation_agreement");
        let standings: Vec<&str> = papers
            .map(|row| {
                let case = case.clone();
                let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                    issuing::printable(tx, scene, &case, row.clone())
                };
                let paper = world.act(&world.staff("officer1"), hours(12), look).expect("a look").expect("a letter");
                paper.standing.label()
            })
            .collect();
        assert_eq!(standings, ["未签发", "已签发"]);
    });
}

fn stroke() -> Vec<u8> {
    picture(|_, y| if (148..152).contains(&y) { 255 } else { 0 })
}

#[test]
fn a_paper_is_signed_once_in_each_place_on_the_pad_or_by_telephone() {
    on_both("signatures", |world| {
        let number = world.case_in(Status::PendingApproval);
        let id = paper_of(world, &number, "mediation_agreement").id;
        assert!(signing::is_drawn(&stroke()) && !signing::is_drawn(&picture(|_, _| 0)));
        let sha256 = store::files::put(&world.house.settings.data, &stroke()).expect("kept");
        let takes = |who: &str, place: i64| {
            let (asked, sha256) = (number.clone(), sha256.clone());
            world.act(&world.staff(who), hours(5), move |tx, scene| {
                signing::take(tx, scene, &asked, (id, place), SignatureWay::Pad, (&sha256, "image/png"))
            })
        };
        assert_eq!(takes("next_officer", 0).unwrap_err().code(), "case.not_found");
        assert_eq!(takes("officer1", 9).unwrap_err().code(), "case.not_found", "there are three places");
        takes("officer1", 2).expect("signed");
        assert_eq!(code(&takes("officer1", 2).unwrap_err()), "signature.there");

        let opens = |fresh: u8| -> Opened {
            let asked = number.clone();
            let open = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                signing::open_link(tx, scene, &asked, (id, 0), [fresh; 24])
            };
            world.act(&world.staff("officer1"), hours(6), open).expect("a link")
        };
        let (old, link) = (opens(3), opens(4));
        let signs = |link: &Opened, code: &str, at: i64| {
            let (token, code, sha256) = (link.token.clone(), code.to_owned(), sha256.clone());
            world.act(&Actor::Public, hours(at), move |tx, scene| signing::sign(tx, scene, &token, &code, &sha256))
        };
        assert_eq!(signs(&old, &old.code, 7).unwrap_err().code(), "case.not_found", "the later one took its place");
        let wrong = if link.code == "000000" { "000001" } else { "000000" };
        assert!(!signs(&link, wrong, 7).expect("a wrong code is an answer"));
        assert_eq!(signs(&link, &link.code, 40).unwrap_err().code(), "case.not_found", "a day has passed");
        assert!(signs(&link, &link.code, 7).expect("signed"));
        assert_eq!(signs(&link, &link.code, 7).unwrap_err().code(), "case.not_found", "used up");

        let tired = {
            let asked = number.clone();
            let open = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                signing::open_link(tx, scene, &asked, (id, 1), [5; 24])
            };
            world.act(&world.staff("officer1"), hours(6), open).expect("a link")
        };
        let wrong = if tired.code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert!(!signs(&tired, wrong, 7).expect("wrong"));
        }
        assert_eq!(signs(&tired, &tired.code, 7).unwrap_err().code(), "case.not_found", "five wrong codes end it");

        let paper = printable(world, &number, "mediation_agreement");
        let signed: Vec<_> =
            paper.places.iter().map(|place| place.signed.as_ref().map(|row| row.way.clone())).collect();
        assert_eq!(signed, [Some("phone".to_owned()), None, Some("pad".to_owned())]);
        assert_eq!(paper.paper(&world.house).stamps.signatures.len(), 2, "they stand on the paper");
    });
}

#[test]
fn the_public_check_tells_the_paper_and_nobodys_name() {
    on_both("public check", |world| {
        let number = world.case_in(Status::Accepted);
        let paper = printable_by(world, "dispatcher", &number, "acceptance_decision");
        let address = paper.address(&world.house);
        let code = address.rsplit_once("&c=").expect("a code").1.to_owned();
        let id = paper.row.id;
        let pdf = paper.pdf(&world.house).expect("a PDF");
        let hash = issuing::print_hash(&pdf);
        let kept = hash.clone();
        world
            .act(&world.staff("dispatcher"), hours(9), move |tx, scene| issuing::note_print(tx, scene, id, &kept))
            .expect("noted");
        let check = |id: i64, code: &str, hash: Option<String>| {
            let code = code.to_owned();
            let check = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                issuing::check(tx, scene, id, &code, hash.as_deref())
            };
            world.act(&Actor::Public, hours(10), check).expect("an answer")
        };
        let told = check(id, &code, Some(hash)).expect("it is ours");
        assert_eq!((told.number.as_str(), told.title.as_str()), ("金水市监投受〔2026〕第1号", "投诉受理决定书"));
        assert_eq!(told.file, Some(Compared::Same(hours(9))), "the very file");
        assert_eq!(check(id, &code, Some("another".to_owned())).expect("ours").file, Some(Compared::Other));
        let said = format!("{told:?}");
        let case = world.case(&number);
        for name in [&case.matter.complainant_name, &case.matter.respondent_name] {
            assert!(!said.contains(name.as_str()), "{name} in {said}");
        }
        let other = if code.starts_with('0') { "1" } else { "0" }.to_owned() + &code[1..];
        assert_eq!(check(id, &other, None), None);
        assert_eq!(check(id + 1_000, &code, None), None, "the same for a paper that there is not");
        let unnumbered = paper_of(world, &number, "registration_form").id;
        assert_eq!(check(unnumbered, &code, None), None);
    });
}

#[test]
fn the_registration_form_comes_in_the_layout_of_the_official_form() {
    on_both("official layout", |world| {
        let number = world.registered(hours(0)).number;
        let paper = printable_by(world, "agent", &number, "registration_form").paper(&world.house);
        let texts: Vec<String> = paper.texts().iter().map(|text| text.plain()).collect();
        assert!(texts.iter().any(|text| text == "是否同意公示投诉信息"), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains(&world.case(&number).matter.complainant_name)), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains(&number)), "{texts:?}");
    });
}
