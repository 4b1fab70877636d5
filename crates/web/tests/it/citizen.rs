//! The consumer's pages: what is typed stays, what is wrong is said beside its field, nothing foreign gets in or out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;

use crate::world::{Answer, Badge, World};

const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];

/// Somebody with a browser that keeps its cookies.
struct Visitor<'a> {
    world: &'a World,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'a> Visitor<'a> {
    fn new(world: &'a World) -> Visitor<'a> {
        Visitor { world, cookies: RefCell::default() }
    }

    /// With a draft just begun, on the page that asks for the shop's place.
    async fn filing(world: &'a World) -> Visitor<'a> {
        let visitor = Visitor::new(world);
        let begun = visitor.post("/complaints/new", "").await;
        assert_eq!(begun.location(), "/complaints/new/place");
        visitor
    }

    /// With every page of the form filled in.
    async fn ready(world: &'a World) -> Visitor<'a> {
        let visitor = Visitor::filing(world).await;
        for (path, form, next) in PAGES {
            let answer = visitor.fill(path, form).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, *next), "{path}");
        }
        visitor
    }

    /// With a case of her own, on its page; gives its number too.
    async fn filed(world: &'a World) -> (Visitor<'a>, String) {
        let visitor = Visitor::ready(world).await;
        visitor.post("/complaints/new/check", "").await;
        let receipt = visitor.get("/complaints/new/receipt").await;
        let (number, code) = (cut(&receipt.text, "data-case-number>"), cut(&receipt.text, "data-query-code>"));
        let entered = visitor.post("/track", &format!("number={number}&code={}", code.replace(' ', "+"))).await;
        assert_eq!(entered.location(), "/track/case");
        (visitor, number)
    }

    fn badge(&self) -> Badge {
        let cookies = self.cookies.borrow();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { Badge::None } else { Badge::Cookie(pairs.join("; ")) }
    }

    fn keep(&self, answer: Answer) -> Answer {
        for cookie in answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&self, path: &str) -> Answer {
        self.keep(self.world.get(path, &self.badge()).await)
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        self.keep(self.world.post(path, &self.badge(), form).await)
    }

    /// Sends a page of the form in the way it is sent.
    async fn fill(&self, path: &str, form: &str) -> Answer {
        if path != "/complaints/new/matter" {
            return self.post(path, form).await;
        }
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        self.upload(path, &pairs.collect::<Vec<_>>(), &[]).await
    }

    /// Sends a form with files.
    async fn upload(&self, path: &str, pairs: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in pairs {
            let head = format!("--limit\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--limit\r\ncontent-disposition: form-data; name=\"evidence\"; filename=\"{name}\"\r\ncontent-type: image/jpeg\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--limit--\r\n");
        let request = self.world.request(Method::POST, path, &self.badge());
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=limit");
        self.keep(self.world.send(request.body(Body::from(body)).expect("a request")).await)
    }
}

/// Each page, what is typed into it, and where it leads.
const PAGES: &[(&str, &str, &str)] = &[
    ("/complaints/new/place", "level1=410103", "/complaints/new/respondent"),
    (
        "/complaints/new/respondent",
        "respondent_name=惠友超市二七店&respondent_address=大学路18号&respondent_platform=&township=",
        "/complaints/new/matter",
    ),
    (
        "/complaints/new/matter",
        "goods=儿童安全座椅&bought_on=2026-10-28&amount=469&facts=卡扣断了，店里只同意修。&category=&problem=",
        "/complaints/new/demand",
    ),
    ("/complaints/new/demand", "demands=replace&demands=compensation&claim=60&demand_text=", "/complaints/new/you"),
    (
        "/complaints/new/you",
        "complainant_name=周敏&complainant_phone=13800132207&complainant_address=大学路5号院&notify_by=in_app\
         &consent_publish=no&consent_delegate=yes&truthful=yes",
        "/complaints/new/check",
    ),
];

/// What stands after a mark up to the next tag.
fn cut(text: &str, mark: &str) -> String {
    let after = text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1;
    after.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_complaint_is_filed_page_by_page_and_the_receipt_says_what_comes() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    let check = visitor.get("/complaints/new/check").await;
    assert_eq!(check.status, StatusCode::OK);
    for typed in ["惠友超市二七店", "儿童安全座椅", "469 元", "更换、赔偿损失", "周敏", "13800132207", "不同意"]
    {
        assert!(check.text.contains(typed), "{typed}");
    }
    let sent = visitor.post("/complaints/new/check", "").await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/complaints/new/receipt"));
    let receipt = visitor.get("/complaints/new/receipt").await;
    assert_eq!(cut(&receipt.text, "data-case-number>"), "410103-2026-000001");
    // Twelve digits in fours.
    assert_eq!(cut(&receipt.text, "data-query-code>").split(' ').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
    // Filed on Friday 20 November: seven working days later is Tuesday 1 December (O121 art. 15, 45).
    assert!(receipt.text.contains("12月1日 周二前"), "{}", receipt.text);
    assert!(receipt.text.contains("7 个工作日"));
}

#[tokio::test]
async fn sending_twice_gives_the_same_receipt_and_one_case() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    let before = cases(&world);
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let sent = visitor.post("/complaints/new/check", "").await;
        assert_eq!(sent.location(), "/complaints/new/receipt");
        numbers.push(cut(&visitor.get("/complaints/new/receipt").await.text, "data-case-number>"));
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    assert_eq!(cases(&world), before + 1);
    // The pages of a draft that was sent lead to the beginning.
    assert_eq!(visitor.get("/complaints/new/matter").await.location(), "/complaints/new?draft=lost");
}

fn cases(world: &World) -> i64 {
    world.app.db().read(store::case::count_all).expect("a count")
}

#[tokio::test]
async fn a_refused_page_says_what_to_do_and_keeps_what_was_typed() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    visitor.post("/complaints/new/place", "level1=410103").await;
    for (path, form, said, kept) in [
        (
            "/complaints/new/respondent",
            "respondent_name=&respondent_address=大学路&respondent_credit_code=91410100MA44T7D04X",
            vec!["请写商家名称，招牌上怎么写就怎么写", "校验位不符"],
            vec!["大学路", "91410100MA44T7D04X"],
        ),
        (
            "/complaints/new/matter",
            "goods=座椅&amount=四百多&facts=&bought_on=2027-01-01",
            vec!["请只写数字，例如 469", "请写明经过", "不能晚于今天"],
            vec!["座椅", "四百多", "2027-01-01"],
        ),
        (
            "/complaints/new/demand",
            "claim=六十&demand_text=换新的",
            vec!["请至少选一项要求", "请只写数字"],
            vec!["六十", "换新的"],
        ),
        (
            "/complaints/new/you",
            "complainant_name=周敏&complainant_phone=138&notify_by=email&complainant_id_kind=citizen_id&complainant_id_number=410103",
            vec![
                "选择邮件告知时请写邮箱",
                "请写您的通讯地址",
                "请选择是否同意公示投诉信息",
                "请选择是否同意委托调解",
                "请确认所填内容真实",
            ],
            vec!["周敏", "value=\"138\"", "value=\"410103\""],
        ),
    ] {
        let refused = visitor.fill(path, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(refused.text.contains("处要改"), "{path}: a summary on top");
        let again = visitor.get(path).await;
        assert_eq!(again.status, StatusCode::OK);
        for words in said {
            // In the summary, and beside the field.
            assert!(refused.text.matches(words).count() >= 2, "{path}: {words}");
            assert!(!again.text.contains("处要改"), "{path}: a page that is only looked at accuses nobody");
        }
        for words in kept {
            assert!(refused.text.contains(words), "{path}: {words} is shown again");
            assert!(again.text.contains(words), "{path}: {words} is still there later");
        }
    }
}

#[tokio::test]
async fn the_check_page_finds_what_is_missing_and_leads_to_it() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    visitor.post("/complaints/new/you/save", "complainant_name=&complainant_phone=13800132207&truthful=yes").await;
    let sent = visitor.post("/complaints/new/check", "").await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let way = "/complaints/new/you?check=1&#38;fix=1#f-complainant_name";
    assert!(sent.text.contains(way), "{}", sent.text);
    let page = visitor.get("/complaints/new/you?check=1&fix=1").await;
    assert!(page.text.contains("请写您的真实姓名"));
    assert!(page.text.contains("保存，回到核对"));
    let form = format!("check=1&{}", PAGES[4].1);
    assert_eq!(visitor.post("/complaints/new/you", &form).await.location(), "/complaints/new/check");
    assert_eq!(visitor.post("/complaints/new/check", "").await.location(), "/complaints/new/receipt");
}

