//! Phrases beside an answer, the sheet of an answered question, drafts of the short forms, how the consumer bought.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use domain::organization::OrganizationKind;
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

const PHOTO: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1];

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn main_of(text: &str) -> &str {
    text.find("<main").map_or(text, |at| &text[at..])
}

fn all(world: &World) -> Vec<CaseRow> {
    let read = world.app.db().read::<_, StoreError>(|tx| {
        let ids = store::case::ids_after(tx, 0, 100)?;
        ids.into_iter().map(|id| Ok(store::case::by_id(tx, id)?.expect("it is there"))).collect()
    });
    read.expect("a read")
}

/// The last case that came in.
fn last(world: &World) -> CaseRow {
    all(world).pop().expect("a case")
}

const QUESTION: &[(&str, &str)] = &[
    ("key", "0123456789abcdef0123456789abcdef"),
    ("region", "410105"),
    ("facts", "健身房关门了，会员卡里的余额怎么退？"),
    ("complainant_phone", "13837120009"),
    ("notify_by", "in_app"),
];

async fn asked(world: &World) -> String {
    let sent = world.post("/consultations/new", &Badge::None, &form(QUESTION)).await;
    assert_eq!(sent.location(), "/asked/receipt", "{}", main_of(&sent.text));
    last(world).number
}

