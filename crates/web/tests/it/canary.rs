//! 泄密检验 (issue 4, row 3): reports are filed in every way with identities that stand nowhere else, and driven through their whole
//! course. Then every route is asked by everybody, and every byte that was answered, logged, printed or kept is looked through: the
//! identities are in the one answer to the one person who opened them, and nowhere besides. A route that the source declares is
//! asked here without anybody having to add it.

use std::io::{Cursor, Read as _, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use casework::rewarding::{self, Payment, Proposal};
use casework::split::{self, Part};
use casework::vault::Identity;
use casework::{ActError, Actor, Scene, approval, assignment, dispatch, feedback, registration, report, reporter};
use domain::reporting::Decision;
use domain::reward::{Level, Merit};
use domain::rewarding::{NoticeWay, PaymentWay, Shown};
use store::{StoreError, Tx};

use crate::authority::{EVERYBODY, filled, form as empty_form, ways};
use crate::reports::{self, Person, form};
use crate::world::{Answer, Badge, PASSWORD, World};

/// What every seeded identity is made of: found in one of its forms, an identity leaked.
const MARKS: [&str; 4] = ["金丝雀", "18738190", "187****00", "CANARY7781"];
const REASON: &str = "约举报人辨认现场照片";

const fn person(name: &'static str, phone: &'static str, address: &'static str) -> Person {
    Person { name, phone, address, id_number: "CANARY7781-X", other: "金丝雀夜班质检组长" }
}

const PEOPLE: [Person; 3] = [
    person("欧阳金丝雀", "18738190001", "金丝雀巷一号"),
    person("上官金丝雀", "18738190002", "金丝雀巷二号"),
    person("司马金丝雀", "18738190003", "金丝雀巷三号"),
];

/// The forms in which a mark could stand somewhere.
fn forms(mark: &str) -> Vec<String> {
    let encoded = web::redirect::query_value(mark);
    let escaped = mark.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat();
    let entities = mark.chars().map(|letter| format!("&#{};", u32::from(letter))).collect::<Vec<_>>().concat();
    let mut forms = vec![
        mark.to_owned(),
        mark.chars().rev().collect(),
        encoded.to_lowercase(),
        encoded,
        escaped.to_uppercase().replace("\\U", "\\u"),
        escaped,
        entities,
    ];
    for (engine, shift) in [STANDARD, URL_SAFE].iter().flat_map(|engine| (0..3).map(move |shift| (engine, shift))) {
        // However it lies between groups of three bytes: only the letters that depend on nothing around it.
        let text = engine.encode([vec![0; shift], mark.as_bytes().to_vec()].concat());
        let (from, to) = ((shift * 8).div_ceil(6), (shift + mark.len()) * 8 / 6);
        forms.push(text[from..to].to_owned());
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Everything that leaves or stays is looked through with this.
struct Watch {
    needles: Vec<String>,
}

impl Watch {
    fn new() -> Watch {
        Watch { needles: MARKS.iter().flat_map(|mark| forms(mark)).collect() }
    }

    fn sees(&self, bytes: &[u8]) -> Option<&str> {
        let text = String::from_utf8_lossy(bytes);
        self.needles.iter().find(|needle| text.contains(needle.as_str())).map(String::as_str)
    }

    fn must_not_see(&self, bytes: &[u8], place: &str) {
        assert!(self.sees(bytes).is_none(), "{:?} stands in {place}", self.sees(bytes));
    }

    /// Headers, body, and what is packed in it.
    fn look_through(&self, answer: &Answer, place: &str) {
        self.must_not_see(format!("{:?}", answer.headers).as_bytes(), &format!("the head of {place}"));
        self.must_not_see(&answer.bytes, place);
        if answer.bytes.starts_with(b"PK") {
            let mut archive = zip::ZipArchive::new(Cursor::new(&answer.bytes)).expect("an archive");
            for index in 0..archive.len() {
                let mut entry = archive.by_index(index).expect("an entry");
                let name = entry.name().expect("a name").into_owned();
                self.must_not_see(name.as_bytes(), &format!("a name in {place}"));
                let mut unpacked = Vec::new();
                entry.read_to_end(&mut unpacked).expect("it unpacks");
                self.must_not_see(&unpacked, &format!("{name} in {place}"));
            }
        }
    }

    /// Every file under a folder, name and bytes; gives how many.
    fn look_under(&self, folder: &Path) -> usize {
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            self.must_not_see(path.to_string_lossy().as_bytes(), "the name of a file");
            if path.is_dir() {
                seen += self.look_under(&path);
            } else {
                self.must_not_see(&std::fs::read(&path).expect("a file"), &path.display().to_string());
                seen += 1;
            }
        }
        seen
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged() -> Log {
    let log = Log::default();
    let written = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || written.clone());
    // Where tests share a process, the first who asks has the log; the one of this file is then empty, which a check notices.
    drop(tracing::subscriber::set_global_default(subscriber.finish()));
    log
}

/// One act by somebody, now.
fn does<T: Send + 'static>(
    world: &World,
    who: &str,
    act: impl Fn(&mut Tx<'_>, Scene<'_>) -> Result<T, ActError> + Send + 'static,
) -> T {
    let (house, now, login) = (world.app.house().clone(), world.app.now(), who.to_owned());
    let done = world.app.db().act(move |tx| {
        let account = store::account::by_login(tx, &login)?.expect("the account was made");
        let actor = Actor::Staff(casework::staff::load(tx, account.id)?.expect("it is open"));
        act(tx, Scene { house: &house, now, actor: &actor })
    });
    done.unwrap_or_else(|error: ActError| panic!("{who}: {error:?}"))
}

/// From the desk to two officers, with a question asked and answered.
async fn in_hand(world: &World, number: &str, code: &str) {
    let office = world.facts.office;
    let id =
        |login: &'static str| world.app.db().read(move |tx| store::account::by_login(tx, login)).unwrap().unwrap().id;
    let (lead, partner) = (id("officer"), id("officer2"));
    let case = world.app.db().read({
        let number = number.to_owned();
        move |tx| Ok::<_, StoreError>(store::case::by_number(tx, &number)?.expect("the case"))
    });
    if case.expect("a read").state.status == domain::status::Status::Filed {
        let of = number.to_owned();
        does(world, "dispatcher", move |tx, scene| {
            registration::register(tx, scene, &of, None, "奶粉改日期", "food", "food_safety")
        });
    }
    let of = number.to_owned();
    does(world, "dispatcher", move |tx, scene| dispatch::dispatch(tx, scene, &of, None, office, "辖区"));
    let of = number.to_owned();
    does(world, "leader", move |tx, scene| assignment::assign(tx, scene, &of, None, lead, partner));
    let of = number.to_owned();
    does(world, "officer", move |tx, scene| reporter::ask(tx, scene, &of, None, "放在哪个货架？"));
    let her = reports::enters(world, code).await;
    let sent = world.post("/track/write", &her, &form(&[("words", "最里面的冷柜")])).await;
    assert_eq!(sent.location(), "/track/case?done=write_officers", "{}", sent.text);
}

/// To the end: a case opened, decided and told.
fn to_the_end(world: &World, number: &str) {
    let act = |who: &str, act: fn(&mut Tx<'_>, Scene<'_>, &str) -> Result<(), ActError>| {
        let number = number.to_owned();
        does(world, who, move |tx, scene| act(tx, scene, &number));
    };
    act("officer", |tx, scene, it| report::inquire(tx, scene, it, None, "查获改日期奶粉 12 罐").map(drop));
    act("officer", |tx, scene, it| report::note_duty(tx, scene, it, None, "food").map(drop));
    act("officer", |tx, scene, it| report::propose_opening(tx, scene, it, None, "涉嫌标注虚假日期").map(drop));
    act("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意").map(drop));
    act("officer", |tx, scene, it| {
        report::propose_decision(tx, scene, it, None, Some(Decision::Penalty), 5_000_000, "罚款").map(drop)
    });
    act("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意").map(drop));
    act("officer", |tx, scene, it| feedback::tell(tx, scene, it, None, "已对该店罚款五万元。").map(drop));
}

