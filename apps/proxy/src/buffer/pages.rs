//! Mapped memory: what nobody has needed for a while goes back to the system.

use std::io;
use std::sync::{Mutex, PoisonError};

use memmap2::MmapMut;

/// Most bytes that are kept while nobody needs them.
const MAX_KEPT: usize = 64 << 20;

static SHELF: Shelf = Shelf::new(MAX_KEPT);

/// Pages of memory, which the next request can have: those of new ones are faults.
#[derive(Debug)]
pub(super) struct Pages(Option<MmapMut>);

impl Pages {
    /// At least so many bytes, of any value.
    pub(super) fn map(bytes: usize) -> io::Result<Self> {
        let kept = SHELF.take(bytes);
        let pages = kept.map_or_else(|| MmapMut::map_anon(bytes), Ok)?;
        Ok(Self(Some(pages)))
    }

    pub(super) fn as_mut(&mut self) -> &mut [u8] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

impl AsRef<[u8]> for Pages {
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.0.take().into_iter().for_each(|pages| SHELF.put(pages));
    }
}

/// Gives back what was kept for a whole round and not needed.
pub(crate) fn upkeep() {
    SHELF.tidy();
}

/// Pages that nobody has, the latest last.
#[derive(Debug)]
struct Shelf {
    kept: Mutex<Vec<Kept>>,
    most: usize,
}

#[derive(Debug)]
struct Kept {
    pages: MmapMut,
    /// It was here when the shelf was tidied last.
    seen: bool,
}

impl Shelf {
    const fn new(most: usize) -> Self {
        Self { kept: Mutex::new(Vec::new()), most }
    }

    /// The latest pages that have so many bytes, and at most twice as many.
    fn take(&self, bytes: usize) -> Option<MmapMut> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &Kept| (bytes..=2 * bytes).contains(&kept.pages.len());
        let place = kept.iter().rposition(fits)?;
        Some(kept.remove(place).pages)
    }

    fn put(&self, pages: MmapMut) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let held = kept.iter().map(|kept| kept.pages.len()).sum::<usize>();
        if held + pages.len() <= self.most {
            kept.push(Kept { pages, seen: false });
        }
    }

    fn tidy(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain_mut(|kept| !std::mem::replace(&mut kept.seen, true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(bytes: usize) -> MmapMut {
        MmapMut::map_anon(bytes).unwrap()
    }

    fn lengths(shelf: &Shelf) -> Vec<usize> {
        shelf.kept.lock().unwrap().iter().map(|kept| kept.pages.len()).collect()
    }

    #[test]
    fn the_latest_pages_that_are_large_enough_and_not_much_larger_are_taken() {
        let shelf = Shelf::new(1 << 20);
        [1000, 4000, 2500, 3000, 900].into_iter().for_each(|bytes| shelf.put(pages(bytes)));
        assert_eq!(shelf.take(1500).map(|pages| pages.len()), Some(3000));
        assert_eq!(shelf.take(1500).map(|pages| pages.len()), Some(2500));
        assert!(shelf.take(1500).is_none(), "4000 are too many and 1000 too few");
        assert_eq!(lengths(&shelf), [1000, 4000, 900]);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let shelf = Shelf::new(10_000);
        [6000, 5000, 4000, 1].into_iter().for_each(|bytes| shelf.put(pages(bytes)));
        assert_eq!(lengths(&shelf), [6000, 4000]);
    }

    #[test]
    fn what_nobody_needs_between_two_rounds_goes() {
        let shelf = Shelf::new(1 << 20);
        [1000, 4000].into_iter().for_each(|bytes| shelf.put(pages(bytes)));
        shelf.tidy();
        assert_eq!(lengths(&shelf), [1000, 4000]);
        let needed = shelf.take(4000).unwrap();
        shelf.put(needed);
        shelf.tidy();
        assert_eq!(lengths(&shelf), [4000]);
        shelf.tidy();
        assert_eq!(lengths(&shelf), [0; 0]);
    }
}
