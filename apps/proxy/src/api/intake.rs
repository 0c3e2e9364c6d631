//! Memory for bodies and answers, of which there is only so much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt as _, Full};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// What one permit stands for.
const UNIT: usize = 1024;
/// Seconds after which a body may have been answered.
pub(super) const RETRY_AFTER: u64 = 1;

/// The bytes of all bodies and answers that may be in memory at once, those that are on their way
/// included: a client may be as slow to send as it is to read.
#[derive(Debug)]
pub(crate) struct Intake {
    units: Arc<Semaphore>,
    capacity: AtomicUsize,
}

/// Memory for one request, as much as has arrived of its body, and for its answer; it is free again
/// when this is dropped.
#[derive(Debug)]
pub(super) struct Reserved {
    permit: OwnedSemaphorePermit,
    units: Arc<Semaphore>,
    capacity: usize,
}

impl Intake {
    /// Room for so many bytes, and for one request of any size that is allowed.
    pub(crate) fn new(bytes: usize) -> Self {
        let capacity = units(bytes);
        Self { units: Arc::new(Semaphore::new(capacity)), capacity: AtomicUsize::new(capacity) }
    }

    /// Room for so many bytes from now on, if that is more than there was.
    pub(crate) fn grow_to(&self, bytes: usize) {
        let capacity = units(bytes);
        let before = self.capacity.fetch_max(capacity, Ordering::Relaxed);
        self.units.add_permits(capacity.saturating_sub(before));
    }

    /// Begins a body, which takes no memory yet: who announces much and sends little keeps nobody
    /// out.
    pub(super) fn begin(&self) -> Result<Reserved, Problem> {
        let permit = Arc::clone(&self.units).try_acquire_many_owned(0).map_err(|_| full())?;
        let capacity = self.capacity.load(Ordering::Relaxed);
        Ok(Reserved { permit, units: Arc::clone(&self.units), capacity })
    }
}

impl Reserved {
    /// Takes memory for so many bytes in all, or refuses at once.
    pub(super) fn grow_to(&mut self, bytes: usize) -> Result<(), Problem> {
        let wanted = bytes.div_ceil(UNIT).min(self.capacity);
        let more = wanted.saturating_sub(self.permit.num_permits());
        let more = Arc::clone(&self.units).try_acquire_many_owned(more as u32);
        self.permit.merge(more.map_err(|_| full())?);
        Ok(())
    }

    /// The answer, which keeps the memory until it has been sent.
    pub(super) fn into_body(self, answer: Bytes) -> Body {
        let answer = Full::new(answer);
        Body::new(answer.map_err(move |never| {
            let _held = &self;
            never
        }))
    }
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize))
}

fn full() -> Problem {
    metrics::counter!("hlp_shed_total").increment(1);
    let detail = "other requests and answers take all the memory there is for them";
    Problem::new(Code::Overloaded, detail).retry_after(RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserve(intake: &Intake, bytes: usize) -> Result<Reserved, Code> {
        let mut reserved = intake.begin().map_err(|problem| problem.code)?;
        reserved.grow_to(bytes).map_err(|problem| problem.code)?;
        Ok(reserved)
    }

    #[test]
    fn bodies_beyond_the_room_are_refused_until_others_are_gone() {
        let intake = Intake::new(3 * UNIT);
        let two = reserve(&intake, 2 * UNIT).unwrap();
        let _one = reserve(&intake, 1).unwrap();
        assert_eq!(reserve(&intake, 1).err(), Some(Code::Overloaded));
        drop(two);
        assert!(reserve(&intake, UNIT + 1).is_ok());
    }

    #[test]
    fn a_body_grows_within_what_it_has_and_then_by_what_is_free() {
        let intake = Intake::new(3 * UNIT);
        let mut growing = reserve(&intake, 1).unwrap();
        growing.grow_to(UNIT).unwrap();
        let _two = reserve(&intake, 2 * UNIT).unwrap();
        assert!(growing.grow_to(UNIT + 1).is_err());
        growing.grow_to(UNIT).unwrap();
    }

    #[test]
    fn there_can_be_more_room_and_never_less() {
        let intake = Intake::new(UNIT);
        let one = reserve(&intake, UNIT).unwrap();
        intake.grow_to(3 * UNIT);
        intake.grow_to(UNIT);
        let _two = reserve(&intake, 2 * UNIT).unwrap();
        assert_eq!(reserve(&intake, 1).err(), Some(Code::Overloaded));
        drop(one);
        assert!(reserve(&intake, UNIT).is_ok());
    }

    #[test]
    fn a_body_of_which_nothing_has_arrived_keeps_nobody_out() {
        let intake = Intake::new(UNIT);
        let _waiting: Vec<_> = (0..100).map(|_| intake.begin().unwrap()).collect();
        assert!(reserve(&intake, UNIT).is_ok());
    }

    #[test]
    fn an_answer_keeps_its_memory_until_it_is_dropped_and_tells_its_length() {
        use axum::body::HttpBody as _;

        let intake = Intake::new(UNIT);
        let body = reserve(&intake, UNIT).unwrap().into_body(vec![7; 100].into());
        assert_eq!(body.size_hint().exact(), Some(100));
        assert!(reserve(&intake, 1).is_err());
        drop(body);
        assert!(reserve(&intake, 1).is_ok());
    }

    #[test]
    fn a_body_larger_than_the_room_has_it_for_itself() {
        let intake = Intake::new(UNIT);
        let large = reserve(&intake, 100 * UNIT).unwrap();
        assert!(reserve(&intake, 1).is_err());
        drop(large);
        assert!(reserve(&intake, 1).is_ok());
    }
}
