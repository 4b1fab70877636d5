//! From a typed template to an answer. Every page of the product leaves through here.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::view::ErrorPage;

/// What a page may load and do: only what this server gives. No inline script or style, no frame, no other host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Whether a browser may keep a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A page that anyone may see and that holds nobody's data: knowledge, the blank form, the front page.
    Revalidate,
    /// A page with somebody's data: never stored, not even for the back button of a shared computer.
    Never,
}

/// A page with somebody's data, status 200. The ordinary case.
#[inline(never)]
pub fn page<T: Template>(template: &T) -> Response {
    answer(StatusCode::OK, Keep::Never, template.render())
}

/// A page without anybody's data, status 200.
#[inline(never)]
pub fn public_page<T: Template>(template: &T) -> Response {
    answer(StatusCode::OK, Keep::Revalidate, template.render())
}

/// A page with a status other than 200, such as 422 for a form that is shown again with its errors.
#[inline(never)]
pub fn page_with_status<T: Template>(status: StatusCode, template: &T) -> Response {
    answer(status, Keep::Never, template.render())
}

/// The page for a refusal or a failure: what went wrong, what was kept, what to do.
pub fn error_page(error: &ErrorPage) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = answer(status, Keep::Never, error.render());
    if let (Some(seconds), Ok(wait)) =
        (error.retry_after_seconds, HeaderValue::from_str(&error.retry_after_seconds.unwrap_or_default().to_string()))
        && seconds > 0
    {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

fn answer(status: StatusCode, keep: Keep, body: askama::Result<String>) -> Response {
    match body {
        Ok(html) => with_headers(status, keep, html),
        Err(error) => {
            tracing::error!(%error, "a template could not be rendered");
            let page = ErrorPage::internal("template");
            match page.render() {
                Ok(html) => with_headers(StatusCode::INTERNAL_SERVER_ERROR, Keep::Never, html),
                Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, page.title).into_response(),
            }
        }
    }
}

fn with_headers(status: StatusCode, keep: Keep, html: String) -> Response {
    let cache = match keep {
        Keep::Revalidate => "no-cache",
        Keep::Never => "no-store",
    };
    (
        status,
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, cache),
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
        ],
        html,
    )
        .into_response()
}
