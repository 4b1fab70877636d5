//! 举报的提出 (O121 arts. 28, 37; form 2 of 2026; catalogue 7.1, 7.3): filed by name or without one, the name sealed with the
//! filing; found again by a code that the installation cannot say; questions asked and answered without an address.

use casework::filing::{self, Evidence, Receipt};
use casework::letters::{self, Blanks};
use casework::record::Verdict;
use casework::reporter::{self, Reporter};
use casework::split::{self, Part};
use casework::vault::{self, Identity};
use casework::{ActError, Actor, tracking};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::codes::Codes;
use domain::filing::{RawReport, RawReporter, Typist, parse_report, parse_reporter};
use domain::letter::Recipient;
use domain::status::Status;
use jiff::Timestamp;

use crate::vault::{identity, seed};
use crate::world::{World, at, consumer, hours, on_both};

const NOW: &str = "2026-06-01T09:00:00+08:00";

/// What is reported.
pub fn what() -> RawReport {
    RawReport {
        region: "410105001".to_owned(),
        channel: "web".to_owned(),
        respondent_name: "金水区童乐母婴店".to_owned(),
        respondent_address: "郑州市金水区文化路4号".to_owned(),
        facts: "店员把奶粉罐底的日期擦掉重新打印。".to_owned(),
        grounds: "亲眼看到，有照片".to_owned(),
        ..RawReport::default()
    }
}

/// Files a report; gives its receipt and its code.
pub fn reported(
    world: &World,
    actor: &Actor,
    now: Timestamp,
    who: Option<Identity>,
) -> Result<(Receipt, String), ActError> {
    let filing = parse_report(&what(), &Codes::builtin(), now).expect("in order");
    let seed = seed();
    let code = reporter::code(&world.house, &format!("{seed:?}"));
    let given = code.clone();
    let receipt = world.act(actor, now, move |tx, scene| {
        let reporter = Reporter { identity: who.as_ref(), code: &given, earlier: None, files: &[], seed };
        filing::file(tx, scene, &filing, Evidence { reporter: Some(reporter), ..Evidence::default() })
    })?;
    Ok((receipt, code))
}

#[test]
fn a_name_goes_into_the_vault_with_the_filing_and_nowhere_else() {
    on_both("report filed", |world| {
        let refused = reported(world, &Actor::Public, hours(0), Some(identity()));
        assert!(matches!(refused, Err(ActError::Invalid(faults)) if faults[0].code == "vault.no_escrow"));
        world.ceremony();
        world.makes_key("custodian1");
        let (receipt, code) = reported(world, &Actor::Public, hours(0), Some(identity())).expect("taken in");
        let case = world.case(&receipt.number);
        assert_eq!((case.state.kind, case.state.status), (CaseKind::Report, Status::Filed));
        assert_eq!(case.state.turns.reporting.named, Some(true));
        let id = case.id;
        let parties = world.look(move |tx| store::party::of_case(tx, id));
        assert_eq!(parties.iter().map(|party| party.role.as_str()).collect::<Vec<_>>(), ["respondent"]);
        assert_eq!(case.matter.complainant_name, "");
        let sealed = world.look(move |tx| store::vault::identity(tx, id, "reporter")).expect("sealed");
        let wraps = world.look(move |tx| store::vault::wraps(tx, sealed.id));
        assert_eq!(wraps.len(), 2, "to the custodian and to the escrow");
        // Fifteen workdays from Monday 2026-06-01 to look into it; the centre promised seven.
        let running = world.running(&receipt.number);
        assert!(running.contains(&"verification 2026-06-23".to_owned()), "{running:?}");
        assert!(running.contains(&"filing_promised 2026-06-10".to_owned()), "{running:?}");
        // Neither her name nor her code lies anywhere.
        let Identity { name, phone, address, id_number, other, .. } = identity();
        let secrets = [name, phone, address, id_number, other, code];
        for value in world.everything() {
            let bytes = match &value {
                store::Value::Text(text) => text.as_bytes(),
                store::Value::Blob(bytes) => bytes,
                _ => continue,
            };
            for secret in &secrets {
                assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} lies there");
            }
        }
        assert_eq!(world.verdict(&receipt.number), Verdict::Sound);
    });
}

#[test]
fn nobody_is_asked_for_a_name_and_the_form_says_so() {
    on_both("report anonymous", |world| {
        world.ceremony();
        let (receipt, _) = reported(world, &world.staff("agent"), hours(0), None).expect("taken in");
        let case = world.case(&receipt.number);
        assert_eq!(case.state.status, Status::Registered, "an agent typed it");
        assert_eq!(case.state.turns.reporting.named, Some(false));
        let id = case.id;
        assert!(world.look(move |tx| store::vault::identity(tx, id, "reporter")).is_none());
        let papers = world.papers(&receipt.number);
        let form = papers.iter().find(|paper| paper.kind == "report_registration_form").expect("form 2");
        assert!(form.body.contains("匿名") && form.body.contains("童乐母婴店"), "{}", form.body);
        assert!(world.messages(&receipt.number).is_empty(), "nothing goes to an address");
        // The one who took it down does not find it again.
        let number = receipt.number.clone();
        let agent = world.act(&world.staff("agent"), hours(1), move |tx, scene| {
            casework::record::readable(tx, scene, &number).map(drop)
        });
        assert!(matches!(agent, Err(ActError::NotFound)));
    });
}