#[tokio::test]
async fn whoever_files_for_somebody_else_is_taken_down_beside_her() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    let you = format!("others=yes&{}", PAGES[4].1);
    assert_eq!(visitor.post("/complaints/new/you", &you).await.location(), "/complaints/new/others");
    let page = visitor.get("/complaints/new/others").await;
    assert!(page.text.contains("周敏") && page.text.contains("授权委托书"), "{}", page.text);
    // Faults stand beside their fields, what was typed is kept; an agent needs her authority (O121 art. 11).
    let short = "party.1.role=agent&party.1.name=赵律师&party.1.phone=13937110001";
    let refused = visitor.fill("/complaints/new/others", short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["受托人要有身份证明", "请写委托事项", "请写委托权限", "请写委托到哪天为止"]
    {
        assert!(refused.text.matches(words).count() >= 2, "{words}");
    }
    assert!(refused.text.contains("赵律师"));
    // What is wrong there cannot be sent from the check page either.
    let sent = visitor.post("/complaints/new/check", "").await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.text.contains("/complaints/new/others?check=1&#38;fix=1#f-party.1.matters"), "{}", sent.text);
    let more = visitor.fill("/complaints/new/others", &format!("{short}&more_parties=1")).await;
    assert_eq!(more.status, StatusCode::OK);
    assert!(more.text.contains("party.2.name"));
    let whole = format!(
        "check=1&{short}&party.1.id_kind=passport&party.1.id_number=E12345678&party.1.matters=代为投诉\
         &party.1.powers=参加调解&party.1.until=2026-12-31"
    );
    assert_eq!(visitor.post("/complaints/new/others", &whole).await.location(), "/complaints/new/check");
    let check = visitor.get("/complaints/new/check").await;
    assert!(check.text.contains("委托代理人") && check.text.contains("赵律师 13937110001"), "{}", check.text);
    assert!(visitor.get("/complaints/new/you").await.text.contains("aria-describedby=\"f-others-hint\" checked"));
    assert_eq!(visitor.post("/complaints/new/check", "").await.location(), "/complaints/new/receipt");
    let parties = world.app.db().read::<_, store::StoreError>(|tx| {
        let case = store::case::by_number(tx, "410103-2026-000001")?.expect("filed");
        store::party::of_case(tx, case.id)
    });
    let roles: Vec<_> = parties.expect("a reader").into_iter().map(|party| party.role).collect();
    assert_eq!(roles, ["complainant", "respondent", "agent"]);
}

