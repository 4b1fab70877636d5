//! What a program does for a consumer whose query code it has: all that she could do on her tracking page, once per key.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode};
use casework::token::NewToken;
use casework::{ActError, Actor, Scene};
use serde_json::{Value, json};
use store::StoreError;

use crate::world::{Answer, Badge, World};

const PHOTO: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1];

/// A request to `/api/v1/cases/{number}` and what follows; with another code or key where `with` says so.
async fn call(world: &World, method: Method, rest: &str, with: &[(&str, &str)], body: (&str, Vec<u8>)) -> Answer {
    let uri = format!("/api/v1/cases/{}{rest}", world.facts.number);
    let token = format!("Bearer {}", world.facts.token);
    let mut headers = BTreeMap::from([("authorization", token.as_str()), ("query-code", &world.facts.query_code)]);
    headers.extend(with.iter().copied());
    let mut request = Request::builder().method(method).uri(uri).header(HOST, "127.0.0.1:12315");
    for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
        request = request.header(name, value);
    }
    world.send(request.header(CONTENT_TYPE, body.0).body(Body::from(body.1)).expect("a request")).await
}

async fn read(world: &World) -> Value {
    let answer = call(world, Method::GET, "", &[], ("application/json", Vec::new())).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).expect("JSON")
}

async fn act(world: &World, act: &str, key: &str, body: &Value) -> Answer {
    let bytes = body.to_string().into_bytes();
    call(world, Method::POST, &format!("/{act}"), &[("idempotency-key", key)], ("application/json", bytes)).await
}

