//! What a client has spent.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::client::Client;
use crate::state::Service;

/// `GET /v1/privacy/budget`.
pub(crate) async fn budget(
    State(service): State<Arc<Service>>,
    Extension(client): Extension<Client>,
) -> Json<Value> {
    let disclosed = service.budgets.disclosed(&client);
    Json(json!({
        "client": &*client.0,
        "disclosed": { "requests": disclosed.requests, "bytes": disclosed.bytes },
    }))
}
