//! The routes that pass plaintext on to a provider, with the consent of the client.
//!
//! A request goes on only with `HLP-Disclosure: accept`. Its body and the answer pass unchanged, as
//! they arrive; of the headers only those of [`headers`] do. What went on is counted per client.
//! Everything that the server itself answers has the shape of the provider's errors ([`refusal`]).

mod client;
mod consent;
mod handed_over;
mod headers;
mod model;
mod models;
mod pass;
mod providers;
mod refusal;
mod route;
mod send;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use crate::budget::Budgets;
use crate::config::{Config, ConfigError, Provider};
use crate::intake::Intake;
use crate::problem::Problem;

use self::pass::pass;
use self::providers::Providers;
use self::refusal::Refusal;
use self::route::Route;

/// What the routes share.
#[derive(Debug)]
struct Chat {
    providers: Providers,
    budgets: Arc<Budgets>,
    /// Bytes of a request body.
    body_limit: usize,
    /// Memory for the bodies of as many requests, those that arrive included.
    intake: Intake,
    /// A permit for each request that may be passed on at once.
    permits: Arc<Semaphore>,
}

/// The routes for the configured providers; without a provider they say so.
///
/// # Errors
///
/// A provider that cannot be used: its globs, its certificates or its proxy.
pub(crate) fn router(config: &Config, budgets: Arc<Budgets>) -> Result<Router, ConfigError> {
    let providers = Providers::open(&config.providers)?;
    let body_limit = config.limits.chat_body_bytes;
    let at_once = config.limits.concurrent_chats;
    let intake = Intake::new(at_once.saturating_mul(body_limit));
    let permits = Arc::new(Semaphore::new(at_once));
    let chat = Chat { providers, budgets, body_limit, intake, permits };
    let mut router = Router::new();
    for route in [Route::ChatCompletions, Route::Messages] {
        let handler = post(async move |State(chat): State<Arc<Chat>>, request: Request| {
            pass(&chat, route, request)
                .await
                .unwrap_or_else(|refusal: Refusal| refusal.into_response_on(route))
        });
        router = router.route(route.path(), handler.fallback(async move || other_method(route)));
    }
    let models = get(async |State(chat): State<Arc<Chat>>| models::list(&chat.providers))
        .fallback(async || other_method(Route::Models));
    Ok(router.route(Route::Models.path(), models).with_state(Arc::new(chat)))
}

/// Prepares one provider as [`router`] does, and keeps nothing.
///
/// # Errors
///
/// Those of [`router`].
pub(crate) fn check(name: &str, provider: &Provider) -> Result<(), ConfigError> {
    let one = BTreeMap::from([(name.to_owned(), provider.clone())]);
    Providers::open(&one).map(drop)
}

/// A problem that came up before a route of this module, in the shape that its clients understand;
/// none for another route.
pub(crate) fn reshape(path: &str, problem: &Problem) -> Option<Response> {
    Route::at(path).map(|route| refusal::from_problem(route, problem))
}

fn other_method(route: Route) -> Response {
    Refusal::MethodNotAllowed { allowed: route.method() }.into_response_on(route)
}
