//! The API as its contract says: each class of answer, once per key, every fault at once.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Method, Request, StatusCode};
use casework::token::NewToken;
use casework::{ActError, Actor, Scene};
use serde_json::{Value, json};

use crate::world::{Answer, Badge, World};

fn complaint() -> Value {
    json!({
        "region": "410105001",
        "complainant_name": "王秀兰",
        "complainant_phone": "13800138000",
        "respondent_name": "金水区好日子家电商行",
        "respondent_address": "文化路9号",
        "goods": "电饭煲",
        "amount": "399.00",
        "facts": "用了三天内胆起皮，店里不给换。",
        "demands": ["refund"],
    })
}

/// A request as a program sends it.
struct Call<'a> {
    token: &'a str,
    key: Option<&'a str>,
    media_type: &'a str,
    body: String,
}

impl<'a> Call<'a> {
    fn new(world: &'a World, key: &'a str, body: &Value) -> Call<'a> {
        Call { token: &world.facts.token, key: Some(key), media_type: "application/json", body: body.to_string() }
    }

    async fn send(self, world: &World) -> Answer {
        let request = Request::builder().method(Method::POST).uri("/api/v1/complaints").header(HOST, "127.0.0.1:12315");
        let request = request.header(CONTENT_TYPE, self.media_type);
        let request = match self.key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let request = match self.token {
            "" => request,
            token => request.header(AUTHORIZATION, format!("Bearer {token}")),
        };
        world.send(request.body(Body::from(self.body)).expect("a request")).await
    }
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// A problem has all its members, and says its status twice.
fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
    let problem = json_of(answer);
    assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(u64::from(status)), Some(code)));
    assert_eq!(problem["type"], format!("urn:xiaobao:problem:{code}"));
    for member in ["title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
    problem
}

