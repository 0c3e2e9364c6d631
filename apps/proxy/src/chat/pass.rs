//! One request: consent, body, model, and on to the provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;

use super::handed_over::HandedOver;
use super::providers::Provider;
use super::refusal::Refusal;
use super::route::Route;
use super::send::{Outgoing, send};
use super::{Chat, consent, headers, model};
use crate::body::{Unread, whole};
use crate::client::Client;
use crate::edge::{TRACEPARENT, TraceContext};
use crate::privacy_header::PRIVACY;

/// Passes a request on, or says why it stays here.
///
/// # Errors
///
/// Only what is known before a byte has left; a failure of the provider is a response that says what
/// was disclosed.
pub(super) async fn pass(chat: &Chat, route: Route, request: Request) -> Result<Response, Refusal> {
    if chat.providers.is_empty() {
        return Err(Refusal::NoProviders);
    }
    if !consent::is_given(request.headers()) {
        return Err(Refusal::DisclosureRequired);
    }
    let (parts, body) = request.into_parts();
    let body = read(chat, body).await?;
    let provider = choose(chat, route, &body)?;
    // Not before the body is there: who sends it slowly takes nobody's place.
    let permit = Arc::clone(&chat.permits).try_acquire_owned().map_err(|_| shed())?;
    let client = parts.extensions.get::<Client>().ok_or(Refusal::Failed)?;
    let length = body.len() as u64;
    let disclosed = Arc::new(AtomicBool::new(false));
    // As it leaves: a client that goes away in the middle has disclosed it all the same.
    let body = HandedOver::new(body, {
        let (budgets, client) = (Arc::clone(&chat.budgets), client.clone());
        let disclosed = Arc::clone(&disclosed);
        move || {
            budgets.disclose(&client, length);
            disclosed.store(true, Ordering::Release);
        }
    });
    let mut headers = headers::of_request(route.kind(), &parts.headers);
    if let Some(trace) = parts.extensions.get::<TraceContext>() {
        headers.insert(TRACEPARENT, trace.traceparent());
    }
    let mut response = send(provider, Outgoing { route, headers, body, permit })
        .await
        .unwrap_or_else(|refusal| refusal.into_response_on(route));
    if disclosed.load(Ordering::Acquire)
        && let Ok(value) = HeaderValue::try_from(format!("disclosed;bytes={length}"))
    {
        response.headers_mut().insert(PRIVACY, value);
    }
    Ok(response)
}

/// The whole body; its memory is counted as it arrives, until it has left.
async fn read(chat: &Chat, body: Body) -> Result<Bytes, Refusal> {
    let mut reserved = chat.intake.begin()?;
    let room = |bytes| Ok::<_, Refusal>(reserved.grow_to(bytes)?);
    let body = whole(body, chat.body_limit, room).await?;
    Ok(reserved.hold(body))
}

/// Too many at once: nothing waits, since only the provider could tell how long.
fn shed() -> Refusal {
    metrics::counter!("hlp_shed_total").increment(1);
    Refusal::Overloaded
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge { limit } => Self::BodyTooLarge { limit },
            Unread::Cut => Self::BodyUnreadable,
            Unread::NoMemory(refused) => Self::NoMemory(refused),
        }
    }
}

fn choose<'a>(chat: &'a Chat, route: Route, body: &[u8]) -> Result<&'a Provider, Refusal> {
    let model = model::of(body)?;
    if let Some(provider) = chat.providers.find(route.kind(), &model) {
        return Ok(provider);
    }
    let other = chat
        .providers
        .iter()
        .map(|provider| Route::of(provider.kind))
        .find(|other| *other != route && chat.providers.find(other.kind(), &model).is_some());
    let model = model.chars().take(100).collect();
    Err(match other {
        Some(other) => Refusal::OtherRoute { model, path: other.path() },
        None => Refusal::ModelUnknown { model },
    })
}
