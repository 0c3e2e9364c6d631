//! How many entries of a vector share a ciphertext.

use crate::Error;
use crate::parameters::DEGREE;

/// Entries of a vector in one ciphertext: 1, 2, 4, 8, 16 or 32.
///
/// The choice belongs to the matrix, and a vector is encrypted for it. A large group makes the
/// request small; a small group makes the response small and the noise large, yet never so large
/// that a score changes (see [`Matrix::log2_failure`](crate::Matrix::log2_failure)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group(u8);

impl Group {
    /// Every group, smallest first.
    pub const ALL: [Self; 6] = [Self(1), Self(2), Self(4), Self(8), Self(16), Self(32)];

    /// The group with this many entries.
    ///
    /// # Errors
    ///
    /// [`Error::Group`] unless it is one of [`Group::ALL`].
    pub fn new(entries: usize) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|group| group.entries() == entries);
        known.ok_or(Error::Group { actual: entries })
    }

    /// Entries of a vector in one ciphertext.
    #[must_use]
    pub fn entries(self) -> usize {
        usize::from(self.0)
    }

    /// Rows of a matrix in one polynomial, which is also the number of scores in one ciphertext.
    #[must_use]
    pub fn rows_per_block(self) -> usize {
        DEGREE / self.entries()
    }

    /// The coefficient with the score of a row of a block, both from 0.
    #[must_use]
    pub fn score_position(self, row: usize) -> usize {
        row * self.entries() + self.entries() - 1
    }

    pub(crate) fn code(self) -> u8 {
        self.0
    }
}

impl Default for Group {
    /// 32: the smallest request and the smallest noise.
    fn default() -> Self {
        Self(32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_powers_of_two_up_to_32_are_groups() {
        let accepted: Vec<usize> =
            (0..1000).filter(|entries| Group::new(*entries).is_ok()).collect();
        assert_eq!(accepted, [1, 2, 4, 8, 16, 32]);
        assert_eq!(Group::new(3), Err(Error::Group { actual: 3 }));
    }

    #[test]
    fn a_block_and_a_group_fill_a_polynomial() {
        for group in Group::ALL {
            assert_eq!(group.entries() * group.rows_per_block(), DEGREE);
        }
    }
}
