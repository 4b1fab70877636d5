//! 交接 on the pages: the administrator sees how much, never which; the leader gives, the taker signs, the record is printed.

use axum::http::StatusCode;
use domain::role::Role;

use crate::world::World;

/// A third officer at the office.
fn third(world: &World) -> i64 {
    let office = world.facts.office;
    world.as_system(move |tx, _| {
        let mut account = store::account::by_login(tx, "officer2")?.expect("she is there");
        (account.login, account.name) = ("officer3".to_owned(), "承办人三号".to_owned());
        let id = store::account::insert(tx, &account, "2026-11-20T02:00:00Z".parse().expect("an instant"))?;
        store::account::grant(tx, id, Role::Officer, office)?;
        Ok(id)
    })
}

#[tokio::test]
async fn a_change_of_post_goes_from_the_administrator_over_the_leader_to_the_taker() {
    let world = World::new();
    let (officer, third) = (world.facts.officer, third(&world));
    let account = format!("/admin/accounts/{officer}");
    let administrator = world.signed_in("administrator");
    let page = world.get(&account, &administrator).await.text;
    assert!(page.contains("1 件主办的案件") && !page.contains(&world.facts.number), "how much, never which");
    let refused = world.post(&format!("{account}/handover"), &administrator, "reason=+").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请写明为什么交接"));
    let begun = world.post(&format!("{account}/handover"), &administrator, "reason=调往市局").await;
    assert_eq!(begun.location(), format!("{account}?done=handover"));
    assert!(world.get(&account, &administrator).await.text.contains("调往市局"));

    let leader = world.signed_in("leader");
    let list = world.get("/desk/handovers", &leader).await.text;
    assert!(list.contains("调往市局") && list.contains("/desk/handovers/1"));
    let page = world.get("/desk/handovers/1", &leader).await.text;
    let field = page.split("name=\"lead_").nth(1).and_then(|rest| rest.split('"').next()).expect("a choice");
    assert!(page.contains(&world.facts.number) && page.contains("承办人三号（在办 0 件）"));
    let wrong = world.post("/desk/handovers/1", &leader, &format!("lead_{field}={officer}")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("不能接这一件"), "beside its row");
    let given = world.post("/desk/handovers/1", &leader, &format!("lead_{field}={third}")).await;
    assert_eq!(given.location(), "/desk/handovers/1?done=given&given=1&left=0");

    let taker = world.signed_in("officer3");
    assert!(world.get("/desk", &taker).await.text.contains("签收交接"), "it waits above her queue");
    assert_eq!(world.post("/desk/handovers/1/take", &taker, "").await.location(), "/desk/handovers/1?done=take");
    assert!(!world.get("/desk", &taker).await.text.contains("签收交接"));
    let closing = format!("{account}/deactivate");
    let early = world.post(&closing, &administrator, "").await;
    assert!(early.text.contains("交接还没有签收完"), "the giving side has not signed");
    let officer_badge = world.signed_in("officer");
    assert!(world.get("/desk", &officer_badge).await.text.contains("我的交接"));
    assert_eq!(
        world.post("/desk/handovers/1/sign", &officer_badge, "").await.location(),
        "/desk/handovers/1?done=sign"
    );
    let record = world.get("/desk/handovers/1/print", &leader).await.text;
    for words in ["岗位交接记录", "调往市局", "承办人三号", &world.facts.number, "12315保密纪律制度第六条"]
    {
        assert!(record.contains(words), "{words}");
    }
    assert!(!record.contains("没有签收") && !record.contains("没有签字"));
    assert_eq!(world.post(&closing, &administrator, "").await.location(), format!("{account}?done=deactivated"));
}

#[tokio::test]
async fn a_move_takes_the_old_roles_and_asks_for_a_fresh_proof() {
    let world = World::new();
    let found: Result<_, store::StoreError> = world.app.db().read(|tx| store::account::by_login(tx, "archivist"));
    let id = found.expect("the database reads").expect("she is there").id;
    let (path, administrator) = (format!("/admin/accounts/{id}/move"), world.signed_in("administrator"));
    let refused = world.post(&path, &administrator, "version=1&to=没有这个局").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("没有找到这个机构") && refused.text.contains("value=\"没有这个局\""),
        "what was typed stays"
    );
    let bureau = world.facts.bureau;
    let name: Result<_, store::StoreError> = world
        .app
        .db()
        .read(move |tx| store::organization::find(tx, bureau).map(|place| place.expect("it is there").name));
    let form = format!("version=1&to={}", name.expect("the database reads"));
    assert_eq!(world.post(&path, &administrator, &form).await.location(), format!("/admin/accounts/{id}?done=moved"));
    let page = world.get(&format!("/admin/accounts/{id}"), &administrator).await.text;
    assert!(page.contains("还没有角色"));
    world.pass(jiff::SignedDuration::from_mins(20));
    let asked = world.post(&path, &administrator, &form).await;
    assert!(asked.text.contains("proof_password"), "the proof of her sign-in is too old: {}", asked.status);
}