#[test]
fn the_code_opens_the_report_and_a_derived_query_code_does_not() {
    on_both("report code", |world| {
        world.ceremony();
        let (one, code) = reported(world, &Actor::Public, hours(0), Some(identity())).expect("taken in");
        let (other, _) = reported(world, &Actor::Public, hours(0), None).expect("taken in");
        let find = |number: &str, code: &str| {
            let (house, number, code) = (world.house.clone(), number.to_owned(), code.to_owned());
            let found = world.act(&Actor::Public, hours(1), move |tx, _| tracking::find(tx, &house, &number, &code));
            found.expect("looked").map(|case| case.number)
        };
        assert_eq!(code.len(), 16);
        assert_eq!(find(&one.number, &code), Some(one.number.clone()));
        assert_eq!(find(&other.number, &code), None, "another report's");
        assert_eq!(find(&one.number, &one.query_code), None, "twelve digits are no way in");
        let derived = filing::query_code(&world.house, &one.number, filing::NO_QUERY_CODE);
        assert_eq!(find(&one.number, &derived), None);
        let (house, code) = (world.house.clone(), code.clone());
        let alone = world.act(&Actor::Public, hours(1), move |tx, _| reporter::by_code(tx, &house, &code));
        assert_eq!(alone.expect("looked").map(|case| case.number), Some(one.number));
    });
}

