//! Memory for a request, which the system may refuse: that is an error, and not the end of the process.
//!
//! What is taken here grows with the request or with the matrix. The few kilobytes of one polynomial
//! inside `fhe-math` are not.

use crate::Error;

/// An empty vector with room for so many values.
pub(crate) fn room<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    match values.try_reserve_exact(count) {
        Ok(()) => Ok(values),
        Err(_) => Err(Error::NoMemory { bytes: count.saturating_mul(size_of::<T>()) }),
    }
}

/// So many values that are zero.
pub(crate) fn zeros<T: Clone + Default>(count: usize) -> Result<Vec<T>, Error> {
    let mut values = room(count)?;
    values.resize(count, T::default());
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_there_can_be_is_refused_and_told_in_bytes() {
        let bytes = isize::MAX as usize + 1;
        assert_eq!(room::<u64>(bytes / 8), Err(Error::NoMemory { bytes }));
        assert_eq!(zeros::<[u64; 8]>(usize::MAX), Err(Error::NoMemory { bytes: usize::MAX }));
    }

    #[test]
    fn there_is_room_for_exactly_as_much_as_was_asked_for() {
        let values = room::<u32>(1000).unwrap();
        assert_eq!((values.len(), values.capacity()), (0, 1000));
        assert_eq!(zeros::<u64>(3), Ok(vec![0; 3]));
    }
}
