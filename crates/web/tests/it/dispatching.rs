//! What goes between bureaus, offices and superiors, through the whole service: the forms ask, keep what was typed, and lead back
//! to the case; who has nothing to do with a case does not learn that it exists.

use axum::http::StatusCode;
use casework::filing::{self, Evidence};
use casework::{ActError, Actor, Scene};
use domain::codes::Codes;
use domain::filing::{RawFiling, Typist, parse};
use store::case::CaseRow;

use crate::world::{Answer, Badge, World};

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn stored(world: &World, number: &str) -> CaseRow {
    let number = number.to_owned();
    let found = world.app.db().read::<_, store::StoreError>(move |tx| store::case::by_number(tx, &number));
    found.expect("a read").expect("the case exists")
}

async fn send(world: &World, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
    let version = stored(world, number).state.version.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("version", &version));
    world.post(&format!("/desk/cases/{number}/{action}"), badge, &form(&pairs)).await
}

async fn done(world: &World, number: &str, action: &str, badge: &Badge, pairs: &[(&str, &str)]) {
    let answer = send(world, number, action, badge, pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.text);
}

/// A complaint about a shop on a platform, typed by the agent.
fn registered(world: &World) -> String {
    let (house, now) = (world.app.house().clone(), world.app.now());
    let raw = RawFiling {
        region: "410105001".to_owned(),
        channel: "phone".to_owned(),
        complainant_name: "陈晓梅".to_owned(),
        complainant_phone: "13837120001".to_owned(),
        complainant_address: "郑州市金水区花园路1号".to_owned(),
        notify_by: "in_app".to_owned(),
        consent_publish: "yes".to_owned(),
        consent_delegate: "no".to_owned(),
        truthful: "yes".to_owned(),
        title: "网店不退款".to_owned(),
        respondent_name: "甲店".to_owned(),
        respondent_address: "郑州市金水区文化路2号".to_owned(),
        respondent_platform: "拼好货".to_owned(),
        goods: "电饭煲".to_owned(),
        category: "food".to_owned(),
        problem: "quality".to_owned(),
        amount: "299".to_owned(),
        facts: "买回三天不能加热，店家不肯退。".to_owned(),
        demands: vec!["return_goods".to_owned()],
        ..RawFiling::default()
    };
    let filed = world.app.db().act(move |tx| {
        let account = store::account::by_login(tx, "intake_agent")?.expect("the account was made");
        let actor = Actor::Staff(casework::staff::load(tx, account.id)?.expect("it is open"));
        let filing = parse(&raw, Typist::Agent, &Codes::builtin(), now).unwrap_or_else(|faults| panic!("{faults:?}"));
        filing::file(tx, Scene { house: &house, now, actor: &actor }, &filing, Evidence::default())
    });
    filed.unwrap_or_else(|error: ActError| panic!("{error:?}")).number
}

