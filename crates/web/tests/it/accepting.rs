//! Acceptance through the whole service: what the facts point at stands on the page, what is missing is asked for once and
//! brought by the consumer, repeats are shown and merged, further parties are masked.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use domain::status::Status;
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn main_of(text: &str) -> &str {
    text.find("<main").map_or(text, |at| &text[at..])
}

const TYPED: &[(&str, &str)] = &[
    ("channel", "phone"),
    ("region", "410105001"),
    ("complainant_name", "李秀英"),
    ("complainant_phone", "13937112345"),
    ("complainant_address", "郑州市金水区东风路8号"),
    ("notify_by", "in_app"),
    ("respondent_name", "金水区好又来超市"),
    ("respondent_address", "郑州市金水区文化路2号"),
    ("goods", "电热水壶"),
    ("category", "finance"),
    ("order_number", "A-20261101"),
    ("bought_on", "2023-11-01"),
    ("knew_on", "2023-11-05"),
    ("facts", "用了两次漏水，店家只肯修，不肯退货，也不肯赔。"),
    ("demands", "refund"),
];

impl World {
    fn row(&self, number: &str) -> CaseRow {
        let number = number.to_owned();
        let found = self.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
        found.expect("a read").expect("the case exists")
    }

    async fn send_act(&self, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
        let version = self.row(number).state.version.to_string();
        let mut pairs = pairs.to_vec();
        pairs.push(("version", &version));
        self.post(&format!("/desk/cases/{number}/{action}"), badge, &form(&pairs)).await
    }

    async fn must(&self, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) {
        let answer = self.send_act(number, action, badge, pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", main_of(&answer.text));
    }

    /// Registers what an agent typed; gives its number and its query code.
    async fn registers(&self, draft: &str, changed: &[(&str, &str)]) -> (String, String) {
        let agent = self.signed_in_again("intake_agent");
        let mut typed: Vec<(&str, &str)> =
            TYPED.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)).copied().collect();
        typed.extend(changed);
        typed.push(("draft", draft));
        let answer = self.post("/desk/register", &agent, &form(&typed)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", main_of(&answer.text));
        let number = answer.location().rsplit('/').next().unwrap().to_owned();
        let code = casework::filing::query_code(self.app.house(), &number, 0);
        (number, code)
    }

