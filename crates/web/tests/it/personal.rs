//! 个人信息请求、对外发布、保密对照 on the pages.

use axum::http::{Method, StatusCode};
use casework::role_security;
use domain::role::Role;
use jiff::SignedDuration;

use crate::authority::{filled, ways};
use crate::world::{Answer, Badge, World};

#[tokio::test]
async fn a_person_asks_on_her_page_and_fetches_her_copy_there() {
    let world = World::new();
    let consumer = world.consumer().await;
    assert!(world.get("/track/case", &consumer).await.text.contains("/track/personal"));
    let page = world.get("/track/personal/copy", &consumer).await.text;
    assert!(page.contains("第四十五条") || page.contains("查阅、复制其个人信息"));
    let kin = world.post("/track/personal/copy", &consumer, "asker=kin&words=").await;
    assert_eq!(kin.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(kin.text.contains("请写明和本人的关系"));
    let asked = world.post("/track/personal/copy", &consumer, "asker=herself&words=").await;
    assert_eq!(asked.location(), "/track/personal?done=asked");
    assert!(world.get("/track/personal", &consumer).await.text.contains("等答复"));
    assert_eq!(world.get("/track/personal/copies/1", &consumer).await.status, StatusCode::NOT_FOUND);

    let leader = world.signed_in("leader");
    let list = world.get("/desk/personal?state=open", &leader).await.text;
    assert!(list.contains(&world.facts.number) && list.contains("/desk/personal/1"));
    assert!(!world.get("/desk/personal?state=granted", &leader).await.text.contains("/desk/personal/1"));
    let vague = world.post("/desk/personal/1", &leader, "reason=").await;
    assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(vague.text.contains("请选择同意还是不同意"));
    let granted = world.post("/desk/personal/1", &leader, "granted=yes&reason=核对了证件").await;
    assert_eq!(granted.location(), "/desk/personal/1?done=decided");
    let copy = world.get("/track/personal/copies/1", &consumer).await.text;
    assert!(copy.contains("陈晓梅") && copy.contains("13837120001") && !copy.contains("好又来"));
    let file = world.get("/track/personal/copies/1/data.json", &consumer).await;
    let data: serde_json::Value = serde_json::from_slice(&file.bytes).expect("machine readable");
    assert_eq!(data["number"], world.facts.number.as_str());
    // At the counter, after a fresh proof.
    let agent = world.signed_in("intake_agent");
    assert!(world.get("/desk/personal/1/print", &agent).await.text.contains("陈晓梅"));
    assert_eq!(
        world.get("/desk/personal/1/copy.json", &world.signed_in("statistician")).await.status,
        StatusCode::NOT_FOUND
    );
    let foreign = world.signed_in("foreign_officer");
    assert_eq!(world.get("/desk/personal/1", &foreign).await.status, StatusCode::NOT_FOUND);
    let trail = world.get("/admin/access?kind=export", &world.signed_in("auditor")).await.text;
    assert!(trail.contains("个人信息副本"), "taken out on record");
}

#[tokio::test]
async fn an_agent_takes_a_correction_down_and_the_leader_sees_both_values() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let form = format!("number={}&right=correct&asker=herself&words=换了手机&phone=13837129999", world.facts.number);
    let wrong = world.post("/desk/personal/new", &agent, "number=410105-2026-999999&right=copy&asker=herself").await;
    assert!(wrong.text.contains("没有找到这一件"));
    assert_eq!(world.post("/desk/personal/new", &agent, &form).await.location(), "/desk/personal?done=asked");
    let leader = world.signed_in("leader");
    let page = world.get("/desk/personal/1", &leader).await.text;
    assert!(page.contains("13837120001") && page.contains("13837129999"));
    world.post("/desk/personal/1", &leader, "granted=yes&reason=核对了证件").await;
    assert!(!world.get("/desk/personal/1", &leader).await.text.contains("13837129999"), "the request forgets it");
    let csv = world.get("/desk/personal.csv", &leader).await.text;
    assert!(csv.contains("更正、补充") && !csv.contains("13837129999"));
}

