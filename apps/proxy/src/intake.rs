//! Memory for bodies and answers, of which there is only so much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit stands for.
const UNIT: usize = 1024;

/// There is no room for a request and its answer, until others are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("other requests and answers take all the memory there is for them")]
pub(crate) struct Full;

impl Full {
    /// Counts a request that is refused for it.
    fn new() -> Self {
        metrics::counter!("hlp_shed_total").increment(1);
        Self
    }
}

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
pub(crate) struct Reserved {
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
    pub(crate) fn begin(&self) -> Result<Reserved, Full> {
        let permit = Arc::clone(&self.units).try_acquire_many_owned(0).map_err(|_| Full::new())?;
        let capacity = self.capacity.load(Ordering::Relaxed);
        Ok(Reserved { permit, units: Arc::clone(&self.units), capacity })
    }
}

impl Reserved {
    /// Takes memory for so many bytes in all, or refuses at once.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> Result<(), Full> {
        let wanted = self.units_of(bytes);
        let more = wanted.saturating_sub(self.permit.num_permits());
        let more = Arc::clone(&self.units).try_acquire_many_owned(more as u32);
        self.permit.merge(more.map_err(|_| Full::new())?);
        Ok(())
    }

    /// The bytes, which keep the memory that they need until nobody has them any more: those of an
    /// answer until the last of them is sent.
    pub(crate) fn hold(mut self, bytes: Bytes) -> Bytes {
        let surplus = self.permit.num_permits().saturating_sub(self.units_of(bytes.len()));
        drop(self.permit.split(surplus));
        Bytes::from_owner(Held { bytes, _reserved: self })
    }

    fn units_of(&self, bytes: usize) -> usize {
        bytes.div_ceil(UNIT).min(self.capacity)
    }
}

/// Bytes for which there is memory.
struct Held {
    bytes: Bytes,
    _reserved: Reserved,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserve(intake: &Intake, bytes: usize) -> Result<Reserved, Full> {
        let mut reserved = intake.begin()?;
        reserved.grow_to(bytes)?;
        Ok(reserved)
    }

    #[test]
    fn bodies_beyond_the_room_are_refused_until_others_are_gone() {
        let intake = Intake::new(3 * UNIT);
        let two = reserve(&intake, 2 * UNIT).unwrap();
        let _one = reserve(&intake, 1).unwrap();
        assert_eq!(reserve(&intake, 1).err(), Some(Full));
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
        assert_eq!(reserve(&intake, 1).err(), Some(Full));
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
    fn bytes_keep_the_memory_that_they_need_until_the_last_of_them_is_gone() {
        let intake = Intake::new(3 * UNIT);
        let mut bytes = reserve(&intake, 3 * UNIT).unwrap().hold(vec![7; UNIT + 1].into());
        assert_eq!(bytes, vec![7; UNIT + 1]);
        // What was reserved beyond them is free again.
        assert!(reserve(&intake, UNIT).is_ok() && reserve(&intake, UNIT + 1).is_err());
        let last = bytes.split_off(UNIT);
        drop(bytes);
        assert!(reserve(&intake, UNIT + 1).is_err());
        drop(last);
        assert!(reserve(&intake, 3 * UNIT).is_ok());
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
