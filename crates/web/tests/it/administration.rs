//! What an administrator does, and where her hand ends.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use domain::organization::OrganizationKind;
use jiff::SignedDuration;

use crate::world::{Answer, Badge, World};

const BOUNDARY: &str = "boundary";

/// Sends a form with a file.
async fn upload(world: &World, path: &str, badge: &Badge, parts: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, content) in parts {
        let file = if *name == "file" { "; filename=\"a.csv\"" } else { "" };
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_str(), content, "\r\n"]);
    }
    body.extend(["--", BOUNDARY, "--\r\n"]);
    let request = world.request(Method::POST, path, badge);
    let request = request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    world.send(request.body(Body::from(body)).unwrap()).await
}

fn organization(world: &World, region: &'static str, kind: OrganizationKind) -> store::organization::OrganizationRow {
    let found = world.app.db().read(move |tx| store::organization::by_region(tx, region, kind));
    let found: Result<_, store::StoreError> = found;
    found.expect("the database reads").expect("the tree has it")
}

#[tokio::test]
async fn an_account_is_made_with_a_password_that_is_shown_once() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let form = format!("organization={}&login=zhao.min&name=赵敏&phone=", world.facts.office);
    let made = world.post("/admin/accounts/new", &administrator, &form).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.text.contains("一次性密码") && made.text.contains("赵敏"));
    assert!(made.text.contains("还没有角色"), "roles are another's to give");
    let again = world.post("/admin/accounts/new", &administrator, &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("已经有人用了") && again.text.contains("value=\"zhao.min\""), "what was typed is kept");
}

