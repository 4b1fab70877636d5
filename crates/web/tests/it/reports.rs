//! 举报 on the pages, at the desk and from programs (O121 arts. 28, 37; catalogue 7.3): the name is typed last, sealed at once and
//! in no draft; the receipt code is shown once and opens the report by itself.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode};
use casework::vault::{self, Ceremony};
use casework::{ActError, Actor, Scene};
use serde_json::{Value, json};
use store::StoreError;

use crate::world::{Badge, World};

/// What of a person is sealed: name, telephone, address, document, what else points to her.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// 姓名.
    pub name: &'static str,
    /// 电话.
    pub phone: &'static str,
    /// 通讯地址.
    pub address: &'static str,
    /// 身份证件号码.
    pub id_number: &'static str,
    /// What else points to her.
    pub other: &'static str,
}

/// Somebody of whom nothing may be found anywhere.
pub const CANARY: Person = Person {
    name: "欧阳金丝雀",
    phone: "18738190006",
    address: "梅花巷九十九号",
    id_number: "HZ-CANARY-7781",
    other: "夜班质检组长",
};

/// As a form sends it.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

const WHAT: &[(&str, &str)] = &[
    ("region", "410105"),
    ("respondent_name", "金水区童乐母婴店"),
    ("respondent_address", "郑州市金水区文化路4号"),
    ("facts", "店员把奶粉罐底的日期擦掉重新打印。"),
    ("grounds", "亲眼看到，有照片"),
];

fn who(person: Option<Person>) -> Vec<(&'static str, &'static str)> {
    let Some(person) = person else { return vec![("named", "no"), ("truthful", "yes")] };
    vec![
        ("named", "yes"),
        ("truthful", "yes"),
        ("reporter_name", person.name),
        ("reporter_phone", person.phone),
        ("reporter_address", person.address),
        ("reporter_id_number", person.id_number),
        ("reporter_other", person.other),
    ]
}

/// What stands between a mark and the next tag, digits only.
fn digits_after(text: &str, mark: &str) -> String {
    let rest = text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1;
    let shown = rest.split("</dd>").next().unwrap_or_default();
    shown.chars().filter(char::is_ascii_digit).collect()
}

/// 密钥托管仪式, so that reports can be taken in.
pub fn ceremony(world: &World) {
    let (house, now) = (world.app.house().clone(), world.app.now());
    let ceremony = std::sync::Arc::new(Ceremony::prepare(house.settings.suite, 5, 3, [1; 32]).expect("shares"));
    let set_up = move |tx: &mut store::Tx<'_>| {
        vault::set_up(tx, Scene { house: &house, now, actor: &Actor::System }, &ceremony, &[], None, [2; 32])
    };
    world.app.db().act(set_up).unwrap_or_else(|error: ActError| panic!("{error:?}"));
}

fn newest(world: &World) -> String {
    let newest = world.app.db().read::<_, StoreError>(|tx| {
        let ids = store::case::ids_after(tx, 0, 1_000)?;
        store::case::by_id(tx, *ids.last().expect("a case"))
    });
    newest.expect("a read").expect("it is there").number
}

/// Reports on the public pages; gives number and receipt code.
pub async fn on_the_page(world: &World, person: Option<Person>) -> (String, String) {
    let begun = world.post("/reports/new", &Badge::None, &form(WHAT)).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/reports/new/you"), "{}", begun.text);
    let browser = Badge::Cookie(begun.cookies());
    let receipt = world.post("/reports/new/you", &browser, &form(&who(person))).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    (newest(world), digits_after(&receipt.text, "data-receipt-code>"))
}

/// Reports on the public pages with a recording of her own voice; gives number and receipt code.
pub async fn with_a_voice(world: &World, person: Option<Person>, name: &str, bytes: &[u8]) -> (String, String) {
    let begun = world.post("/reports/new", &Badge::None, &form(WHAT)).await;
    let browser = Badge::Cookie(begun.cookies());
    let mut body = Vec::new();
    for (field, value) in who(person) {
        let head = format!("--limit\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    let head = format!("--limit\r\ncontent-disposition: form-data; name=\"own\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let request = world.request(Method::POST, "/reports/new/you", &browser);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=limit");
    let receipt = world.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    (newest(world), digits_after(&receipt.text, "data-receipt-code>"))
}

/// Reports by telephone; gives number and receipt code.
pub async fn at_the_desk(world: &World, person: Option<Person>) -> (String, String) {
    let agent = world.signed_in_again("intake_agent");
    let typed: Vec<_> = WHAT.iter().copied().chain([("channel", "phone")]).chain(who(person)).collect();
    let receipt = world.post("/desk/register/report", &agent, &form(&typed)).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    (newest(world), digits_after(&receipt.text, "data-receipt-code>"))
}

/// Reports from a program; gives number and receipt code.
pub async fn by_program(world: &World, person: Option<Person>, key: &str) -> (String, String) {
    let typed = WHAT.iter().copied().chain(who(person)).filter(|(name, _)| *name != "truthful");
    let body: serde_json::Map<String, Value> = typed.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/reports")
        .header(HOST, "127.0.0.1:12315")
        .header(AUTHORIZATION, format!("Bearer {}", world.facts.token))
        .header("idempotency-key", key)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(Value::from(body).to_string()))
        .expect("a request");
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let told: Value = serde_json::from_str(&answer.text).expect("JSON");
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (text("number"), text("receipt_code"))
}