#[tokio::test]
async fn who_files_for_herself_after_all_brings_nobody() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    let guardian = "party.1.role=guardian&party.1.name=周父&party.1.phone=13937110002";
    assert_eq!(visitor.post("/complaints/new/others", guardian).await.location(), "/complaints/new/check");
    assert_eq!(visitor.post("/complaints/new/you", PAGES[4].1).await.location(), "/complaints/new/check");
    assert!(!visitor.get("/complaints/new/check").await.text.contains("周父"));
}

#[tokio::test]
async fn what_the_script_saves_is_there_after_a_restart_and_gone_after_a_week() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    visitor.post("/complaints/new/place", "level1=410103").await;
    let saved = visitor.post("/complaints/new/matter/save", "goods=电饭煲&facts=三天就坏").await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    world.pass(SignedDuration::from_hours(24 * 6));
    assert!(visitor.get("/complaints/new/matter").await.text.contains("三天就坏"));
    assert!(visitor.get("/complaints/new").await.text.contains("电饭煲"), "the start page offers to go on");
    world.pass(SignedDuration::from_hours(24 * 7));
    assert_eq!(visitor.get("/complaints/new/matter").await.location(), "/complaints/new?draft=lost");
    // Nobody else's browser sees a draft.
    assert_eq!(Visitor::new(&world).get("/complaints/new/matter").await.location(), "/complaints/new?draft=lost");
}

