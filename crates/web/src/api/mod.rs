//! What other programs use.

use axum::Router;

use crate::app::App;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    Router::new()
}
