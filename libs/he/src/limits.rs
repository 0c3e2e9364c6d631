//! What a vector or a matrix may be, checked before anything is encrypted or stored.

use crate::{Content, Error};

/// Largest Euclidean norm of a vector and of a matrix row, for scores.
///
/// Two vectors of this norm have an inner product of at most 724² = 524 176, just below half the
/// plaintext modulus (524 288), so a score never wraps.
pub const MAX_NORM: u64 = 724;

/// Largest number of entries of a vector, which is the largest number of columns of a matrix.
pub const MAX_DIMENSION: usize = 4096;

/// Largest number of rows of a matrix.
pub const MAX_ROWS: usize = 1 << 20;

/// Largest entry of a vector and of a matrix, for records; the smallest one is 0.
pub const MAX_BYTE: u8 = u8::MAX;

/// Whether a vector may be encrypted: 1 to [`MAX_DIMENSION`] entries, of norm at most [`MAX_NORM`]
/// for scores, from 0 to [`MAX_BYTE`] for records.
///
/// # Errors
///
/// [`Error::VectorLength`], [`Error::VectorNorm`] and [`Error::VectorByte`].
pub fn check_vector(vector: &[i64], content: Content) -> Result<(), Error> {
    let actual = vector.len();
    if actual == 0 || actual > MAX_DIMENSION {
        return Err(Error::VectorLength { actual, maximum: MAX_DIMENSION });
    }
    match content {
        Content::Scores if !is_within_norm(vector.iter().copied()) => {
            Err(Error::VectorNorm { maximum: MAX_NORM })
        }
        Content::Records if !vector.iter().all(|entry| is_byte(*entry)) => Err(Error::VectorByte),
        Content::Scores | Content::Records => Ok(()),
    }
}

/// Whether the row of a matrix may be multiplied with; `row` is its index.
pub(crate) fn check_row(row: usize, entries: &[i32], content: Content) -> Result<(), Error> {
    let mut entries = entries.iter().map(|entry| i64::from(*entry));
    match content {
        Content::Scores => match is_within_norm(entries) {
            true => Ok(()),
            false => Err(Error::RowNorm { row, maximum: MAX_NORM }),
        },
        Content::Records => match entries.position(|entry| !is_byte(entry)) {
            None => Ok(()),
            Some(column) => Err(Error::RowByte { row, column }),
        },
    }
}

fn is_byte(entry: i64) -> bool {
    (0..=i64::from(MAX_BYTE)).contains(&entry)
}

/// Whether the Euclidean norm is at most [`MAX_NORM`]; exact, cannot overflow.
fn is_within_norm(mut entries: impl Iterator<Item = i64>) -> bool {
    let squares = entries.try_fold(0u64, |squares, entry| {
        let magnitude = entry.unsigned_abs();
        (magnitude <= MAX_NORM).then(|| squares.saturating_add(magnitude * magnitude))
    });
    squares.is_some_and(|squares| squares <= MAX_NORM * MAX_NORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(vector: &[i64]) -> bool {
        check_vector(vector, Content::Scores).is_ok()
    }

    #[test]
    fn the_cap_itself_is_within_the_norm() {
        assert!(accepts(&[724]) && accepts(&[-724, 0]));
    }

    #[test]
    fn one_beyond_the_cap_is_not() {
        assert!(!accepts(&[725]) && !accepts(&[724, 1]));
    }

    #[test]
    fn extreme_entries_do_not_overflow() {
        assert!(!accepts(&[i64::MIN; 8]) && !accepts(&[i64::MAX; 8]));
    }

    #[test]
    fn records_are_bytes_of_any_norm() {
        assert_eq!(check_vector(&[255; MAX_DIMENSION], Content::Records), Ok(()));
        for entry in [-1, 256, i64::MIN, i64::MAX] {
            assert_eq!(check_vector(&[0, entry], Content::Records), Err(Error::VectorByte));
        }
        let error = Error::RowByte { row: 7, column: 1 };
        assert_eq!(check_row(7, &[255, 256], Content::Records), Err(error));
    }
}
