//! Mediation and what comes after the end, through the whole service: the desk's forms, the consumer's pages, return visits.

use axum::http::StatusCode;
use domain::status::Status;
use jiff::SignedDuration;
use store::StoreError;
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn case(world: &World) -> CaseRow {
    let number = world.facts.number.clone();
    let found = world.app.db().read::<_, StoreError>(move |tx| store::case::by_number(tx, &number));
    found.expect("a read").expect("the case")
}

/// Sends the form of an act from the page as it stands.
async fn act(world: &World, action: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
    let version = case(world).state.version.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("version", &version));
    world.post(&format!("/desk/cases/{}/{action}", world.facts.number), badge, &form(&pairs)).await
}

async fn done(world: &World, action: &str, badge: &Badge, pairs: &[(&str, &str)]) {
    let answer = act(world, action, badge, pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", main_of(&answer.text));
}

fn main_of(text: &str) -> &str {
    text.find("<main").map_or(text, |at| &text[at..])
}

async fn page(world: &World, action: &str, badge: &Badge) -> Answer {
    world.get(&format!("/desk/cases/{}/{action}", world.facts.number), badge).await
}

async fn notified(world: &World) -> Badge {
    let officer = world.signed_in("officer");
    let at = [("at", "2026-11-24T09:30"), ("mode", "onsite"), ("place", "调解室"), ("bring", "")];
    done(world, "notify", &officer, &at).await;
    officer
}

#[tokio::test]
async fn the_consumer_asks_for_recusal_and_the_leader_decides() {
    let world = World::new();
    let hers = world.consumer().await;
    let too_early = world.get("/track/recusal", &hers).await;
    assert_eq!(too_early.status, StatusCode::CONFLICT, "nobody told her yet who mediates");
    let officer = notified(&world).await;
    let own = world.get("/track/case", &hers).await;
    assert!(own.text.contains("/track/recusal"));
    let lead = case(&world).state.lead.expect("an officer").to_string();
    let asked = world.get("/track/recusal", &hers).await;
    assert!(asked.text.contains(&format!("value=\"{lead}\"")), "she chooses among those her notice named");
    let version = case(&world).state.version.to_string();
    let empty =
        world.post("/track/recusal", &hers, &form(&[("seen", &version), ("officer", &lead), ("reason", "")])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("请写明理由"));
    let sent = form(&[("seen", &version), ("officer", &lead), ("reason", "他是店主的亲戚")]);
    let sent_once = world.post("/track/recusal", &hers, &sent).await;
    assert_eq!(sent_once.location(), "/track/case?done=recusal", "{}", main_of(&sent_once.text));
    assert_eq!(case(&world).state.suspended.as_deref(), Some("回避"));
    // The desk waits, says why, and offers nothing of the mediation.
    let desk = world.get(&format!("/desk/cases/{}", world.facts.number), &officer).await;
    assert!(desk.text.contains("有人申请回避"), "{}", main_of(&desk.text));
    assert!(!desk.text.contains(&format!("/desk/cases/{}/settle\"", world.facts.number)));
    let refused = act(&world, "terminate", &officer, &[("ground", "3"), ("reason", "谈不成")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("回避申请还没有决定"));

    let leader = world.signed_in("leader");
    let queue = world.get("/desk", &leader).await;
    assert!(queue.text.contains("决定是否回避"), "it waits for the leader");
    let question = page(&world, "decide_recusal", &leader).await;
    assert!(question.text.contains("他是店主的亲戚") && question.text.contains("第二十一条"));
    let undecided = act(&world, "decide_recusal", &leader, &[("granted", ""), ("opinion", "看过")]).await;
    assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
    done(&world, "decide_recusal", &leader, &[("granted", "no"), ("replacement", ""), ("opinion", "没有亲属关系")])
        .await;
    assert_eq!(case(&world).state.suspended, None);
    let told = world.get("/track/case", &hers).await;
    assert!(told.text.contains("不同意回避申请") && told.text.contains("回避决定书"));
}

#[tokio::test]
async fn cost_that_nobody_bears_proposes_its_ground_with_the_reason() {
    let world = World::new();
    let officer = notified(&world).await;
    let all = act(&world, "appraise", &officer, &[("cause", "检测"), ("object", ""), ("payer", "respondent")]).await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all.text.contains("请写鉴定、检测什么") && all.text.contains("请写鉴定、检测机构的名称"), "both at once");
    let nobody = [("cause", "检测"), ("object", "水壶为什么漏"), ("body", ""), ("payer", "not_agreed")];
    done(&world, "appraise", &officer, &nobody).await;
    let terminate = page(&world, "terminate", &officer).await;
    assert!(terminate.text.contains("已知的事实符合：双方对鉴定、检测费用由谁承担没有协商一致"));
    assert!(
        terminate.text.contains("value=\"4\" checked") || terminate.text.contains("checked value=\"4\""),
        "{}",
        main_of(&terminate.text)
    );
    // Sent after all: the clock stands, the page says so, the result lets it go on.
    let sent = [
        ("cause", "检测"),
        ("object", "水壶为什么漏"),
        ("body", "省质检院"),
        ("payer", "shared"),
        ("designated", "no"),
    ];
    done(&world, "appraise", &officer, &sent).await;
    let desk = world.get(&format!("/desk/cases/{}", world.facts.number), &officer).await;
    assert!(desk.text.contains("正在鉴定、检测"));
    done(&world, "record_appraisal", &officer, &[("result", "焊缝开裂"), ("day", "2026-11-20")]).await;
    assert_eq!(case(&world).state.suspended, None);
}

#[tokio::test]
async fn a_small_sum_is_settled_on_one_page() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let question = page(&world, "settle_on_spot", &officer).await;
    assert!(question.text.contains("item_1_text") && question.text.contains("简易程序"), "{}", main_of(&question.text));
    let unclear = [("item_1_text", "退还货款"), ("item_1_amount", "89"), ("item_1_due", ""), ("both_agree", "no")];
    let refused = act(&world, "settle_on_spot", &officer, &unclear).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("退还货款"), "what was typed stays");
    let clear = [("item_1_text", "退还货款"), ("item_1_amount", "89"), ("item_1_due", ""), ("both_agree", "yes")];
    done(&world, "settle_on_spot", &officer, &clear).await;
    assert_eq!((case(&world).state.status, case(&world).state.recovered), (Status::Concluded, 8_900));
    done(&world, "tell", &officer, &[("result", "商家当场退还货款 89 元。")]).await;
}

