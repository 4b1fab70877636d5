//! The kinds of a matter on the pages and in the interface: asked and answered, kept secret, taken apart (catalogue 3.1, 3.2).

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Method, Request, StatusCode};
use domain::case_kind::CaseKind;
use domain::status::Status;
use serde_json::{Value, json};
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

const EVERY_DESK: &[&str] = &[
    "intake_agent",
    "shift_lead",
    "dispatcher",
    "duty_director",
    "officer",
    "officer2",
    "leader",
    "statistician",
    "archivist",
    "administrator",
    "auditor",
    "foreign_officer",
];

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

/// The page without what every page has around it.
fn main_of(text: &str) -> &str {
    let start = text.find("<main").unwrap_or_default();
    let end = text.find("</main>").unwrap_or(text.len());
    &text[start..end]
}

/// What stands between a mark and the next tag.
fn cut(text: &str, mark: &str) -> String {
    let rest = text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1;
    rest.split('<').next().unwrap_or_default().to_owned()
}

fn by_number(world: &World, number: &str) -> CaseRow {
    let number = number.to_owned();
    let found = world.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
    found.expect("a read").expect("the case exists")
}

fn all(world: &World) -> Vec<CaseRow> {
    let read = world.app.db().read::<_, StoreError>(|tx| {
        let ids = store::case::ids_after(tx, 0, 100)?;
        ids.into_iter().map(|id| Ok(store::case::by_id(tx, id)?.expect("it is there"))).collect()
    });
    read.expect("a read")
}

const QUESTION: &[(&str, &str)] = &[
    ("key", "0123456789abcdef0123456789abcdef"),
    ("region", "410105"),
    ("facts", "网上买的衣服剪了吊牌，还能七天无理由退货吗？"),
    ("complainant_phone", "13837120009"),
    ("notify_by", "in_app"),
];

/// Sends a short form on the public page; gives number and query code from the receipt.
async fn asked(world: &World, path: &str, pairs: &[(&str, &str)]) -> (String, String) {
    let sent = world.post(path, &Badge::None, &form(pairs)).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/asked/receipt"), "{}", sent.text);
    let receipt = world.get("/asked/receipt", &Badge::Cookie(sent.cookies())).await;
    assert_eq!(receipt.status, StatusCode::OK);
    (cut(&receipt.text, "data-case-number>"), cut(&receipt.text, "data-query-code>").replace(' ', ""))
}

async fn tracking(world: &World, (number, code): (&str, &str)) -> Badge {
    let entered = world.post("/track", &Badge::None, &format!("number={number}&code={code}")).await;
    assert_eq!(entered.location(), "/track/case");
    Badge::Cookie(entered.cookies())
}

/// Does an act on the desk from the page as it stands.
async fn act(world: &World, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
    let version = by_number(world, number).state.version.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("version", &version));
    world.post(&format!("/desk/cases/{number}/{action}"), badge, &form(&pairs)).await
}

