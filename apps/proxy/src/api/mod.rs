//! The routes of the server itself.

mod apply;
mod body;
mod health;
mod privacy;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::state::Service;

/// All routes but those of [`crate::chat`] and [`crate::edge`].
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/v1/matrices/{name}/apply", post(apply::apply))
        .route("/v1/privacy/budget", get(privacy::budget))
        .layer(DefaultBodyLimit::max(body::limit()))
        .with_state(service)
}
