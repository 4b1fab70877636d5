//! 举报人身份 on the pages: who is let in, that a password opens once, and that nothing of it stays behind.

use axum::http::StatusCode;
use casework::vault::{self, Ceremony, Identity};
use casework::{ActError, Actor, Scene};

use crate::world::{Answer, Badge, PASSWORD, World};

const CANARY: &str = "欧阳金丝雀";
const REASON: &str = "%E7%BA%A6%E4%B8%BE%E6%8A%A5%E4%BA%BA%E8%BE%A8%E8%AE%A4%E7%85%A7%E7%89%87";

/// Signs in with the password, which makes the key.
async fn enters(world: &World, login: &str) -> Badge {
    let answer = world.post("/login", &Badge::None, &format!("login={login}&password={PASSWORD}&next=")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}");
    Badge::Cookie(answer.cookies())
}

/// The case of the world with its reporter sealed to both custodians; gives their badges.
async fn sealed(world: &World) -> [Badge; 2] {
    let as_system = |world: &World| (world.app.house().clone(), world.app.now());
    let (house, now) = as_system(world);
    let ceremony = std::sync::Arc::new(Ceremony::prepare(house.settings.suite, 5, 3, [1; 32]).unwrap());
    world
        .app
        .db()
        .act(move |tx| {
            let scene = Scene { house: &house, now, actor: &Actor::System };
            vault::set_up(tx, scene, &ceremony, &[], None, [2; 32])
        })
        .unwrap_or_else(|error: ActError| panic!("{error:?}"));
    let custodians = [enters(world, "identity_custodian").await, enters(world, "custodian2").await];
    let to = world.app.db().read(|tx| store::account::by_login(tx, "custodian2")).unwrap().unwrap().id;
    let form = format!("to={to}&password={PASSWORD}");
    let handed = world.post("/desk/identities/hand_over", &custodians[0], &form).await;
    assert_eq!(handed.location(), "/desk/identities?done=hand_over&count=0");
    let ((house, now), number) = (as_system(world), world.facts.number.clone());
    world
        .app
        .db()
        .act(move |tx| {
            let case = store::case::by_number(tx, &number)?.expect("the case");
            let identity = Identity { name: CANARY.to_owned(), ..Identity::default() };
            let scene = Scene { house: &house, now, actor: &Actor::System };
            vault::seal_identity(tx, scene, &case, &identity, [3; 32])
        })
        .unwrap_or_else(|error: ActError| panic!("{error:?}"));
    custodians
}

fn page(world: &World) -> String {
    format!("/desk/cases/{}/identity", world.facts.number)
}

async fn sends(world: &World, badge: &Badge, what: &str, form: &str) -> Answer {
    world.post(&format!("{}/{what}", page(world)), badge, form).await
}

fn waiting(world: &World) -> i64 {
    let bureau = world.facts.bureau;
    world.app.db().read(move |tx| store::vault::waiting(tx, bureau, 9)).expect("requests")[0].id
}

