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
use casework::report::Proposed;
use casework::rewarding::{self, Payment, Proposal};
use casework::split::{self, Part};
use casework::vault::Identity;
use casework::{ActError, Actor, Scene, approval, assignment, dispatch, feedback, registration, report, reporter};
use domain::reporting::Decision;
use domain::reward::{Level, Merit};
use domain::rewarding::{NoticeWay, PaymentWay, Shown};
use store::attachment::AttachmentRow;
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
        report::propose_decision(tx, scene, it, None, &Proposed::new(Decision::Penalty, 5_000_000, "罚款")).map(drop)
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

/// A photograph and a document as devices write them, under names that say whose they are.
fn telling_files() -> Vec<(&'static str, Vec<u8>)> {
    let segment =
        |marker: u8, body: &[u8]| [&[0xFF, marker], &(body.len() as u16 + 2).to_be_bytes()[..], body].concat();
    let mark = "金丝雀 CANARY7781".as_bytes();
    let exif = [b"Exif\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0".as_slice(), mark].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), mark].concat();
    let scan = [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![7, 8, 9, 0xFF, 0xD9]].concat();
    let jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let photograph =
        [vec![0xFF, 0xD8], jfif, segment(0xE1, &exif), segment(0xE1, &xmp), segment(0xFE, mark), scan, mark.to_vec()];
    let chunk = |kind: &[u8], body: &[u8]| [&(body.len() as u32).to_be_bytes()[..], kind, body, &[0; 4]].concat();
    let screenshot = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        chunk(b"tEXt", &[b"Author\0".as_slice(), mark].concat()),
        chunk(b"eXIf", mark),
        chunk(b"IDAT", &[1, 2, 3]),
        chunk(b"IEND", &[]),
    ];
    let document = [b"%PDF-1.4\n1 0 obj<</Author (".as_slice(), mark, b")>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF"];
    vec![
        ("金丝雀的手机.jpg", photograph.concat()),
        ("CANARY7781.png", screenshot.concat()),
        ("金丝雀.pdf", document.concat()),
    ]
}

