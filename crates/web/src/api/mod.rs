//! What other programs use: JSON over HTTP with a bearer token (catalogue 3.1, 13.1). The contract is
//! `/api/v1/openapi.json`, written from the types that the handlers use.

mod askings;
mod complaints;
mod openapi;
mod problem;
mod tokens;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;
use tokens::Tokens;

/// Bytes a filing may have: the longest text a hundred times over.
const BODY_AT_MOST: usize = 256 * 1024;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/complaints", post(complaints::file))
        .route("/api/v1/complaints/{number}", get(complaints::read))
        .route("/api/v1/consultations", post(askings::file_consultation))
        .route("/api/v1/consultations/{number}", get(askings::read_consultation))
        .route("/api/v1/suggestions", post(askings::file_suggestion))
        .route("/api/v1/suggestions/{number}", get(askings::read_suggestion))
        .route("/api/v1/openapi.json", get(openapi::document))
        .layer(DefaultBodyLimit::max(BODY_AT_MOST))
        .layer(Extension(Arc::new(Tokens::default())))
}