#[tokio::test]
async fn the_page_says_which_bureau_has_the_power_and_why() {
    let world = World::new();
    let (number, agent, dispatcher) =
        (registered(&world), world.signed_in("intake_agent"), world.signed_in("dispatcher"));
    let read_out = world.get(&format!("/desk/register/done/{number}"), &agent).await;
    assert!(read_out.text.contains("为什么由这个局处理"), "{}", read_out.text);
    assert!(read_out.text.contains("在“拼好货”上购买") && read_out.text.contains("第十三条第三款"));
    let forward = world.get(&format!("/desk/cases/{number}/forward"), &dispatcher).await;
    assert_eq!(forward.status, StatusCode::OK);
    for words in ["由谁处理", "平台公示的地址所在地", "没有公示地址或者联系不上：平台经营者住所地", "第十三条第三款"]
    {
        assert!(forward.text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_return_without_its_reason_comes_back_with_what_was_typed() {
    let world = World::new();
    let (number, leader, dispatcher) = (registered(&world), world.signed_in("leader"), world.signed_in("dispatcher"));
    done(&world, &number, "accept", &dispatcher, &[("note", "")]).await;
    let office = world.facts.office.to_string();
    let twice = [("unit", office.as_str()), ("reason", "辖区")];
    done(&world, &number, "dispatch", &dispatcher, &twice).await;
    let refused = send(&world, &number, "return", &leader, &[("code", ""), ("reason", "商家在城南")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请选择退回的原因") && refused.text.contains("商家在城南"));
    done(&world, &number, "return", &leader, &[("code", "not_in_area"), ("reason", "商家在城南")]).await;
    let queue = world.get("/desk?view=all&supervised=yes", &dispatcher).await;
    assert!(!queue.text.contains(&number), "once is no ping-pong");
    done(&world, &number, "dispatch", &dispatcher, &twice).await;
    done(&world, &number, "return", &leader, &[("code", "not_our_remit"), ("reason", "不归本所")]).await;
    let queue = world.get("/desk?view=all&supervised=yes", &dispatcher).await;
    assert!(queue.text.contains(&number) && queue.text.contains(">督办<"), "marked and found");
    let page = world.get(&format!("/desk/cases/{number}"), &dispatcher).await;
    assert!(page.text.contains("由系统自动列入") && page.text.contains("还没有反馈进展"));
    let errands = world.get("/desk", &dispatcher).await;
    assert!(errands.text.contains("向上级反馈进展"), "the errand is on the desk");
    done(&world, &number, "answer_supervision", &dispatcher, &[("news", "明天确定承办所")]).await;
}

#[tokio::test]
async fn the_bureaus_director_decides_on_a_referral() {
    let world = World::new();
    let (number, dispatcher, director) =
        (registered(&world), world.signed_in("dispatcher"), world.signed_in("duty_director"));
    let asked = world.get(&format!("/desk/cases/{number}/propose_referral"), &dispatcher).await;
    assert!(asked.text.contains("12378") && asked.text.contains("金融监督管理部门"));
    let empty = send(&world, &number, "propose_referral", &dispatcher, &[("body", ""), ("reason", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("请选择由哪个部门处理") && empty.text.contains("请写明为什么由该部门处理"));
    let proposal = [("body", "financial_regulation"), ("reason", "贷款利率争议由金融监管部门监管")];
    done(&world, &number, "propose_referral", &dispatcher, &proposal).await;
    let early = world.get(&format!("/desk/cases/{number}/accept"), &dispatcher).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "it waits for the leader");
    let queue = world.get("/desk", &director).await;
    assert!(queue.text.contains("审批移送其他部门"), "{}", queue.text);
    done(&world, &number, "approve_referral", &director, &[("opinion", "同意移送。")]).await;
    let page = world.get(&format!("/desk/cases/{number}"), &dispatcher).await;
    assert!(page.text.contains("移送其他部门") && page.text.contains("投诉不予受理决定书"));
    let list = world.get("/desk/cases?outcome=referred", &dispatcher).await;
    assert!(list.text.contains(&number), "found by its outcome");
}

#[tokio::test]
async fn a_serious_matter_is_reported_from_the_case() {
    let world = World::new();
    let (number, officer) = (world.facts.number.clone(), world.signed_in("officer"));
    let asked = world.get(&format!("/desk/cases/{number}/report_up"), &officer).await;
    assert!(asked.text.contains("到达现场（县城内），8"), "{}", asked.text);
    let report = [("level", "mass"), ("kind", "prepaid"), ("on_site", "on_site_county_town"), ("reason", "三十人到店")];
    done(&world, &number, "report_up", &officer, &report).await;
    let page = world.get(&format!("/desk/cases/{number}"), &officer).await;
    for words in ["群体性投诉，已经上报", "还没有确认收到", "上级确认收到重大事项", "到达现场（县城内）"]
    {
        assert!(page.text.contains(words), "{words}");
    }
    done(&world, &number, "arrive", &officer, &[("at", "2026-11-20T09:50"), ("note", "已控制现场")]).await;
    let foreign = world.signed_in("foreign_officer");
    let hidden = world.get(&format!("/desk/cases/{number}/assist"), &foreign).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}
