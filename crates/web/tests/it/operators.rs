//! 经营者 through the whole service: tied on the case page, found in the register, changed, merged and parted; the numbers equal
//! their lists and no case of another county is seen. And those who come with a complaint, taken down on the registration page.

use axum::http::StatusCode;
use domain::credit_code::CreditCode;
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn main_of(answer: &Answer) -> &str {
    answer.text.find("<main").map_or(answer.text.as_str(), |at| &answer.text[at..])
}

/// A code with a right check digit: one of 31 last letters fits.
fn credit_code() -> String {
    let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = letters.map(|letter| format!("91410105MY0000001{letter}"));
    codes.find(|code| CreditCode::parse(code).is_ok()).expect("one letter fits")
}

impl World {
    fn case_row(&self, number: &str) -> CaseRow {
        let number = number.to_owned();
        let found = self.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
        found.expect("a read").expect("the case exists")
    }

    /// Sends the form that ties the world's case, from the page as it stands.
    async fn tie(&self, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
        let number = self.facts.number.clone();
        let version = self.case_row(&number).state.version.to_string();
        let mut pairs = pairs.to_vec();
        pairs.push(("version", &version));
        self.post(&format!("/desk/cases/{number}/link_operator"), badge, &form(&pairs)).await
    }
}

#[tokio::test]
async fn the_respondent_is_tied_on_the_case_page_and_its_history_shows_it() {
    let world = World::new();
    let (number, officer) = (world.facts.number.clone(), world.signed_in("officer"));
    let page = world.get(&format!("/desk/cases/{number}/link_operator"), &officer).await;
    assert_eq!(page.status, StatusCode::OK, "{}", main_of(&page));
    assert!(page.text.contains("名称和地区相同"), "the namesake of the county is proposed with the reason");
    assert!(page.text.contains(r#"name="operator" value="1" checked"#), "the only likely one is chosen");
    let none = world.tie(&officer, &[("operator", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("请选择是哪一家"));
    // Looking ties nothing and keeps what was chosen.
    let looked =
        world.tie(&officer, &[("look", "1"), ("find", "好又来"), ("operator", "new"), ("name", "手写的")]).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.text.contains("手写的") && looked.text.contains(r#"value="new" checked"#));
    assert_eq!(world.case_row(&number).state.operator, None);
    let tied = world.tie(&officer, &[("operator", "1")]).await;
    assert_eq!(tied.location(), format!("/desk/cases/{number}?done=link_operator"), "{}", main_of(&tied));
    assert_eq!(world.case_row(&number).state.operator, Some(1));

    let case = world.get(&format!("/desk/cases/{number}"), &officer).await;
    assert!(case.text.contains("近 12 个月被投诉 1 件，调解成功 0 件"), "{}", main_of(&case));
    assert!(case.text.contains("关联经营者“金水区好又来超市”（名称和地区相同）"));
    let history = world.get("/desk/operators/1", &officer).await;
    assert!(history.text.contains(&number) && history.text.contains("2026 年"), "{}", main_of(&history));
    let list = world.get("/desk/cases?kind=complaint&operator=1&from=2026-01-01&to=2026-12-31", &officer).await;
    assert!(list.text.contains("1 件") && list.text.contains(&number));
    let none = world.get("/desk/cases?kind=complaint&operator=1&outcome=settled", &officer).await;
    assert!(none.text.contains("0 件") && !none.text.contains(&number));
    let csv = world.get("/desk/operators/1/history.csv", &officer).await;
    assert!(csv.text.contains("合计,全部,1,1,0,0,0") && csv.text.contains("收到年,2026,1,1,0,0,0"), "{}", csv.text);
    let register = world.get("/desk/operators.csv", &officer).await;
    assert!(register.text.contains("金水区好又来超市,,个体工商户,410105001,郑州市金水区文化路2号,,1,1,0,0,2026-11-20"));

    // Another county sees the operator and nothing of the case.
    let foreign = world.signed_in("foreign_officer");
    let page = world.get("/desk/operators/1", &foreign).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains(&number) && !page.text.contains("修改</a>"), "{}", main_of(&page));
    let csv = world.get("/desk/operators/1/history.csv", &foreign).await;
    assert!(csv.text.contains("合计,全部,0,0,0,0,0") && !csv.text.contains("收到年"), "{}", csv.text);

    let undone = world.tie(&officer, &[("operator", "none")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!(world.case_row(&number).state.operator, None);
}

#[tokio::test]
async fn a_new_operator_is_entered_from_what_the_consumer_gave() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let code = credit_code();
    let entry = [
        ("operator", "new"),
        ("name", "好又来商贸有限公司"),
        ("credit_code", "123"),
        ("kind", "enterprise"),
        ("region", "410105001"),
        ("platform", ""),
        ("shop", "好又来旗舰店"),
    ];
    let wrong = world.tie(&officer, &entry).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["应为18位", "请写网店所在的平台", "好又来旗舰店", r#"value="123""#] {
        assert!(wrong.text.contains(part), "{part}: {}", main_of(&wrong));
    }
    let mut entry = entry;
    (entry[2].1, entry[5].1) = (&code, "淘淘");
    assert_eq!(world.tie(&officer, &entry).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.case_row(&world.facts.number).state.operator, Some(2));
    let found = world.get("/desk/operators?q=旗舰店", &officer).await;
    assert!(found.text.contains("好又来商贸有限公司") && found.text.contains("1 家"), "{}", main_of(&found));
    for (address, expected) in [
        ("/desk/operators?kind=enterprise", "1 家"),
        ("/desk/operators?open=yes", "1 家"),
        ("/desk/operators?open=no", "1 家"),
        ("/desk/operators?region=410105", "2 家"),
        ("/desk/operators?region=410103", "0 家"),
    ] {
        let page = world.get(address, &officer).await;
        assert!(page.text.contains(expected), "{address}: {}", main_of(&page));
    }
    let sorted = world.get("/desk/operators?sort=name", &officer).await;
    let at = |name: &str| sorted.text.find(name).unwrap_or_else(|| panic!("{name}"));
    assert!(at("好又来商贸") < at("金水区好又来超市"), "by name");
}

#[tokio::test]
async fn an_operator_is_changed_merged_and_parted_on_its_pages() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let code = credit_code();
    let new = [
        ("name", "好又来商贸有限公司"),
        ("credit_code", code.as_str()),
        ("kind", "enterprise"),
        ("region", "410105001"),
    ];
    let more = [("name", "没写完"), ("shop.1.platform", "淘淘"), ("shop.1.name", "一店"), ("more", "1")];
    let grown = world.post("/desk/operators/new", &agent, &form(&more)).await;
    assert!(grown.text.contains("没写完") && grown.text.contains("shop.2.platform"), "{}", main_of(&grown));
    for _ in 0..2 {
        let entered = world.post("/desk/operators/new", &agent, &form(&new)).await;
        assert_eq!(entered.location(), "/desk/operators/2?done=registered", "{}", main_of(&entered));
    }
    let change = [
        ("name", "好又来商贸有限公司"),
        ("kind", "enterprise"),
        ("region", "410105001"),
        ("address", "文化路2号"),
        ("places", "一店：花园路1号\n二店：东风路2号"),
        ("credit_code", code.as_str()),
    ];
    let first = [change.as_slice(), &[("version", "1")]].concat();
    let changed = world.post("/desk/operators/2/edit", &agent, &form(&first)).await;
    assert_eq!(changed.location(), "/desk/operators/2?done=changed", "{}", main_of(&changed));
    assert!(world.get("/desk/operators/2", &agent).await.text.contains("二店：东风路2号"));
    // Another page's change comes second, hears so, and keeps what was typed.
    let second = [&[("version", "1"), ("former_names", "老好又来")], change.as_slice()].concat();
    let late = world.post("/desk/operators/2/edit", &world.signed_in("dispatcher"), &form(&second)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("别人修改过") && late.text.contains("老好又来"));
    let foreign = world.signed_in("foreign_officer");
    assert_eq!(world.get("/desk/operators/2/edit", &foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post("/desk/operators/2/edit", &foreign, &form(&first)).await.status, StatusCode::FORBIDDEN);

    let officer = world.signed_in("officer");
    world.tie(&officer, &[("operator", "1")]).await;
    let page = world.post("/desk/operators/1/merge", &agent, &form(&[("look", "1"), ("find", "商贸")])).await;
    assert!(page.text.contains(r#"name="into" value="2""#), "{}", main_of(&page));
    let merged = world.post("/desk/operators/1/merge", &agent, &form(&[("version", "1"), ("into", "2")])).await;
    assert_eq!(merged.location(), "/desk/operators/2?done=merged", "{}", main_of(&merged));
    let main = world.get("/desk/operators/2", &agent).await;
    assert!(main.text.contains(&world.facts.number), "the complaints of both: {}", main_of(&main));
    let gone = world.get("/desk/operators/1", &agent).await;
    assert!(gone.text.contains("已经并入") && gone.text.contains("撤销合并"));
    let parted = world.post("/desk/operators/1/unmerge", &agent, &form(&[("version", "2")])).await;
    assert_eq!(parted.location(), "/desk/operators/1?done=unmerged");
    assert!(!world.get("/desk/operators/2", &agent).await.text.contains(&world.facts.number));
    assert_eq!(world.get("/desk/operators/99", &agent).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_program_reads_the_operator_of_its_own_complaint() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let code = credit_code();
    let new = [("name", "好又来商贸有限公司"), ("credit_code", code.as_str()), ("kind", "enterprise")];
    world.post("/desk/operators/new", &agent, &form(&new)).await;
    let body = serde_json::json!({
        "region": "410105001", "channel": "web", "complainant_name": "李秀英", "complainant_phone": "13937112345",
        "respondent_name": "好又来", "respondent_credit_code": code, "respondent_address": "文化路2号",
        "goods": "电热水壶", "facts": "漏水", "demands": ["refund"],
    });
    let token = Badge::Token(world.facts.token.clone());
    let request = world.request(axum::http::Method::POST, "/api/v1/complaints", &token);
    let request = request.header("content-type", "application/json").header("idempotency-key", "one");
    let filed = world.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text);
    let address = filed.location().to_owned();
    let number = address.rsplit('/').next().unwrap().to_owned();
    assert!(!world.get(&address, &token).await.text.contains("operator"), "not tied before it is registered");
    let typed = [("title", "水壶漏水"), ("category", "food"), ("problem", "quality"), ("version", "1")];
    world.post(&format!("/desk/cases/{number}/register"), &agent, &form(&typed)).await;
    let read: serde_json::Value = serde_json::from_str(&world.get(&address, &token).await.text).unwrap();
    assert_eq!(read["operator"]["credit_code"], code);
    assert_eq!(read["operator"]["name"], "好又来商贸有限公司");
}

const TYPED: &[(&str, &str)] = &[
    ("draft", "0123456789abcdef0123456789abcdef"),
    ("channel", "phone"),
    ("region", "410105001"),
    ("complainant_name", "李秀英"),
    ("complainant_phone", "13937112345"),
    ("complainant_address", "郑州市金水区东风路8号"),
    ("notify_by", "phone"),
    ("respondent_name", "金水区好又来超市"),
    ("respondent_address", "郑州市金水区文化路2号"),
    ("goods", "电热水壶"),
    ("category", "food"),
    ("facts", "用了两次漏水，店家只肯修。"),
    ("demands", "refund"),
    ("party.1.role", "agent"),
    ("party.1.name", "赵律师"),
    ("party.1.phone", "13937110001"),
    ("party.2.role", ""),
    ("party.2.name", ""),
];

#[tokio::test]
async fn those_who_come_with_a_complaint_are_taken_down_on_the_registration_page() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let page = world.get("/desk/register", &agent).await;
    assert!(page.text.contains("代理人、监护人、共同投诉人") && page.text.contains("party.1.role"));
    // What is wrong with the complaint and with the agent comes back at once, with everything that was typed.
    let without_goods: Vec<_> = TYPED.iter().copied().filter(|(name, _)| *name != "goods").collect();
    let refused = world.post("/desk/register", &agent, &form(&without_goods)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["#f-goods", "#f-party.1.id_number", "#f-party.1.until", r#"value="赵律师""#] {
        assert!(refused.text.contains(part), "{part}: {}", main_of(&refused));
    }
    assert!(!refused.text.contains("party.2."), "an empty row is nobody");
    let more = world.post("/desk/register", &agent, &form(&[TYPED, &[("more_parties", "1")]].concat())).await;
    assert!(more.status == StatusCode::OK && more.text.contains("赵律师") && more.text.contains("party.2.role"));
    let dropped = world.post("/desk/register", &agent, &form(&[TYPED, &[("drop_party", "1")]].concat())).await;
    assert!(dropped.status == StatusCode::OK && !dropped.text.contains("赵律师"));
    // Kept as a draft with the rest.
    let saved = world.post("/desk/register/draft", &agent, &form(&[TYPED, &[("save", "1")]].concat())).await;
    let draft = world.get(saved.location(), &agent).await;
    assert!(draft.text.contains("赵律师") && draft.text.contains("电热水壶"), "{}", main_of(&draft));

    let whole = [
        TYPED,
        &[
            ("party.1.id_kind", "passport"),
            ("party.1.id_number", "E12345678"),
            ("party.1.matters", "就水壶的争议代为投诉"),
            ("party.1.powers", "代为投诉、参加调解"),
            ("party.1.until", "2026-12-31"),
        ],
    ]
    .concat();
    let first = world.post("/desk/register", &agent, &form(&whole)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", main_of(&first));
    let again = world.post("/desk/register", &agent, &form(&whole)).await;
    assert_eq!(first.location(), again.location(), "sent twice, filed once");
    let number = first.location().rsplit('/').next().unwrap();
    let case = world.get(&format!("/desk/cases/{number}"), &agent).await;
    assert!(case.text.contains("委托代理人") && case.text.contains("代为投诉、参加调解"), "{}", main_of(&case));
    assert!(!case.text.contains("赵律师"), "masked like every name");
    let id = world.case_row(number).id;
    let events = world.app.db().read::<_, StoreError>(move |tx| store::event::of_case(tx, id)).expect("a read");
    let acts: Vec<_> = events.iter().map(|event| event.act.as_str()).collect();
    assert_eq!(acts, ["file", "add_party"]);
    assert!(events.iter().all(|event| !event.data.contains("赵律师")), "no name in an event");
}

/// A penalty of the world's operator, as the act keeps it, on a report of its own.
fn penalised(world: &World) -> String {
    let number = world.facts.number.clone();
    let of = number.clone();
    let done = world.app.db().act(move |tx| {
        let case = store::case::by_number(tx, &of)?.expect("the case");
        let mut state = case.state.clone();
        state.operator = Some(1);
        state.version += 1;
        store::case::update_state(tx, case.id, case.state.version, &state, &case.event_head)?;
        let day = jiff::civil::date(2026, 3, 9);
        let row = |number: &str, decided_on, sum| store::penalty::PenaltyRow {
            number: number.to_owned(),
            decided_on,
            kinds: "warning,fine".to_owned(),
            sum,
        };
        store::penalty::put(tx, case.id, &row("金市监处罚〔2026〕12号", day, 5_000_000), case.received_at)
    });
    done.expect("written");
    number
}

#[tokio::test]
async fn penalties_stand_on_the_page_of_the_operator_with_their_sum_and_as_a_table() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let before = world.get("/desk/operators/1", &officer).await;
    assert!(!before.text.contains("行政处罚决定"), "nothing to say, nothing said");
    let number = penalised(&world);
    let page = world.get("/desk/operators/1", &officer).await;
    let main = main_of(&page);
    for told in ["金市监处罚〔2026〕12号", "警告、罚款", "合计 1 件", "2026 年", "50,000"] {
        assert!(main.contains(told), "{told} in {main}");
    }
    let none = world.get("/desk/operators/1?year=2020", &officer).await;
    assert!(none.text.contains("合计 1 件"), "a year without any is no filter");
    let csv = world.get("/desk/operators/1/penalties.csv", &officer).await;
    assert!(csv.text.contains("金市监处罚〔2026〕12号,2026-03-09,"), "{}", csv.text);
    assert!(csv.text.contains("合计,,,1 件,50000"), "{}", csv.text);
    let listed = world.get("/desk/operators?penalised=yes", &officer).await;
    assert!(listed.text.contains("1 家") && listed.text.contains("近 24 个月受过"), "{}", main_of(&listed));
    // Whoever handles what names it is told.
    let case = world.get(&format!("/desk/cases/{number}"), &officer).await;
    assert!(case.text.contains("近 24 个月受过行政处罚 1 次"), "{}", main_of(&case));
}

#[tokio::test]
async fn a_lead_is_registered_by_those_who_find_them() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let cases = world.get("/desk/cases", &officer).await;
    assert!(cases.text.contains("href=\"/desk/register/lead\""), "the way there");
    let page = world.get("/desk/register/lead", &officer).await;
    assert_eq!(page.status, StatusCode::OK, "{}", main_of(&page));
    assert!(page.text.contains("value=\"2026-11-20\""), "today to begin with");
    let agent = world.signed_in("intake_agent");
    assert_eq!(world.get("/desk/register/lead", &agent).await.status, StatusCode::FORBIDDEN);
    let mut pairs = vec![
        ("origin", "transfer"),
        ("found_on", "2026-11-18"),
        ("region", "410105"),
        ("respondent_name", "金水区童乐母婴店"),
        ("facts", "移送材料反映奶粉日期有擦改。"),
        ("grounds", "移送函及照片"),
    ];
    let refused = world.post("/desk/register/lead", &officer, &form(&pairs)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("请写哪个部门移送") && refused.text.contains("奶粉日期有擦改"),
        "{}",
        main_of(&refused)
    );
    pairs.push(("sender", "市生态环境局"));
    let done = world.post("/desk/register/lead", &officer, &form(&pairs)).await;
    assert!(done.text.contains("已登记案件线索"), "{}", main_of(&done));
    let dispatcher = world.signed_in("dispatcher");
    let list = world.get("/desk/cases?kind=report&origin=transfer", &dispatcher).await;
    assert!(list.text.contains("童乐母婴店") && list.text.contains("其他部门移送"), "{}", main_of(&list));
    let counts = world.get("/desk/counts", &dispatcher).await;
    assert!(
        counts.text.contains("举报和线索的来源") && counts.text.contains("origin=transfer"),
        "{}",
        main_of(&counts)
    );
    let theirs = world.get("/desk/counts", &agent).await;
    assert!(!theirs.text.contains("举报和线索的来源"), "who may know of none counts none");
}
