//! To the provider and back, byte by byte as it comes.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use tokio::sync::OwnedSemaphorePermit;
use tracing::warn;

use super::handed_over::HandedOver;
use super::headers;
use super::providers::Provider;
use super::refusal::Refusal;
use super::route::Route;

/// What is sent to a provider.
pub(super) struct Outgoing {
    pub(super) route: Route,
    /// Those that may go on; the key is not among them.
    pub(super) headers: HeaderMap,
    pub(super) body: HandedOver,
    /// Held until the answer has ended.
    pub(super) permit: OwnedSemaphorePermit,
}

/// Sends a request and gives the answer as soon as its head is there. When the returned response,
/// or this future, is dropped, the connection to the provider ends.
pub(super) async fn send(provider: &Provider, outgoing: Outgoing) -> Result<Response, Refusal> {
    let Outgoing { route, mut headers, body, permit } = outgoing;
    if let Some((name, value)) = &provider.key {
        headers.insert(name.clone(), value.clone());
    }
    let body = reqwest::Body::wrap(body);
    let request = provider.client.post(provider.url(route)).headers(headers).body(body);
    let answer = request.send().await.map_err(|error| failed(provider, error))?;
    let name = provider.name.clone();
    if answer.status().is_informational() {
        return Err(Refusal::Malformed { provider: name });
    }
    if answer.status().is_redirection() {
        warn!(provider = name, status = answer.status().as_u16(), "the provider sent a redirect");
        return Err(Refusal::Redirected { provider: name });
    }
    if answer.status() == StatusCode::UNAUTHORIZED {
        // Its text is about the key of this server and may repeat a part of it.
        warn!(provider = name, "the provider does not accept the key of this server");
        return Err(Refusal::KeyRefused { provider: name });
    }
    let (parts, body) = axum::http::Response::from(answer).into_parts();
    // A failure is handed on: it breaks the connection to the client before the end of the body.
    let body = body.map_err(move |error| {
        let _held = &permit;
        warn!(provider = name, reason = reason(&error), "the answer of the provider was cut");
        error
    });
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers::of_response(&parts.headers);
    Ok(response)
}

fn failed(provider: &Provider, error: reqwest::Error) -> Refusal {
    let name = provider.name.clone();
    warn!(provider = name, reason = reason(&error), "the provider did not answer");
    if error.is_timeout() {
        Refusal::TimedOut { provider: name }
    } else if is_malformed(&error) {
        Refusal::Malformed { provider: name }
    } else {
        Refusal::Unreachable { provider: name }
    }
}

/// A word for the log; the error itself may repeat what a provider sent.
fn reason(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "no connection"
    } else if is_malformed(error) {
        "malformed"
    } else {
        "connection lost"
    }
}

/// Whether what came was no HTTP, or a head without bounds.
fn is_malformed(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<hyper::Error>() {
            return inner.is_parse();
        }
        source = inner.source();
    }
    false
}