#[tokio::test]
async fn what_is_said_outside_is_proposed_approved_and_marked() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let empty = world.post("/desk/statements/new", &officer, "title=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = "kind=publication&title=消费提示&medium=本局公众号&text=保留小票";
    assert_eq!(world.post("/desk/statements/new", &officer, form).await.location(), "/desk/statements/1?done=proposed");
    let early = world.post("/desk/statements/1/publish", &officer, "place=公众号").await;
    assert!(early.text.contains("没有批准的不能对外发布"));
    let director = world.signed_in("duty_director");
    assert!(world.get("/desk", &director).await.text.contains("审批对外发布"), "it waits above her queue");
    assert_eq!(world.get("/desk/statements/1", &world.signed_in("leader")).await.status, StatusCode::NOT_FOUND);
    let done = world.post("/desk/statements/1/approve", &director, "opinion=同意").await;
    assert_eq!(done.location(), "/desk/statements/1?done=approve");
    assert!(!world.get("/desk", &director).await.text.contains("审批对外发布"));
    let said = world.post("/desk/statements/1/publish", &officer, "place=公众号11月20日").await;
    assert_eq!(said.location(), "/desk/statements/1?done=publish");
    let record = world.get("/desk/statements/1/print", &officer).await.text;
    for words in ["对外发布审批单", "同意", "公众号11月20日", "12315保密纪律制度第三条"] {
        assert!(record.contains(words), "{words}");
    }
    assert!(world.get("/desk/statements.csv", &director).await.text.contains("已发布"));
}

#[tokio::test]
async fn the_five_confidential_classes_are_shown_to_the_three_administrators() {
    let world = World::new();
    for who in ["administrator", "security", "auditor"] {
        let page = world.get("/admin/confidentiality", &world.signed_in(who)).await.text;
        assert!(page.contains("受理登记内容") && page.contains("12315保密纪律制度第二条"), "{who}");
        assert!(page.contains("谁也看不到") && !page.contains("不一致"), "{who}");
    }
    let officer = world.signed_in("officer");
    assert_eq!(world.get("/admin/confidentiality", &officer).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_that_leaves_its_network_is_ended_with_a_clear_sentence() {
    let world = World::new();
    let officer = world.signed_in("officer");
    assert_eq!(world.get_from("10.1.9.9", "/desk", &officer).await.status, StatusCode::OK);
    world.as_system(|tx, scene| {
        let here = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        role_security::set(tx, scene, Role::Officer, None, "10.1.0.0/16", here, true)
    });
    assert_eq!(world.get_from("10.1.9.9", "/desk", &officer).await.status, StatusCode::OK, "inside she goes on");
    let outside: Answer = world.get_from("10.2.0.1", "/desk", &officer).await;
    assert_eq!(outside.status, StatusCode::FORBIDDEN);
    assert!(outside.text.contains("您的登录已经结束") && outside.text.contains("10.2.0.1"));
    assert_eq!(
        world.get_from("10.1.9.9", "/desk", &officer).await.status,
        StatusCode::SEE_OTHER,
        "it is over inside too"
    );
    let trail = world.get("/admin/access?kind=refused", &world.signed_in("auditor")).await.text;
    assert!(trail.contains("不能从这个网段使用"), "on record");
    assert_eq!(world.get("/desk", &world.signed_in("leader")).await.status, StatusCode::OK, "another role");
}

/// What leaves without anything about people in it.
const OF_NOBODY: &[&str] = &[
    "/desk/counts.csv",
    "/desk/timeliness.csv",
    "/desk/statements.csv",
    "/admin/phrases.csv",
    "/admin/seals.json",
    "/admin/organizations/export",
    "/admin/papers/{id}/wording.csv",
];

#[tokio::test]
async fn every_export_that_holds_something_about_people_asks_for_a_fresh_proof() {
    let world = World::new();
    let leaves = |path: &str| [".csv", ".zip", ".json", "/export"].iter().any(|ending| path.ends_with(ending));
    let inside = |path: &str| path.starts_with("/desk") || path.starts_with("/admin");
    let exports: Vec<String> = ways()
        .into_iter()
        .filter(|(path, method)| *method == Method::GET && inside(path) && leaves(path))
        .map(|(path, _)| path)
        .collect();
    assert!(exports.len() > 12, "the exports were read from the source: {exports:?}");
    for known in OF_NOBODY {
        assert!(exports.iter().any(|path| path == known), "{known} is no export any more");
    }
    for path in exports {
        let who = if path.starts_with("/admin/access") {
            "auditor"
        } else if path.starts_with("/admin") {
            "administrator"
        } else {
            "shift_lead"
        };
        let badge: Badge = world.signed_in_again(who);
        world.pass(SignedDuration::from_mins(20));
        let answer = world.get(&filled(&path, &world.facts), &badge).await;
        let asked = answer.text.contains("proof_password");
        assert_eq!(asked, !OF_NOBODY.contains(&path.as_str()), "{path}: {}", answer.status);
    }
}
