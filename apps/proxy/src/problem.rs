//! Errors as problems of RFC 9457: `application/problem+json`.

mod code;

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use he::LedgerError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::SUPPORTED;
use crate::buffer::NoMemory;
use crate::pool::PoolError;
pub(crate) use code::Code;

/// What an error is sent as.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A problem as it is sent (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Body {
    /// The code as a URN.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What happened, in a few words.
    title: &'static str,
    /// Status of the response.
    status: u16,
    /// What is special about this occurrence.
    detail: Cow<'static, str>,
    /// The code, which is stable.
    code: &'static str,
    /// What to do about it.
    hint: &'static str,
}

/// Seconds after which a core may be free: products take less.
const RETRY_AFTER: u64 = 1;

/// An error that a client can act on. The code is stable; the detail is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    detail: Cow<'static, str>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with what is special about this occurrence; it may not tell a secret.
    pub(crate) fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), retry_after: None }
    }

    /// What is special about this occurrence.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// A defect; what it is says the log.
    pub(crate) fn internal() -> Self {
        Self::new(Code::Internal, "the request could not be answered")
    }

    /// Says which of several vectors it is about, counted from 0.
    pub(crate) fn of_vector(mut self, index: usize) -> Self {
        self.detail = format!("vector {index}: {}", self.detail).into();
        self
    }

    /// What is sent.
    pub(crate) fn body(self) -> Body {
        let code = self.code;
        Body {
            kind: code.urn(),
            title: code.title(),
            status: code.status().as_u16(),
            detail: self.detail,
            code: code.name(),
            hint: code.hint(),
        }
    }

    /// Tells when the same request may succeed.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Full { .. } => {
                Self::new(Code::Overloaded, error.to_string()).retry_after(RETRY_AFTER)
            }
            PoolError::Failed => Self::internal(),
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Exhausted { .. } => {
                Self::new(Code::PrivacyBudgetExhausted, error.to_string())
            }
            LedgerError::Epsilon { .. } => Self::new(Code::EpsilonInvalid, error.to_string()),
            _ => Self::internal(),
        }
    }
}

impl From<he::Error> for Problem {
    fn from(error: he::Error) -> Self {
        let code = match error {
            he::Error::Wire(he::WireError::Version { .. }) => {
                return Self::new(Code::WireVersionUnsupported, SUPPORTED);
            }
            he::Error::NoMemory { bytes } => return NoMemory::new(bytes).into(),
            he::Error::Wire(_) => Code::CiphertextMalformed,
            he::Error::DimensionMismatch { .. } => Code::DimensionMismatch,
            he::Error::GroupMismatch { .. } => Code::GroupMismatch,
            he::Error::ContentMismatch { .. } => Code::ContentMismatch,
            _ => return Self::internal(),
        };
        Self::new(code, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { code, retry_after, .. } = self;
        let mut response = (code.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if code == Code::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
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
