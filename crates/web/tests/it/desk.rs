//! The desk through the whole service: each act done, refused, repeated and raced; what is masked stays masked; numbers equal their lists.

use axum::http::StatusCode;
use domain::status::Status;
use jiff::SignedDuration;
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

/// A form's body.
fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

impl World {
    fn case(&self, number: &str) -> CaseRow {
        let number = number.to_owned();
        let found = self.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
        found.expect("a read").expect("the case exists")
    }

    fn events(&self, number: &str) -> Vec<String> {
        let id = self.case(number).id;
        let read = self.app.db().read::<_, StoreError>(move |tx| store::event::of_case(tx, id));
        read.expect("a read").into_iter().map(|event| event.act).collect()
    }

    fn looks(&self) -> Vec<String> {
        let read = self.app.db().read::<_, StoreError>(|tx| store::access::latest(tx, i64::MAX, 50));
        read.expect("a read").into_iter().map(|look| format!("{}：{}", look.what, look.reason)).collect()
    }

    /// Sends the form of an act from the page as it stands.
    async fn act(&self, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
        let version = self.case(number).state.version.to_string();
        let mut pairs = pairs.to_vec();
        pairs.push(("version", &version));
        self.post(&format!("/desk/cases/{number}/{action}"), badge, &form(&pairs)).await
    }

    /// As [`World::act`], and it must succeed.
    async fn done(&self, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) {
        let answer = self.act(number, action, badge, pairs).await;
        let (status, text) = (answer.status, &answer.text);
        assert_eq!(status, StatusCode::SEE_OTHER, "{action}: {}", main_of(text));
        assert_eq!(answer.location(), format!("/desk/cases/{number}?done={action}"));
    }

    /// The case of the world, the respondent notified.
    async fn notified(&self) -> (String, Badge, Badge) {
        let (number, officer, partner) =
            (self.facts.number.clone(), self.signed_in("officer"), self.signed_in("officer2"));
        let at = [("at", "2026-11-23T09:30"), ("mode", "onsite"), ("place", "花园路所调解室"), ("bring", "")];
        self.done(&number, "notify", &officer, &at).await;
        (number, officer, partner)
    }
}

fn main_of(text: &str) -> &str {
    text.find("<main").map_or(text, |at| &text[at..])
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
    ("amount", "89"),
    ("facts", "用了两次漏水，店家只肯修。"),
    ("demands", "refund"),
];

#[tokio::test]
async fn a_complaint_is_carried_from_the_call_to_the_file() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let answer = world.post("/desk/register", &agent, &form(TYPED)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", main_of(&answer.text));
    let number = answer.location().rsplit('/').next().unwrap().to_owned();
    let read_out = world.get(&format!("/desk/register/done/{number}"), &agent).await;
    assert!(read_out.text.contains("查询码"), "number and code are read out to the caller");

    let (dispatcher, leader) = (world.signed_in("dispatcher"), world.signed_in("leader"));
    let (officer, office) = (world.signed_in("officer"), world.facts.office.to_string());
    world.done(&number, "accept", &dispatcher, &[("note", "")]).await;
    let page = world.get(&format!("/desk/cases/{number}/dispatch"), &dispatcher).await;
    assert!(page.text.contains(&format!("value=\"{office}\" selected")), "the office of the shop's street is proposed");
    world.done(&number, "dispatch", &dispatcher, &[("unit", &office), ("reason", "商家在辖区")]).await;
    let (lead, partner) = two_officers(&world);
    world.done(&number, "assign", &leader, &[("lead", &lead), ("partner", &partner)]).await;
    let at = [("at", "2026-11-23T09:30"), ("mode", "onsite"), ("place", "调解室"), ("bring", "营业执照")];
    world.done(&number, "notify", &officer, &at).await;
    world.done(&number, "record_answer", &officer, &[("answer", "愿意换新"), ("agrees", "yes")]).await;
    let meeting = [
        ("at", "2026-11-20T09:00"),
        ("mode", "phone"),
        ("complainant_present", "yes"),
        ("respondent_present", "yes"),
        ("transcript", "商家同意退款，另赔一把水壶。"),
    ];
    world.done(&number, "record_meeting", &officer, &meeting).await;
    let items = [
        ("item_1_text", "退还货款"),
        ("item_1_amount", "89"),
        ("item_1_due", "2026-11-30"),
        ("item_2_text", "当面道歉"),
        ("item_2_amount", ""),
        ("item_2_due", ""),
        ("recovered", ""),
        ("paper", "yes"),
    ];
    world.done(&number, "settle", &officer, &items).await;
    assert_eq!(world.case(&number).state.recovered, 8_900, "what is not written is the sum of the items");
    world.done(&number, "approve", &leader, &[("opinion", "同意。")]).await;
    world.done(&number, "tell", &officer, &[("result", "双方达成协议，商家退还 89 元。")]).await;
    world.done(&number, "record_performance", &officer, &[("item", "1"), ("performed", "yes"), ("note", "")]).await;
    world.done(&number, "archive", &officer, &[]).await;
    assert_eq!(world.case(&number).state.status, Status::Archived);

    let page = world.get(&format!("/desk/cases/{number}"), &officer).await.text;
    for told in ["决定受理", "投诉受理决定书", "投诉调解书", "案卷号", "退还货款"] {
        assert!(page.contains(told), "the course tells {told}");
    }
    let volume = world.get(&format!("/desk/cases/{number}/volume"), &officer).await;
    assert!(volume.text.contains("投诉登记表") && volume.text.contains("需要的文书都在"));
    let zip = world.get(&format!("/desk/cases/{number}/volume.zip"), &officer).await;
    assert_eq!(zip.status, StatusCode::OK);
    assert!(zip.text.starts_with("PK"), "the whole file is one archive");
    assert!(world.looks().iter().any(|look| look.starts_with("导出案卷")), "who took it out is on record");
}

