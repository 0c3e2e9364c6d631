//! Memory for bodies, of which there is only so much.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// What one permit stands for.
const UNIT: usize = 1024;
/// Seconds after which a body may have been answered.
const RETRY_AFTER: u64 = 1;

/// The bytes of all bodies that may be in memory at once, those that are still arriving included.
#[derive(Debug)]
pub(crate) struct Intake {
    units: Arc<Semaphore>,
    capacity: usize,
}

/// Memory for one body; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Reserved {
    _permit: OwnedSemaphorePermit,
}

impl Intake {
    /// Room for so many bytes, and for one body of any size that is allowed.
    pub(crate) fn new(bytes: usize) -> Self {
        let capacity = bytes.div_ceil(UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Self { units: Arc::new(Semaphore::new(capacity)), capacity }
    }

    /// Takes memory for a body of so many bytes, or refuses at once.
    pub(super) fn reserve(&self, bytes: usize) -> Result<Reserved, Problem> {
        let units = bytes.div_ceil(UNIT).clamp(1, self.capacity) as u32;
        let permit = Arc::clone(&self.units).try_acquire_many_owned(units);
        permit.map(|permit| Reserved { _permit: permit }).map_err(|_| {
            metrics::counter!("hlp_shed_total").increment(1);
            let detail = "the bodies of other requests are still arriving";
            Problem::new(Code::Overloaded, detail).retry_after(RETRY_AFTER)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_beyond_the_room_are_refused_until_others_are_gone() {
        let intake = Intake::new(3 * UNIT);
        let two = intake.reserve(2 * UNIT).unwrap();
        let _one = intake.reserve(1).unwrap();
        assert_eq!(intake.reserve(0).map_err(|problem| problem.code).err(), Some(Code::Overloaded));
        drop(two);
        assert!(intake.reserve(UNIT + 1).is_ok());
    }

    #[test]
    fn a_body_larger_than_the_room_has_it_for_itself() {
        let intake = Intake::new(UNIT);
        let large = intake.reserve(100 * UNIT).unwrap();
        assert!(intake.reserve(1).is_err());
        drop(large);
        assert!(intake.reserve(1).is_ok());
    }
}