#[tokio::test]
async fn places_are_picked_level_by_level_among_those_served() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    // The tree is one city: province and city leave no choice.
    let page = visitor.get("/complaints/new/place").await;
    assert!(page.text.contains("河南省郑州市") && page.text.contains("二七区"), "{}", page.text);
    for nowhere in ["level1=", "level1=110105", "level1=410200", "level1=x"] {
        let refused = visitor.post("/complaints/new/place", nowhere).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{nowhere}");
        assert!(refused.text.contains("请选到县（市、区）"));
    }
    assert_eq!(visitor.get("/complaints/new/respondent").await.location(), "/complaints/new/place");
    let below = visitor.get("/complaints/new/regions/410100").await;
    assert!(below.text.contains("\"410103\"") && below.text.contains("\"last\":false"), "{}", below.text);
    visitor.post("/complaints/new/place", "level1=410103").await;
    let page = visitor.get("/complaints/new/respondent").await;
    assert!(page.text.contains("郑州市二七区"));
    // A township of another county is not taken.
    visitor.post("/complaints/new/respondent/save", "township=410105001").await;
    assert!(!visitor.get("/complaints/new/respondent").await.text.contains("value=\"410105001\" selected"));
}

#[tokio::test]
async fn files_are_judged_by_their_bytes_and_never_by_their_name() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    let program = [b"MZ\x90\x00".as_slice(), &[0; 200]].concat();
    let drawing = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    for (name, bytes) in [
        ("photo.jpg", program.as_slice()),
        ("photo.jpg", drawing),
        ("photo.png", page),
        ("photo.jpg", b"PK\x03\x04macro"),
        ("photo.jpg", b""),
        ("notes.txt", b"hello"),
    ] {
        let refused = visitor.upload("/complaints/new/matter", &[("goods", "座椅")], &[(name, bytes)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains("没有上传") || refused.text.contains("空文件"), "{}", refused.text);
        assert!(refused.text.contains("座椅"), "what was typed is kept");
        assert!(!refused.text.contains("name=\"remove\""), "nothing of it is kept");
    }
    let kept = visitor.upload("/complaints/new/matter", &[("stay", "1")], &[("小票.exe", JPEG)]).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.text.contains("小票.exe.jpg"), "a name that fits its kind");
}

#[tokio::test]
async fn a_file_that_is_two_things_is_served_as_the_harmless_one() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    let polyglot = [JPEG, b"<script>alert(document.cookie)</script>"].concat();
    let recording = b"ID3\x03\x00\x00\x00\x00\x00\x00<html><script>alert(1)</script>";
    let both: &[(&str, &[u8])] = &[("a\".html", &polyglot), ("b.mp3", recording)];
    let page = visitor.upload("/complaints/new/matter", &[("stay", "1")], both).await;
    let ids = keys(&page.text);
    assert_eq!(ids.len(), 2, "{}", page.text);
    let picture = visitor.get(&format!("/complaints/new/files/{}", ids[0])).await;
    let header =
        |answer: &Answer, name| answer.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(header(&picture, CONTENT_TYPE).as_deref(), Some("image/jpeg"));
    assert_eq!(header(&picture, "x-content-type-options".parse().expect("a name")).as_deref(), Some("nosniff"));
    assert_eq!(header(&picture, CONTENT_SECURITY_POLICY).as_deref(), Some("default-src 'none'; sandbox"));
    assert!(header(&picture, CONTENT_DISPOSITION).is_some_and(|way| way.starts_with("inline")));
    let sound = visitor.get(&format!("/complaints/new/files/{}", ids[1])).await;
    assert!(
        header(&sound, CONTENT_DISPOSITION).is_some_and(|way| way.starts_with("attachment")),
        "only pictures are shown"
    );
    // Another browser has neither.
    let stranger = Visitor::filing(&world).await;
    assert_eq!(stranger.get(&format!("/complaints/new/files/{}", ids[0])).await.status, StatusCode::NOT_FOUND);
}