/// A reward signed by two and told to the reporter.
fn rewarded(world: &World, number: &str) {
    let act = |who: &str, act: fn(&mut Tx<'_>, Scene<'_>, &str) -> Result<(), ActError>| {
        let number = number.to_owned();
        does(world, who, move |tx, scene| act(tx, scene, &number));
    };
    act("officer", |tx, scene, it| {
        let merit = Merit { level: Level::First, fine: 5_000_000, raised: None, stated: None, together: 1, already: 0 };
        let proposal = Proposal {
            merit,
            gravity: "large_fine".to_owned(),
            scope: "safety".to_owned(),
            same_case: Vec::new(),
            none_excluded: true,
            reason: "指认的地点与现场一致".to_owned(),
        };
        rewarding::propose(tx, scene, it, None, &proposal).map(drop)
    });
    for who in ["leader", "duty_director"] {
        act(who, |tx, scene, it| rewarding::approve(tx, scene, it, None, "同意").map(drop));
    }
    act("officer", |tx, scene, it| rewarding::tell(tx, scene, it, None, Some(NoticeWay::Page)).map(drop));
}

/// Who stayed anonymous came with her code; finance wanted to know who was paid.
fn paid(world: &World, number: &str, code: &str) {
    let (number, code) = (number.to_owned(), code.to_owned());
    does(world, "officer", move |tx, scene| {
        rewarding::claim(tx, scene, &number, None)?;
        let payment = Payment {
            day: Some(domain::clock::beijing_day(scene.now)),
            way: Some(PaymentWay::Cash),
            sum: 500_000,
            voucher: "记账凭证 113".to_owned(),
            shown: Some(Shown::Code),
            code: code.clone(),
            payee: Identity {
                name: "诸葛金丝雀".to_owned(),
                id_number: "CANARY7781-P".to_owned(),
                ..Identity::default()
            },
            seed: [78; 32],
        };
        rewarding::pay(tx, scene, &number, None, &payment)
    });
}

