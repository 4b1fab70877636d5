//! What strangers do too often: they show that somebody is there, or wait; what was typed is kept, and whoever is meant goes on.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use sha2::{Digest, Sha256};
use tower::ServiceExt as _;
use web::App;
use web::limits::Limits;

use crate::world::{Answer, Badge, World};

const QUESTION: &str = "region=410105&complainant_phone=13800132207&notify_by=in_app&facts=保修期怎么算";

/// A browser without a login, which keeps its cookies.
struct Browser<'a> {
    world: &'a World,
    cookies: Vec<String>,
}

impl Browser<'_> {
    async fn send(&mut self, method: Method, path: &str, form: &str) -> Answer {
        let badge = Badge::Cookie(self.cookies.join("; "));
        let request = self.world.request(method, path, &badge);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = self.world.send(request.body(form.to_owned().into()).expect("a request")).await;
        let set = answer.cookies();
        for cookie in set.split("; ").filter(|cookie| cookie.contains('=')) {
            let name = cookie.split('=').next().unwrap_or_default().to_owned();
            self.cookies.retain(|kept| !kept.starts_with(&format!("{name}=")));
            self.cookies.push(cookie.to_owned());
        }
        answer
    }

    /// A question of its own, sent as the page sends it.
    async fn asks(&mut self, number: usize) -> Answer {
        self.send(Method::POST, "/consultations/new", &format!("key=k{number}&{QUESTION}{number}")).await
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {rest}")).0
}

/// As the script on the page works.
fn worked(token: &str, bits: u32) -> u64 {
    let fits = |number: &u64| {
        let hash = Sha256::digest(format!("{token}:{number}"));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= bits
    };
    (0..100_000_000).find(fits).expect("some number fits")
}

