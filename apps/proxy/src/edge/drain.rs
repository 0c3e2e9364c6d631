//! Whether the server is about to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Begins once and never ends; every clone tells the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drain(Arc<AtomicBool>);

impl Drain {
    /// From now on no new work should be sent here.
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has begun.
    pub(crate) fn is_draining(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