/// The officer asks, a custodian approves, she opens: the one answer in which the identity stands.
async fn opened(world: &World, watch: &Watch, number: &str, person: Person) {
    let enter = async |login: &str| {
        let answer = world.post("/login", &Badge::None, &format!("login={login}&password={PASSWORD}&next=")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}");
        Badge::Cookie(answer.cookies())
    };
    let (officer, custodian) = (enter("officer").await, enter("identity_custodian").await);
    let page = format!("/desk/cases/{number}/identity");
    let asked = world.post(&format!("{page}/ask"), &officer, &form(&[("why", REASON)])).await;
    assert_eq!(asked.location(), format!("{page}?done=ask"), "{}", asked.text);
    let bureau = world.facts.bureau;
    let id = world.app.db().read(move |tx| store::vault::waiting(tx, bureau, 9)).expect("requests")[0].id.to_string();
    let approval = form(&[("id", &id), ("approve_password", PASSWORD)]);
    let approved = world.post(&format!("{page}/approve"), &custodian, &approval).await;
    assert_eq!(approved.location(), format!("{page}?done=approve"), "{}", approved.text);
    let look = form(&[("reason", REASON), ("open_password", PASSWORD)]);
    let shown = world.post(&format!("{page}/open"), &officer, &look).await;
    for seeded in [person.name, person.phone, person.address, person.id_number, person.other] {
        assert!(shown.text.contains(seeded), "the watch would find it: {seeded}");
    }
    assert!(shown.text.contains("金丝雀的录音.mp3") && shown.text.contains(&STANDARD.encode(voice())), "her voice too");
    watch.look_through(&world.get(&page, &officer).await, "the page after the look");
}

/// A recording in which a mark is spoken, so to say.
fn voice() -> Vec<u8> {
    [b"ID3\x03\x00\x00\x00\x00\x00\x00".as_slice(), "金丝雀在说话".as_bytes()].concat()
}

/// The page that gives the receipt is the last on which what she typed could stand.
async fn file_everywhere(world: &World) -> Vec<(String, String, Option<Person>)> {
    let mut filed = Vec::new();
    for (index, person) in PEOPLE.into_iter().map(Some).chain([None, None, None]).enumerate() {
        let (number, code) = match index % 3 {
            0 => reports::with_a_voice(world, person, "金丝雀的录音.mp3", &voice()).await,
            1 => reports::at_the_desk(world, person).await,
            _ => reports::by_program(world, person, &format!("key-{index}")).await,
        };
        filed.push((number, code, person));
    }
    filed
}

/// A report taken out of the complaint of this world, by name: the complaint keeps its complainant, who is no canary.
fn split_off(world: &World) {
    let number = world.facts.number.clone();
    let part = Part {
        kind: "report".to_owned(),
        title: "改日期".to_owned(),
        facts: "擦掉日期重新打印。".to_owned(),
        respondent_name: "金水区童乐母婴店".to_owned(),
        named: true,
        seed: [77; 32],
        ..Part::default()
    };
    does(world, "officer", move |tx, scene| split::split(tx, scene, &number, None, &part).map(drop));
}

