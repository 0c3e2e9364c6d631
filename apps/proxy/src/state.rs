//! What the routes share.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use crate::budget::Budgets;
use crate::edge::{Door, Drain};
use crate::intake::Intake;
use crate::matrices::Catalogue;
use crate::pool::Pool;
use crate::self_test;

/// Everything that a handler of [`crate::api`] may use.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) pool: Pool,
    pub(crate) budgets: Arc<Budgets>,
    pub(crate) drain: Drain,
    pub(crate) door: Arc<Door>,
    pub(crate) health: Health,
    pub(crate) intake: Intake,
    /// Requests for which there is memory, however large.
    pub(crate) requests: usize,
    /// Encrypted vectors in one body.
    pub(crate) max_queries: usize,
}

impl Service {
    /// Bytes of the largest body that any matrix takes: one for the wrong matrix gets the better
    /// error.
    pub(crate) fn body_limit(&self) -> usize {
        let matrices = self.catalogue.all();
        let largest = matrices.values().map(|matrix| matrix.request_bytes()).max();
        largest.unwrap_or_default().saturating_mul(self.max_queries)
    }

    /// What follows from the matrices, after new ones are served.
    pub(crate) fn renew(&self) {
        let exchange = exchange_limit(&self.catalogue, self.max_queries);
        self.intake.grow_to(self.requests.saturating_mul(exchange));
        self.health.renew(&self.catalogue);
    }
}

/// Bytes of a request of so many vectors and of its answer, for the matrix with the largest ones.
pub(crate) fn exchange_limit(catalogue: &Catalogue, max_queries: usize) -> usize {
    let matrices = catalogue.all();
    let bytes = matrices.values().map(|matrix| matrix.request_bytes() + matrix.response_bytes());
    bytes.max().unwrap_or_default().saturating_mul(max_queries)
}

/// The outcome of the latest self-test.
#[derive(Debug)]
pub(crate) struct Health(RwLock<Result<(), String>>);

impl Health {
    /// The outcome of a first self-test.
    pub(crate) fn examine(catalogue: &Catalogue) -> Self {
        let health = Self(RwLock::new(Ok(())));
        health.renew(catalogue);
        health
    }

    /// Tests again.
    pub(crate) fn renew(&self, catalogue: &Catalogue) {
        self.note(|| self_test::run(catalogue.engine()));
    }

    /// What a test says; one that panics has failed.
    fn note(&self, test: impl FnOnce() -> Result<(), String>) {
        let outcome = catch_unwind(AssertUnwindSafe(test))
            .unwrap_or_else(|_| Err("it has not come to its end".to_owned()));
        if let Err(reason) = &outcome {
            tracing::error!(reason, "the self-test has failed");
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = outcome;
    }

    /// What failed, if something did.
    pub(crate) fn failure(&self) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone().err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_self_test_that_panics_has_failed_until_one_succeeds() {
        let health = Health(RwLock::new(Ok(())));
        health.note(|| panic!("a defect"));
        assert_eq!(health.failure().as_deref(), Some("it has not come to its end"));
        health.note(|| Ok(()));
        assert_eq!(health.failure(), None);
    }
}