async fn told(world: &World) -> Badge {
    let officer = world.signed_in("officer");
    let clear =
        [("item_1_text", "退还货款"), ("item_1_amount", "89"), ("item_1_due", "2026-11-25"), ("both_agree", "yes")];
    done(world, "settle_on_spot", &officer, &clear).await;
    done(world, "tell", &officer, &[("result", "商家五天内退款。")]).await;
    officer
}

#[tokio::test]
async fn the_consumer_says_it_is_not_solved_and_the_desk_has_it_again() {
    let world = World::new();
    let officer = told(&world).await;
    let hers = world.consumer().await;
    let own = world.get("/track/case", &hers).await;
    assert!(own.text.contains("/track/reopen"));
    world.pass(SignedDuration::from_hours(24 * 8));
    let late = world.get("/track/case", &world.consumer().await).await;
    assert!(late.text.contains("已经到期，还没有履行的消息"), "{}", main_of(&late.text));
    let hers = world.consumer().await;
    let version = case(&world).state.version.to_string();
    let silent = world.post("/track/reopen", &hers, &form(&[("seen", &version), ("reason", "")])).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = form(&[("seen", &version), ("reason", "到今天没有收到退款")]);
    let sent = world.post("/track/reopen", &hers, &words).await;
    assert_eq!(sent.location(), "/track/case?done=reopen", "{}", main_of(&sent.text));
    let again = world.post("/track/reopen", &hers, &words).await;
    assert_eq!(again.location(), "/track/case?done=reopen", "sent twice, done once");
    assert_eq!(case(&world).state.turns.mediation.reopened, 1);
    let officer_again = world.signed_in_again("officer");
    drop(officer);
    let queue = world.get("/desk", &officer_again).await;
    assert!(queue.text.contains("重办"), "the queue marks it");
    let desk = world.get(&format!("/desk/cases/{}", world.facts.number), &officer_again).await;
    assert!(desk.text.contains("这件重新办理过 1 次") && desk.text.contains("到今天没有收到退款"));
    let statistician = world.signed_in_again("statistician");
    let all = world.get("/desk/cases?reopened=yes", &statistician).await;
    assert!(all.text.contains(&world.facts.number) && all.text.contains("重新办理过"), "{}", main_of(&all.text));
    let counts = world.get("/desk/counts", &statistician).await;
    assert!(counts.text.contains("reopened=yes"), "the figure leads to its list");
    let twice = world.get("/track/reopen", &hers).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn return_visits_are_drawn_given_to_others_and_limited() {
    let world = World::new();
    told(&world).await;
    let dispatcher = world.signed_in("dispatcher");
    let empty = world.post("/desk/visits", &dispatcher, "count=0").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let drawn = world.post("/desk/visits", &dispatcher, "count=5").await;
    assert_eq!(drawn.location(), "/desk/visits?done=drawn&drawn=1", "{}", main_of(&drawn.text));
    let again = world.post("/desk/visits", &dispatcher, "count=5").await;
    assert_eq!(again.location(), "/desk/visits?done=drawn&drawn=0", "nobody is asked twice");
    let bureau = world.facts.bureau;
    let read = world.app.db().read::<_, StoreError>(move |tx| store::visit::open(tx, bureau, 10));
    let visit = read.expect("a read").remove(0);
    let state = case(&world).state;
    assert!(![state.lead, state.partner].contains(&Some(visit.visitor_id)), "not by those who handled it");
    assert_eq!(visit.reasons, "没有评价");
    let visitor_id = visit.visitor_id;
    let login = world
        .app
        .db()
        .read::<_, StoreError>(move |tx| store::account::find(tx, visitor_id))
        .expect("a read")
        .expect("the visitor")
        .login;
    let visitor = world.signed_in_again(&login);
    let path = format!("/desk/visits/{}", visit.id);
    assert_eq!(world.get(&path, &world.signed_in("officer")).await.status, StatusCode::NOT_FOUND, "only hers to make");
    let question = world.get(&path, &visitor).await;
    assert_eq!(question.status, StatusCode::OK);
    assert!(question.text.contains("没有评价") && !question.text.contains("138"), "no telephone without a reason");
    let unsaid = world.post(&path, &visitor, "tries=0&result=reached").await;
    assert!(unsaid.text.contains("请选择问题是否解决") && unsaid.text.contains("请在 1 到 5 分中选择"));
    let nobody = world.post(&path, &visitor, "tries=0&result=unreached").await;
    assert_eq!(nobody.location(), "/desk/visits?done=called", "{}", main_of(&nobody.text));
    let stale = world.post(&path, &visitor, "tries=0&result=unreached").await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "the same call is kept once");
    let heard = [("tries", "1"), ("result", "reached"), ("solved", "no"), ("mark", "1"), ("words", "没退钱")];
    assert_eq!(world.post(&path, &visitor, &form(&heard)).await.status, StatusCode::SEE_OTHER);
    let list = world.get("/desk/visits", &world.signed_in_again("dispatcher")).await;
    assert!(list.text.contains("没有解决") && list.text.contains("没退钱"));
    let desk = world.get(&format!("/desk/cases/{}", world.facts.number), &world.signed_in_again("officer")).await;
    assert!(desk.text.contains("回访：投诉人说问题没有解决，评价 1 分。"), "{}", main_of(&desk.text));
    assert!(!desk.text.contains("没退钱"), "what she said stays with those who make the visits");
    let id = case(&world).id;
    let verdict = world.app.db().act(move |tx| casework::record::verify(tx, id)).expect("it reads");
    assert_eq!(verdict, casework::record::Verdict::Sound);
    assert!(list.text.contains(&format!("/desk/cases/{}/reopen", world.facts.number)), "reopening is proposed");
}

#[tokio::test]
async fn nobody_is_called_at_night() {
    let world = World::new();
    told(&world).await;
    let dispatcher = world.signed_in("dispatcher");
    world.post("/desk/visits", &dispatcher, "count=5").await;
    let bureau = world.facts.bureau;
    let read = world.app.db().read::<_, StoreError>(move |tx| store::visit::open(tx, bureau, 10));
    let visit = read.expect("a read").remove(0);
    let visitor_id = visit.visitor_id;
    let found = world.app.db().read::<_, StoreError>(move |tx| store::account::find(tx, visitor_id));
    let login = found.expect("a read").expect("the visitor").login;
    // The next midnight in Beijing.
    let night = domain::clock::beijing_midnight(domain::clock::beijing_day(world.app.now()).tomorrow().unwrap());
    world.pass(world.app.now().duration_until(night));
    let visitor = world.signed_in_again(&login);
    let late = world.post(&format!("/desk/visits/{}", visit.id), &visitor, "tries=0&result=unreached").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("9 点到 20 点"));
}
