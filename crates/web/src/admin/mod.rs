//! 管理: organisations, accounts, tokens, calendar, rules, outbox, and the record that auditors read.

use axum::Router;

use crate::app::App;

/// The administrators' and auditors' pages.
pub fn routes() -> Router<App> {
    Router::new()
}
