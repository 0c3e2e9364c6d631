//! What a vector or a matrix may be, checked before anything is encrypted or stored.

/// Largest Euclidean norm of a vector and of a matrix row.
///
/// Two vectors of this norm have an inner product of at most 724² = 524 176, just below half the
/// plaintext modulus (524 288), so a score never wraps.
pub const MAX_NORM: u64 = 724;

/// Largest number of entries of a vector, which is the largest number of columns of a matrix.
pub const MAX_DIMENSION: usize = 4096;

/// Largest number of rows of a matrix.
pub const MAX_ROWS: usize = 1 << 20;

/// Whether the Euclidean norm of `entries` is at most [`MAX_NORM`]; exact, cannot overflow.
#[must_use]
pub fn is_within_norm(entries: &[i64]) -> bool {
    let mut squares: u64 = 0;
    for entry in entries {
        let magnitude = entry.unsigned_abs();
        if magnitude > MAX_NORM {
            return false;
        }
        squares = squares.saturating_add(magnitude * magnitude);
    }
    squares <= MAX_NORM * MAX_NORM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_itself_is_within_the_norm() {
        assert!(is_within_norm(&[724]));
        assert!(is_within_norm(&[-724, 0]));
        assert!(is_within_norm(&[]));
    }

    #[test]
    fn one_beyond_the_cap_is_not() {
        assert!(!is_within_norm(&[725]));
        assert!(!is_within_norm(&[724, 1]));
    }

    #[test]
    fn extreme_entries_do_not_overflow() {
        assert!(!is_within_norm(&[i64::MIN; 8]));
        assert!(!is_within_norm(&[i64::MAX; 8]));
    }
}
