//! Requests that another site's page sends, and what every answer says to browsers.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERER};
use axum::http::{HeaderName, Method, Request, StatusCode};

use crate::world::{Badge, World};

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What logging out gives to a request with these headers besides the cookie.
async fn logging_out_with(headers: &[(HeaderName, &str)]) -> StatusCode {
    let world = World::new();
    let Badge::Cookie(cookie) = world.signed_in("officer") else { unreachable!() };
    let mut request = Request::builder().method(Method::POST).uri("/logout").header(HOST, "12315.example.cn");
    request = request.header(COOKIE, cookie).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    world.send(request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn another_sites_page_cannot_act_for_a_person() {
    for headers in [
        vec![(SITE, "cross-site")],
        vec![(SITE, "same-site")],
        vec![(ORIGIN, "https://evil.example")],
        vec![(ORIGIN, "null")],
        // An old browser that tells nothing, or comes from elsewhere.
        vec![],
        vec![(REFERER, "https://evil.example/12315.example.cn")],
    ] {
        assert_eq!(logging_out_with(&headers).await, StatusCode::FORBIDDEN, "{headers:?}");
    }
}

#[tokio::test]
async fn our_own_pages_can() {
    for headers in [
        vec![(SITE, "same-origin")],
        vec![(SITE, "none")],
        vec![(ORIGIN, "https://12315.example.cn")],
        vec![(ORIGIN, "http://127.0.0.1:12315"), (SITE, "same-site")],
        vec![(REFERER, "https://12315.example.cn/desk")],
    ] {
        assert_eq!(logging_out_with(&headers).await, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[tokio::test]
async fn every_page_tells_the_browser_to_keep_it_to_itself() {
    let world = World::new();
    let (officer, administrator) = (world.signed_in("officer"), world.signed_in("administrator"));
    let case = format!("/desk/cases/{}", world.facts.number);
    for (path, badge) in [
        ("/", &Badge::None),
        ("/login", &Badge::None),
        ("/nowhere", &Badge::None),
        ("/healthz", &Badge::None),
        ("/api/v1/nowhere", &Badge::None),
        (case.as_str(), &officer),
        ("/admin/organizations", &administrator),
        ("/admin/organizations/export", &administrator),
    ] {
        let answer = world.get(path, badge).await;
        let told = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap_or(""));
        assert!(told("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!told("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(told("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(told("x-frame-options"), "DENY", "{path}");
        assert_eq!(told("referrer-policy"), "same-origin", "{path}");
        let keeps = told("cache-control");
        assert!(keeps == "no-store" || (path == "/" && keeps == "no-cache"), "{path}: {keeps}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_told_in_the_language_of_who_asks() {
    let world = World::new();
    let page = world.get("/nowhere", &Badge::None).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("没有找到这个页面"));
    let data = world.get("/api/v1/nowhere", &Badge::None).await;
    assert_eq!(data.status, StatusCode::NOT_FOUND);
    assert!(data.text.starts_with('{') && data.text.contains("\"code\":\"not_found\""));
    assert_eq!(world.post("/admin", &Badge::None, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_not_a_fault_of_ours() {
    let world = World::new();
    let form = format!("login={}", "x".repeat(300 * 1024));
    assert_eq!(world.post("/login", &Badge::None, &form).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
