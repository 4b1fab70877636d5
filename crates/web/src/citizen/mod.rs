//! What the public sees: on a telephone, without an account.

use axum::Router;

use crate::app::App;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    Router::new()
}
