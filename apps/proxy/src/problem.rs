//! Errors as JSON: `{"error": {"code", "message", "hint"}}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error that a client can act on. The code is stable; the message is for people.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    #[serde(skip)]
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}

impl Problem {
    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "BODY_TOO_LARGE",
            message: format!("the body has more than {limit} bytes"),
            hint: "no encrypted vector is that large; send its bytes as they are",
        }
    }

    pub(crate) fn body_unreadable(reason: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "BODY_UNREADABLE",
            message: format!("the body could not be read: {reason}"),
            hint: "send the request again",
        }
    }

    pub(crate) fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "NOT_FOUND",
            message: "there is nothing at this path".to_owned(),
            hint: "the paths are /healthz and /v1/apply",
        }
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "METHOD_NOT_ALLOWED",
            message: "this path does not answer to this method".to_owned(),
            hint: "GET /healthz, POST /v1/apply",
        }
    }

    pub(crate) fn internal() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "INTERNAL",
            message: "the server failed".to_owned(),
            hint: "this is a defect of the server; please report it",
        }
    }
}

impl From<he::Error> for Problem {
    fn from(error: he::Error) -> Self {
        match error {
            he::Error::Wire(reason) => Self {
                status: StatusCode::BAD_REQUEST,
                code: "CIPHERTEXT_MALFORMED",
                message: reason.to_string(),
                hint: "send the bytes of an encrypted vector, unchanged",
            },
            he::Error::DimensionMismatch { .. } => Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: "DIMENSION_MISMATCH",
                message: error.to_string(),
                hint: "encrypt a vector with one entry per column; /healthz tells the columns",
            },
            _ => Self::internal(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Envelope {
            error: Problem,
        }
        (self.status, Json(Envelope { error: self })).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_arithmetic_does_not_tell_its_details() {
        let problem = Problem::from(he::Error::Arithmetic("details".to_owned()));
        assert_eq!(problem, Problem::internal());
    }
}
