//! Whether the server lives, and whether it can work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::problem::{Code, Problem};
use crate::state::Service;

/// `GET /healthz`: the process answers.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// `GET /readyz`: there is something to apply, and the server is not about to end.
pub(crate) async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Value>, Problem> {
    if service.drain.is_draining() {
        return Err(Problem::new(Code::NotReady, "the server is about to end"));
    }
    Ok(Json(json!({ "status": "ready", "matrices": service.catalogue.len() })))
}
