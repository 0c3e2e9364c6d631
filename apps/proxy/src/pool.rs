//! Products, as many at once as there are cores.

use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::problem::{Code, Problem};

/// A product keeps a core busy, so more at once would only be slower.
#[derive(Debug)]
pub(crate) struct Pool {
    cores: Semaphore,
}

impl Pool {
    /// One place per core.
    pub(crate) fn new() -> Self {
        Self { cores: Semaphore::new(available_parallelism().map_or(1, usize::from)) }
    }

    /// The result of `work`, as soon as a core is free for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let failed = || Problem::new(Code::Internal, "the server failed");
        let _core = self.cores.acquire().await.map_err(|_| failed())?;
        spawn_blocking(work).await.map_err(|_| failed())
    }
}