/// What the removing buttons of a page send.
fn keys(page: &str) -> Vec<String> {
    page.split("name=\"remove\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn twenty_files_and_not_one_more_and_none_above_its_size() {
    let world = World::new();
    let visitor = Visitor::filing(&world).await;
    let numbered: Vec<Vec<u8>> = (0..21).map(|number| [JPEG, &[number]].concat()).collect();
    let files: Vec<(&str, &[u8])> = numbered.iter().map(|bytes| ("p.jpg", bytes.as_slice())).collect();
    let page = visitor.upload("/complaints/new/matter", &[("stay", "1")], &files).await;
    assert!(page.text.contains("最多 20 个文件"), "{}", page.text);
    let there = keys(&page.text);
    assert_eq!(there.len(), 20);
    // One more later is refused as well, and taking one out makes room.
    let page = visitor.upload("/complaints/new/matter", &[("stay", "1")], &files[20..]).await;
    assert!(page.text.contains("最多 20 个文件"));
    let page = visitor.upload("/complaints/new/matter", &[("remove", &there[0])], &[]).await;
    assert_eq!(keys(&page.text).len(), 19);
    let page = visitor.upload("/complaints/new/matter", &[("stay", "1")], &files[20..]).await;
    assert_eq!(keys(&page.text).len(), 20);
    let large = [JPEG, &vec![0; 20 * 1024 * 1024]].concat();
    let page = visitor.upload("/complaints/new/matter", &[("goods", "座椅")], &[("长.jpg", &large)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("超过 20 MB") && page.text.contains("座椅"));
}

#[tokio::test]
async fn what_people_write_is_text_and_never_markup() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    let nasty = "<script>alert(1)</script><b>x</b>\"'&amp;";
    visitor.upload("/complaints/new/matter", &[("goods", nasty), ("facts", nasty), ("amount", "1")], &[]).await;
    for path in ["/complaints/new/matter", "/complaints/new/check", "/complaints/new"] {
        let page = visitor.get(path).await;
        assert!(!page.text.contains("<script>alert"), "{path}");
    }
    visitor.post("/complaints/new/check", "").await;
    let receipt = visitor.get("/complaints/new/receipt").await;
    let (number, code) = (cut(&receipt.text, "data-case-number>"), cut(&receipt.text, "data-query-code>"));
    visitor.post("/track", &format!("number={number}&code={}", code.replace(' ', ""))).await;
    visitor.post("/track/urge", "words=%3Cscript%3Ealert(2)%3C%2Fscript%3E").await;
    let page = visitor.get("/track/case").await;
    assert!(page.text.contains("alert(2)"), "{}", page.text);
    assert!(!page.text.contains("<script>alert"));
}

#[tokio::test]
async fn a_wrong_number_and_a_wrong_code_look_the_same_and_soon_end() {
    let world = World::new();
    let visitor = Visitor::new(&world);
    let number = world.facts.number.clone();
    let wrong_code = visitor.post("/track", &format!("number={number}&code=000000000000")).await;
    let wrong_number = visitor.post("/track", "number=410105-2026-999999&code=000000000000").await;
    assert_eq!(wrong_code.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong_code.text.replace(&number, "N"), wrong_number.text.replace("410105-2026-999999", "N"));
    for _ in 0..9 {
        visitor.post("/track", &format!("number={number}&code=000000000001")).await;
    }
    let right = format!("number={number}&code={}", world.facts.query_code);
    let refused = visitor.post("/track", &right).await;
    assert_eq!(refused.location(), "/human?next=/track", "even the right code, until somebody shows that she is there");
    world.pass(SignedDuration::from_mins(16));
    assert_eq!(visitor.post("/track", &right).await.location(), "/track/case");
}

#[tokio::test]
async fn a_number_is_understood_however_it_is_typed() {
    let world = World::new();
    let code: Vec<char> = world.facts.query_code.chars().collect();
    let spaced = format!(
        "{}+{}+{}",
        String::from_iter(&code[..4]),
        String::from_iter(&code[4..8]),
        String::from_iter(&code[8..])
    );
    let wide = |text: &str| -> String {
        text.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_digit()).unwrap_or(c)).collect()
    };
    let number = &world.facts.number;
    for (number, code) in [
        (number.clone(), spaced),
        (number.replace('-', ""), world.facts.query_code.clone()),
        (wide(number), wide(&world.facts.query_code)),
        (number.replace('-', "+—+"), world.facts.query_code.clone()),
    ] {
        let visitor = Visitor::new(&world);
        let entered = visitor.post("/track", &format!("number={number}&code={code}")).await;
        assert_eq!(entered.location(), "/track/case", "{number} {code}");
    }
}

