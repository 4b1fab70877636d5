//! Whether the program lives, and whether it can work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::Actor;
use store::StoreError;

use crate::app::App;

/// `/healthz` and `/readyz`.
pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

/// The process answers.
async fn alive() -> Response {
    plain(StatusCode::OK, "ok")
}

/// The database takes a write and a read.
async fn ready(State(app): State<App>) -> Response {
    let written = app.act::<_, StoreError>(Actor::System, |tx, _| store::installation::put(tx, "ready", "1")).await;
    let read = app.read::<_, StoreError>(|tx| store::installation::get(tx, "ready")).await;
    match (written, read) {
        (Ok(()), Ok(_)) => plain(StatusCode::OK, "ok"),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, error.code())
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}
