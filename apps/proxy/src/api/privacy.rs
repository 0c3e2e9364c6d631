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
    let report = service.budgets.account(&client);
    let account = report.account;
    Json(json!({
        "client": &*client.0,
        "day": report.date().to_string(),
        "queries": account.queries,
        "epsilon": {
            "spent": account.epsilon,
            "basic": account.basic,
            "rho": account.rho,
            "cap": account.cap,
            "delta": account.delta,
        },
        "disclosed": { "requests": report.requests, "bytes": report.bytes },
        "resets_at": report.resets_at(),
    }))
}