/// A form with these files, as a browser sends it.
async fn sends(world: &World, path: &str, badge: &Badge, fields: &[(&str, &str)], files: &[(&str, Vec<u8>)]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--limit\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!("--limit\r\ncontent-disposition: form-data; name=\"evidence\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    let request = world.request(Method::POST, path, badge);
    let request = request.header("content-type", "multipart/form-data; boundary=limit");
    world.send(request.body(axum::body::Body::from(body)).expect("a request")).await
}

const SEEN: &[(&str, &str)] = &[
    ("region", "410105"),
    ("respondent_name", "金水区童乐母婴店"),
    ("facts", "店员把奶粉罐底的日期擦掉重新打印。"),
    ("grounds", "亲眼看到，有照片"),
];

/// Reports with files that say of themselves whose they are, and adds more afterwards; gives the number.
async fn with_telling_files(world: &World, watch: &Watch) -> String {
    let files = telling_files();
    assert!(files.iter().all(|(name, bytes)| watch.sees(name.as_bytes()).is_some() && watch.sees(bytes).is_some()));
    let begun = sends(world, "/reports/new", &Badge::None, SEEN, &files).await;
    assert_eq!(begun.location(), "/reports/new/you", "{}", begun.text);
    let browser = Badge::Cookie(begun.cookies());
    // What cannot be cleaned is not taken, and the page says where it belongs.
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "金丝雀".as_bytes().to_vec()].concat();
    let refused = sends(world, "/reports/new", &browser, SEEN, &[("照片.heic", heic)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("不能自动去掉"), "{}", refused.text);
    let receipt = world.post("/reports/new/you", &browser, "named=no&truthful=yes").await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    let digits: String = receipt
        .text
        .split_once("data-receipt-code>")
        .map(|(_, rest)| rest.chars().take_while(|it| *it != '<').filter(char::is_ascii_digit).collect())
        .expect("a code");
    let her = reports::enters(world, &digits).await;
    let page = world.get("/track/evidence", &her).await.text;
    let mark = "name=\"seen\" value=\"";
    let seen = page.split_once(mark).map_or("", |(_, rest)| rest.split('"').next().unwrap_or_default());
    let mut more = telling_files();
    more.truncate(1);
    let at = more[0].1.windows(3).position(|it| it == [7, 8, 9]).expect("the pixels");
    more[0].1[at] = 6;
    let added = sends(world, "/track/evidence", &her, &[("seen", seen), ("note", "又一张")], &more).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    watch.look_through(&world.get("/track/case", &her).await, "her page");
    let newest = world.app.db().read::<_, StoreError>(|tx| {
        let ids = store::case::ids_after(tx, 0, 1_000)?;
        store::case::by_id(tx, *ids.last().expect("a case"))
    });
    newest.expect("a read").expect("it is there").number
}

#[tokio::test]
async fn what_devices_write_into_files_and_their_names_is_gone_before_anybody_can_read_it() {
    let (watch, world) = (Watch::new(), World::new());
    reports::ceremony(&world);
    let number = with_telling_files(&world, &watch).await;
    let dispatcher = world.signed_in_again("dispatcher");
    let page = world.get(&format!("/desk/cases/{number}"), &dispatcher).await;
    assert!(page.text.contains("举报材料-"), "{}", page.text);
    watch.look_through(&page, "the case");
    let of = number.clone();
    let files = world.app.db().read(move |tx| {
        let case = store::case::by_number(tx, &of)?.expect("the case");
        store::attachment::of_case(tx, case.id)
    });
    let files = files.expect("a read");
    assert_eq!(
        files.iter().map(|file| file.media_type.as_str()).collect::<Vec<_>>(),
        ["image/jpeg", "image/png", "application/pdf", "image/jpeg"]
    );
    for file in &files {
        let served = world.get(&format!("/desk/cases/{number}/attachments/{}", file.id), &dispatcher).await;
        // What a browser does not show in the page has one of its own.
        let shown = file.media_type.starts_with("image/");
        assert_eq!(served.status == StatusCode::OK, shown, "{}", file.name);
        watch.look_through(&served, &file.name);
        for copy in ["make_copy", "evidence"] {
            let address = format!("/desk/cases/{number}/{copy}/{}", file.id);
            watch.look_through(&world.get(&address, &dispatcher).await, &address);
        }
    }
    assert!(watch.look_under(&world.app.house().settings.data) > 0, "neither the files nor the database");
}

/// What a complaint brought goes to the report that is taken out of it without what it says of its maker; the complaint keeps it.
#[tokio::test]
async fn files_that_go_from_a_complaint_to_a_report_are_cleaned_on_the_way() {
    let (watch, world) = (Watch::new(), World::new());
    reports::ceremony(&world);
    let data = world.app.house().settings.data.clone();
    let complaint = world.facts.number.clone();
    let sent = telling_files();
    let kinds = ["image/jpeg", "image/png", "application/pdf"];
    let hashes: Vec<String> = sent.iter().map(|(_, bytes)| store::files::put(&data, bytes).expect("kept")).collect();
    let names: Vec<&str> = sent.iter().map(|(name, _)| *name).collect();
    let rows: Vec<AttachmentRow> = (0..sent.len())
        .map(|at| AttachmentRow {
            id: 0,
            case_id: None,
            draft_hash: None,
            name: names[at].to_owned(),
            media_type: kinds[at].to_owned(),
            size: sent[at].1.len() as i64,
            sha256: hashes[at].clone(),
            added_by: "complainant".to_owned(),
            added_at: world.app.now(),
        })
        .collect();
    let of = complaint.clone();
    let ids = does(&world, "officer", move |tx, _| {
        let case = store::case::by_number(tx, &of)?.expect("the case");
        let own = rows.iter().map(|row| AttachmentRow { case_id: Some(case.id), ..row.clone() });
        own.map(|row| Ok(store::attachment::insert(tx, &row)?)).collect::<Result<Vec<_>, ActError>>()
    });
    let part = Part {
        kind: "report".to_owned(),
        title: "奶粉改日期".to_owned(),
        facts: "店员把奶粉罐底的日期擦掉重新打印。".to_owned(),
        respondent_name: "金水区童乐母婴店".to_owned(),
        files: ids,
        ..Part::default()
    };
    let of = complaint.clone();
    does(&world, "officer", move |tx, scene| split::split(tx, scene, &of, None, &part).map(drop));
    let files = |number: &str| {
        let of = number.to_owned();
        let found = world.app.db().read::<_, StoreError>(move |tx| {
            let case = store::case::by_number(tx, &of)?.expect("the case");
            let linked = store::case_link::of_case(tx, case.id)?.into_iter().map(|link| link.other_number).next();
            Ok((store::attachment::of_case(tx, case.id)?, linked))
        });
        found.expect("a read")
    };
    let (kept, report) = files(&complaint);
    let kept = kept.iter().filter(|file| names.contains(&file.name.as_str()));
    for file in kept {
        let bytes = store::files::read(&data, &file.sha256).expect("the original");
        assert!(watch.sees(&bytes).is_some(), "{}: the complaint keeps what was sent", file.name);
    }
    let (copied, _) = files(&report.expect("linked"));
    assert_eq!(copied.len(), 3);
    for file in &copied {
        watch.must_not_see(file.name.as_bytes(), "a name in the report");
        let bytes = store::files::read(&data, &file.sha256).expect("the copy");
        watch.must_not_see(&bytes, &file.name);
        assert_eq!(bytes.len() as i64, file.size, "{}", file.name);
    }
}

#[tokio::test]
async fn no_row_of_the_other_engine_says_who_reported() {
    let (watch, world) = (Watch::new(), World::on_postgres());
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
    let (number, _, person) = filed[0].clone();
    opened(&world, &watch, &number, person.expect("by name")).await;
    to_the_end(&world, &number);
    with_telling_files(&world, &watch).await;
    let dump = world.dump();
    let tables: std::collections::BTreeSet<&str> =
        dump.iter().filter_map(|(place, _)| place.split('.').next()).collect();
    for table in ["cases", "case_event", "sealed_identity", "sealed_file", "ledger", "attachment", "access_record"] {
        assert!(tables.contains(table), "{table} was read: {tables:?}");
    }
    // What is there in clear would be found: the complainant of the complaint is no canary.
    assert!(dump.iter().any(|(_, value)| String::from_utf8_lossy(value).contains("陈晓梅")));
    for (place, value) in &dump {
        watch.must_not_see(value, place);
    }
    assert!(watch.look_under(&world.app.house().settings.data) > 0, "nor the files beside it");
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
