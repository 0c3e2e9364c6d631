//! What the routes share.

use std::sync::Arc;

use crate::budget::Budgets;
use crate::edge::Drain;
use crate::matrices::Catalogue;
use crate::pool::Pool;

/// Everything that a handler of [`crate::api`] may use.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) catalogue: Catalogue,
    pub(crate) pool: Pool,
    pub(crate) budgets: Arc<Budgets>,
    pub(crate) drain: Drain,
}
