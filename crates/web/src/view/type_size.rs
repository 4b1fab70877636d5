//! Large type (适老化) on the public pages: a link and a cookie, no script.

use std::fmt::Write as _;

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Whether this reader asked for large type: the value of [`super::CitizenPage::large_type`].
pub fn is_large(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .any(|cookie| cookie.trim() == "type_size=large")
}

#[derive(Deserialize)]
pub(crate) struct Switch {
    size: String,
    #[serde(default)]
    back: String,
}

/// `GET /type-size?size=large&back=/track`: keeps the choice for a year and goes back to the page.
pub(crate) async fn switch(Query(switch): Query<Switch>) -> Response {
    let size = if switch.size == "large" { "large" } else { "normal" };
    let cookie = format!("type_size={size}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let back = HeaderValue::from_str(&ascii(local(&switch.back))).unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, back);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The address with Chinese characters percent-encoded, as a header needs it.
fn ascii(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The address if it is one of our own, else the front page: a link on our page must not lead to another's.
fn local(address: &str) -> &str {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if ours { address } else { "/" }
}
