//! Every address that the program answers, and what is true for all of them: headers, limits, protection against forged requests.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERER, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response as HttpResponse, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::app::App;
use crate::error::{PageError, reference};
use crate::view::ErrorPage;
use crate::{account, admin, api, assets, audit, citizen, desk, health, login, render, step_up};

/// Bytes a request may have; a page that takes files says more for itself.
const BODY_AT_MOST: usize = 256 * 1024;
/// However slow a telephone uploads.
const REQUEST_AT_MOST: Duration = Duration::from_mins(5);

/// The whole program as one service.
pub fn router(app: App) -> Router {
    let around = ServiceBuilder::new()
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(|request: &Request| span(request))
                .on_response(DefaultOnResponse::new().level(Level::INFO))
                .on_failure(()),
        )
        .layer(CatchPanicLayer::custom(panicked))
        .layer(header(CACHE_CONTROL, "no-store"))
        .layer(header(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(X_FRAME_OPTIONS, "DENY"))
        .layer(header(REFERRER_POLICY, "same-origin"))
        .layer(header(HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), camera=()"))
        .layer(middleware::from_fn_with_state(app.clone(), transport_security))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_AT_MOST))
        .layer(csrf(&app.house().settings.public_url))
        .layer(middleware::from_fn(refuse_untold_origin))
        .layer(middleware::from_fn_with_state(app.clone(), audit::keep))
        .layer(DefaultBodyLimit::max(BODY_AT_MOST));
    let routes = routes().route_layer(middleware::from_fn_with_state(app.clone(), step_up::guard));
    routes.fallback(not_found).method_not_allowed_fallback(wrong_method).layer(around).with_state(app)
}

/// Every route, by audience.
fn routes() -> Router<App> {
    Router::new()
        .merge(citizen::routes())
        .merge(desk::routes())
        .merge(api::routes())
        .merge(login::routes())
        .merge(account::routes())
        .merge(admin::routes())
        .merge(health::routes())
        .merge(assets::router())
}

async fn not_found(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return problem(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有这个接口地址。请核对地址，或查看 /api/v1/openapi.json。",
        );
    }
    PageError::not_found().into_response()
}

async fn wrong_method(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "这个地址不接受这种请求方法。");
    }
    render::error_page(&ErrorPage::new(
        405,
        "method_not_allowed",
        "这个页面不能这样打开",
        "请从页面上的链接或按钮进入。",
    ))
}

/// An answer for programs (RFC 9457).
fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    let body = serde_json::json!({ "status": status.as_u16(), "code": code, "message": message });
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// The route's pattern, never the address itself: numbers, codes and what people search for are nobody's business in a log.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn panicked(panic: Box<dyn Any + Send>) -> HttpResponse<Body> {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let message = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("?");
    let reference = reference();
    tracing::error!(message, reference, "a page panicked");
    render::error_page(&ErrorPage::internal(&reference))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn transport_security(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if app.house().settings.public_url.starts_with("https://") {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Requests that another site's page sends are refused (Sec-Fetch-Site, Origin). Our own address is trusted by name, in case a
/// proxy in front changes the Host.
fn csrf(public_url: &str) -> CsrfLayer<fn(ProtectionError) -> HttpResponse<Body>> {
    let layer = CsrfLayer::new();
    let origin: String = public_url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let layer = layer.clone().add_trusted_origin(&origin).unwrap_or(layer);
    layer.with_rejection_response((|_| foreign_request()) as fn(ProtectionError) -> HttpResponse<Body>)
}

/// A browser that tells neither Sec-Fetch-Site nor Origin could have been sent by anybody's page: with a cookie it is refused unless
/// its Referer is ours.
async fn refuse_untold_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let told = headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN);
    if harmless || told || !headers.contains_key(COOKIE) || comes_from_here(headers) {
        next.run(request).await
    } else {
        foreign_request()
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let from = text(REFERER).and_then(|referer| referer.split_once("://")).and_then(|(_, rest)| rest.split('/').next());
    from.is_some() && from == text(HOST)
}

fn foreign_request() -> HttpResponse<Body> {
    let advice =
        "为了您的安全，从其他网站发来的操作不会执行。请在本系统的页面上重新操作；如果一直这样，请换用较新的浏览器。";
    render::error_page(
        &ErrorPage::new(403, "cross_site", "这个操作不是从本系统的页面发出的", advice).kept("没有任何内容被改动。"),
    )
}