#[tokio::test]
async fn nobody_holds_two_of_the_three_offices_nor_another_role_beside_one() {
    let world = World::new();
    let security = world.signed_in("security");
    for (login, role) in [
        ("administrator", "security_administrator"),
        ("administrator", "auditor"),
        ("administrator", "officer"),
        ("auditor", "administrator"),
        ("auditor", "leader"),
        ("foreign_security", "auditor"),
        ("officer", "administrator"),
        ("officer", "security_administrator"),
        ("officer", "auditor"),
    ] {
        let form = format!("role={role}&organization={}", world.facts.bureau);
        let path = format!("/admin/accounts/{}/grant", id_of(&world, login));
        let refused = world.post(&path, &security, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{login} {role}");
        assert!(refused.text.contains("不得兼任"), "{login} {role}");
    }
}

/// Whoever makes an account gives no role, whoever gives roles makes no account, whoever reads the record does neither.
#[tokio::test]
async fn each_of_the_three_offices_does_its_own_and_no_more() {
    let world = World::new();
    let officer = world.facts.officer;
    let role = format!("role=leader&organization={}", world.facts.office);
    let new = format!("organization={}&login=new.one&name=新人&phone=", world.facts.office);
    let grant = format!("/admin/accounts/{officer}/grant");
    let [reset, close, unlock] =
        ["reset", "deactivate", "unlock"].map(|act| format!("/admin/accounts/{}/{act}", id_of(&world, "archivist")));
    let refused = StatusCode::FORBIDDEN;
    for (who, denied) in [
        ("administrator", vec![(&grant, &role), (&unlock, &role)]),
        ("security", vec![(&reset, &role), (&close, &role)]),
        ("auditor", vec![(&grant, &role), (&unlock, &role), (&reset, &role), (&close, &role)]),
    ] {
        let badge = world.signed_in_again(who);
        for (path, form) in denied {
            assert_eq!(world.post(path, &badge, form).await.status, refused, "{who} {path}");
        }
        let made = world.post("/admin/accounts/new", &badge, &new).await.status;
        assert_eq!(made == StatusCode::OK, who == "administrator", "{who}");
        for trail in ["/admin/access", "/admin/access.csv", "/admin/seals", "/admin/seals.json"] {
            assert_eq!(world.get(trail, &badge).await.status == StatusCode::OK, who == "auditor", "{who} {trail}");
        }
        assert_eq!(
            world.get(&format!("/desk/cases/{}", world.facts.number), &badge).await.status == StatusCode::OK,
            who == "auditor"
        );
    }
    assert_eq!(world.post(&grant, &world.signed_in_again("security"), &role).await.status, StatusCode::SEE_OTHER);
    // A role slipped into the form of a new account is none.
    let sly = format!("organization={}&login=sly.one&name=新人&phone=&roles=auditor", world.facts.office);
    world.post("/admin/accounts/new", &world.signed_in_again("administrator"), &sly).await;
    let id = id_of(&world, "sly.one");
    let grants: Result<_, store::StoreError> = world.app.db().read(move |tx| store::account::grants(tx, id));
    assert_eq!(grants.expect("the database reads"), []);
}

/// Whoever could come in as the others would hold all three offices; what each does is in the record that only the third reads.
#[tokio::test]
async fn none_of_the_three_takes_anothers_place_or_leaves_no_trace() {
    let world = World::new();
    let (administrator, security) = (world.signed_in("administrator"), world.signed_in("security"));
    for other in ["security", "auditor"] {
        let path = format!("/admin/accounts/{}/reset", id_of(&world, other));
        let refused = world.post(&path, &administrator, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
        assert!(refused.text.contains("不能由系统管理员重置"), "{other}");
    }
    let form = format!("role=auditor&organization={}", world.facts.bureau);
    let own = format!("/admin/accounts/{}/grant", id_of(&world, "security"));
    assert_eq!(world.post(&own, &security, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("role=leader&organization={}", world.facts.office);
    world.post(&format!("/admin/accounts/{}/grant", world.facts.officer), &security, &form).await;
    world.post(&format!("/admin/accounts/{}/reset", id_of(&world, "archivist")), &administrator, "").await;
    let page = world.get("/admin/access?kind=administration", &world.signed_in("auditor")).await.text;
    assert!(page.contains("授予角色：officer 审批领导") && page.contains("重置密码：archivist"), "{page}");
}

fn id_of(world: &World, login: &'static str) -> i64 {
    let found: Result<_, store::StoreError> = world.app.db().read(move |tx| store::account::by_login(tx, login));
    found.expect("the database reads").expect("she is there").id
}

#[tokio::test]
async fn an_administrator_reaches_her_own_subtree_only() {
    let world = World::new();
    let foreign = world.signed_in("foreign_administrator");
    let own = organization(&world, "410103", OrganizationKind::Bureau);
    assert_eq!(world.get(&format!("/admin/organizations/{}", own.id), &foreign).await.status, StatusCode::OK);
    for path in [
        format!("/admin/organizations/{}", world.facts.bureau),
        format!("/admin/organizations/{}/add", world.facts.bureau),
        format!("/admin/accounts/{}", world.facts.officer),
        format!("/admin/accounts/new?organization={}", world.facts.office),
    ] {
        assert_eq!(world.get(&path, &foreign).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let foreign_security = world.signed_in("foreign_security");
    for (act, badge) in
        [("reset", &foreign), ("unlock", &foreign_security), ("deactivate", &foreign), ("grant", &foreign_security)]
    {
        let path = format!("/admin/accounts/{}/{act}", world.facts.officer);
        let form = format!("role=auditor&organization={}", own.id);
        assert_eq!(world.post(&path, badge, &form).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let list = world.get("/admin/accounts", &foreign).await.text;
    assert!(list.contains("foreign_officer") && !list.contains(">officer2<"));
}

#[tokio::test]
async fn nobody_raises_herself_or_locks_herself_out() {
    let world = World::new();
    for (who, acts) in [("administrator", ["deactivate", "reset"]), ("security", ["grant", "revoke"])] {
        let (badge, id) = (world.signed_in(who), id_of(&world, who));
        let form = format!("role=officer&organization={}", world.facts.bureau);
        for act in acts {
            let answer = world.post(&format!("/admin/accounts/{id}/{act}"), &badge, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        }
    }
}

#[tokio::test]
async fn an_account_with_open_cases_is_not_closed() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let refused = world.post(&format!("/admin/accounts/{}/deactivate", world.facts.officer), &administrator, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("手上还有 1 件没有办完的案件"), "it says how many");
    let form = format!("role=officer&organization={}", world.facts.office);
    let security = world.signed_in("security");
    let refused = world.post(&format!("/admin/accounts/{}/revoke", world.facts.officer), &security, &form).await;
    assert!(refused.text.contains("手上还有 1 件没有办完的案件"));
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let world = World::new();
    let (administrator, archivist) = (world.signed_in("administrator"), world.signed_in("archivist"));
    let id: Result<_, store::StoreError> = world.app.db().read(|tx| store::account::by_login(tx, "archivist"));
    let id = id.expect("the database reads").expect("she is there").id;
    assert_eq!(world.get("/account", &archivist).await.status, StatusCode::OK);
    let closed = world.post(&format!("/admin/accounts/{id}/deactivate"), &administrator, "").await;
    assert_eq!(closed.location(), format!("/admin/accounts/{id}?done=deactivated"));
    assert_eq!(world.get("/account", &archivist).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_organisation_changed_by_two_people_keeps_the_first_change() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let row = organization(&world, "410105001", OrganizationKind::Office);
    let path = format!("/admin/organizations/{}", row.id);
    let form =
        |name: &str| format!("name={name}&short_name=经八路所&phone=0371-6812&address=&overlay=&active=yes&version=1");
    assert_eq!(world.post(&path, &administrator, &form("经八路市场监管所")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.post(&path, &administrator, &form("另一个名称")).await.status, StatusCode::CONFLICT);
    assert_eq!(organization(&world, "410105001", OrganizationKind::Office).name, "经八路市场监管所");
    let faulty = world.post(&path, &administrator, "name=&short_name=&phone=电话&version=2&active=yes").await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["请填写全称", "请填写简称", "电话请只写数字"] {
        assert!(faulty.text.contains(says), "every fault at once: {says}");
    }
}

#[tokio::test]
async fn an_organisation_in_use_is_not_closed() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let path = format!("/admin/organizations/{}", world.facts.office);
    let form = "name=经八路市场监督管理所&short_name=经八路所&phone=&address=&overlay=&active=no&version=1";
    let refused = world.post(&path, &administrator, form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("未办结的案件"));
}

#[tokio::test]
async fn a_table_is_tried_before_it_changes_anything() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let exported = world.get("/admin/organizations/export", &administrator).await.text;
    let row = organization(&world, "410105001", OrganizationKind::Office);
    let (header, rest) = exported.split_once('\n').expect("a header");
    let line = rest.lines().find(|line| line.starts_with(&format!("{},", row.id))).expect("its line");
    let changed = format!(
        "{header}\n{}\n,所,410105,{},新设市场监督管理所,新设所,,,,\n",
        line.replace("经八路所", "经八所"),
        world.facts.bureau
    );

    let tried = upload(&world, "/admin/organizations/import", &administrator, &[("file", &changed)]).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.text.contains("经八路所 → 经八所") && tried.text.contains("新增所"), "{}", tried.text);
    assert_eq!(
        organization(&world, "410105001", OrganizationKind::Office).short_name,
        "经八路所",
        "nothing is changed yet"
    );

    let done =
        upload(&world, "/admin/organizations/import", &administrator, &[("text", &changed), ("apply", "yes")]).await;
    assert!(done.text.contains("2 个机构有变动"), "{}", done.text);
    assert_eq!(organization(&world, "410105001", OrganizationKind::Office).short_name, "经八所");
}

#[tokio::test]
async fn a_table_with_faults_names_each_line_and_changes_nothing() {
    let world = World::new();
    let (administrator, foreign) = (world.signed_in("administrator"), world.signed_in("foreign_administrator"));
    let header = "编号,类型,行政区划代码,上级编号,全称,简称,电话,地址,承诺时限,状态";
    let table = format!(
        "{header}\n{office},所,,,,,,,,\n999999,所,,,名,名,,,,\n{office},所,,,名,名,,,没有的制度,\n,所,,{office},名,名,,,,\n",
        office = world.facts.office
    );
    let tried = upload(&world, "/admin/organizations/import", &administrator, &[("file", &table)]).await;
    for (line, says) in [(2, "请填写全称"), (3, "没有编号为 999999"), (4, "没有的制度"), (5, "下面不能设")]
    {
        assert!(
            tried.text.contains(&format!("<td class=\"n number\">{line}</td><td>")) && tried.text.contains(says),
            "{says}"
        );
    }
    let forced =
        upload(&world, "/admin/organizations/import", &administrator, &[("text", &table), ("apply", "yes")]).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stolen = format!("{header}\n{},所,,,改名,改名,,,,\n", world.facts.office);
    let tried = upload(&world, "/admin/organizations/import", &foreign, &[("file", &stolen)]).await;
    assert!(tried.text.contains("不归您管理"));
}

#[tokio::test]
async fn a_token_is_shown_once_and_refused_after_it_was_taken_back() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let made = world.post("/admin/tokens", &administrator, "name=微信&scope=filing&organization=&per_minute=").await;
    let text = made.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("shown").to_owned();
    assert!(text.starts_with("xb_"));
    let list = world.get("/admin/tokens", &administrator).await.text;
    assert!(list.contains("微信") && !list.contains(&text));
    let file = |token: String| {
        let world = &world;
        async move { world.post("/api/v1/complaints", &Badge::Token(token), "").await.status }
    };
    assert_ne!(file(text.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.post("/admin/tokens/2/revoke", &administrator, "").await.status, StatusCode::SEE_OTHER);
    world.pass(SignedDuration::from_secs(6));
    assert_eq!(file(text).await, StatusCode::UNAUTHORIZED, "a token is remembered for five seconds");
    let faulty = world.post("/admin/tokens", &administrator, "name=热线&scope=filing&per_minute=many").await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

const NEXT_YEAR: &str = "year = 2027\nsource = \"国务院办公厅通知\"\n[[off]]\nname = \"元旦\"\nfrom = \"2027-01-01\"\nuntil = \"2027-01-03\"\n";

#[tokio::test]
async fn a_holiday_notice_is_tried_and_then_confirms_what_was_an_estimate() {
    let world = World::new();
    let (administrator, foreign) = (world.signed_in("administrator"), world.signed_in("foreign_administrator"));
    assert_eq!(upload(&world, "/admin/calendar", &foreign, &[("file", NEXT_YEAR)]).await.status, StatusCode::FORBIDDEN);
    let faulty = upload(&world, "/admin/calendar", &administrator, &[("file", "year = 2027\n")]).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let provisional = |world: &World| {
        let running: Result<_, store::StoreError> =
            world.app.db().read(|tx| store::deadline::running_of_cases(tx, 0, 100));
        running.expect("the database reads").into_iter().filter(|running| running.deadline.provisional).count()
    };
    let before = provisional(&world);
    assert!(before > 0, "60 days from November reach into a year not yet announced");
    let tried = upload(&world, "/admin/calendar", &administrator, &[("file", NEXT_YEAR)]).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.text.contains("现在还没有改动"));
    assert_eq!(provisional(&world), before);
    let done = upload(&world, "/admin/calendar", &administrator, &[("text", NEXT_YEAR), ("apply", "yes")]).await;
    assert!(done.text.contains("2027 年的节假日安排已导入"), "{}", done.text);
    assert_eq!(provisional(&world), 0);
    let number = world.facts.number.clone();
    let events: Result<_, store::StoreError> = world.app.db().read(move |tx| {
        let case = store::case::by_number(tx, &number)?.expect("it exists");
        store::event::of_case(tx, case.id)
    });
    let moves = events.expect("the database reads").iter().filter(|event| event.act == "move_deadline").count();
    assert_eq!(moves, before, "each confirmed date has its event");
}

#[tokio::test]
async fn the_outbox_shows_no_name_and_no_whole_number() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    for state in ["failed", "no_gateway", "waiting", "by_hand", "sent"] {
        let page = world.get(&format!("/admin/outbox?state={state}"), &administrator).await;
        assert_eq!(page.status, StatusCode::OK);
        for secret in ["陈晓梅", "13837120001", world.facts.number.as_str()] {
            assert!(!page.text.contains(secret), "{state}: {secret}");
        }
    }
    let page = world.get("/admin/outbox", &administrator).await.text;
    assert!(page.contains("没有设置短信网关") && page.contains("没有设置邮件网关"));
}

#[tokio::test]
async fn what_administrators_do_is_on_record() {
    let world = World::new();
    let (administrator, auditor) = (world.signed_in("administrator"), world.signed_in("auditor"));
    world.post(&format!("/admin/accounts/{}/reset", world.facts.officer), &administrator, "").await;
    let record = world.get("/admin/access", &auditor).await;
    assert_eq!(record.status, StatusCode::OK);
    assert!(record.text.contains("重置密码：officer"));
    assert_eq!(world.get("/admin/access", &administrator).await.status, StatusCode::FORBIDDEN);
}