#[tokio::test]
async fn a_pass_opens_one_case_for_two_hours_and_cannot_be_forged() {
    let world = World::new();
    let (visitor, number) = Visitor::filed(&world).await;
    let page = visitor.get("/track/case").await;
    assert!(page.text.contains(&number) && page.text.contains("等待受理"), "{}", page.text);
    let (name, value) = visitor
        .cookies
        .borrow()
        .iter()
        .find(|(name, _)| name.contains("track"))
        .map(|(n, v)| (n.clone(), v.clone()))
        .expect("a pass");
    // Another case's number under this seal.
    let other = value.split_once('.').map(|(_, rest)| format!("1.{rest}")).expect("three parts");
    for forged in [other, value.replace('.', ""), String::new(), format!("{value}0")] {
        let stranger = Visitor::new(&world);
        stranger.cookies.borrow_mut().insert(name.clone(), forged.clone());
        assert_eq!(stranger.get("/track/case").await.location(), "/track?again=1", "{forged}");
    }
    world.pass(SignedDuration::from_mins(119));
    assert_eq!(visitor.get("/track/case").await.status, StatusCode::OK);
    world.pass(SignedDuration::from_mins(2));
    assert_eq!(visitor.get("/track/case").await.location(), "/track?again=1");
}

#[tokio::test]
async fn nobody_reads_another_consumers_files_letters_or_the_desks_notes() {
    let world = World::new();
    let (visitor, _) = Visitor::filed(&world).await;
    let sent = visitor.upload("/track/evidence", &[("note", "收据")], &[("a.jpg", JPEG)]).await;
    assert_eq!(sent.location(), "/track/case?done=evidence");
    let page = visitor.get("/track/case").await;
    let file = cut(&page.text, "href=\"/track/files/").split('"').next().unwrap_or_default().to_owned();
    let own = format!("/track/files/{file}");
    assert_eq!(visitor.get(&own).await.status, StatusCode::OK);
    // The case of the world was accepted, so it has letters; her pass is for that case.
    let Badge::Cookie(cookie) = world.consumer().await else { panic!("a pass") };
    let other = Badge::Cookie(cookie);
    let page = world.get("/track/case", &other).await;
    assert!(page.text.contains("受理决定书"), "{}", page.text);
    let letter = page
        .text
        .split_once("href=\"/track/letters/")
        .expect("a letter")
        .1
        .split('"')
        .next()
        .unwrap_or_default()
        .to_owned();
    let letter = format!("/track/letters/{letter}");
    assert_eq!(world.get(&letter, &other).await.status, StatusCode::OK);
    assert_eq!(world.get(&own, &other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&letter).await.status, StatusCode::NOT_FOUND);
    // A paper of her own case that is not addressed to her.
    for id in 1..20 {
        let answer = world.get(&format!("/track/letters/{id}"), &other).await;
        assert!(!answer.text.contains("投诉转办") && !answer.text.contains("分送"), "paper {id}");
    }
    // Officers are named on her letters, never in the course.
    let course = page.text.split_once("办理过程").expect("the course").1.split_once("给您的消息").expect("messages").0;
    for inside in ["一号", "待分送", "备注"] {
        assert!(!course.contains(inside), "{inside}");
    }
}

