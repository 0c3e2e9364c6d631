//! Work on its way to a thread.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Condvar, Mutex, PoisonError};

/// Something to do that does not panic.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// Work that threads take, first come, first served. There is never more than there are cores.
#[derive(Default)]
pub(super) struct Queue {
    jobs: Mutex<VecDeque<Job>>,
    pushed: Condvar,
}

impl Queue {
    pub(super) fn push(&self, job: Job) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
        self.pushed.notify_one();
    }

    /// Does one job after the other, for ever.
    pub(super) fn work(&self) {
        loop {
            self.next()();
        }
    }

    fn next(&self) -> Job {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match jobs.pop_front() {
                Some(job) => return job,
                None => jobs = self.pushed.wait(jobs).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Queue").finish_non_exhaustive()
    }
}

/// Counts a request for as long as it waits.
#[derive(Debug)]
pub(super) struct Waiting(());

impl Waiting {
    pub(super) fn new() -> Self {
        metrics::gauge!("hlp_products_waiting").increment(1);
        Self(())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        metrics::gauge!("hlp_products_waiting").decrement(1);
    }
}