#[tokio::test]
async fn an_officer_asks_a_custodian_approves_and_it_is_shown_once() {
    let world = World::new();
    let [custodian, _] = sealed(&world).await;
    let officer = enters(&world, "officer").await;
    let asked = sends(&world, &officer, "ask", &format!("why={REASON}")).await;
    assert_eq!(asked.location(), format!("{}?done=ask", page(&world)));
    assert!(world.get(&page(&world), &officer).await.text.contains("等待批准"));
    assert!(world.get("/desk/identities", &custodian).await.text.contains(&world.facts.number));
    let form = format!("id={}&approve_password={PASSWORD}", waiting(&world));
    let approved = sends(&world, &custodian, "approve", &form).await;
    assert_eq!(approved.location(), format!("{}?done=approve", page(&world)));
    let shown = sends(&world, &officer, "open", &format!("reason={REASON}&open_password={PASSWORD}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains(CANARY));
    assert_eq!(shown.headers["cache-control"], "no-store");
    for (badge, who) in [(&officer, "officer"), (&custodian, "custodian")] {
        let again = world.get(&page(&world), badge).await;
        assert!(again.text.contains("谁看过") && !again.text.contains(CANARY), "{who}");
    }
    let again = sends(&world, &officer, "open", &format!("reason={REASON}&open_password={PASSWORD}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.text.contains(CANARY));
}

#[tokio::test]
async fn the_curious_get_404_and_their_password_is_not_tried() {
    let world = World::new();
    let [custodian, _] = sealed(&world).await;
    for login in ["intake_agent", "statistician", "archivist", "administrator", "auditor", "foreign_officer"] {
        let badge = world.signed_in(login);
        assert_eq!(world.get(&page(&world), &badge).await.status, StatusCode::NOT_FOUND, "{login}");
        for what in ["ask", "open", "approve", "decline", "reader", "revoke"] {
            let form = format!("id=1&why={REASON}&reason={REASON}&open_password=guess");
            assert_eq!(sends(&world, &badge, what, &form).await.status, StatusCode::NOT_FOUND, "{login} {what}");
        }
    }
    // A case without a sealed identity looks the same.
    let other = world.get("/desk/cases/410105-2026-999999/identity", &custodian).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let case = world.get(&format!("/desk/cases/{}", world.facts.number), &custodian).await;
    assert_eq!(case.status, StatusCode::NOT_FOUND, "a custodian reads no other file");
    assert_eq!(world.get("/desk/identities", &world.signed_in("officer2")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_wrong_password_is_counted_and_the_right_one_names_a_reader() {
    let world = World::new();
    let [custodian, _] = sealed(&world).await;
    let officer = enters(&world, "officer").await;
    let id = world.facts.officer;
    let wrong = sends(&world, &custodian, "reader", &format!("account={id}&reader_password=Wrong-pass-1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("再输错 4 次") && !wrong.text.contains("Wrong-pass-1"));
    let named = sends(&world, &custodian, "reader", &format!("account={id}&reader_password={PASSWORD}")).await;
    assert_eq!(named.location(), format!("{}?done=reader", page(&world)));
    let shown = sends(&world, &officer, "open", &format!("reason={REASON}&open_password={PASSWORD}")).await;
    assert!(shown.text.contains(CANARY));
    for _ in 0..5 {
        sends(&world, &officer, "open", &format!("reason={REASON}&open_password=Wrong-pass-1")).await;
    }
    let locked = sends(&world, &officer, "open", &format!("reason={REASON}&open_password={PASSWORD}")).await;
    assert!(locked.text.contains("密码输错次数太多") && !locked.text.contains(CANARY));
    let wrap = world.app.db().read(move |tx| store::vault::held_by_account(tx, id)).expect("her wrap")[0].id;
    sends(&world, &custodian, "revoke", &format!("id={wrap}&revoke_password={PASSWORD}")).await;
    assert!(world.get(&page(&world), &officer).await.text.contains("申请查看"));
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_what_was_typed_is_kept() {
    let world = World::new();
    let [custodian, colleague] = sealed(&world).await;
    let refused = sends(&world, &custodian, "ask", "why=%E7%9C%8B").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("至少 6 个字") && refused.text.contains("value=\"看\""));
    sends(&world, &custodian, "ask", &format!("why={REASON}")).await;
    let own = format!("id={}&approve_password={PASSWORD}", waiting(&world));
    let refused = sends(&world, &custodian, "approve", &own).await;
    assert!(refused.text.contains("不能自己批准自己的"));
    let declined = sends(&world, &colleague, "decline", &format!("id={}&answer={REASON}", waiting(&world))).await;
    assert_eq!(declined.location(), format!("{}?done=decline", page(&world)));
    assert!(world.get(&page(&world), &custodian).await.text.contains("不同意"));
    assert_eq!(sends(&world, &custodian, "steal", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ones_own_page_tells_of_the_key_and_a_new_password_keeps_it() {
    let world = World::new();
    let before = world.get("/account", &world.signed_in("officer")).await;
    assert!(before.text.contains("还没有，下次登录时自动建立"));
    let officer = enters(&world, "officer").await;
    let told = world.get("/account", &officer).await.text;
    let fingerprint = told.split("指纹 ").nth(1).expect("a fingerprint")[..19].to_owned();
    let form = format!("current={PASSWORD}&password=Huanghe-lu-99&again=Huanghe-lu-99");
    let changed = world.post("/account/password", &officer, &form).await;
    assert_eq!(changed.location(), "/account?done=password");
    let after = world.get("/account", &Badge::Cookie(changed.cookies())).await;
    assert!(after.text.contains(&fingerprint));
}