fn code_of(answer: &Answer) -> (u16, String) {
    let problem: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    (answer.status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
}

fn events(world: &World) -> Vec<(String, String)> {
    let number = world.facts.number.clone();
    let read = world.app.db().read::<_, StoreError>(move |tx| {
        let case = store::case::by_number(tx, &number)?.expect("the case");
        store::event::of_case(tx, case.id)
    });
    read.expect("a read").into_iter().map(|event| (event.act, event.actor_kind)).collect()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

/// Does an act on the desk from the page as it stands.
async fn desk(world: &World, who: &str, action: &str, pairs: &[(&str, &str)]) {
    let number = world.facts.number.clone();
    let case = world.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
    let version = case.expect("a read").expect("the case").state.version.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("version", &version));
    let path = format!("/desk/cases/{}/{action}", world.facts.number);
    let answer = world.post(&path, &world.signed_in_again(who), &form(&pairs)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.text);
}

#[tokio::test]
async fn number_and_code_open_the_case_as_the_page_shows_it() {
    let world = World::new();
    let own = read(&world).await;
    assert_eq!((own["number"].as_str(), own["status"].as_str()), (Some(world.facts.number.as_str()), Some("assigned")));
    assert!(own["course"].as_array().is_some_and(|course| course.len() >= 4), "{own}");
    assert_eq!(own["letters"][0]["title"], "投诉受理决定书");
    assert!(own["letters"][0]["text"].as_str().is_some_and(|text| text.contains("陈晓梅")));
    let allowed: Vec<_> = own["allowed_actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(
        allowed.contains(&"urge") && allowed.contains(&"withdraw") && allowed.contains(&"add_evidence"),
        "{allowed:?}"
    );
    assert!(!allowed.contains(&"rate") && !allowed.contains(&"request_recusal"), "nobody told her yet who mediates");
    assert!(!own.to_string().contains("承办人一号"), "no officer's name");
    // Every act that is allowed has an address in the contract.
    let contract: Value =
        serde_json::from_str(&world.get("/api/v1/openapi.json", &Badge::None).await.text).expect("JSON");
    for act in ["urge", "withdraw", "rate", "reopen", "request_recusal", "supplement", "add_evidence"] {
        let path = &contract["paths"][format!("/api/v1/cases/{{number}}/{act}")]["post"];
        for status in ["200", "400", "401", "403", "404", "409", "422", "429"] {
            assert!(path["responses"][status].is_object(), "{act} {status}: {path}");
        }
    }
}

#[tokio::test]
async fn without_token_or_code_there_is_nothing() {
    let world = World::new();
    let get = async |with: &[(&str, &str)]| {
        code_of(&call(&world, Method::GET, "", with, ("application/json", Vec::new())).await)
    };
    assert_eq!(get(&[("authorization", "")]).await, (401, "token.invalid".to_owned()));
    assert_eq!(get(&[("query-code", "")]).await, (400, "query_code.missing".to_owned()));
    assert_eq!(get(&[("query-code", "123")]).await, (400, "query_code.missing".to_owned()));
    assert_eq!(get(&[("query-code", "000000000000")]).await, (404, "case.not_found".to_owned()));
    // Ten wrong codes shut the case for a while; the page asks whether somebody is there.
    for _ in 0..9 {
        get(&[("query-code", "000000000000")]).await;
    }
    assert_eq!(get(&[]).await, (429, "query_code.too_often".to_owned()));
    let page = form(&[("number", &world.facts.number), ("code", &world.facts.query_code)]);
    assert_eq!(world.post("/track", &Badge::None, &page).await.location(), "/human?next=/track");
    world.pass(jiff::SignedDuration::from_mins(16));
    assert_eq!(get(&[]).await.0, 200);
}

#[tokio::test]
async fn a_token_comes_only_as_far_as_it_is_good_for() {
    let world = World::new();
    let token = |name: &'static str, scope: &'static str, organization_id: Option<i64>, seed: u8| {
        let (house, now) = (world.app.house().clone(), world.app.now());
        let new = NewToken { name: name.to_owned(), scopes: vec![scope.to_owned()], organization_id, per_minute: None };
        let made = world.app.db().act(move |tx| {
            casework::token::create(tx, Scene { house: &house, now, actor: &Actor::System }, &new, [seed; 32])
        });
        format!("Bearer {}", made.unwrap_or_else(|error: ActError| panic!("{error:?}")))
    };
    let reads = token("只读", "tracking", None, 21);
    let with = [("authorization", reads.as_str()), ("idempotency-key", "k")];
    let answer = call(&world, Method::GET, "", &with[..1], ("application/json", Vec::new())).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = call(&world, Method::POST, "/urge", &with, ("application/json", b"{}".to_vec())).await;
    assert_eq!(code_of(&answer), (403, "token.scope".to_owned()));
    let own = token("本局", "filing", Some(world.facts.bureau), 22);
    let answer = call(&world, Method::GET, "", &[("authorization", &own)], ("application/json", Vec::new())).await;
    assert_eq!(answer.status, StatusCode::OK);
    let elsewhere = token("别处", "filing", Some(world.facts.office), 23);
    let answer =
        call(&world, Method::GET, "", &[("authorization", &elsewhere)], ("application/json", Vec::new())).await;
    assert_eq!(code_of(&answer), (404, "case.not_found".to_owned()));
}

#[tokio::test]
async fn she_urges_adds_and_withdraws_once_per_key() {
    let world = World::new();
    let urged = act(&world, "urge", "k1", &json!({"words": "请快一点"})).await;
    assert_eq!(urged.status, StatusCode::OK, "{}", urged.text);
    let again = act(&world, "urge", "k1", &json!({"words": "请快一点"})).await;
    assert_eq!((again.status, &again.text), (StatusCode::OK, &urged.text), "the same answer");
    let count = |act: &str| events(&world).into_iter().filter(|(key, who)| key == act && who == "complainant").count();
    assert_eq!(count("urge"), 1);
    assert_eq!(
        code_of(&act(&world, "urge", "k1", &json!({"words": "别的话"})).await),
        (409, "idempotency.other_request".to_owned())
    );
    assert_eq!(
        code_of(&act(&world, "withdraw", "k1", &json!({"words": "请快一点"})).await),
        (409, "idempotency.other_request".to_owned()),
        "the key stands for another act"
    );
    assert_eq!(
        act(&world, "urge", "k2", &json!({})).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is answered first"
    );
    // Files go up first and wait; the same one twice is one.
    let file = |name: &str| {
        let head = format!("--limit\r\nContent-Disposition: form-data; name=\"evidence\"; filename=\"{name}\"\r\n\r\n");
        [head.as_bytes(), PHOTO, b"\r\n--limit--\r\n"].concat()
    };
    let multipart = "multipart/form-data; boundary=limit";
    for _ in 0..2 {
        let up = call(&world, Method::POST, "/files", &[], (multipart, file("小票.jpg"))).await;
        let up: Value = serde_json::from_str(&up.text).expect("JSON");
        assert_eq!(up["waiting_files"].as_array().map(Vec::len), Some(1), "{up}");
    }
    let waiting = read(&world).await["waiting_files"][0]["id"].as_i64().expect("an id");
    let gone =
        call(&world, Method::POST, &format!("/files/{waiting}/remove"), &[], ("application/json", Vec::new())).await;
    assert!(gone.text.contains("\"waiting_files\":[]"), "{}", gone.text);
    let none = act(&world, "add_evidence", "k3", &json!({"note": "小票"})).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("files.missing") && none.text.contains("请选择要补充的文件"), "{}", none.text);
    call(&world, Method::POST, "/files", &[], (multipart, file("小票.jpg"))).await;
    for _ in 0..2 {
        let added = act(&world, "add_evidence", "k4", &json!({"note": "小票"})).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text);
    }
    assert_eq!(count("add_evidence"), 1);
    let shape = act(&world, "withdraw", "k5", &json!({"words": 5, "reason": "x"})).await;
    assert_eq!(shape.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        shape.text.contains("field.unknown") && shape.text.contains("field.type"),
        "all faults at once: {}",
        shape.text
    );
    let withdrawn: Value =
        serde_json::from_str(&act(&world, "withdraw", "k6", &json!({"words": "已经解决"})).await.text).expect("JSON");
    assert_eq!((withdrawn["action"].as_str(), withdrawn["status_label"].is_string()), (Some("withdraw"), true));
    let late = act(&world, "withdraw", "k7", &json!({})).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(code_of(&late).1, "act.not_from_here");
}

