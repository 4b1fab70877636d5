//! Login: what a person must show, when she is locked out, when a session ends.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::world::{Badge, PASSWORD, World};

async fn log_in(world: &World, login: &str, password: &str) -> crate::world::Answer {
    world.post("/login", &Badge::None, &format!("login={login}&password={password}&next=")).await
}

#[tokio::test]
async fn a_right_password_opens_the_page_of_ones_work() {
    let world = World::new();
    for (login, first) in [
        ("officer", "/desk"),
        ("administrator", "/admin"),
        ("auditor", "/admin/access"),
        ("station_liaison", "/account"),
    ] {
        let answer = log_in(&world, login, PASSWORD).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, first), "{login}");
        let badge = Badge::Cookie(answer.cookies());
        assert_eq!(world.get("/account", &badge).await.status, StatusCode::OK);
    }
    // Letters of either size name the same person.
    assert_eq!(log_in(&world, "Officer", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn after_the_login_one_is_where_one_wanted_to_be_and_nowhere_else() {
    let world = World::new();
    let asked = world.get("/desk/cases?q=1", &Badge::None).await;
    assert_eq!(asked.location(), "/login?next=%2Fdesk%2Fcases%3Fq%3D1");
    let form = format!("login=officer&password={PASSWORD}&next=");
    let to = |next: &str| format!("{form}{next}");
    assert_eq!(world.post("/login", &Badge::None, &to("%2Fdesk%2Fcases%3Fq%3D1")).await.location(), "/desk/cases?q=1");
    for foreign in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        assert_eq!(world.post("/login", &Badge::None, &to(foreign)).await.location(), "/desk");
    }
}

#[tokio::test]
async fn an_unknown_login_is_answered_like_a_wrong_password() {
    let world = World::new();
    let text = |answer: &crate::world::Answer, login: &str| answer.text.replace(login, "·");
    for _ in 0..6 {
        let (wrong, unknown) =
            (log_in(&world, "officer", "Wrong-pass-1").await, log_in(&world, "nobodyy", "Wrong-pass-1").await);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.status, wrong.status);
        assert_eq!(text(&unknown, "nobodyy"), text(&wrong, "officer"));
    }
}