#[test]
fn officers_ask_she_answers_and_her_words_stand_in_no_event() {
    on_both("report exchange", |world| {
        world.ceremony();
        let (receipt, _) = reported(world, &world.staff("agent"), hours(0), None).expect("taken in");
        let number = receipt.number;
        world.does("dispatcher", hours(1), &number, Action::Dispatch);
        world.does("leader", hours(2), &number, Action::Assign);
        world.does("officer1", hours(3), &number, Action::AskReporter);
        assert!(world.case(&number).state.turns.reporting.asked);
        let asked = world.case(&number);
        let (her, id) = (consumer(&asked), asked.id);
        let empty = number.clone();
        let refused = world.act(&her, hours(4), move |tx, scene| reporter::write(tx, scene, &empty, None, " "));
        assert!(matches!(refused, Err(ActError::Invalid(faults)) if faults[0].field == "words"));
        let version = asked.state.version;
        for _ in 0..2 {
            // A form sent twice is one message.
            let number = number.clone();
            world
                .act(&her, hours(4), move |tx, scene| {
                    reporter::write(tx, scene, &number, Some(version), "在最里面的冷柜，晚上九点")
                })
                .expect("written");
        }
        let messages = world.look(move |tx| store::report::messages(tx, id));
        let told: Vec<_> = messages.iter().map(|it| (it.sender.as_str(), it.body.as_str())).collect();
        assert_eq!(told, [("officer", "过期食品放在哪个货架"), ("reporter", "在最里面的冷柜，晚上九点")]);
        for event in world.look(move |tx| store::event::of_case(tx, id)) {
            assert!(!event.data.contains("冷柜") && !event.data.contains("货架"), "{}", event.data);
        }
        // It waits on the officer's desk until it is answered or read.
        let errands: Vec<_> = world.case(&number).errands_words();
        assert_eq!(errands, [format!("reporter_wrote officer:{}", world.account("officer1"))]);
        let own = world.act(&her, hours(5), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert_eq!(own.exchange.len(), 2);
        let allowed: Vec<Action> = own.allowed.iter().map(|step| step.action).collect();
        assert_eq!(allowed, [Action::WriteOfficers, Action::AddEvidence]);
        world.does("officer2", hours(6), &number, Action::ReadReporter);
        assert!(world.case(&number).errands_words().is_empty());
        let again = world.try_to(&world.staff("officer2"), hours(7), &number, Action::ReadReporter);
        assert!(matches!(again, Err(ActError::NotLawful(_))), "nothing new");
        let agent = world.try_to(&world.staff("agent"), hours(7), &number, Action::AskReporter);
        assert!(matches!(agent, Err(ActError::NotFound)));
        assert!(world.messages(&number).is_empty());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_complainant_who_stands_by_a_report_is_sealed_with_it_and_stays_with_her_complaint() {
    on_both("report split by name", |world| {
        let part = Part {
            kind: "report".to_owned(),
            title: "改日期".to_owned(),
            facts: "擦掉日期重新打印。".to_owned(),
            respondent_name: "金水区童乐母婴店".to_owned(),
            named: true,
            seed: seed(),
            ..Part::default()
        };
        let taken = world.registered(hours(0));
        let split = |part: Part| {
            let number = taken.number.clone();
            world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
                split::split(tx, scene, &number, None, &part)
            })
        };
        assert!(matches!(split(part.clone()), Err(ActError::Invalid(_))), "not without an escrow");
        world.ceremony();
        for who in ["custodian1", "custodian2"] {
            world.makes_key(who);
        }
        world.hands_over("custodian1", "custodian2").expect("handed over");
        split(part).expect("split");
        let id = taken.case_id;
        let number = world.look(move |tx| store::case_link::of_case(tx, id))[0].other_number.clone();
        assert_eq!(world.case(&number).state.turns.reporting.named, Some(true));
        assert_eq!(world.case(&taken.number).matter.complainant_name, "陈晓梅");
        world.asks("custodian1", &number).expect("asked");
        world.approves("custodian2", &number).expect("approved");
        let opened = world.opens("custodian1", &number).expect("opened");
        assert_eq!((opened.name.as_str(), opened.phone.as_str()), ("陈晓梅", "13837120001"));
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let codes = Codes::builtin();
    let faults = parse_report(&RawReport::default(), &codes, at(NOW)).expect_err("empty");
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["region", "respondent_name", "facts", "grounds", "channel"]);
    // In the order of the page.
    let faults = parse_reporter(&RawReporter::default(), Typist::Consumer, at(NOW)).expect_err("empty");
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["named", "truthful"]);
    let raw =
        RawReporter { named: "yes".to_owned(), id_number: "410105199001019870".to_owned(), ..RawReporter::default() };
    let faults = parse_reporter(&raw, Typist::Agent, at(NOW)).expect_err("no name");
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["reporter_name", "reporter_phone", "reporter_id_number"]);
    // Whatever was typed beside 匿名 is not taken along.
    let raw = RawReporter { named: "no".to_owned(), name: "陈晓梅".to_owned(), ..RawReporter::default() };
    assert_eq!(parse_reporter(&raw, Typist::Agent, at(NOW)), Ok(None));
}

/// What a case asks of people, in short.
pub trait ErrandWords {
    /// Kind and desk of each.
    fn errands_words(&self) -> Vec<String>;
}

impl ErrandWords for store::case::CaseRow {
    fn errands_words(&self) -> Vec<String> {
        self.state.errands().into_iter().map(|errand| format!("{} {}", errand.kind.key(), errand.desk)).collect()
    }
}

#[test]
fn the_vault_is_asked_before_anything_is_typed() {
    on_both("report vault closed", |world| {
        let closed = world.act(&Actor::Public, hours(0), |tx, _| vault::require_open(tx));
        assert!(matches!(closed, Err(ActError::Invalid(_))));
        world.ceremony();
        world.act(&Actor::Public, hours(0), |tx, _| vault::require_open(tx)).expect("open");
    });
}

/// Who reported lies in the vault, but what she told is in her words, and what an officer writes may name her. A letter for the
/// respondent of a report is made without either (O121 art. 37; issue 5 row 5).
#[test]
fn no_letter_to_the_respondent_of_a_report_says_who_reported_or_what_was_told() {
    on_both("letters to the reported", |world| {
        world.ceremony();
        let (receipt, _) = reported(world, &world.staff("agent"), hours(0), Some(identity())).expect("taken in");
        let case = world.case(&receipt.number);
        let letters = &world.house.book.get(&case.rule_set).expect("its rule set").letters;
        let to_him = letters.iter().filter(|letter| letter.recipients.contains(&Recipient::Respondent));
        let to_him: Vec<String> = to_him.map(|letter| letter.key.clone()).collect();
        assert!(to_him.len() > 3, "{to_him:?}");
        let make = |key: &str, blanks: Blanks| {
            let (key, case) = (key.to_owned(), case.clone());
            world.act(&world.staff("officer1"), hours(1), move |tx, scene| {
                letters::make(tx, scene, &case, &key, &blanks)
            })
        };
        let names = ["complainant_name", "facts", "subject", "demand", "complaint_and_demand", "sender_name"];
        for key in &to_him {
            let told: Blanks = names.map(|name| (name, "夜班质检组长说的".to_owned())).into();
            make(key, told).expect("made").expect("a paper");
        }
        for paper in world.papers(&case.number).iter().filter(|paper| to_him.contains(&paper.kind)) {
            for told in ["夜班质检组长", "奶粉", &identity().name] {
                assert!(!paper.body.contains(told), "{} says {told}: {}", paper.kind, paper.body);
            }
        }
        let notice = |words: &str| make("mediation_notice", Blanks::from([("documents_wanted", words.to_owned())]));
        for known_by in ["带上13812345678的通话记录", "寄到 night.shift@example.com", "她的证件11010519491231002X"]
        {
            let refused = notice(known_by).expect_err("a person could be known by it");
            assert!(
                matches!(&refused, ActError::Invalid(faults) if faults[0].code == "letter.tells_who"),
                "{refused:?}"
            );
            assert!(!refused.to_string().contains("13812345678"), "nor does the refusal repeat it");
        }
        notice("带上营业执照，到郑州市金水区文化路4号").expect("his own address is no secret");
    });
}