    async fn consumer_of(&self, number: &str, code: &str) -> Badge {
        let answer = self.post("/track", &Badge::None, &format!("number={number}&code={code}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        Badge::Cookie(answer.cookies())
    }

    /// A form with parts, as the page with files sends it.
    async fn send_parts(&self, path: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
        let part = |(name, value): &(&str, &str)| {
            format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = pairs.iter().map(part).collect::<String>() + "--part--\r\n";
        let request = self.request(Method::POST, path, badge);
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

const DRAFT: &str = "0123456789abcdef0123456789abcde1";

#[tokio::test]
async fn the_refusal_page_proposes_with_the_facts_and_fills_in_what_is_chosen() {
    let world = World::new();
    let (number, _) = world.registers(DRAFT, &[]).await;
    let dispatcher = world.signed_in("dispatcher");
    let page = world.get(&format!("/desk/cases/{number}/refuse"), &dispatcher).await.text;
    assert!(
        page.contains("购于2023年11月1日，发现问题2023年11月5日，三年期限已于2026年11月5日届满"),
        "{}",
        main_of(&page)
    );
    assert!(page.contains("金融监管部门") && page.contains("规范用语"));
    let filled = world.get(&format!("/desk/cases/{number}/refuse?ground=4"), &dispatcher).await.text;
    assert!(filled.contains("您于2023年11月5日知道权益受到侵害"), "the draft stands in the form");
    let phrase = world.get(&format!("/desk/cases/{number}/refuse?phrase=14"), &dispatcher).await.text;
    assert!(phrase.contains("按有关规定应由金融监管部门处理") && phrase.contains("12378"), "its blanks are filled");
    let accept = world.get(&format!("/desk/cases/{number}/accept"), &dispatcher).await.text;
    assert!(accept.contains("事实指向的情形"), "who accepts sees them too");
    let open = [("ground", "2"), ("reason", "您的消费纠纷〔受理机关〕已经介入。")];
    let refused = world.send_act(&number, "refuse", &dispatcher, &open).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("换成具体内容") && refused.text.contains("〔受理机关〕已经介入"),
        "what was typed stays"
    );
    world.must(&number, "refuse", &dispatcher, &[("ground", "4"), ("reason", "超过三年。")]).await;
    assert_eq!(world.row(&number).state.status, Status::Refused);
}

#[tokio::test]
async fn what_is_missing_is_asked_for_once_and_brought_on_her_page() {
    let world = World::new();
    let (number, code) = world.registers(DRAFT, &[]).await;
    let dispatcher = world.signed_in("dispatcher");
    // Received on Friday 2026-11-20: the decision is due on Tuesday 2026-12-01.
    let page = world.get(&format!("/desk/cases/{number}/request_materials"), &dispatcher).await.text;
    assert!(page.contains("最晚 11月30日") && page.contains("受理期限不因此停止"), "{}", main_of(&page));
    let late = [("missing", "facts"), ("words", ""), ("by", "2026-12-01")];
    let late = world.send_act(&number, "request_materials", &dispatcher, &late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let asked =
        [("missing", "facts"), ("missing", "complainant_address"), ("words", "小票要写明日期"), ("by", "2026-11-25")];
    world.must(&number, "request_materials", &dispatcher, &asked).await;
    let again = world.get(&format!("/desk/cases/{number}/request_materials"), &dispatcher).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("补正只能一次告知"), "{}", main_of(&again.text));
    let identity = [("documents", "身份证正反面照片"), ("by", "2026-11-25")];
    world.must(&number, "request_identity", &dispatcher, &identity).await;

    let consumer = world.consumer_of(&number, &code).await;
    let hers = world.get("/track/case", &consumer).await.text;
    for words in ["您的通讯地址", "小票要写明日期", "身份证正反面照片", "限期提供身份证明材料通知书", "现在补充"]
    {
        assert!(hers.contains(words), "she sees {words}: {}", main_of(&hers));
    }
    for secret in ["判断因素", "事实指向", "受理前请留意"] {
        assert!(!hers.contains(secret), "she never sees {secret}");
    }
    let page = world.get("/track/supplement", &consumer).await;
    assert_eq!(page.status, StatusCode::OK);
    let version = world.row(&number).state.version.to_string();
    let nothing = world.send_parts("/track/supplement", &consumer, &[("seen", &version), ("note", "")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("请补上要求的材料"));
    let wrong = [("seen", version.as_str()), ("id_kind", "citizen_id"), ("id_number", "410105"), ("note", "稍后补")];
    let wrong = world.send_parts("/track/supplement", &consumer, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("稍后补") && wrong.text.contains("410105"), "what she typed stays");
    let right = [("seen", version.as_str()), ("address", "郑州市金水区花园路9号"), ("note", "小票已丢，附聊天记录")];
    for _ in 0..2 {
        let sent = world.send_parts("/track/supplement", &consumer, &right).await;
        assert_eq!(sent.location(), "/track/case?done=supplement", "{}", main_of(&sent.text));
    }
    let gone = world.get("/track/supplement", &consumer).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "nothing waits any more");
    let desk = world.get(&format!("/desk/cases/{number}"), &dispatcher).await.text;
    assert!(desk.contains("已补交") && desk.contains("更正了投诉人通讯地址"), "{}", main_of(&desk));
    assert!(!desk.contains("花园路9号"), "masked as before");
    world.must(&number, "accept", &dispatcher, &[("note", "")]).await;
}

#[tokio::test]
async fn a_repeat_is_shown_with_its_reasons_merged_and_parted() {
    let world = World::new();
    let (first, _) = world.registers(DRAFT, &[]).await;
    let (second, code) = world.registers("0123456789abcdef0123456789abcde2", &[]).await;
    let dispatcher = world.signed_in("dispatcher");
    let page = world.get(&format!("/desk/cases/{second}"), &dispatcher).await.text;
    assert!(page.contains("可能是同一件") && page.contains("订单号相同"), "{}", main_of(&page));
    let merge = world.get(&format!("/desk/cases/{second}/merge?into={first}"), &dispatcher).await.text;
    assert!(merge.contains(&format!("value=\"{first}\"")) && merge.contains("期限"));
    let unknown = [("into", "410103-2026-000001"), ("reason", "同一件")];
    let unknown = world.send_act(&second, "merge", &dispatcher, &unknown).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "a number that is not hers to know says nothing more");
    world.must(&second, "merge", &dispatcher, &[("into", &first), ("reason", "同一订单重复提交")]).await;
    let main = world.get(&format!("/desk/cases/{first}"), &dispatcher).await.text;
    assert!(main.contains("并入本件") && main.contains(&second), "{}", main_of(&main));
    let consumer = world.consumer_of(&second, &code).await;
    let hers = world.get("/track/case", &consumer).await.text;
    assert!(hers.contains(&first) && hers.contains("并在一起办理"), "{}", main_of(&hers));
    let waits = world.get(&format!("/desk/cases/{second}/note"), &dispatcher).await;
    assert_eq!(waits.status, StatusCode::OK, "a note can still be written");
    world.must(&second, "unmerge", &dispatcher, &[("reason", "是两次购买")]).await;
    assert_eq!(world.row(&second).state.status, Status::Registered);
    world.must(&second, "link", &dispatcher, &[("other", &first), ("relation", "repeat")]).await;
    let link = format!("{first}|repeat");
    world.must(&second, "unlink", &dispatcher, &[("link", &link)]).await;
}

#[tokio::test]
async fn further_parties_are_masked_until_a_reason_is_given() {
    let world = World::new();
    let (number, _) = world.registers(DRAFT, &[]).await;
    let dispatcher = world.signed_in("dispatcher");
    let agent = [
        ("role", "agent"),
        ("name", "孙建国"),
        ("phone", "13937118888"),
        ("id_kind", "passport"),
        ("id_number", "E12345678"),
        ("matters", "就电热水壶争议代为投诉"),
        ("powers", "代为投诉、参加调解"),
        ("until", "2027-03-01"),
    ];
    let missing = world.send_act(&number, "add_party", &dispatcher, &[("role", "agent"), ("name", "孙建国")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    for message in ["请写联系电话", "请写委托事项", "请写委托权限", "请写委托到哪天为止"] {
        assert!(missing.text.contains(message), "every fault at once: {message}");
    }
    world.must(&number, "add_party", &dispatcher, &agent).await;
    let page = world.get(&format!("/desk/cases/{number}"), &dispatcher).await.text;
    assert!(page.contains("委托代理人") && page.contains("孙**") && page.contains("参加调解"), "{}", main_of(&page));
    assert!(!page.contains("孙建国") && !page.contains("13937118888") && !page.contains("E12345678"));
    let shown = world.post(&format!("/desk/cases/{number}/reveal"), &dispatcher, "reason=核对代理人身份").await;
    assert!(shown.text.contains("孙建国") && shown.text.contains("13937118888"), "{}", main_of(&shown.text));
    let foreign = world.get(&format!("/desk/cases/{number}/add_party"), &world.signed_in("foreign_officer")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_program_reads_what_is_asked_of_the_consumer() {
    let world = World::new();
    let body = serde_json::json!({
        "region": "410105001", "complainant_name": "陈晓梅", "complainant_phone": "13837120001",
        "respondent_name": "金水区好又来超市", "respondent_address": "郑州市金水区文化路2号", "goods": "电饭煲",
        "facts": "买回三天不能加热，店家不肯退。", "demands": ["refund"],
    });
    let token = Badge::Token(world.facts.token.clone());
    let request = world.request(Method::POST, "/api/v1/complaints", &token);
    let request = request.header(CONTENT_TYPE, "application/json").header("idempotency-key", "wanted-1");
    let filed = world.send(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text);
    let filed: serde_json::Value = serde_json::from_str(&filed.text).expect("JSON");
    let number = filed["number"].as_str().expect("a number").to_owned();
    let read = async || {
        let answer = world.get(&format!("/api/v1/complaints/{number}"), &token).await;
        serde_json::from_str::<serde_json::Value>(&answer.text).expect("JSON")
    };
    let before = read().await;
    assert_eq!(before["wanted"], serde_json::json!([]));
    assert!(!before["allowed_actions"].to_string().contains("supplement"), "nothing waits for her");
    let dispatcher = world.signed_in("dispatcher");
    let registered = [("title", "电饭煲不能加热"), ("category", "food"), ("problem", "quality")];
    world.must(&number, "register", &dispatcher, &registered).await;
    let asked = [("missing", "complainant_address"), ("words", "小票"), ("by", "2026-11-25")];
    world.must(&number, "request_materials", &dispatcher, &asked).await;
    let after = read().await;
    let wanted = serde_json::json!([{ "kind": "materials", "items": ["您的通讯地址", "小票"], "by": "2026-11-25" }]);
    assert_eq!(after["wanted"], wanted);
    assert!(after["allowed_actions"].to_string().contains("supplement"));
}

#[tokio::test]
async fn a_likely_repeat_is_shown_before_it_is_saved() {
    let world = World::new();
    let (first, _) = world.registers(DRAFT, &[]).await;
    let agent = world.signed_in_again("intake_agent");
    let mut typed = TYPED.to_vec();
    typed.extend([("draft", "0123456789abcdef0123456789abcde3"), ("look", "1")]);
    let page = world.post("/desk/register", &agent, &form(&typed)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("可能已经投诉过") && page.text.contains(&first), "{}", main_of(&page.text));
    assert!(page.text.contains("订单号相同") && page.text.contains("经过几乎一样"));
    let other = world.get("/desk/register/caller?order=A-20261101", &agent).await;
    assert!(other.text.contains("订单号相同"), "also from the fragment that the script asks for");
    let nobody = world.get("/desk/register/caller?order=B-1", &agent).await;
    assert!(!nobody.text.contains("可能已经投诉过"));
}
