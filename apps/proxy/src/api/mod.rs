//! The routes of the server itself.

mod apply;
mod asked;
mod body;
mod document;
mod health;
mod matrices;
mod media;
mod params;
mod path;
mod privacy;
mod product;
mod version;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub(crate) use self::media::SUPPORTED;
use crate::state::Service;

/// All routes but those of [`crate::chat`] and [`crate::edge`].
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(document::openapi))
        .route("/v1/params", get(params::params))
        .route("/v1/matrices", get(matrices::all))
        .route("/v1/matrices/{name}", get(matrices::one))
        .route("/v1/matrices/{name}/centroids", get(matrices::centroids))
        .route("/v1/matrices/{name}/apply", post(apply::apply))
        .route("/v1/privacy/budget", get(privacy::budget))
        // The limit of a body follows from the matrices; see `body`.
        .layer(DefaultBodyLimit::disable())
        .with_state(service)
}