/// A form with a file, as a browser without a script sends it.
async fn send_files(world: &World, path: &str, badge: &Badge, pairs: &[(&str, &str)], files: &[&str]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in pairs {
        body.extend_from_slice(
            format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    for name in files {
        let head = "Content-Disposition: form-data; name=\"evidence\"";
        body.extend_from_slice(format!("--limit\r\n{head}; filename=\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(PHOTO);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    let request = world.request(Method::POST, path, badge);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=limit");
    world.send(request.body(Body::from(body)).expect("a request")).await
}

fn bureau(world: &World) -> i64 {
    let found = world
        .app
        .db()
        .read::<_, StoreError>(|tx| store::organization::by_region(tx, "410105", OrganizationKind::Bureau));
    found.expect("a read").expect("the bureau").id
}

#[tokio::test]
async fn a_phrase_is_written_offered_put_in_and_put_away() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let empty = world.get("/admin/phrases", &administrator).await;
    assert!(empty.text.contains("本局还没有自己的常用答复") && empty.text.contains("网购七日无理由退货"));
    let wrong = world.post("/admin/phrases/new", &administrator, "bureau=0&act=answer&title=&text=").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for sentence in ["请选择是哪个局的", "请写一个能认出它的标题", "请写答复的内容"] {
        assert!(wrong.text.contains(sentence), "{sentence}");
    }
    let whose = bureau(&world).to_string();
    let new = [
        ("bureau", whose.as_str()),
        ("act", "answer"),
        ("title", "会员卡退费找谁"),
        ("text", "请带上办卡合同到区市场监督管理局消保科登记，电话 0371-63900000。"),
        ("words", "会员卡、余额"),
        ("cited", "消费者权益保护法第五十三条"),
    ];
    let added = world.post("/admin/phrases/new", &administrator, &form(&new)).await;
    assert_eq!(added.location(), "/admin/phrases?done=added", "{}", main_of(&added.text));
    let found = world.get("/admin/phrases?q=办卡合同", &administrator).await;
    assert!(found.text.contains("会员卡退费找谁") && !found.text.contains("网购七日无理由退货"));
    let csv = world.get("/admin/phrases.csv", &administrator).await;
    assert!(csv.text.contains("会员卡退费找谁") && csv.text.contains("在用"), "{}", csv.text);
    // It stands beside the question, what fits before the rest.
    let (number, agent) = (asked(&world).await, world.signed_in("intake_agent"));
    let path = format!("/desk/cases/{number}/answer");
    let page = world.get(&path, &agent).await.text;
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(place("和本件有关") < place("会员卡退费找谁"));
    assert!(place("会员卡退费找谁") < place("预付卡、充值"), "the bureau's own before the country's");
    assert!(place("预付卡、充值") < place("<h3>其他</h3>"), "the words point to it");
    assert!(page.contains("消费者权益保护法第五十三条；消费者权益保护法实施条例"), "the article is cited");
    // Without a script the button asks the server, which keeps what was typed.
    let version = last(&world).state.version.to_string();
    let typed = [("version", version.as_str()), ("answer", "您好！"), ("spoken", "yes"), ("phrase", "1")];
    let put = world.post(&path, &agent, &form(&typed)).await;
    assert_eq!(put.status, StatusCode::OK);
    assert!(put.text.contains("您好！\n请带上办卡合同到区市场监督管理局"), "{}", main_of(&put.text));
    assert_eq!(last(&world).state.version.to_string(), version, "nothing was done yet");
    // Of two who change it one wins; the other keeps what she wrote.
    let change = |version: &str, title: &str| {
        let pairs = [("version", version), ("act", "answer"), ("title", title), ("text", "请带上合同。")];
        form(&pairs)
    };
    let first = world.post("/admin/phrases/1", &administrator, &change("1", "会员卡退费")).await;
    assert_eq!(first.location(), "/admin/phrases?done=changed");
    let second = world.post("/admin/phrases/1", &administrator, &change("1", "我写的标题")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("我写的标题") && second.text.contains("别人刚刚修改过"), "{}", main_of(&second.text));
    // Put away, it is offered no more.
    let gone = world.post("/admin/phrases/1/disable", &administrator, "version=2").await;
    assert_eq!(gone.location(), "/admin/phrases?done=disabled");
    assert!(!world.get(&path, &agent).await.text.contains("会员卡退费"));
    assert!(world.get("/admin/phrases?state=disabled", &administrator).await.text.contains("会员卡退费"));
    let neighbour = world.signed_in("foreign_administrator");
    assert_eq!(world.get("/admin/phrases/1", &neighbour).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_phrase_is_put_in_while_the_question_is_taken_down() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let page = world.get("/desk/register/consultation", &agent).await;
    assert!(page.text.contains("常用答复") && page.text.contains("索要发票"));
    let before = all(&world).len();
    let typed =
        [("facts", "商家不给发票"), ("complainant_phone", "13837120009"), ("answer", ""), ("phrase", "receipts")];
    let put = world.post("/desk/register/consultation", &agent, &form(&typed)).await;
    assert_eq!(put.status, StatusCode::OK);
    assert!(put.text.contains("商家必须出具") && put.text.contains("商家不给发票"));
    assert_eq!(all(&world).len(), before, "nothing was registered yet");
}

#[tokio::test]
async fn an_answered_question_has_a_sheet_to_print() {
    let world = World::new();
    let (number, agent) = (asked(&world).await, world.signed_in("intake_agent"));
    let version = last(&world).state.version.to_string();
    let page = world.get(&format!("/desk/cases/{number}/answer"), &agent).await;
    assert!(page.text.contains("《12315咨询（意见建议）登记单》"), "the page says what will be made");
    let typed = [("version", version.as_str()), ("answer", "可以要求退回预付款。"), ("spoken", "no")];
    let done = world.post(&format!("/desk/cases/{number}/answer"), &agent, &form(&typed)).await;
    assert_eq!(done.location(), format!("/desk/cases/{number}?done=answer"));
    let case = world.get(&format!("/desk/cases/{number}"), &agent).await.text;
    let link = case.split("href=\"").find(|part| part.contains("/papers/")).expect("the sheet is in the file");
    let sheet = world.get(link.split('"').next().unwrap_or_default(), &agent).await;
    assert_eq!(sheet.status, StatusCode::OK);
    for words in
        ["12315咨询（意见建议）登记单", "会员卡里的余额怎么退", "可以要求退回预付款。", &number, "金水区市场监督管理局"]
    {
        assert!(sheet.text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn what_is_typed_on_a_short_form_survives_until_it_is_sent() {
    let world = World::new();
    for (path, other) in [("/consultations/new", "/suggestions/new"), ("/staff-complaints/new", "/consultations/new")] {
        let opened = world.get(path, &Badge::None).await;
        assert!(
            opened.text.contains(&format!("data-autosave=\"{path}/save\"")) && !opened.text.contains("没有提交的内容")
        );
        let browser = Badge::Cookie(opened.cookies());
        let half = form(&[("facts", "会员卡里的余额怎么退？"), ("complainant_phone", "138"), ("notify_by", "sms")]);
        assert_eq!(world.post(&format!("{path}/save"), &browser, &half).await.status, StatusCode::NO_CONTENT);
        let again = world.get(path, &browser).await.text;
        assert!(again.contains("会员卡里的余额怎么退？") && again.contains("没有提交的内容"), "{path}");
        assert!(again.contains("value=\"138\""));
        // Another browser, and another kind of matter, know nothing of it.
        assert!(!world.get(path, &Badge::None).await.text.contains("会员卡"));
        assert!(!world.get(other, &browser).await.text.contains("会员卡"), "{other}");
        // Thrown away it is gone.
        let away = world.post(&format!("{path}/discard"), &browser, "").await;
        assert_eq!(away.location(), path);
        assert!(!world.get(path, &browser).await.text.contains("会员卡"));
    }
}

#[tokio::test]
async fn a_short_form_brings_its_files_and_is_done_once() {
    let world = World::new();
    let browser = Badge::Cookie(world.get("/consultations/new", &Badge::None).await.cookies());
    // A refused page keeps words and file.
    let mut wrong = QUESTION.to_vec();
    wrong[3].1 = "电话忘了";
    let refused = send_files(&world, "/consultations/new", &browser, &wrong, &["合同.jpg"]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("合同.jpg") && refused.text.contains("会员卡里的余额"), "{}", main_of(&refused.text));
    let back = world.get("/consultations/new", &browser).await.text;
    assert!(back.contains("合同.jpg") && back.contains("会员卡里的余额"), "also after a reload");
    // A second file goes up by itself; one is taken out again without a script.
    let up = send_files(&world, "/consultations/new/files", &browser, &[], &["小票.jpg"]).await;
    assert_eq!(up.status, StatusCode::OK, "{}", up.text);
    let mut without = QUESTION.to_vec();
    without.push(("remove", "999"));
    assert_eq!(send_files(&world, "/consultations/new", &browser, &without, &[]).await.status, StatusCode::OK);
    let before = all(&world).len();
    let sent = send_files(&world, "/consultations/new", &browser, QUESTION, &[]).await;
    assert_eq!(sent.location(), "/asked/receipt", "{}", main_of(&sent.text));
    let again = send_files(&world, "/consultations/new", &browser, QUESTION, &[]).await;
    assert_eq!(again.location(), "/asked/receipt");
    assert_eq!(all(&world).len(), before + 1, "pressed twice it is one case");
    let id = last(&world).id;
    let files = world.app.db().read::<_, StoreError>(move |tx| store::attachment::of_case(tx, id)).expect("a read");
    assert_eq!(files.len(), 1, "the same photograph chosen twice is one");
    assert!(!world.get("/consultations/new", &browser).await.text.contains("会员卡"), "what was sent is no draft");
}

#[tokio::test]
async fn how_she_bought_is_asked_on_the_public_and_the_agents_form() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let page = world.get("/desk/register", &agent).await.text;
    assert!(page.contains("怎么买的") && page.contains("value=\"shop\" checked"), "the usual way is chosen");
    let typed = [
        ("draft", "0123456789abcdef0123456789abcdef"),
        ("complainant_name", "陈晓梅"),
        ("complainant_phone", "13837120001"),
        ("complainant_address", "花园路1号"),
        ("channel", "phone"),
        ("notify_by", "sms"),
        ("region", "410105"),
        ("respondent_name", "某某官网"),
        ("sales_channel", "own_site"),
        ("respondent_platform", "www.example.cn"),
        ("goods", "净水器"),
        ("facts", "收到的和网站上说的不一样。"),
        ("demands", "refund"),
    ];
    let done = world.post("/desk/register", &agent, &form(&typed)).await;
    assert!(done.location().starts_with("/desk/register/done/"), "{}", main_of(&done.text));
    let why = world.get(done.location(), &agent).await.text;
    assert!(why.contains("按自建网站、其他网络服务判断") && why.contains("住所地的县级局处理"), "{}", main_of(&why));
    let case = world.get(&format!("/desk/cases/{}", last(&world).number), &agent).await.text;
    assert!(case.contains("购买途径") && case.contains("商家自己的网站、小程序或者 App"));
}
