//! The script of the registration page: quicker, never necessary.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::PageError;

const SCRIPT: &str = include_str!("register.js");
const STYLE: &str = include_str!("desk.css");

/// `GET /desk/parts/{name}`
pub(super) async fn serve(Path(name): Path<String>) -> Result<Response, PageError> {
    let (media_type, text) = match name.as_str() {
        "register.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "desk.css" => ("text/css; charset=utf-8", STYLE),
        _ => return Err(PageError::not_found()),
    };
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, text).into_response())
}