#[tokio::test]
async fn after_five_wrong_passwords_one_waits_a_quarter_of_an_hour_then_twice_as_long() {
    let world = World::new();
    for _ in 0..4 {
        assert!(log_in(&world, "leader", "Wrong-pass-1").await.text.contains("登录名或密码不对"));
    }
    assert!(log_in(&world, "leader", "Wrong-pass-1").await.text.contains("从这里暂时不能登录"));
    let refused = log_in(&world, "leader", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("10:15</b>"), "it says until when");
    world.pass(SignedDuration::from_mins(14));
    assert_eq!(log_in(&world, "leader", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.pass(SignedDuration::from_mins(2));
    assert!(log_in(&world, "leader", "Wrong-pass-1").await.text.contains("10:46</b>"), "half an hour now");
    world.pass(SignedDuration::from_mins(31));
    assert_eq!(log_in(&world, "leader", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert!(log_in(&world, "leader", "Wrong-pass-1").await.text.contains("登录名或密码不对"), "the count begins anew");
}

#[tokio::test]
async fn a_security_administrator_can_end_the_wait() {
    let world = World::new();
    for _ in 0..5 {
        log_in(&world, "officer", "Wrong-pass-1").await;
    }
    assert_eq!(log_in(&world, "officer", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let security = world.signed_in("security");
    let page = format!("/admin/accounts/{}", world.facts.officer);
    assert!(world.get(&page, &security).await.text.contains("解除等候"));
    assert_eq!(world.post(&format!("{page}/unlock"), &security, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(log_in(&world, "officer", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_the_latest_after_twelve_hours() {
    let world = World::new();
    let badge = world.signed_in("officer");
    world.pass(SignedDuration::from_mins(29));
    assert_eq!(world.get("/account", &badge).await.status, StatusCode::OK);
    world.pass(SignedDuration::from_mins(29));
    assert_eq!(world.get("/account", &badge).await.status, StatusCode::OK, "use keeps it alive");
    world.pass(SignedDuration::from_mins(31));
    assert_eq!(world.get("/account", &badge).await.location(), "/login?next=%2Faccount");

    let badge = world.signed_in("leader");
    for _ in 0..35 {
        world.pass(SignedDuration::from_mins(20));
        assert_eq!(world.get("/account", &badge).await.status, StatusCode::OK);
    }
    world.pass(SignedDuration::from_mins(20));
    assert_eq!(world.get("/account", &badge).await.status, StatusCode::SEE_OTHER, "twelve hours are over");
}

#[tokio::test]
async fn logging_out_ends_the_session_itself() {
    let world = World::new();
    let badge = world.signed_in("officer");
    let left = world.post("/logout", &badge, "").await;
    assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/login"));
    assert_eq!(world.get("/account", &badge).await.status, StatusCode::SEE_OTHER, "the old cookie is worth nothing");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let world = World::new();
    let elsewhere = world.signed_in("officer");
    let here = Badge::Cookie(log_in(&world, "officer", PASSWORD).await.cookies());
    let form = format!("current={PASSWORD}&password=Huanghe-lu-77&again=Huanghe-lu-77");
    let changed = world.post("/account/password", &here, &form).await;
    assert_eq!(changed.location(), "/account?done=password");
    assert_eq!(world.get("/account", &Badge::Cookie(changed.cookies())).await.status, StatusCode::OK);
    assert_eq!(world.get("/account", &elsewhere).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/account", &here).await.status, StatusCode::SEE_OTHER);
    assert_eq!(log_in(&world, "officer", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(log_in(&world, "officer", "Huanghe-lu-77").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_weak_password_is_refused_beside_its_field() {
    let world = World::new();
    let badge = world.signed_in("officer");
    for (password, again, says) in [
        ("short-1A", "short-1A", "至少 10 位"),
        ("alllowercase", "alllowercase", "至少用三种"),
        ("Officer-2026", "Officer-2026", "登录名"),
        ("Xiangyang-12315", "Xiangyang-12315", "太常见"),
        ("Huanghe-lu-77", "Huanghe-lu-78", "两次输入"),
        (PASSWORD, PASSWORD, "相同"),
    ] {
        let form = format!("current={PASSWORD}&password={password}&again={again}");
        let answer = world.post("/account/password", &badge, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(answer.text.contains(says), "{password}");
        assert!(!answer.text.contains(password) || says == "登录名", "what was typed is not sent back");
    }
    let wrong = world
        .post("/account/password", &badge, "current=Wrong-pass-1&password=Huanghe-lu-77&again=Huanghe-lu-77")
        .await;
    assert!(wrong.text.contains("现在的密码不对"));
}

#[tokio::test]
async fn a_one_time_password_leads_to_ones_own_before_anything_else() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let reset = world.post(&format!("/admin/accounts/{}/reset", world.facts.officer), &administrator, "").await;
    assert_eq!(reset.status, StatusCode::OK);
    let one_time = reset.text.split("class=\"secret number\">").nth(1).and_then(|rest| rest.split('<').next());
    let one_time = one_time.expect("it is shown once").to_owned();
    let entered = log_in(&world, "officer", &one_time).await;
    assert_eq!(entered.location(), "/account/password");
    let badge = Badge::Cookie(entered.cookies());
    assert_eq!(world.get("/desk", &badge).await.location(), "/account/password");
    let form = format!("current={one_time}&password=Huanghe-lu-77&again=Huanghe-lu-77");
    let changed = world.post("/account/password", &badge, &form).await;
    assert_eq!(changed.location(), "/desk");
    assert_eq!(world.get("/account", &Badge::Cookie(changed.cookies())).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let world = World::new();
    let answer = log_in(&world, "officer", PASSWORD).await;
    let cookie = answer.headers.get(header::SET_COOKIE).expect("a cookie").to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP on this machine: a Secure cookie would never come back");
    assert!(!cookie.contains("officer"));
}
