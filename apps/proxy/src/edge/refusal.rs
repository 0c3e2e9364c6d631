//! What the edge answers instead of a handler.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse as _, Response};

use crate::chat;
use crate::problem::{Code, Problem};

/// Why a request does not reach its handler, or gets no answer of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no valid token.
    Unauthenticated,
    /// Seconds until the next request is let through.
    RateLimited { retry_after: u64 },
    /// The body did not arrive within the limit.
    BodyTooSlow { limit: Duration },
    /// The handler panicked.
    Failed,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unauthenticated => {
                Self::new(Code::Unauthenticated, "no token of this server was sent")
            }
            Refusal::RateLimited { retry_after } => Self::new(
                Code::RateLimited,
                format!("the next request is let through in {retry_after} s"),
            )
            .retry_after(retry_after),
            Refusal::BodyTooSlow { limit } => Self::new(
                Code::BodyTooSlow,
                format!("the body did not arrive within {} s", limit.as_secs()),
            ),
            Refusal::Failed => Self::new(Code::Internal, "the server failed"),
        }
    }
}

/// The pattern of a path, such as `/v1/matrices/{name}`; never the path of a request.
#[derive(Clone, Debug)]
pub(super) struct Route(Option<MatchedPath>);

impl Route {
    /// The route that the request has matched, if it has.
    pub(super) fn of(request: &Request) -> Self {
        Self(request.extensions().get::<MatchedPath>().cloned())
    }

    /// A label for metrics and the log.
    pub(super) fn label(&self) -> &str {
        self.0.as_ref().map_or("unmatched", MatchedPath::as_str)
    }

    /// The refusal in the shape that clients of this route understand.
    pub(super) fn refuse(&self, refusal: Refusal) -> Response {
        let problem = Problem::from(refusal);
        chat::reshape(self.label(), &problem).unwrap_or_else(|| problem.into_response())
    }
}