#[tokio::test]
async fn a_complaint_is_answered_with_number_code_and_the_limit_that_runs() {
    let world = World::new();
    let answer = Call::new(&world, "a-1", &complaint()).send(&world).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let body = json_of(&answer);
    let number = body["number"].as_str().expect("a number");
    assert_eq!(answer.headers[LOCATION], format!("/api/v1/complaints/{number}"));
    assert_eq!(body["query_code"].as_str().map(str::len), Some(12));
    assert_eq!(body["received_at"], "2026-11-20T02:00:00Z");
    let first = &body["deadlines"][0];
    // Seven working days after Friday 20 November (O121 art. 15).
    assert_eq!(
        (&first["due"], &first["unit"], &first["length"], &first["article"], &first["basis"]),
        (&json!("2026-12-01"), &json!("workday"), &json!(7), &json!("第十五条"), &json!("statutory"))
    );
    let read = world.get(&format!("/api/v1/complaints/{number}"), &Badge::Token(world.facts.token.clone())).await;
    assert_eq!(read.status, StatusCode::OK);
    let read = json_of(&read);
    assert_eq!((&read["number"], &read["status"]), (&body["number"], &json!("filed")));
    assert_eq!(read["allowed_actions"], json!(["urge", "withdraw", "add_evidence"]));
    assert!(!read.to_string().contains("王秀兰") && !read.to_string().contains("13800138000"), "nobody's data");
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer_and_another_under_its_key_none() {
    let world = World::new();
    let first = Call::new(&world, "same", &complaint()).send(&world).await;
    let before = world.app.db().read(store::case::count_all).expect("a count");
    for _ in 0..3 {
        let again = Call::new(&world, "same", &complaint()).send(&world).await;
        assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
    }
    assert_eq!(world.app.db().read(store::case::count_all).expect("a count"), before);
    let mut other = complaint();
    other["goods"] = json!("电水壶");
    let refused = Call::new(&world, "same", &other).send(&world).await;
    problem(&refused, 409, "idempotency.other_request");
    let fresh = Call::new(&world, "another", &complaint()).send(&world).await;
    assert_ne!(json_of(&fresh)["number"], json_of(&first)["number"], "another key is another case");
}

#[tokio::test]
async fn the_query_code_of_the_answer_opens_the_case() {
    let world = World::new();
    let body = json_of(&Call::new(&world, "k", &complaint()).send(&world).await);
    let (number, code) = (body["number"].as_str().expect("text"), body["query_code"].as_str().expect("text"));
    let entered = world.post("/track", &Badge::None, &format!("number={number}&code={code}")).await;
    assert_eq!(entered.location(), "/track/case");
}

#[tokio::test]
async fn each_bad_request_has_its_own_answer() {
    let world = World::new();
    let right = complaint();
    let call = || Call::new(&world, "k", &right);
    let unauthorized = Call { token: "", ..call() }.send(&world).await;
    problem(&unauthorized, 401, "token.invalid");
    assert_eq!(unauthorized.headers["www-authenticate"], "Bearer");
    problem(&Call { token: "xb_nonsense", ..call() }.send(&world).await, 401, "token.invalid");
    for key in [None, Some(""), Some("has space"), Some(&*"k".repeat(201))] {
        problem(&Call { key, ..call() }.send(&world).await, 400, "idempotency.key");
    }
    problem(&Call { media_type: "text/plain", ..call() }.send(&world).await, 415, "body.media_type");
    for body in ["", "{", "[]", "\"x\"", "{\"goods\":\"a\",\"goods\":\"b\"}", "{\"goods\":\"\\ud800\"}"] {
        problem(&Call { body: body.to_owned(), ..call() }.send(&world).await, 400, "body.not_json");
    }
    let large = format!("{{\"facts\":\"{}\"}}", "长".repeat(100_000));
    problem(&Call { body: large, ..call() }.send(&world).await, 413, "body.too_large");
    let strange = json!({ "goods": 3, "demands": "refund", "colour": "red" }).to_string();
    let shape = problem(&Call { body: strange, ..call() }.send(&world).await, 422, "input.invalid");
    let faults: BTreeSet<_> = shape["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|fault| (fault["field"].as_str(), fault["code"].as_str()))
        .collect();
    let expected = [("goods", "field.type"), ("demands", "field.type"), ("colour", "field.unknown")]
        .map(|(f, c)| (Some(f), Some(c)));
    assert_eq!(faults, expected.into_iter().collect());
    problem(
        &world.get("/api/v1/complaints/410105-2026-999999", &Badge::Token(world.facts.token.clone())).await,
        404,
        "case.not_found",
    );
}

#[tokio::test]
async fn every_fault_comes_at_once_with_its_field() {
    let world = World::new();
    let body = json!({
        "region": "41010", "complainant_phone": "12", "respondent_name": "", "respondent_credit_code": "91410100MA44T7D04X",
        "goods": "", "amount": "四百多", "facts": "", "demands": ["wishes"], "bought_on": "2027-01-01", "notify_by": "pigeon",
    });
    let problem = problem(&Call::new(&world, "k", &body).send(&world).await, 422, "input.invalid");
    let faults = problem["errors"].as_array().expect("faults");
    let fields: BTreeSet<&str> = faults.iter().filter_map(|fault| fault["field"].as_str()).collect();
    for field in [
        "region",
        "complainant_name",
        "complainant_phone",
        "respondent_name",
        "respondent_credit_code",
        "goods",
        "amount",
        "facts",
        "demands",
        "bought_on",
        "notify_by",
    ] {
        assert!(fields.contains(field), "{field} in {fields:?}");
    }
    assert!(faults.iter().all(|fault| fault["message"].as_str().is_some_and(|words| !words.is_empty())));
    let mut elsewhere = complaint();
    elsewhere["region"] = json!("110105");
    let refused = Call::new(&world, "k", &elsewhere).send(&world).await;
    assert!(refused.text.contains("region.not_served"), "{}", refused.text);
}

#[tokio::test]
async fn a_token_does_only_what_it_is_for() {
    let world = World::new();
    let tracking =
        token(&world, NewToken { name: "只读".to_owned(), scopes: vec!["tracking".to_owned()], ..NewToken::default() });
    problem(&Call { token: &tracking, ..Call::new(&world, "k", &complaint()) }.send(&world).await, 403, "token.scope");
    // Another token's filing does not exist for it.
    let body = json_of(&Call::new(&world, "k", &complaint()).send(&world).await);
    let path = format!("/api/v1/complaints/{}", body["number"].as_str().expect("text"));
    problem(&world.get(&path, &Badge::Token(tracking)).await, 404, "case.not_found");
    // A case that a consumer filed exists for no token.
    let own = format!("/api/v1/complaints/{}", world.facts.number);
    problem(&world.get(&own, &Badge::Token(world.facts.token.clone())).await, 404, "case.not_found");
    let filing = || vec!["filing".to_owned()];
    let slow =
        token(&world, NewToken { name: "慢".to_owned(), scopes: filing(), per_minute: Some(2), ..NewToken::default() });
    for key in ["1", "2"] {
        let answer = Call { token: &slow, ..Call::new(&world, key, &complaint()) }.send(&world).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let refused = Call { token: &slow, ..Call::new(&world, "3", &complaint()) }.send(&world).await;
    problem(&refused, 429, "token.too_often");
    assert!(refused.headers.contains_key("retry-after"));
    let bureau = Some(world.facts.bureau);
    let near = token(
        &world,
        NewToken { name: "本局".to_owned(), scopes: filing(), organization_id: bureau, ..NewToken::default() },
    );
    let answer = Call { token: &near, ..Call::new(&world, "1", &complaint()) }.send(&world).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let mut elsewhere = complaint();
    elsewhere["region"] = json!("410103");
    problem(&Call { token: &near, ..Call::new(&world, "2", &elsewhere) }.send(&world).await, 403, "token.scope");
}

fn token(world: &World, new: NewToken) -> String {
    let (house, now) = (world.app.house().clone(), world.app.now());
    // A token's text is made of its name, so that each is another.
    let mut random = [0; 32];
    random.iter_mut().zip(new.name.bytes()).for_each(|(place, byte)| *place = byte);
    let made = world
        .app
        .db()
        .act(move |tx| casework::token::create(tx, Scene { house: &house, now, actor: &Actor::System }, &new, random));
    made.unwrap_or_else(|error: ActError| panic!("{error:?}"))
}

#[tokio::test]
async fn answers_are_what_the_contract_says() {
    let world = World::new();
    let contract = world.get("/api/v1/openapi.json", &Badge::None).await;
    assert_eq!(contract.status, StatusCode::OK);
    let contract = json_of(&contract);
    assert!(contract["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let schemas = &contract["components"]["schemas"];
    let filed = Call::new(&world, "k", &complaint()).send(&world).await;
    let body = json_of(&filed);
    fits(&body, &schemas["Received"], schemas);
    let path = format!("/api/v1/complaints/{}", body["number"].as_str().expect("text"));
    fits(&json_of(&world.get(&path, &Badge::Token(world.facts.token.clone())).await), &schemas["Complaint"], schemas);
    let refused = Call::new(&world, "k2", &json!({})).send(&world).await;
    fits(&json_of(&refused), &schemas["Problem"], schemas);
    fits(&complaint(), &schemas["Filing"], schemas);
    let post = &contract["paths"]["/api/v1/complaints"]["post"];
    for status in ["201", "400", "401", "403", "409", "413", "415", "422", "429"] {
        assert!(post["responses"][status].is_object(), "{status}");
        let problem = &post["responses"][status]["content"]["application/problem+json"]["schema"]["$ref"];
        assert!(status == "201" || problem == "#/components/schemas/Problem", "{status}");
    }
    assert_eq!(post["security"][0]["token"], json!([]));
    assert_eq!(contract["components"]["securitySchemes"]["token"]["scheme"], "bearer");
}

/// Whether a value is what its schema says: required members, no others, types, enumerations.
fn fits(value: &Value, schema: &Value, schemas: &Value) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return fits(value, &schemas[name], schemas);
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{value} is none of {allowed:?}");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => panic!("no type in {schema}"),
    };
    let is = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Number(_) => "integer",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
    };
    assert!(types.contains(&is), "{value} is no {types:?}");
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(value.get(required).is_some(), "{required} is missing in {value}");
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        assert!(!schema["properties"][name].is_null(), "{name} is not in the contract");
        fits(member, &schema["properties"][name], schemas);
    }
    for item in value.as_array().into_iter().flatten() {
        fits(item, &schema["items"], schemas);
    }
}

#[tokio::test]
async fn those_who_come_with_a_complaint_come_in_the_same_request() {
    let world = World::new();
    let mut body = complaint();
    body["parties"] = json!([
        { "role": "agent", "name": "赵律师", "phone": "13937110001" },
        { "role": "guardian", "name": "王父", "phone": "13937110002" },
    ]);
    let refused = Call::new(&world, "with-1", &body).send(&world).await;
    let problem = problem(&refused, 422, "input.invalid");
    let fields: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["party.1.id_number", "party.1.matters", "party.1.powers", "party.1.until"]);
    for (part, typed) in [
        ("id_kind", "passport"),
        ("id_number", "E12345678"),
        ("matters", "代为投诉"),
        ("powers", "参加调解"),
        ("until", "2026-12-31"),
    ] {
        body["parties"][0][part] = json!(typed);
    }
    let taken = Call::new(&world, "with-2", &body).send(&world).await;
    assert_eq!(taken.status.as_u16(), 201, "{}", taken.text);
}
