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

/// Whether there is something to apply and somebody who may ask, the stored request has the stored
/// answer, and the server is not about to end.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses((status = 200, description = "The server can multiply", body = Ready)),
)]
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Ready>, Problem> {
    let matrices = service.catalogue.all().len();
    check(Condition {
        draining: service.drain.is_draining(),
        failure: service.health.failure(),
        matrices,
        shut: service.door.is_shut(),
    })?;
    let backend = service.catalogue.engine().to_string();
    Ok(Json(Ready { status: "ready", backend, matrices }))
}

/// What decides whether the server can work.
struct Condition {
    draining: bool,
    /// What the self-test has said.
    failure: Option<String>,
    matrices: usize,
    /// No token is let in.
    shut: bool,
}

/// What keeps the server from working, if something does.
fn check(condition: Condition) -> Result<(), Problem> {
    let not_ready = |detail: String| Err(Problem::new(Code::NotReady, detail));
    if condition.draining {
        return not_ready("the server is about to end".to_owned());
    }
    if let Some(reason) = condition.failure {
        return not_ready(format!("the self-test has failed: {reason}"));
    }
    if condition.matrices == 0 {
        return not_ready("there are no matrices".to_owned());
    }
    if condition.shut {
        return not_ready("the file of tokens names no client".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Condition {
        Condition { draining: false, failure: None, matrices: 1, shut: false }
    }

    #[test]
    fn a_server_that_drains_computes_wrongly_or_has_nothing_or_nobody_to_serve_is_not_ready() {
        assert_eq!(check(good()), Ok(()));
        let failure = Some("a byte differs".to_owned());
        for (condition, reason) in [
            (Condition { draining: true, ..good() }, "the server is about to end"),
            (Condition { failure, ..good() }, "the self-test has failed: a byte differs"),
            (Condition { matrices: 0, ..good() }, "there are no matrices"),
            (Condition { shut: true, ..good() }, "the file of tokens names no client"),
        ] {
            let problem = check(condition).expect_err("it is not ready");
            assert_eq!((problem.code, problem.detail()), (Code::NotReady, reason));
        }
    }
}