fn two_officers(world: &World) -> (String, String) {
    let ids = world.app.db().read::<_, StoreError>(|tx| {
        let lead = store::account::by_login(tx, "officer")?.expect("an account").id;
        Ok((lead, store::account::by_login(tx, "officer2")?.expect("an account").id))
    });
    let (lead, partner) = ids.expect("a read");
    (lead.to_string(), partner.to_string())
}

#[tokio::test]
async fn every_page_of_the_desk_opens_for_those_it_is_for() {
    let world = World::new();
    let (number, officer, _) = world.notified().await;
    let (dispatcher, leader) = (world.signed_in("dispatcher"), world.signed_in("leader"));
    let mine = ["record_answer", "arrange", "record_meeting", "settle", "terminate", "suspend", "note", "add_evidence"];
    for action in mine {
        let answer = world.get(&format!("/desk/cases/{number}/{action}"), &officer).await;
        assert_eq!(answer.status, StatusCode::OK, "{action}: {}", main_of(&answer.text));
        assert!(answer.text.contains("按规定"), "{action} explains its rule");
    }
    for path in ["/desk", "/desk?view=others", "/desk?view=all&due=overdue&channel=web", "/desk/cases", "/desk/counts"]
    {
        assert_eq!(world.get(path, &officer).await.status, StatusCode::OK, "{path}");
    }
    for period in ["day", "week", "month", "quarter", "half", "year"] {
        let answer = world.get(&format!("/desk/counts?period={period}&day=2026-11-20"), &dispatcher).await;
        assert_eq!(answer.status, StatusCode::OK, "{period}");
    }
    assert_eq!(world.get("/desk/leader", &leader).await.status, StatusCode::OK);
    assert_eq!(world.get("/desk/leader", &officer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/desk/register", &officer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/desk", &world.signed_in("administrator")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_not_hers_looks_like_nothing_and_what_is_not_lawful_is_refused_with_the_rule() {
    let world = World::new();
    let number = world.facts.number.clone();
    let foreign = world.signed_in("foreign_officer");
    for path in ["", "/notify", "/volume", "/volume.zip", "/papers/1", "/reveal"] {
        let answer = world.get(&format!("/desk/cases/{number}{path}"), &foreign).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = world.act(&number, "notify", &foreign, &[("place", "别处")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    let agent = world.signed_in("intake_agent");
    let answer =
        world.act(&number, "notify", &agent, &[("at", "2026-11-23T09:30"), ("mode", "onsite"), ("place", "x")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "an agent does not notify");
    let officer = world.signed_in("officer");
    let answer = world.get(&format!("/desk/cases/{number}/tell"), &officer).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "nothing is concluded yet");
    assert!(answer.text.contains("待告知"), "the answer says from where it would be lawful");
    for consumers in ["rate", "urge", "withdraw", "no_such_act"] {
        let answer = world.get(&format!("/desk/cases/{number}/{consumers}"), &officer).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{consumers}");
    }
    let page = world.get(&format!("/desk/cases/{number}"), &officer).await.text;
    assert!(page.contains("为什么不行") && page.contains("这一步要在"), "each act that is not lawful can be asked why");
    assert_eq!(world.events(&number).len(), 5, "nothing was changed");
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_wins_and_the_other_keeps_what_she_typed() {
    let world = World::new();
    let (number, officer, partner) = world.notified().await;
    let seen = world.case(&number).state.version.to_string();
    world.done(&number, "record_answer", &officer, &[("answer", "同意调解"), ("agrees", "yes")]).await;
    let late = [("ground", "3"), ("reason", "商家电话里说不来了"), ("version", seen.as_str())];
    let path = format!("/desk/cases/{number}/terminate");
    let answer = world.post(&path, &partner, &form(&late)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("登记商家答复"), "she is told what happened since");
    assert!(answer.text.contains("商家电话里说不来了"), "what she typed is kept");
    let now = format!("name=\"version\" value=\"{}\"", world.case(&number).state.version);
    assert!(answer.text.contains(&now), "having read it, she may decide from here");
    world.done(&number, "terminate", &partner, &late[..2]).await;
    assert_eq!(world.case(&number).state.status, Status::PendingApproval);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let world = World::new();
    let (number, officer, _) = world.notified().await;
    let seen = world.case(&number).state.version.to_string();
    let note = form(&[("text", "已电话联系商家"), ("version", &seen)]);
    let path = format!("/desk/cases/{number}/note");
    for _ in 0..2 {
        assert_eq!(world.post(&path, &officer, &note).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(world.events(&number).iter().filter(|act| *act == "note").count(), 1);

    let agent = world.signed_in("intake_agent");
    let first = world.post("/desk/register", &agent, &form(TYPED)).await;
    let second = world.post("/desk/register", &agent, &form(TYPED)).await;
    assert_eq!(first.location(), second.location(), "one call is one case");
}

#[tokio::test]
async fn faults_come_back_all_at_once_beside_what_was_typed() {
    let world = World::new();
    let (number, officer, _) = world.notified().await;
    let items = [("item_1_text", "退<b>款"), ("item_1_amount", "很多"), ("item_2_text", ""), ("item_2_amount", "5")];
    let answer = world.act(&number, "settle", &officer, &items).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("请只写数字") && answer.text.contains("第 2 项：请写做什么"));
    assert!(answer.text.contains("退&#60;b&#62;款") || answer.text.contains("退&lt;b&gt;款"), "kept, and escaped");
    let answer = world.act(&number, "settle", &officer, &[("item_1_text", "退款"), ("more", "1")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("item_2_text") && answer.text.contains("退款"), "a row more without a script");

    let agent = world.signed_in("intake_agent");
    let bare = [("channel", "phone"), ("complainant_name", "李秀英"), ("complainant_phone", "1380")];
    let answer = world.post("/desk/register", &agent, &form(&bare)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["f-complainant_phone-error", "f-respondent_name-error", "f-goods-error", "f-facts-error"] {
        assert!(answer.text.contains(field), "{field}");
    }
    assert!(answer.text.contains("李秀英"), "what was typed is kept");
}

#[tokio::test]
async fn people_are_masked_until_somebody_says_why() {
    let world = World::new();
    let number = world.facts.number.clone();
    let officer = world.signed_in("officer");
    world.done(&number, "note", &officer, &[("text", "<script>alert(1)</script>")]).await;
    for path in ["/desk", "/desk?view=all", "/desk/cases", "/desk/queue.csv", "/desk/cases.csv", "/desk/counts"] {
        let text = world.get(path, &officer).await.text;
        assert!(!text.contains("陈晓梅") && !text.contains("13837120001"), "{path} names nobody");
    }
    let path = format!("/desk/cases/{number}");
    let page = world.get(&path, &officer).await.text;
    assert!(page.contains("陈**") && page.contains("138****0001"));
    assert!(!page.contains("陈晓梅") && !page.contains("13837120001") && !page.contains("花园路1号"));
    assert!(!page.contains("<script>alert"), "what people write is never a script");

    let answer = world.post(&format!("{path}/reveal"), &officer, "reason=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text.contains("陈晓梅"));
    let answer = world.post(&format!("{path}/reveal"), &officer, &form(&[("reason", "电话约时间")])).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("陈晓梅") && answer.text.contains("13837120001"));
    assert!(world.looks().contains(&"查看投诉人完整信息：电话约时间".to_owned()), "{:?}", world.looks());
    assert!(!world.get(&path, &officer).await.text.contains("陈晓梅"), "the next page is masked again");
}

#[tokio::test]
async fn a_draft_is_kept_for_its_agent_alone() {
    let world = World::new();
    let (agent, lead) = (world.signed_in("intake_agent"), world.signed_in("shift_lead"));
    let answer = world.post("/desk/register/draft", &agent, &form(TYPED)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let listed = world.get("/desk/register", &agent).await.text;
    assert!(listed.contains("没有填完的登记") && listed.contains("电热水壶"));
    let address = "/desk/register?draft=0123456789abcdef0123456789abcdef";
    assert!(world.get(address, &agent).await.text.contains("用了两次漏水"));
    assert!(!world.get(address, &lead).await.text.contains("用了两次漏水"), "somebody else's draft is nobody's");
    let answer = world.post("/desk/register", &agent, &form(TYPED)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!world.get("/desk/register", &agent).await.text.contains("没有填完的登记"));
    // A save that was on its way must not bring it back.
    world.post("/desk/register/draft", &agent, &form(TYPED)).await;
    assert!(!world.get("/desk/register", &agent).await.text.contains("没有填完的登记"));
}

#[tokio::test]
async fn the_callers_history_appears_while_the_number_is_typed() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let known = world.get("/desk/register/caller?phone=138-3712-0001", &agent).await.text;
    assert!(known.contains("以往 <b>1</b> 件") && known.contains(&world.facts.number));
    assert!(world.get("/desk/register/caller?phone=13900001111", &agent).await.text.contains("新来电人"));
    let wrong = world.get("/desk/register/caller?code=91410105MA3X000000", &agent).await.text;
    assert!(wrong.contains("信用代码："), "a wrong check digit is said at once");
    let without = world.post("/desk/register", &agent, "complainant_phone=13837120001&look=1").await;
    assert_eq!(without.status, StatusCode::OK);
    assert!(without.text.contains("以往 <b>1</b> 件"), "and without a script by a button");
}

#[tokio::test]
async fn a_message_that_no_machine_delivers_is_delivered_by_hand_with_proof() {
    let world = World::new();
    let (number, officer, _) = world.notified().await;
    let id = world.case(&number).id;
    let waiting = world.app.db().read::<_, StoreError>(move |tx| store::outbox::of_case(tx, id)).expect("a read");
    let letter = waiting.iter().find(|message| message.state == "by_hand").expect("the shop has no mobile number");
    let path = format!("/desk/cases/{number}/messages/{}/delivered", letter.id);
    let answer = world.post(&path, &officer, "proof=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = world.post(&path, &officer, &form(&[("proof", "店长当面签收")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = world.get(&format!("/desk/cases/{number}"), &officer).await.text;
    assert!(page.contains("已送达") && page.contains("店长当面签收"));
    let foreign = world.signed_in("foreign_officer");
    assert_eq!(world.post(&path, &foreign, &form(&[("proof", "x")])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_number_of_the_counts_is_the_length_of_its_list() {
    let world = World::new();
    let (dispatcher, agent) = (world.signed_in("dispatcher"), world.signed_in("intake_agent"));
    world.post("/desk/register", &agent, &form(TYPED)).await;
    let page = world.get("/desk/counts?period=month&day=2026-11-20", &dispatcher).await.text;
    let mut checked = 0;
    for part in page.split("<a href=\"/desk/cases?").skip(1) {
        let (query, rest) = part.split_once('"').expect("an address");
        let number: String = rest.chars().skip_while(|c| *c != '>').skip(1).take_while(|c| *c != '<').collect();
        let Ok(number) = number.replace(',', "").parse::<i64>() else { continue };
        let list =
            world.get(&format!("/desk/cases?{}", query.replace("&#38;", "&").replace("&amp;", "&")), &dispatcher).await;
        assert!(list.text.contains(&format!(">{number} 件<")), "{number} at {query}");
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} numbers lead to their lists");
    let csv = world.get("/desk/counts.csv?period=month&day=2026-11-20", &dispatcher).await.text;
    assert!(csv.contains("收到,2"), "{csv}");
}

#[tokio::test]
async fn each_number_of_the_five_timelinesses_is_the_length_of_its_list() {
    let world = World::new();
    world.post("/desk/register", &world.signed_in("intake_agent"), &form(TYPED)).await;
    // Whatever of the two cases was promised for today and tomorrow has passed by then.
    world.pass(SignedDuration::from_hours(24 * 5));
    let (dispatcher, officer) = (world.signed_in("dispatcher"), world.signed_in("officer"));
    let page = world.get("/desk/timeliness?period=month&day=2026-11-20", &dispatcher).await.text;
    let mut checked = 0;
    for part in page.split(" href=\"/desk/cases?").skip(1) {
        let (query, rest) = part.split_once('"').expect("an address");
        let words: String = rest.chars().skip_while(|c| *c != '>').skip(1).take_while(|c| *c != '<').collect();
        let number: i64 = words.trim_start_matches("超期 ").replace(',', "").parse().expect("a number");
        let list = format!("/desk/cases?{}", query.replace("&#38;", "&").replace("&amp;", "&"));
        let list = world.get(&list, &dispatcher).await;
        assert!(list.text.contains(&format!(">{number} 件<")), "{number} at {query}");
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} numbers lead to their lists");
    let case = world.get(&format!("/desk/cases/{}", world.facts.number), &officer).await.text;
    assert!(case.contains("受理及时"), "a case shows its own");
    let csv = world.get("/desk/timeliness.csv?period=month&day=2026-11-20", &dispatcher).await.text;
    assert!(csv.contains("合计,受理及时"), "{csv}");
}

#[tokio::test]
async fn a_case_is_found_by_number_telephone_shop_and_words() {
    let world = World::new();
    let dispatcher = world.signed_in("dispatcher");
    let number = &world.facts.number;
    let direct = world.get(&format!("/desk/cases?q={number}"), &dispatcher).await;
    assert_eq!(direct.location(), format!("/desk/cases/{number}"), "a whole number leads straight to its case");
    for typed in ["13837120001", "金水区好又来", "电饭煲"] {
        let found = world.get(&format!("/desk/cases?q={}", web::redirect::query_value(typed)), &dispatcher).await;
        assert!(found.text.contains(number.as_str()), "{typed}");
    }
    let foreign = world.signed_in("foreign_officer");
    assert!(!world.get("/desk/cases?q=13837120001", &foreign).await.text.contains(number.as_str()));
    let none = world.get("/desk/cases?q=%25", &dispatcher).await;
    assert_eq!(none.status, StatusCode::OK, "a wildcard is a letter like any other");
}

#[tokio::test]
async fn papers_print_as_they_were_made_and_the_look_is_kept() {
    let world = World::new();
    let number = world.facts.number.clone();
    let officer = world.signed_in("officer");
    let id = world.case(&number).id;
    let papers = world.app.db().read::<_, StoreError>(move |tx| store::paper::of_case(tx, id)).expect("a read");
    for paper in &papers {
        let answer = world.get(&format!("/desk/cases/{number}/papers/{}", paper.id), &officer).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", paper.title);
        // To whom it goes is said in lists only.
        assert!(answer.text.contains(paper.title.split('（').next().unwrap_or_default()));
    }
    let form = papers.iter().find(|paper| paper.kind == "registration_form").expect("a registration form");
    let page = world.get(&format!("/desk/cases/{number}/papers/{}", form.id), &officer).await.text;
    for words in ["登记单位", "投诉人", "陈晓梅", "投诉请求", "经办人（签字）"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(world.looks().iter().any(|look| look.starts_with("打开文书：投诉登记表")));
}
