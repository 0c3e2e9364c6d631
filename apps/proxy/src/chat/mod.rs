//! The routes that pass plaintext on to a provider, with the consent of the client.

use std::sync::Arc;

use axum::Router;

use crate::budget::Budgets;
use crate::config::{Config, ConfigError};

/// The routes for the configured providers; without a provider there is none.
pub(crate) fn router(_config: &Config, _budgets: Arc<Budgets>) -> Result<Router, ConfigError> {
    Ok(Router::new())
}