#[tokio::test]
async fn a_question_is_asked_answered_and_read() {
    let world = World::new();
    let home = world.get("/", &Badge::None).await;
    for door in ["/consultations/new", "/suggestions/new", "/staff-complaints/new"] {
        assert!(home.text.contains(door), "{door} is one step from the first page");
        assert_eq!(world.get(door, &Badge::None).await.status, StatusCode::OK);
    }
    let (number, code) = asked(&world, "/consultations/new", QUESTION).await;
    // Pressed twice it is the same; other words are another case.
    assert_eq!(asked(&world, "/consultations/new", QUESTION).await.0, number);
    let mut other = QUESTION.to_vec();
    other[2].1 = "保修期从哪天算起？";
    assert_ne!(asked(&world, "/consultations/new", &other).await.0, number);
    let her = tracking(&world, (&number, &code)).await;
    let page = world.get("/track/case", &her).await;
    assert!(page.text.contains("等待答复") && page.text.contains("剪了吊牌"), "{}", page.text);
    assert!(!main_of(&page.text).contains("投诉"), "the words fit the kind: {}", main_of(&page.text));
    // An agent finds it in her queue, marked as a question, and answers without registering it first.
    let agent = world.signed_in("intake_agent");
    let queue = world.get("/desk?kind=consultation", &agent).await;
    assert!(queue.text.contains(&number) && queue.text.contains("咨询"));
    assert!(!world.get("/desk?kind=complaint", &agent).await.text.contains(&number));
    let case = world.get(&format!("/desk/cases/{number}"), &agent).await;
    assert!(case.text.contains(&format!("/desk/cases/{number}/answer")), "the button is there");
    assert!(!case.text.contains(&format!("/desk/cases/{number}/accept")), "there is nothing to accept");
    let empty = act(&world, &number, "answer", &agent, &[("answer", " "), ("spoken", "no")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = act(&world, &number, "answer", &agent, &[("answer", "可以，请在七日内提出。"), ("spoken", "no")]).await;
    assert_eq!(done.location(), format!("/desk/cases/{number}?done=answer"));
    let page = world.get("/track/case", &her).await;
    assert!(page.text.contains("已答复") && page.text.contains("请在七日内提出"));
    let rated = world.post("/track/rate", &her, "seen=2&solved=yes&mark=5&words=").await;
    assert_eq!(rated.location(), "/track/case?done=rate");
    // Lists, counts and spreadsheets by kind.
    let dispatcher = world.signed_in("dispatcher");
    let list = world.get("/desk/cases?kind=consultation", &dispatcher).await;
    assert!(list.text.contains(&number) && !list.text.contains(&world.facts.number));
    let csv = world.get("/desk/cases.csv?kind=consultation", &dispatcher).await;
    assert!(csv.text.contains("种类") && csv.text.contains("咨询") && csv.text.contains("已答复"), "{}", csv.text);
    let counts = world.get("/desk/counts", &dispatcher).await;
    assert!(counts.text.contains("kind=consultation"), "the count leads to the list behind it");
}

#[tokio::test]
async fn what_is_wrong_on_the_short_page_is_said_beside_its_field() {
    let world = World::new();
    let typed = [("key", "k"), ("region", ""), ("facts", "  "), ("complainant_phone", "12ab"), ("notify_by", "email")];
    let answer = world.post("/suggestions/new", &Badge::None, &form(&typed)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["f-facts-error", "f-complainant_phone-error", "f-complainant_email-error"] {
        assert!(answer.text.contains(field), "{field}: {}", answer.text);
    }
    assert!(answer.text.contains("value=\"12ab\""), "what was typed is kept");
    assert_eq!(all(&world).len(), 1, "nothing was taken in");
}

#[tokio::test]
async fn an_agent_takes_a_question_and_answers_it_in_one_page() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let page = world.get("/desk/register/consultation", &agent).await;
    assert!(page.text.contains("当场答复"));
    let mut typed = QUESTION.to_vec();
    typed.extend([("channel", "phone"), ("answer", "可以，请在七日内提出。")]);
    let taken = world.post("/desk/register/consultation", &agent, &form(&typed)).await;
    let number = taken.location().strip_prefix("/desk/register/done/").expect("number and code to read out").to_owned();
    let case = by_number(&world, &number);
    assert_eq!((case.state.kind, case.state.status), (CaseKind::Consultation, Status::Told));
    let again = world.post("/desk/register/consultation", &agent, &form(&typed)).await;
    assert_eq!(again.location(), taken.location(), "sent twice, taken once");
    let receipt = world.get(taken.location(), &agent).await;
    assert!(receipt.text.contains("打开这件咨询") && receipt.text.contains("已经答复"), "{}", receipt.text);
    let officer = world.signed_in("officer");
    assert_eq!(world.get("/desk/register/consultation", &officer).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_office_answers_with_one_officer() {
    let world = World::new();
    let (number, _) = asked(&world, "/consultations/new", QUESTION).await;
    let (agent, leader, officer) =
        (world.signed_in("intake_agent"), world.signed_in("leader"), world.signed_in("officer"));
    let registered = act(&world, &number, "register", &agent, &[("title", "剪标退货"), ("category", "clothing")]).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    let office = world.facts.office.to_string();
    let sent = act(&world, &number, "dispatch", &agent, &[("unit", office.as_str()), ("reason", "")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = world.get(&format!("/desk/cases/{number}/assign"), &leader).await;
    assert!(page.text.contains("答复可以由一人办理"), "{}", page.text);
    let lead = world.facts.officer.to_string();
    let named = act(&world, &number, "assign", &leader, &[("lead", lead.as_str()), ("partner", "")]).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text);
    let told = act(&world, &number, "answer", &officer, &[("answer", "可以退。"), ("spoken", "yes")]).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    assert_eq!(by_number(&world, &number).state.status, Status::Told);
}

/// Whether a page that somebody may open says anything of the case.
async fn says(world: &World, badge: &Badge, path: &str, words: &[&str]) -> bool {
    let answer = world.get(path, badge).await;
    words.iter().any(|word| answer.text.contains(word))
}

#[tokio::test]
async fn a_complaint_against_staff_is_nowhere_but_with_the_discipline_officers() {
    let world = World::new();
    let secret = "上门检查时索要烟酒";
    let typed = [
        ("key", "0123456789abcdef0123456789abcdef"),
        ("region", "410105"),
        ("facts", secret),
        ("respondent_name", "承办人一号"),
        // The telephone of the other case, whose history could show this one.
        ("complainant_phone", "13837120001"),
        ("notify_by", "sms"),
    ];
    let (number, code) = asked(&world, "/staff-complaints/new", &typed).await;
    let words = [number.as_str(), secret];
    let id = by_number(&world, &number).id;
    let ordinary = &world.facts.number;
    let places = [
        "/desk".to_owned(),
        "/desk?view=all".to_owned(),
        "/desk?view=others".to_owned(),
        "/desk?view=archive".to_owned(),
        "/desk?kind=staff_complaint&view=all".to_owned(),
        "/desk/queue.csv?view=all".to_owned(),
        "/desk/cases".to_owned(),
        "/desk/cases?kind=staff_complaint".to_owned(),
        "/desk/cases?q=13837120001".to_owned(),
        "/desk/cases?respondent=%E6%89%BF%E5%8A%9E%E4%BA%BA%E4%B8%80%E5%8F%B7".to_owned(),
        "/desk/cases.csv".to_owned(),
        "/desk/leader".to_owned(),
        "/desk/counts".to_owned(),
        "/desk/counts.csv".to_owned(),
        "/desk/timeliness".to_owned(),
        "/desk/register".to_owned(),
        "/desk/register/caller?phone=13837120001&name=%E6%89%BF%E5%8A%9E%E4%BA%BA%E4%B8%80%E5%8F%B7".to_owned(),
        format!("/desk/cases/{ordinary}"),
        "/admin/outbox".to_owned(),
        "/admin/access".to_owned(),
    ];
    for who in EVERY_DESK {
        let badge = world.signed_in(who);
        for place in &places {
            assert!(!says(&world, &badge, place, &words).await, "{who} reads of it on {place}");
        }
        // A search for it finds nothing, and does not lead to it.
        let searched = world.get(&format!("/desk/cases?q={number}"), &badge).await;
        let found =
            searched.status == StatusCode::SEE_OTHER || searched.text.contains(&format!("/desk/cases/{number}"));
        assert!(!found, "{who} finds it by its number");
        // The count of a kind that nobody else has says that there is one.
        for place in ["/desk/counts", "/desk/counts.csv"] {
            assert!(!says(&world, &badge, place, &["对工作人员的举报", "staff_complaint"]).await, "{who}: {place}");
        }
        for rest in
            ["", "/register", "/answer", "/note", "/archive", "/reveal", "/volume", "/volume.zip", "/add_evidence"]
        {
            let path = format!("/desk/cases/{number}{rest}");
            let looked = world.get(&path, &badge).await.status;
            assert_eq!(looked, StatusCode::NOT_FOUND, "{who}: GET {path}");
        }
        for action in ["register", "answer", "note", "archive", "answer_urge"] {
            let tried =
                act(&world, &number, action, &badge, &[("answer", "看"), ("title", "看"), ("text", "看")]).await;
            assert_eq!(tried.status, StatusCode::NOT_FOUND, "{who}: {action}");
        }
    }
    // The discipline officer has it on her desk, in her list, and nothing else.
    let discipline = world.signed_in("discipline");
    for place in ["/desk", "/desk?view=all", "/desk/cases", "/desk/cases?kind=staff_complaint"] {
        let page = world.get(place, &discipline).await;
        assert!(page.text.contains(&number), "{place}: {}", page.text);
        assert!(!page.text.contains(ordinary.as_str()), "{place}");
    }
    let other = world.get(&format!("/desk/cases/{ordinary}"), &discipline).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let page = world.get(&format!("/desk/cases/{number}"), &discipline).await;
    assert!(page.status == StatusCode::OK && page.text.contains(secret), "{}", page.text);
    // She looks at who it was, with a reason that is kept; the auditor learns that she looked, not at what and why.
    let revealed =
        world.post(&format!("/desk/cases/{number}/reveal"), &discipline, &form(&[("reason", "核实索要烟酒")])).await;
    assert_eq!(revealed.status, StatusCode::OK);
    let audited = world.get("/admin/access", &world.signed_in_again("auditor")).await;
    assert!(audited.text.contains("查看投诉人完整信息"));
    assert!(!audited.text.contains(&number) && !audited.text.contains("核实索要烟酒"), "{}", audited.text);
    let discipline = world.signed_in_again("discipline");
    let registered = act(&world, &number, "register", &discipline, &[("title", "反映索要烟酒")]).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    let answered = act(&world, &number, "answer", &discipline, &[("answer", "经核查情况属实，已处理。")]).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    // Also in what leaves the house.
    let sent = world.app.db().read::<_, StoreError>(move |tx| store::outbox::of_case(tx, id)).expect("a read");
    for message in sent {
        assert!(!message.body.contains("举报") && !message.body.contains("核查情况"), "{}", message.body);
        assert!(!message.subject.contains("举报"), "{}", message.subject);
    }
    let her = tracking(&world, (&number, &code)).await;
    let page = world.get("/track/case", &her).await;
    assert!(page.text.contains("经核查情况属实"), "she reads the answer with her code");
    let archived = act(&world, &number, "archive", &discipline, &[]).await;
    assert_eq!(archived.status, StatusCode::SEE_OTHER, "{}", archived.text);
    for who in EVERY_DESK {
        let badge = world.signed_in_again(who);
        assert!(!says(&world, &badge, "/desk/cases", &words).await, "{who}: archived, still secret");
    }
}

#[tokio::test]
async fn the_agent_who_takes_a_complaint_against_staff_sees_the_receipt_once() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let page = world.get("/desk/register/staff_complaint", &agent).await;
    assert!(page.text.contains("只显示一次") && !page.text.contains("当场答复"));
    let typed = [
        ("key", "0123456789abcdef0123456789abcdef"),
        ("channel", "phone"),
        ("region", "410105"),
        ("facts", "办事拖延，三次都说人不在。"),
        ("complainant_phone", "13837120009"),
        ("notify_by", "phone"),
    ];
    let taken = world.post("/desk/register/staff_complaint", &agent, &form(&typed)).await;
    assert_eq!(taken.status, StatusCode::OK, "shown at once, under no address of its own");
    let case = all(&world).pop().expect("taken in");
    assert_eq!(case.state.kind, CaseKind::StaffComplaint);
    assert!(taken.text.contains(&case.number));
    for path in [format!("/desk/cases/{}", case.number), format!("/desk/register/done/{}", case.number)] {
        assert_eq!(world.get(&path, &agent).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!says(&world, &agent, "/desk/register", &["三次都说人不在"]).await, "no draft is left behind");
}

#[tokio::test]
async fn a_mixed_letter_is_taken_apart_and_each_page_shows_the_other() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let number = world.facts.number.clone();
    let page = world.get(&format!("/desk/cases/{number}/split"), &agent).await;
    assert_eq!(page.status, StatusCode::OK);
    for (kind, offered) in [("consultation", true), ("suggestion", true), ("report", true), ("staff_complaint", false)]
    {
        assert_eq!(page.text.contains(&format!("value=\"{kind}\"")), offered, "{kind}");
    }
    let refused =
        act(&world, &number, "split", &agent, &[("kind", "complaint"), ("title", "隔壁店"), ("facts", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"隔壁店\""), "what was typed is kept");
    let part = [("kind", "consultation"), ("title", "保修期从哪天算"), ("facts", "另外想问保修期。")];
    let done = act(&world, &number, "split", &agent, &part).await;
    assert_eq!(done.location(), format!("/desk/cases/{number}?done=split"), "{}", done.text);
    let other = all(&world).pop().expect("two now");
    assert_eq!(other.state.kind, CaseKind::Consultation);
    for (here, there) in [(&number, &other.number), (&other.number, &number)] {
        let page = world.get(&format!("/desk/cases/{here}"), &agent).await;
        assert!(
            page.text.contains("关联案件") && page.text.contains(&format!("/desk/cases/{there}\"")),
            "{}",
            page.text
        );
    }
}

async fn call(world: &World, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::builder().method(Method::POST).uri(path).header(HOST, "127.0.0.1:12315");
    let request = request.header(CONTENT_TYPE, "application/json").header("idempotency-key", key);
    let request = request.header(AUTHORIZATION, format!("Bearer {}", world.facts.token));
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

#[tokio::test]
async fn a_program_asks_and_reads_the_answer() {
    let world = World::new();
    let body = json!({ "region": "410105", "complainant_phone": "13800138000", "facts": "集市缺斤短两找谁？" });
    let taken = call(&world, "/api/v1/consultations", "k", &body).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    let number = json_of(&taken)["number"].as_str().expect("a number").to_owned();
    assert_eq!(taken.headers[LOCATION], format!("/api/v1/consultations/{number}"));
    // One workday after Friday 20 November (provincial 限时办结制).
    assert_eq!(json_of(&taken)["deadlines"][0]["due"], "2026-11-23");
    assert_eq!(call(&world, "/api/v1/consultations", "k", &body).await.text, taken.text, "the same again");
    let elsewhere = call(&world, "/api/v1/suggestions", "k", &body).await;
    assert_eq!(elsewhere.status, StatusCode::CONFLICT, "the key stands for another request");
    let token = Badge::Token(world.facts.token.clone());
    for path in ["/api/v1/complaints", "/api/v1/suggestions"] {
        let other = world.get(&format!("{path}/{number}"), &token).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{path}: it is no such thing");
    }
    let agent = world.signed_in("intake_agent");
    act(&world, &number, "answer", &agent, &[("answer", "找市场的公平秤复称。"), ("spoken", "no")]).await;
    let read = json_of(&world.get(&format!("/api/v1/consultations/{number}"), &token).await);
    assert_eq!((&read["status"], &read["outcome"]), (&json!("told"), &json!("answered")));
    assert_eq!(
        (&read["answer"], &read["allowed_actions"]),
        (&json!("找市场的公平秤复称。"), &json!(["rate", "add_evidence"]))
    );
    let bad = call(&world, "/api/v1/suggestions", "other", &json!({ "demands": [], "facts": 3 })).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
    let fields: Vec<String> = json_of(&bad)["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|fault| fault["field"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(fields.len(), 2, "{fields:?}");
    let suggestion = call(
        &world,
        "/api/v1/suggestions",
        "s",
        &json!({ "region": "410105", "complainant_phone": "13800138000", "facts": "建议集市设公平秤。" }),
    )
    .await;
    assert_eq!(suggestion.status, StatusCode::CREATED, "{}", suggestion.text);
    let staff = call(&world, "/api/v1/staff_complaints", "t", &body).await;
    assert_eq!(staff.status, StatusCode::NOT_FOUND, "not by way of a program that others run");
}