/// What a program is answered that reports this about such a target.
async fn by_program_about(world: &World, target: &str) -> (StatusCode, Value) {
    let typed = WHAT.iter().copied().chain([("named", "no"), ("sales_channel", target)]);
    let body: serde_json::Map<String, Value> = typed.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/reports")
        .header(HOST, "127.0.0.1:12315")
        .header(AUTHORIZATION, format!("Bearer {}", world.facts.token))
        .header("idempotency-key", target)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(Value::from(body).to_string()))
        .expect("a request");
    let answer = world.send(request).await;
    (answer.status, serde_json::from_str(&answer.text).expect("JSON"))
}

/// Her browser, after she showed her code.
pub async fn enters(world: &World, code: &str) -> Badge {
    let entered = world.post("/track", &Badge::None, &form(&[("code", code)])).await;
    assert_eq!(entered.location(), "/track/case", "{}", entered.text);
    Badge::Cookie(entered.cookies())
}

fn drafts(world: &World) -> String {
    let kept = world.app.db().read::<_, StoreError>(|tx| {
        tx.query("SELECT data FROM draft", &[])?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()
    });
    kept.expect("a read").join("\n")
}

#[tokio::test]
async fn before_anything_is_typed_the_page_says_that_the_vault_is_not_set_up() {
    let world = World::new();
    let closed = world.get("/reports/new", &Badge::None).await;
    assert_eq!(closed.status, StatusCode::OK);
    assert!(closed.text.contains("现在不能在网上举报") && !closed.text.contains("<textarea"), "{}", closed.text);
    let agent = world.signed_in("intake_agent");
    let desk = world.get("/desk/register/report", &agent).await;
    assert!(desk.text.contains("现在不能登记举报") && !desk.text.contains("<textarea"));
    ceremony(&world);
    assert!(world.get("/reports/new", &Badge::None).await.text.contains("<textarea"));
    assert!(world.get("/desk/register/report", &agent).await.text.contains("<textarea"));
}

#[tokio::test]
async fn what_was_typed_of_the_report_is_kept_and_what_was_typed_of_the_person_is_not() {
    let world = World::new();
    ceremony(&world);
    // Whatever a script sends to be saved, who reports is not in it afterwards.
    let everything: Vec<_> = WHAT.iter().copied().chain(who(Some(CANARY))).collect();
    let saved = world.post("/reports/new/save", &Badge::None, &form(&everything)).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    let browser = Badge::Cookie(saved.cookies());
    assert!(drafts(&world).contains("童乐母婴店") && !drafts(&world).contains(CANARY.name), "{}", drafts(&world));
    assert!(world.get("/reports/new", &browser).await.text.contains("童乐母婴店"), "it is there again");
    let you = world.get("/reports/new/you", &browser).await;
    assert!(you.text.contains("童乐母婴店"), "{}", you.text);
    // A fault keeps what was typed on the page, and on the page alone.
    let mut untrue = who(Some(CANARY));
    untrue.retain(|(name, _)| *name != "truthful");
    let again = world.post("/reports/new/you", &browser, &form(&untrue)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("请确认所填内容真实") && again.text.contains(CANARY.name));
    assert!(!drafts(&world).contains(CANARY.name));
    // The button may be pressed twice: the same receipt.
    let receipts = [
        world.post("/reports/new/you", &browser, &form(&who(Some(CANARY)))).await,
        world.post("/reports/new/you", &browser, &form(&who(Some(CANARY)))).await,
    ];
    let codes = receipts.each_ref().map(|receipt| digits_after(&receipt.text, "data-receipt-code>"));
    assert_eq!((codes[0].len(), &codes[0]), (16, &codes[1]));
    assert_eq!(drafts(&world), "");
    // The browser forgets the key; afterwards nobody can have the code again.
    assert!(receipts[0].cookies().ends_with('='), "{}", receipts[0].cookies());
    let gone = world.post("/reports/new/you", &Badge::None, &form(&who(None))).await;
    assert_eq!(gone.location(), "/reports/new");
}

