//! Memory for a body or an answer, which goes back to the system with it.
//!
//! An allocator keeps for the next request what many clients have left at once, and that is many
//! times what one needs. So what is large is mapped by itself.

mod pages;

use axum::body::Bytes;
use thiserror::Error;

use pages::Pages;
pub(crate) use pages::upkeep;

/// The least number of bytes that is mapped: a few pages are not worth the calls.
const LARGE: usize = 64 * 1024;
/// The part of the whole from which on there are addresses for all of it.
const ADDRESSED_FROM: usize = 16;

/// The system gives no memory, or no addresses, for so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the system gives no memory for {bytes} bytes")]
pub(crate) struct NoMemory {
    pub(crate) bytes: usize,
}

impl NoMemory {
    /// Counts and notes a request that is refused for it.
    pub(crate) fn new(bytes: usize) -> Self {
        metrics::counter!("hlp_shed_total").increment(1);
        tracing::warn!(bytes, "the system gives no memory for a request");
        Self { bytes }
    }
}

/// Bytes in one piece, which are added at the end.
///
/// Addresses for all of them are taken once a sixteenth is there, so that they are hardly ever moved:
/// what nothing is written to takes no memory.
#[derive(Debug)]
pub(crate) struct Buffer {
    most: usize,
    length: usize,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Heap(Vec<u8>),
    Mapped(Pages),
}

impl Buffer {
    /// For so many bytes at most.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, length: 0, place: Place::Heap(Vec::new()) }
    }

    /// With room for so many bytes.
    ///
    /// # Errors
    ///
    /// [`NoMemory`].
    pub(crate) fn with_room(bytes: usize) -> Result<Self, NoMemory> {
        let mut buffer = Self::new(bytes);
        buffer.make_room(bytes)?;
        Ok(buffer)
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Adds bytes, which are no more than `most` with those that are there.
    ///
    /// # Errors
    ///
    /// [`NoMemory`].
    pub(crate) fn extend(&mut self, bytes: &[u8]) -> Result<(), NoMemory> {
        let end = self.length + bytes.len();
        if end > self.capacity() {
            self.make_room(self.grown_to(end))?;
        }
        match &mut self.place {
            Place::Heap(heap) => heap.extend_from_slice(bytes),
            Place::Mapped(pages) => pages.as_mut()[self.length..end].copy_from_slice(bytes),
        }
        self.length = end;
        Ok(())
    }

    /// For how many bytes there is to be room before so many in all are there: at most twice of what
    /// is there now.
    pub(crate) fn grown_to(&self, bytes: usize) -> usize {
        bytes.max((2 * self.length).min(self.most))
    }

    fn capacity(&self) -> usize {
        match &self.place {
            Place::Heap(heap) => heap.capacity(),
            Place::Mapped(pages) => pages.as_ref().len(),
        }
    }

    /// Makes room for so many bytes, or for all of them.
    fn make_room(&mut self, bytes: usize) -> Result<(), NoMemory> {
        let capacity = if bytes >= self.most / ADDRESSED_FROM { self.most } else { bytes };
        let Place::Heap(heap) = &mut self.place else { return Ok(()) };
        if capacity < self.most || capacity < LARGE {
            let more = heap.try_reserve_exact(capacity - heap.len());
            return more.map_err(|_| NoMemory::new(capacity));
        }
        let mut pages = Pages::map(capacity).map_err(|_| NoMemory::new(capacity))?;
        pages.as_mut()[..heap.len()].copy_from_slice(heap);
        self.place = Place::Mapped(pages);
        Ok(())
    }
}

impl From<Buffer> for Bytes {
    fn from(buffer: Buffer) -> Self {
        match buffer.place {
            Place::Heap(heap) => heap.into(),
            Place::Mapped(pages) => Self::from_owner(pages).slice(..buffer.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(buffer: &Buffer) -> bool {
        matches!(buffer.place, Place::Mapped(_))
    }

    #[test]
    fn bytes_come_out_as_they_were_added_whatever_their_place_is() {
        for most in [0, 1, LARGE - 1, LARGE, 40 * LARGE] {
            for step in [1000, 4096, 1 << 20] {
                let all: Vec<u8> = (0..most).map(|index| (index % 251) as u8).collect();
                let mut buffer = Buffer::new(most);
                all.chunks(step).for_each(|bytes| buffer.extend(bytes).unwrap());
                assert_eq!((buffer.len(), mapped(&buffer)), (most, most >= LARGE));
                assert!(Bytes::from(buffer) == all, "{most} bytes by {step}");
            }
        }
    }

    #[test]
    fn addresses_for_all_are_taken_when_a_sixteenth_is_there() {
        let mut buffer = Buffer::new(16 * LARGE);
        buffer.extend(&[1; LARGE - 1]).unwrap();
        assert!(!mapped(&buffer));
        assert!(buffer.capacity() < 2 * LARGE);
        buffer.extend(&[2]).unwrap();
        assert!(mapped(&buffer));
        assert_eq!(Bytes::from(buffer), [vec![1; LARGE - 1], vec![2]].concat());
    }

    #[test]
    fn fewer_bytes_than_there_is_room_for_are_no_more_in_the_end() {
        let mut buffer = Buffer::with_room(2 * LARGE).unwrap();
        assert!(mapped(&buffer));
        buffer.extend(b"few").unwrap();
        assert_eq!(Bytes::from(buffer), "few");
    }

    #[test]
    fn more_than_there_are_addresses_for_is_a_named_error() {
        let bytes = isize::MAX as usize;
        assert_eq!(Buffer::with_room(bytes).err(), Some(NoMemory { bytes }));
    }
}
