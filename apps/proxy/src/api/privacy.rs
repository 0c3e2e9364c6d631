//! What a client has spent.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::client::Client;
use crate::state::Service;

/// What a client has spent and disclosed on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Budget {
    /// Name of the client; `anonymous` where nobody has to say who asks.
    client: String,
    /// The day, in UTC.
    day: String,
    /// Number of choices of shards that were served.
    queries: u64,
    epsilon: Epsilon,
    disclosed: Disclosed,
    /// When the next day begins.
    resets_at: String,
}

/// What was spent on choices of shards, in numbers of 12 digits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Epsilon {
    /// ε of the day: the smaller one of `basic` and what follows from `rho` at `delta`.
    spent: f64,
    /// Sum of the ε of all choices.
    basic: f64,
    /// ρ of zero-concentrated differential privacy.
    rho: f64,
    /// Largest ε of a day.
    cap: f64,
    /// Probability for which the bound by ρ may fail.
    delta: f64,
}

/// What was passed on in plaintext.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Disclosed {
    /// Number of requests.
    requests: u64,
    /// Bytes of their bodies.
    bytes: u64,
}

/// What the client that asks has spent today.
#[utoipa::path(
    get,
    path = "/v1/privacy/budget",
    tag = "product",
    responses((status = 200, description = "The running day, in UTC", body = Budget)),
)]
pub(super) async fn budget(
    State(service): State<Arc<Service>>,
    Extension(client): Extension<Client>,
) -> Json<Budget> {
    let report = service.budgets.account(&client);
    let account = report.account.brief();
    Json(Budget {
        client: client.0.to_string(),
        day: report.date().to_string(),
        queries: account.queries,
        epsilon: Epsilon {
            spent: account.epsilon,
            basic: account.basic,
            rho: account.rho,
            cap: account.cap,
            delta: account.delta,
        },
        disclosed: Disclosed { requests: report.requests, bytes: report.bytes },
        resets_at: report.resets_at(),
    })
}
