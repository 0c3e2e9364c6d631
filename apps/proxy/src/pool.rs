//! A bounded number of threads that multiply, and a bounded number of requests that wait for them.
//!
//! The threads are none of the runtime's, so that a product never delays a connection.

mod queue;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{io, thread};

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use queue::{Queue, Waiting};

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum PoolError {
    /// As many requests as allowed wait already.
    #[error("{waiting} requests wait for a core already")]
    Full {
        /// The number allowed.
        waiting: usize,
    },
    /// The work has panicked.
    #[error("the work has failed")]
    Failed,
}

/// The threads and the places before them. It ends with the process.
#[derive(Debug)]
pub(crate) struct Pool {
    queue: Arc<Queue>,
    /// One for every request that waits or works.
    places: Arc<Semaphore>,
    /// One for every thread; work may take those that are idle.
    cores: Arc<Semaphore>,
    /// Requests that may wait.
    waiting: usize,
}

impl Pool {
    /// Starts so many threads, for which so many requests may wait.
    ///
    /// # Errors
    ///
    /// Where the system does not give a thread.
    pub(crate) fn new(threads: NonZeroUsize, waiting: usize) -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        for index in 0..threads.get() {
            let queue = Arc::clone(&queue);
            let builder = thread::Builder::new().name(format!("product-{index}"));
            builder.spawn(move || queue.work())?;
        }
        let threads = threads.get();
        // As many as the queue of a semaphore can count is as good as no limit.
        let places = threads.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        let (places, cores) = (Arc::new(Semaphore::new(places)), Arc::new(Semaphore::new(threads)));
        Ok(Self { queue, places, cores, waiting })
    }

    /// The result of `work`, as soon as a core is free for it.
    ///
    /// It is told how many cores it may keep busy: one, and of those that it wishes the ones that
    /// are idle. Who stops to wait for the result frees the place in the queue; work that has begun
    /// goes on to its end.
    ///
    /// # Errors
    ///
    /// [`PoolError::Full`] at once, and [`PoolError::Failed`] where `work` panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        wish: usize,
        work: impl FnOnce(NonZeroUsize) -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            metrics::counter!("hlp_shed_total").increment(1);
            return Err(PoolError::Full { waiting: self.waiting });
        };
        let waiting = Waiting::new();
        let core = Arc::clone(&self.cores).acquire_owned().await;
        drop(waiting);
        let cores = self.widen(core.map_err(|_| PoolError::Failed)?, wish);
        let (sender, receiver) = oneshot::channel();
        self.queue.push(Box::new(move || {
            let count = NonZeroUsize::new(cores.num_permits()).unwrap_or(NonZeroUsize::MIN);
            let result = catch_unwind(AssertUnwindSafe(|| work(count)));
            drop((cores, place));
            if let Ok(result) = result {
                // Nobody may wait for it any more.
                let _ = sender.send(result);
            }
        }));
        receiver.await.map_err(|_| PoolError::Failed)
    }

    /// Adds idle cores up to `wish`.
    fn widen(&self, mut core: OwnedSemaphorePermit, wish: usize) -> OwnedSemaphorePermit {
        let idle = self.cores.available_permits().min(wish.saturating_sub(1));
        let more = u32::try_from(idle).unwrap_or(u32::MAX);
        if let Ok(more) = Arc::clone(&self.cores).try_acquire_many_owned(more) {
            core.merge(more);
        }
        core
    }
}
