//! All routes, with the edge before them.

use std::sync::Arc;

use axum::Router;

use crate::config::{Config, ConfigError};
use crate::edge::{self, Edge};
use crate::problem::{Code, Problem};
use crate::state::Service;
use crate::{api, chat};

/// All routes over one service.
pub(crate) fn router(
    config: &Config,
    service: Arc<Service>,
    edge: &Edge,
) -> Result<Router, ConfigError> {
    let chat = chat::router(config, Arc::clone(&service.budgets))?;
    let routes = api::router(service)
        .merge(chat)
        .fallback(async || Problem::new(Code::NotFound, "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Problem::new(Code::MethodNotAllowed, "this path does not answer to this method")
        });
    Ok(edge::wrap(routes, edge))
}