#[tokio::test]
async fn she_asks_for_recusal_rates_and_has_it_taken_up_again() {
    let world = World::new();
    let early = act(&world, "rate", "k0", &json!({"solved": "yes", "mark": "5"})).await;
    assert_eq!(code_of(&early), (409, "act.not_from_here".to_owned()));
    let meeting = [("at", "2026-11-24T09:30"), ("mode", "onsite"), ("place", "调解室"), ("bring", "")];
    desk(&world, "officer", "notify", &meeting).await;
    let mediators = read(&world).await["mediators"].clone();
    assert_eq!(mediators.as_array().map(Vec::len), Some(2), "now she knows who mediates");
    let empty = act(&world, "request_recusal", "k1", &json!({"officer": mediators[0]["officer"]})).await;
    assert!(empty.text.contains("reason.missing"), "{}", empty.text);
    let asked = json!({"officer": mediators[0]["officer"], "reason": "是商家的亲戚"});
    assert_eq!(act(&world, "request_recusal", "k2", &asked).await.status, StatusCode::OK);
    assert!(events(&world).contains(&("request_recusal".to_owned(), "complainant".to_owned())));
    desk(&world, "leader", "decide_recusal", &[("granted", "no"), ("opinion", "不是亲戚"), ("replacement", "")]).await;
    let facts = [("ground", "3"), ("reason", "双方分歧太大")];
    desk(&world, "officer", "record_answer", &[("answer", "不同意退"), ("agrees", "yes")]).await;
    desk(&world, "officer", "terminate", &facts).await;
    desk(&world, "leader", "approve", &[("opinion", "同意")]).await;
    desk(&world, "officer", "tell", &[("result", "终止调解，您可以起诉。")]).await;
    let wrong = act(&world, "rate", "k3", &json!({"solved": "maybe", "mark": "9"})).await;
    assert!(wrong.text.contains("solved.missing") && wrong.text.contains("mark.missing"), "{}", wrong.text);
    let rated = act(&world, "rate", "k4", &json!({"solved": "no", "mark": "2", "words": "没退"})).await;
    assert_eq!(rated.status, StatusCode::OK, "{}", rated.text);
    assert!(act(&world, "reopen", "k5", &json!({})).await.text.contains("请写明哪里没有解决"));
    let again = act(&world, "reopen", "k6", &json!({"reason": "商家又答应退了"})).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    assert!(!read(&world).await["allowed_actions"].to_string().contains("reopen"));
}

#[tokio::test]
async fn she_brings_what_was_asked_for() {
    let world = World::new();
    let complaint = json!({
        "region": "410105001", "complainant_name": "王秀兰", "complainant_phone": "13800138000",
        "respondent_name": "好日子家电商行", "respondent_address": "文化路9号", "goods": "电饭煲",
        "facts": "店里不给换。", "demands": ["refund"], "sales_channel": "shop",
    });
    let request = Request::builder().method(Method::POST).uri("/api/v1/complaints").header(HOST, "127.0.0.1:12315");
    let request = request.header(AUTHORIZATION, format!("Bearer {}", world.facts.token));
    let request = request.header(CONTENT_TYPE, "application/json").header("idempotency-key", "file");
    let filed = world.send(request.body(Body::from(complaint.to_string())).expect("a request")).await;
    let filed: Value = serde_json::from_str(&filed.text).expect("JSON");
    let text = |field: &str| filed[field].as_str().expect("text").to_owned();
    let mut world = world;
    (world.facts.number, world.facts.query_code) = (text("number"), text("query_code"));
    let register = [("title", "电饭煲不给换"), ("category", "appliances"), ("problem", "quality")];
    desk(&world, "intake_agent", "register", &register).await;
    let ask = [("missing", "complainant_address"), ("words", "请写现在的住址"), ("by", "2026-11-25")];
    desk(&world, "dispatcher", "request_materials", &ask).await;
    let wanted = read(&world).await["wanted"].clone();
    assert!(wanted.to_string().contains("请写现在的住址"), "{wanted}");
    let wrong = act(&world, "supplement", "k1", &json!({"phone": "电话忘了"})).await;
    assert!(wrong.text.contains("phone.invalid"), "{}", wrong.text);
    for _ in 0..2 {
        let brought = json!({"address": "花园路1号院", "note": "现住址"});
        let answer = act(&world, "supplement", "k2", &brought).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    assert_eq!(read(&world).await["wanted"], json!([]));
    assert_eq!(events(&world).iter().filter(|(act, _)| act == "supplement").count(), 1);
}