#[tokio::test]
async fn a_consumer_urges_once_at_a_time_withdraws_and_rates_only_at_the_end() {
    let world = World::new();
    let (visitor, _) = Visitor::filed(&world).await;
    assert!(visitor.get("/track/urge").await.text.contains("name=\"seen\" value=\"1\""));
    for _ in 0..2 {
        // Pressed twice: once urged.
        let urged = visitor.post("/track/urge", "seen=1&words=有消息吗").await;
        assert_eq!(urged.location(), "/track/case?done=urge");
    }
    let again = visitor.get("/track/urge").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("正在答复"));
    let too_early = visitor.post("/track/rate", "solved=yes&mark=5").await;
    assert_eq!(too_early.status, StatusCode::CONFLICT);
    assert!(too_early.text.contains("就可以评价了"), "{}", too_early.text);
    let ask = visitor.get("/track/withdraw").await;
    assert!(ask.text.contains("不再办理"), "asks first");
    let done = visitor.post("/track/withdraw", "seen=2&words=商家已退款").await;
    assert_eq!(done.location(), "/track/case?done=withdraw");
    let page = visitor.get("/track/case").await;
    assert!(page.text.contains("已撤回") && !page.text.contains("/track/urge"), "{}", page.text);
    let left = visitor.post("/track/leave", "").await;
    assert_eq!(left.location(), "/track?left=1");
    assert_eq!(visitor.get("/track/case").await.location(), "/track?again=1");
}

#[tokio::test]
async fn adding_evidence_refuses_what_is_none_and_keeps_the_rest_on_the_page() {
    let world = World::new();
    let (visitor, _) = Visitor::filed(&world).await;
    let nothing = visitor.upload("/track/evidence", &[("note", "见图")], &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("请选择要补充的文件") && nothing.text.contains("见图"));
    let mixed: &[(&str, &[u8])] = &[("a.jpg", JPEG), ("b.jpg", b"MZ")];
    let mixed = visitor.upload("/track/evidence", &[("note", "见图")], mixed).await;
    assert_eq!(mixed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(mixed.text.contains("“b.jpg”不是照片"));
    assert_eq!(keys(&mixed.text).len(), 1, "the good one waits");
    let sent = visitor.upload("/track/evidence", &[("note", "见图")], &[]).await;
    assert_eq!(sent.location(), "/track/case?done=evidence");
    assert!(visitor.get("/track/case").await.text.contains("补充了 1 份材料"));
}

#[tokio::test]
async fn evidence_that_is_sent_twice_without_a_script_is_added_once_and_both_times_said_to_be() {
    let world = World::new();
    let (visitor, _) = Visitor::filed(&world).await;
    let page = visitor.get("/track/evidence").await.text;
    let (_, seen) = page.split_once("name=\"seen\" value=\"").expect("the page counts versions");
    let seen = seen.split('"').next().expect("a number").to_owned();
    let fields = [("note", "收据"), ("seen", seen.as_str())];
    for files in [&[("a.jpg", JPEG)][..], &[("a.jpg", JPEG)], &[]] {
        let sent = visitor.upload("/track/evidence", &fields, files).await;
        assert_eq!(sent.location(), "/track/case?done=evidence", "{}", sent.text);
    }
    let case = visitor.get("/track/case").await.text;
    assert_eq!(case.matches("补充了 1 份材料").count(), 1, "{case}");
    assert!(keys(&visitor.get("/track/evidence").await.text).is_empty(), "nothing is left waiting");
}

#[tokio::test]
async fn nothing_of_a_person_stands_in_an_address() {
    let world = World::new();
    let visitor = Visitor::ready(&world).await;
    visitor.post("/complaints/new/check", "").await;
    let (_, number) = Visitor::filed(&world).await;
    for path in ["/", "/help", "/privacy", "/complaints/new", "/complaints/new/receipt", "/track"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for address in page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(!address.contains(&number) && !address.contains("1380013"), "{path}: {address}");
        }
    }
}