/// Everything that stands in an address besides a number: each paper and each file of these cases.
fn addresses(world: &World, pattern: &str, number: &str) -> Vec<String> {
    let mut facts = world.facts.clone();
    number.clone_into(&mut facts.number);
    let path = filled(pattern, &facts);
    if !pattern.contains("{number}") || !pattern.contains("{id}") {
        return vec![path];
    }
    let of = number.to_owned();
    let ids = world.app.db().read(move |tx| {
        let Some(case) = store::case::by_number(tx, &of)? else { return Ok(Vec::new()) };
        let papers = store::paper::of_case(tx, case.id)?.into_iter().map(|paper| paper.id);
        let files = store::attachment::of_case(tx, case.id)?.into_iter().map(|file| file.id);
        Ok::<_, StoreError>(papers.chain(files).collect())
    });
    let with = |id: i64| pattern.replace("{number}", number).replace("{id}", &id.to_string());
    ids.expect("a read").into_iter().map(with).chain([path]).collect()
}

#[tokio::test]
async fn no_byte_that_is_answered_logged_or_kept_says_who_reported() {
    let (watch, log) = (Watch::new(), logged());
    let world = World::new();
    reports::ceremony(&world);
    for login in ["identity_custodian", "custodian2"] {
        let answer = world.post("/login", &Badge::None, &format!("login={login}&password={PASSWORD}&next=")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}");
    }
    split_off(&world);
    let filed = file_everywhere(&world).await;
    for (number, code, _) in &filed {
        in_hand(&world, number, code).await;
    }
    let (number, code, person) = filed[0].clone();
    opened(&world, &watch, &number, person.expect("by name")).await;
    to_the_end(&world, &number);
    rewarded(&world, &number);
    let (anonymous, her_code, _) = &filed[4];
    to_the_end(&world, anonymous);
    rewarded(&world, anonymous);
    paid(&world, anonymous, her_code);
    // Whoever knows what to look for finds nothing by it.
    let dispatcher = world.signed_in_again("dispatcher");
    for words in [PEOPLE[0].name, PEOPLE[0].phone, PEOPLE[0].address] {
        let address = format!("/desk/search?q={}", web::redirect::query_value(words));
        let found = world.get(&address, &dispatcher).await;
        assert!(filed.iter().all(|(number, ..)| !found.text.contains(number)), "{words}");
    }
    let numbers = [number.as_str(), filed[1].0.as_str(), filed[3].0.as_str(), anonymous.as_str()];
    let everybody = EVERYBODY.iter().map(|(who, _)| *who).chain(["identity_custodian", "custodian2", "bureau_leader"]);
    let mut asked = 0;
    for who in everybody {
        for (pattern, method) in ways() {
            for number in if pattern.contains("{number}") { &numbers[..] } else { &numbers[..1] } {
                for path in addresses(&world, &pattern, number) {
                    let badge = match who {
                        "nobody" => Badge::None,
                        "consumer" => reports::enters(&world, &code).await,
                        "program" => Badge::Token(world.facts.token.clone()),
                        login => world.signed_in_again(login),
                    };
                    let answer = match method {
                        Method::GET => world.get(&path, &badge).await,
                        _ => world.post(&path, &badge, &empty_form(&pattern, &world.facts)).await,
                    };
                    watch.look_through(&answer, &format!("{method} {path} for {who}"));
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 3_000, "every route by everybody: {asked}");
    let sent = world.app.db().read(|tx| tx.query("SELECT COUNT(*) FROM outbox", &[])?[0].int(0));
    assert!(sent.is_ok_and(|sent: i64| sent > 0), "the messages of the complaint are among what was looked through");
    let seen = watch.look_under(&world.app.house().settings.data);
    assert!(seen > 0, "the database itself was read");
    let log = log.0.lock().expect("nobody panicked").clone();
    assert!(log.len() > 10_000, "something was logged: {}", log.len());
    watch.must_not_see(&log, "the log");
}

#[test]
fn the_watch_finds_a_mark_however_it_is_written() {
    let watch = Watch::new();
    for (mark, around) in MARKS.into_iter().zip(["", "a", "ab", "abc"]) {
        let plain = format!("{around}{mark}{around}");
        let written = [
            plain.clone(),
            plain.chars().rev().collect(),
            web::redirect::query_value(&plain),
            STANDARD.encode(&plain),
            URL_SAFE.encode(&plain),
        ];
        for text in written {
            assert!(watch.sees(format!("<p>{text}</p>").as_bytes()).is_some(), "{text}");
        }
    }
    assert!(watch.sees("一张普通的页面，有 13800138000 这样的电话".as_bytes()).is_none());
}
