//! Whether the server lives, and whether it can work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Code, Problem};
use crate::state::Service;

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Live {
    /// Always `ok`.
    status: &'static str,
    /// Version of the server.
    version: &'static str,
}

/// The server can multiply.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    /// Always `ready`.
    status: &'static str,
    /// Where products are computed and, where it is not the first choice, why.
    backend: String,
    /// Number of matrices.
    matrices: usize,
}

/// Whether the process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    responses((status = 200, description = "It does", body = Live)),
)]
pub(super) async fn live() -> Json<Live> {
    Json(Live { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether there is something to apply, the stored request has the stored answer, and the server is
/// not about to end.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses((status = 200, description = "The server can multiply", body = Ready)),
)]
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Ready>, Problem> {
    let not_ready = |detail: String| Problem::new(Code::NotReady, detail);
    if service.drain.is_draining() {
        return Err(not_ready("the server is about to end".to_owned()));
    }
    if let Some(reason) = service.health.failure() {
        return Err(not_ready(format!("the self-test has failed: {reason}")));
    }
    match service.catalogue.all().len() {
        0 => Err(not_ready("there are no matrices".to_owned())),
        matrices => {
            let backend = service.catalogue.engine().to_string();
            Ok(Json(Ready { status: "ready", backend, matrices }))
        }
    }
}