#[tokio::test]
async fn each_way_in_gives_a_code_that_opens_the_report_alone() {
    let world = World::new();
    ceremony(&world);
    for person in [Some(CANARY), None] {
        let key = if person.is_some() { "named" } else { "anonymous" };
        for (number, code) in [
            on_the_page(&world, person).await,
            at_the_desk(&world, person).await,
            by_program(&world, person, key).await,
        ] {
            assert_eq!(code.len(), 16);
            let her = enters(&world, &code).await;
            let page = world.get("/track/case", &her).await;
            assert!(page.text.contains(&number) && !page.text.contains(CANARY.name), "{}", page.text);
            // Spaces as on the receipt, and in the other field.
            let spaced = format!("{} {} {} {}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
            let entered = world.post("/track", &Badge::None, &form(&[("number", &spaced)])).await;
            assert_eq!(entered.location(), "/track/case");
        }
    }
    let wrong = world.post("/track", &Badge::None, "code=1234567812345678").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Sent again under its key the program gets the same code.
    let again = by_program(&world, Some(CANARY), "named").await;
    assert_eq!(again, by_program(&world, Some(CANARY), "named").await);
}

#[tokio::test]
async fn an_officer_asks_and_she_answers_on_her_page_or_through_a_program() {
    let world = World::new();
    ceremony(&world);
    let (number, code) = at_the_desk(&world, None).await;
    let dispatcher = world.signed_in_again("dispatcher");
    let value_of = |text: &str, name: &str| -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = text.split_once(mark.as_str()).unwrap_or_else(|| panic!("no {name} in {text}")).1;
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let seen = |text: &str| value_of(text, "seen");
    let ask = format!("/desk/cases/{number}/ask_reporter");
    let version = value_of(&world.get(&ask, &dispatcher).await.text, "version");
    let asked = world.post(&ask, &dispatcher, &form(&[("version", &version), ("words", "奶粉放在哪个货架？")])).await;
    assert_eq!(asked.location(), format!("/desk/cases/{number}?done=ask_reporter"), "{}", asked.text);
    let her = enters(&world, &code).await;
    let page = world.get("/track/case", &her).await;
    assert!(page.text.contains("奶粉放在哪个货架？") && page.text.contains("回答承办人"), "{}", page.text);
    let write = world.get("/track/write", &her).await;
    assert!(write.text.contains("奶粉放在哪个货架？"));
    let empty = world.post("/track/write", &her, &form(&[("seen", &seen(&write.text)), ("words", " ")])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = [("seen", seen(&write.text)), ("words", "最里面的冷柜".to_owned())];
    let pairs: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for _ in 0..2 {
        let sent = world.post("/track/write", &her, &form(&pairs)).await;
        assert_eq!(sent.location(), "/track/case?done=write_officers");
    }
    let case = world.get(&format!("/desk/cases/{number}"), &dispatcher).await.text;
    assert_eq!(case.matches("最里面的冷柜").count(), 1, "sent twice is one message");
    assert!(world.get("/desk", &dispatcher).await.text.contains("看举报人的留言"));
    let request = Request::builder()
        .uri(format!("/api/v1/cases/{number}"))
        .header(HOST, "127.0.0.1:12315")
        .header(AUTHORIZATION, format!("Bearer {}", world.facts.token))
        .header("query-code", &code)
        .body(Body::empty())
        .expect("a request");
    let told: Value = serde_json::from_str(&world.send(request).await.text).expect("JSON");
    assert_eq!(told["exchange"][1]["words"], "最里面的冷柜");
    assert_eq!(told["kind"], "report");
    // Who took the call down knows of nothing.
    let agent = world.signed_in_again("intake_agent");
    assert_eq!(world.get(&format!("/desk/cases/{number}"), &agent).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_reporter_says_by_her_code_that_it_is_hers_and_the_desk_decides_on_one_page() {
    let world = World::new();
    ceremony(&world);
    let (first, code) = on_the_page(&world, None).await;
    // A second time, with the code of the first: a wrong one is said beside its field, and what was typed stays.
    let again = |with: String| {
        let world = &world;
        async move {
            let begun = world.post("/reports/new", &Badge::None, &form(WHAT)).await;
            let browser = Badge::Cookie(begun.cookies());
            let mut typed = who(None);
            typed.push(("earlier_code", with.as_str()));
            world.post("/reports/new/you", &browser, &form(&typed)).await
        }
    };
    for wrong in ["123", "1234567812345678"] {
        let refused = again(wrong.to_owned()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("id=\"earlier_code-error\"") || refused.text.contains("earlier_code"));
        assert!(refused.text.contains(&format!("value=\"{wrong}\"")), "{}", refused.text);
    }
    let spaced = format!("{} {} {} {}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
    let receipt = again(spaced).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    let (second, own_code) = (newest(&world), digits_after(&receipt.text, "data-receipt-code>"));
    let dispatcher = world.signed_in_again("dispatcher");
    let value_of = |text: &str, name: &str| -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = text.split_once(mark.as_str()).unwrap_or_else(|| panic!("no {name} in {text}")).1;
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let register = format!("/desk/cases/{second}/register");
    let version = value_of(&world.get(&register, &dispatcher).await.text, "version");
    let typed = [("version", version.as_str()), ("title", "改日期"), ("category", "food"), ("problem", "quality")];
    let registered = world.post(&register, &dispatcher, &form(&typed)).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    let case = world.get(&format!("/desk/cases/{second}"), &dispatcher).await.text;
    assert!(case.contains("可能是重复举报") && case.contains("举报人填了那一件的回执码"), "{case}");
    let page = format!("/desk/cases/{second}/not_separately");
    let asked = world.get(&page, &dispatcher).await.text;
    assert!(asked.contains("投诉举报处理办法第三十五条第二款") && asked.contains(&first), "{asked}");
    let version = value_of(&asked, "version");
    let typed = [("version", version.as_str()), ("into", first.as_str()), ("same", "code"), ("reason", "")];
    let refused = world.post(&page, &dispatcher, &form(&typed)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请写两件的事实有什么相同"), "{}", refused.text);
    let typed = [("version", version.as_str()), ("into", first.as_str()), ("same", "code"), ("reason", "没有新的线索")];
    let done = world.post(&page, &dispatcher, &form(&typed)).await;
    assert_eq!(done.location(), format!("/desk/cases/{second}?done=not_separately"), "{}", done.text);
    let her = enters(&world, &own_code).await;
    let own = world.get("/track/case", &her).await.text;
    assert!(own.contains("不再另行处理") && !own.contains(&first), "{own}");
    // It can be undone from the same page.
    let undo = format!("/desk/cases/{second}/unmerge");
    let version = value_of(&world.get(&undo, &dispatcher).await.text, "version");
    let undone = world.post(&undo, &dispatcher, &form(&[("version", &version), ("reason", "是另一批")])).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
    assert!(!world.get("/track/case", &her).await.text.contains("先前的一件照常办理，请用"));
}

/// O121 arts. 29, 31, 32: whose a report is follows from what is reported, so every form asks it, and the desk shows it.
#[tokio::test]
async fn what_is_reported_is_asked_on_every_form_and_decides_whose_it_is() {
    let world = World::new();
    ceremony(&world);
    let agent = world.signed_in("intake_agent");
    let dispatcher = world.signed_in("dispatcher");
    let officer = world.signed_in("officer");
    let pages = [
        world.get("/reports/new", &Badge::None).await,
        world.get("/desk/register/report", &agent).await,
        world.get("/desk/register/lead", &officer).await,
    ];
    for target in ["platform_operator", "own_advertisement", "internet_advertisement", "advertisement"] {
        for page in &pages {
            assert!(page.text.contains(&format!("value=\"{target}\"")), "{target}: {}", page.text);
        }
    }
    let own: Vec<_> = WHAT.iter().copied().chain([("sales_channel", "own_advertisement")]).collect();
    let begun = world.post("/reports/new", &Badge::None, &form(&own)).await;
    let browser = Badge::Cookie(begun.cookies());
    let you = world.get("/reports/new/you", &browser).await;
    assert!(you.text.contains("商家自己发在网上的广告"), "she sees what she chose: {}", you.text);
    let receipt = world.post("/reports/new/you", &browser, &form(&who(None))).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text);
    let number = newest(&world);
    let case = world.get(&format!("/desk/cases/{number}"), &dispatcher).await;
    assert!(case.text.contains("举报的是") && case.text.contains("商家自己发在网上的广告"), "{}", case.text);
    let away = world.get(&format!("/desk/cases/{number}/register"), &dispatcher).await;
    assert_eq!(away.status, StatusCode::OK);
    let typed = form(&[("seen", ""), ("title", "奶粉广告"), ("category", "food"), ("problem", "food_safety")]);
    let registered = world.post(&format!("/desk/cases/{number}/register"), &dispatcher, &typed).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    let away = world.get(&format!("/desk/cases/{number}/turn_away"), &dispatcher).await;
    assert!(away.text.contains("由广告主所在地的局处理"), "{}", away.text);
    let food = "value=\"food\" checked";
    assert!(away.text.contains(food), "a report of food is handed over unless she chooses otherwise: {}", away.text);
    assert_eq!(by_program_about(&world, "own_advertisement").await.0, StatusCode::CREATED);
    let (status, told) = by_program_about(&world, "barter").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
    assert!(told.to_string().contains("sales_channel.unknown"), "{told}");
}