#[tokio::test]
async fn whoever_files_more_than_people_do_shows_that_somebody_is_there() {
    let world = World::with(Limits::ordinary());
    let mut browser = Browser { world: &world, cookies: Vec::new() };
    for number in 0..10 {
        let sent = browser.asks(number).await;
        assert_eq!(sent.location(), "/asked/receipt", "{number}: {}", sent.text);
    }
    let held = browser.asks(10).await;
    assert_eq!(held.location(), "/human?next=/consultations/new");
    // What was typed waits.
    let page = browser.send(Method::GET, "/consultations/new", "").await;
    assert!(page.text.contains("保修期怎么算10"), "{}", page.text);

    let question = browser.send(Method::GET, "/human?next=/consultations/new", "").await;
    assert_eq!(question.status, StatusCode::OK);
    let token = between(&question.text, "name=\"token\" value=\"", "\"").to_owned();
    let bits = between(&question.text, "data-work=\"", "\"").parse().expect("a number");
    for wrong in ["work=1&sum=", "work=&sum=1", "work=abc&sum=abc"] {
        let refused = browser.send(Method::POST, "/human", &format!("next=/&token={token}&{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let forged = token.replace(|c: char| c.is_ascii_hexdigit(), "0");
    let work = worked(&forged, bits);
    let refused = browser.send(Method::POST, "/human", &format!("next=/&token={forged}&work={work}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "only what was asked is answered");

    let form = format!("next=/consultations/new&token={token}&work={}", worked(&token, bits));
    assert_eq!(browser.send(Method::POST, "/human", &form).await.location(), "/consultations/new?confirmed=1");
    for number in 10..20 {
        assert_eq!(browser.asks(number).await.location(), "/asked/receipt", "{number}");
    }
    assert_eq!(browser.asks(20).await.location(), "/human?next=/consultations/new", "a pass is used up");
    let again = browser.send(Method::POST, "/human", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "an answer counts once");
}

#[tokio::test]
async fn without_a_script_a_sum_does_and_leads_nowhere_else() {
    let world = World::new();
    let mut browser = Browser { world: &world, cookies: Vec::new() };
    let question = browser.send(Method::GET, "/human?next=https://evil.example", "").await;
    assert!(!question.text.contains("evil"), "{}", question.text);
    let token = between(&question.text, "name=\"token\" value=\"", "\"").to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    let sum: u32 = parts[2].parse::<u32>().expect("a number") + parts[3].parse::<u32>().expect("a number");
    let wide: String =
        sum.to_string().chars().map(|c| char::from_u32(c as u32 - 48 + '０' as u32).expect("wide")).collect();
    let passed = browser.send(Method::POST, "/human", &format!("next=//evil.example&token={token}&sum={wide}")).await;
    assert_eq!(passed.location(), "/?confirmed=1");
    assert!(browser.cookies.iter().any(|cookie| cookie.starts_with("xiaobao-human=")));
}

#[tokio::test]
async fn wrong_codes_of_a_stranger_do_not_shut_her_out_and_tell_nothing() {
    let world = World::new();
    let mut stranger = Browser { world: &world, cookies: Vec::new() };
    let known = format!("number={}&code=000000000000", world.facts.number);
    let wrong = stranger.send(Method::POST, "/track", &known).await;
    let unknown = stranger.send(Method::POST, "/track", "number=410105-2026-999999&code=000000000000").await;
    let plain = |answer: &Answer| answer.text.replace(&world.facts.number, "N").replace("410105-2026-999999", "N");
    assert_eq!((wrong.status, plain(&wrong)), (unknown.status, plain(&unknown)), "the same for a number that is none");
    for _ in 0..10 {
        stranger.send(Method::POST, "/track", &known).await;
    }
    assert_eq!(stranger.send(Method::POST, "/track", &known).await.location(), "/human?next=/track");
    // She whose number it is answers once and goes on.
    let mut owner = Browser { world: &world, cookies: Vec::new() };
    let hers = format!("number={}&code={}", world.facts.number, world.facts.query_code);
    assert_eq!(owner.send(Method::POST, "/track", &hers).await.location(), "/human?next=/track");
    let question = owner.send(Method::GET, "/human?next=/track", "").await;
    let token = between(&question.text, "name=\"token\" value=\"", "\"").to_owned();
    let bits = between(&question.text, "data-work=\"", "\"").parse().expect("a number");
    owner.send(Method::POST, "/human", &format!("next=/track&token={token}&work={}", worked(&token, bits))).await;
    assert_eq!(owner.send(Method::POST, "/track", &hers).await.location(), "/track/case");
}

#[tokio::test]
async fn a_pass_holds_in_every_process_and_is_used_up_in_all_of_them_together() {
    let world = World::with(Limits::ordinary());
    let mut browser = Browser { world: &world, cookies: Vec::new() };
    let question = browser.send(Method::GET, "/human?next=/", "").await;
    let token = between(&question.text, "name=\"token\" value=\"", "\"").to_owned();
    let bits = between(&question.text, "data-work=\"", "\"").parse().expect("a number");
    let form = format!("next=/&token={token}&work={}", worked(&token, bits));
    // Another process on the same database, which never asked this question.
    let now = world.app.now();
    let other = App::new(world.app.db().clone(), world.app.house().clone(), Arc::new(move || now), Limits::ordinary());
    let other = web::router(other);
    let elsewhere = async |path: &str, form: String, cookies: &str| {
        let request = world.request(Method::POST, path, &Badge::Cookie(cookies.to_owned()));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form));
        let answer = other.clone().oneshot(request.expect("a request")).await.expect("an answer");
        let headers = answer.headers().clone();
        let of =
            |name: &str| headers.get_all(name).iter().filter_map(|it| it.to_str().ok()).collect::<Vec<_>>().join("; ");
        (answer.status(), of("location"), of("set-cookie"))
    };
    let (status, _, cookie) = elsewhere("/human", form.clone(), "").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "answered there");
    let pass = cookie.split(';').next().expect("a cookie").to_owned();
    let again = browser.send(Method::POST, "/human", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "answered once, wherever");
    // What is ordinary is used up here and there; then the pass counts in both together.
    let asked = |number: usize| format!("key=e{number}&{QUESTION}{number}");
    for number in 0..10 {
        assert_eq!(elsewhere("/consultations/new", asked(number), "").await.1, "/asked/receipt", "{number}");
        assert_eq!(browser.asks(number).await.location(), "/asked/receipt", "{number}");
    }
    for number in 10..15 {
        assert_eq!(elsewhere("/consultations/new", asked(number), &pass).await.1, "/asked/receipt", "{number}");
    }
    browser.cookies = vec![pass.clone()];
    for number in 10..15 {
        assert_eq!(browser.asks(number).await.location(), "/asked/receipt", "{number}");
    }
    browser.cookies = vec![pass.clone()];
    assert_eq!(browser.asks(15).await.location(), "/human?next=/consultations/new", "ten uses, not ten in each");
    assert_eq!(elsewhere("/consultations/new", asked(16), &pass).await.1, "/human?next=/consultations/new");
    // One that nobody here signed is none.
    let forged = "xiaobao-human=00000000000000000000000000000000.00";
    assert_eq!(elsewhere("/consultations/new", asked(17), forged).await.1, "/human?next=/consultations/new");
}

/// A photograph of so many bytes, told as one by its beginning.
fn photograph(bytes: usize, salt: u8) -> Vec<u8> {
    let mut photograph = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0];
    photograph.resize(bytes, salt);
    photograph
}

#[tokio::test]
async fn what_strangers_bring_in_an_hour_is_bounded_by_address_and_says_when_to_come_back() {
    let world = World::with(Limits::ordinary().bytes_an_hour(512 * 1024).behind(1));
    let brings = async |address: &str, salt: u8| {
        let mut body =
            b"--limit\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
        body.extend(photograph(200 * 1024, salt));
        body.extend_from_slice(b"\r\n--limit--\r\n");
        let request = world.request(Method::POST, "/consultations/new/files", &Badge::None);
        let request = request.header("x-forwarded-for", address);
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=limit");
        world.send(request.body(Body::from(body)).expect("a request")).await
    };
    // Four units of 64 KB each: two fit into the eight of the hour.
    for salt in 1..3 {
        let taken = brings("203.0.113.7", salt).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    }
    let refused = brings("203.0.113.7", 3).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    assert!(refused.text.contains("文件传得太多了"), "{}", refused.text);
    assert_eq!(refused.headers.get("retry-after").and_then(|it| it.to_str().ok()), Some("3600"));
    assert_eq!(brings("198.51.100.9", 4).await.status, StatusCode::OK, "nobody else is held up");
}
