//! After a form: 303 to the page that shows what became of it.

use std::fmt::Write as _;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// 303 to an address of our own; Chinese characters in it are percent-encoded.
pub fn to(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(&ascii(address)).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The address if it is one of our own, else nothing: a link on our page must not lead to another's.
pub fn own(address: &str) -> Option<&str> {
    let ours = address.starts_with('/') && !address.starts_with("//");
    let odd = |letter: char| letter == '\\' || letter.is_control();
    (ours && !address.contains(odd)).then_some(address)
}

/// A value for a query: everything but letters, digits and `-_.~` percent-encoded.
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn ascii(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{own, query_value};

    #[test]
    fn only_addresses_of_our_own_are_followed() {
        assert_eq!(own("/desk?sort=due"), Some("/desk?sort=due"));
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "desk", "", "/a\nb"] {
            assert_eq!(own(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_query_value_survives() {
        assert_eq!(query_value("/desk?q=二七&a"), "%2Fdesk%3Fq%3D%E4%BA%8C%E4%B8%83%26a");
    }
}
