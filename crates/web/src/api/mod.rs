//! What other programs use: JSON over HTTP with a bearer token (catalogue 3.1, 13.1). The contract is
//! `/api/v1/openapi.json`, written from the types that the handlers use.

mod askings;
mod complaints;
mod consumer;
mod openapi;
mod problem;
mod reports;
mod tokens;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;
use crate::citizen::upload;
use tokens::Tokens;

/// Bytes a filing may have: the longest text a hundred times over.
const BODY_AT_MOST: usize = 256 * 1024;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    let with_files = Router::new()
        .route("/api/v1/cases/{number}/files", post(consumer::upload))
        .layer(DefaultBodyLimit::max(upload::REQUEST_AT_MOST));
    Router::new()
        .route("/api/v1/cases/{number}", get(consumer::read))
        .route("/api/v1/cases/{number}/urge", post(consumer::urge))
        .route("/api/v1/cases/{number}/withdraw", post(consumer::withdraw))
        .route("/api/v1/cases/{number}/rate", post(consumer::rate))
        .route("/api/v1/cases/{number}/reopen", post(consumer::reopen))
        .route("/api/v1/cases/{number}/request_recusal", post(consumer::request_recusal))
        .route("/api/v1/cases/{number}/supplement", post(consumer::supplement))
        .route("/api/v1/cases/{number}/add_evidence", post(consumer::add_evidence))
        .route("/api/v1/cases/{number}/write_officers", post(consumer::write_officers))
        .route("/api/v1/cases/{number}/claim_reward", post(consumer::claim_reward))
        .route("/api/v1/cases/{number}/waive_reward", post(consumer::waive_reward))
        .route("/api/v1/cases/{number}/ask_review", post(consumer::ask_review))
        .route("/api/v1/cases/{number}/files/{id}/remove", post(consumer::remove))
        .route("/api/v1/complaints", post(complaints::file))
        .route("/api/v1/complaints/{number}", get(complaints::read))
        .route("/api/v1/consultations", post(askings::file_consultation))
        .route("/api/v1/consultations/{number}", get(askings::read_consultation))
        .route("/api/v1/reports", post(reports::file))
        .route("/api/v1/suggestions", post(askings::file_suggestion))
        .route("/api/v1/suggestions/{number}", get(askings::read_suggestion))
        .route("/api/v1/openapi.json", get(openapi::document))
        .layer(DefaultBodyLimit::max(BODY_AT_MOST))
        .merge(with_files)
        .layer(Extension(Arc::new(Tokens::default())))
}
