//! What the integers of a product are, and how they share ciphertexts.

use std::fmt;

use crate::Group;

/// What the integers of a vector, a matrix and their product are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// Signed integers of bounded norm, whose inner products are exact: plaintext modulus 2^20.
    #[default]
    Scores,
    /// Bytes, 0 to 255 and of any norm, whose inner products are exact modulo 256.
    Records,
}

impl Content {
    /// Bits of the plaintext modulus: a product is exact modulo 2 to their power.
    #[must_use]
    pub const fn plaintext_bits(self) -> u32 {
        match self {
            Self::Scores => 20,
            Self::Records => 8,
        }
    }
}

/// "scores" or "records".
impl fmt::Display for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Scores => "scores",
            Self::Records => "records",
        })
    }
}

/// What a vector has to be encrypted for: it belongs to the matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Entries of a vector in one ciphertext.
    pub group: Group,
    /// What the integers are.
    pub content: Content,
}

impl Layout {
    /// Scores in groups of this size.
    #[must_use]
    pub const fn scores(group: Group) -> Self {
        Self { group, content: Content::Scores }
    }

    /// Records in groups of this size.
    #[must_use]
    pub const fn records(group: Group) -> Self {
        Self { group, content: Content::Records }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_scores_in_groups_of_32() {
        let layout = Layout::default();
        assert_eq!((layout.group.entries(), layout.content), (32, Content::Scores));
        assert_eq!(layout, Layout::scores(Group::default()));
    }
}
