//! What the server answers instead of a provider, in the shape of that provider's errors.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use thiserror::Error;

use super::route::Route;
use crate::buffer::NoMemory;
use crate::config::ProviderKind;
use crate::intake::Full;
use crate::problem::Problem;

/// Why there is no answer of a provider. The text is for people and holds nothing of the request
/// but the name of its model.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("this server has no provider; configure one under [providers.NAME]")]
    NoProviders,
    #[error(
        "the provider would read this request in plaintext; send the header \
         `HLP-Disclosure: accept` to agree (disclosure_required)"
    )]
    DisclosureRequired,
    #[error("this path answers to {allowed} only")]
    MethodNotAllowed { allowed: &'static str },
    #[error("the body has more than {limit} bytes")]
    BodyTooLarge { limit: usize },
    #[error("the body could not be read to its end; send the request again")]
    BodyUnreadable,
    #[error("the body is not a JSON object with one `model`: line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error("the body names no `model`")]
    ModelMissing,
    #[error("no provider of this server has the model `{model}`; GET /v1/models lists them")]
    ModelUnknown { model: String },
    #[error("the model `{model}` is served at {path}")]
    OtherRoute { model: String, path: &'static str },
    #[error("too many requests are being passed on; try again in a second")]
    Overloaded,
    #[error("{0}; try again in a second")]
    NoRoom(#[from] Full),
    #[error("{0}; try again in a second")]
    NoMemory(NoMemory),
    #[error(
        "the provider `{provider}` cannot be reached, or ended the connection without an answer"
    )]
    Unreachable { provider: String },
    #[error("the provider `{provider}` did not answer in time")]
    TimedOut { provider: String },
    #[error("the provider `{provider}` sent an answer that cannot be read")]
    Malformed { provider: String },
    #[error("the provider `{provider}` sent a redirect, which is not followed")]
    Redirected { provider: String },
    #[error("the provider `{provider}` does not accept the key of this server")]
    KeyRefused { provider: String },
    #[error("the server failed")]
    Failed,
}

impl Refusal {
    /// The answer, as clients of `route` expect it.
    pub(super) fn into_response_on(self, route: Route) -> Response {
        let (status, code) = self.status_and_code();
        let mut response =
            error(route.kind(), status, code, &self.to_string(), self.parameter()).into_response();
        let header = match self {
            Self::MethodNotAllowed { allowed } => Some((header::ALLOW, allowed)),
            Self::Overloaded | Self::NoRoom(_) | Self::NoMemory(_) => {
                Some((header::RETRY_AFTER, "1"))
            }
            _ => None,
        };
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NoProviders => (StatusCode::NOT_IMPLEMENTED, "no_providers"),
            Self::DisclosureRequired => (StatusCode::FORBIDDEN, "disclosure_required"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::BodyUnreadable => (StatusCode::BAD_REQUEST, "body_unreadable"),
            Self::NotJson { .. } => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::ModelMissing | Self::ModelUnknown { .. } | Self::OtherRoute { .. } => {
                (StatusCode::NOT_FOUND, "model_not_found")
            }
            Self::Overloaded | Self::NoRoom(_) | Self::NoMemory(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "overloaded")
            }
            Self::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "provider_unreachable"),
            Self::TimedOut { .. } => (StatusCode::GATEWAY_TIMEOUT, "provider_timeout"),
            Self::Malformed { .. } => (StatusCode::BAD_GATEWAY, "provider_malformed"),
            Self::Redirected { .. } => (StatusCode::BAD_GATEWAY, "provider_redirected"),
            Self::KeyRefused { .. } => (StatusCode::BAD_GATEWAY, "provider_refused_key"),
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn parameter(&self) -> Option<&'static str> {
        matches!(self.status_and_code().1, "model_not_found").then_some("model")
    }
}

/// A problem with its status and headers, and with a body of another shape.
pub(super) fn from_problem(route: Route, problem: &Problem) -> Response {
    let (mut head, _) = problem.clone().into_response().into_parts();
    let code = problem.code;
    let message = format!("{}; {}", problem.detail(), code.hint());
    let name = code.name().to_lowercase();
    let error = error(route.kind(), code.status(), &name, &message, None).into_response();
    let (shape, body) = error.into_parts();
    head.headers.extend(shape.headers);
    Response::from_parts(head, body)
}

fn error(
    kind: ProviderKind,
    status: StatusCode,
    code: &str,
    message: &str,
    parameter: Option<&str>,
) -> (StatusCode, Json<serde_json::Value>) {
    let body = match kind {
        ProviderKind::Openai => json!({ "error": {
            "message": message,
            "type": openai_type(status),
            "param": parameter,
            "code": code,
        }}),
        ProviderKind::Anthropic => json!({
            "type": "error",
            "error": { "type": anthropic_type(status), "message": message },
        }),
    };
    (status, Json(body))
}

fn openai_type(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::FORBIDDEN => "permission_error",
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
        status if status.is_server_error() => "server_error",
        _ => "invalid_request_error",
    }
}

/// The type that Anthropic documents for a status.
fn anthropic_type(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::FORBIDDEN => "permission_error",
        StatusCode::NOT_FOUND => "not_found_error",
        StatusCode::PAYLOAD_TOO_LARGE => "request_too_large",
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
        StatusCode::SERVICE_UNAVAILABLE => "overloaded_error",
        StatusCode::GATEWAY_TIMEOUT => "timeout_error",
        status if status.is_server_error() => "api_error",
        _ => "invalid_request_error",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_readme_lists_every_code_under_its_status_and_no_other() {
        let refusals = [
            Refusal::NoProviders,
            Refusal::DisclosureRequired,
            Refusal::MethodNotAllowed { allowed: "" },
            Refusal::BodyTooLarge { limit: 0 },
            Refusal::BodyUnreadable,
            Refusal::NotJson { line: 0, column: 0 },
            Refusal::ModelMissing,
            Refusal::ModelUnknown { model: String::new() },
            Refusal::OtherRoute { model: String::new(), path: "" },
            Refusal::Overloaded,
            Refusal::NoMemory(NoMemory { bytes: 0 }),
            Refusal::Unreachable { provider: String::new() },
            Refusal::TimedOut { provider: String::new() },
            Refusal::Malformed { provider: String::new() },
            Refusal::Redirected { provider: String::new() },
            Refusal::KeyRefused { provider: String::new() },
            Refusal::Failed,
        ];
        let readme = include_str!("../../README.md");
        let (_, table) = readme.split_once("\n| status | code | |\n| --- | --- | --- |\n").unwrap();
        let rows = table.lines().take_while(|line| line.starts_with("| "));
        let listed: BTreeSet<String> = rows
            .flat_map(|row| {
                let (status, codes) = row[2..].split_once(" | ").unwrap();
                let (codes, _) = codes.split_once(" |").unwrap();
                codes.split('`').skip(1).step_by(2).map(move |code| format!("{status} {code}"))
            })
            .collect();
        let known: BTreeSet<String> = refusals
            .iter()
            .map(|refusal| {
                let (status, code) = refusal.status_and_code();
                format!("{} {code}", status.as_str())
            })
            .collect();
        assert_eq!(listed, known);
    }
}
