//! Large type (适老化) on the public pages: a link and a cookie, no script.

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use crate::redirect;

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
    let mut response = redirect::to(redirect::own(&switch.back).unwrap_or("/"));
    if let Ok(cookie) =
        HeaderValue::from_str(&format!("type_size={size}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::is_large;

    #[test]
    fn large_type_is_read_from_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert!(!is_large(&headers));
        headers.insert(header::COOKIE, HeaderValue::from_static("session=abc; type_size=large"));
        assert!(is_large(&headers));
        headers.insert(header::COOKIE, HeaderValue::from_static("type_size=normal; other=type_size=large"));
        assert!(!is_large(&headers));
    }
}
