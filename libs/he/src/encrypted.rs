//! The two messages: a vector on its way to the matrix, scores on their way back.

use crate::Error;
use crate::limits::{MAX_DIMENSION, MAX_ROWS};
use crate::packing::{GROUP, ROWS_PER_BLOCK};
use crate::ring::Ciphertext;
use crate::wire::Shape;

const VECTOR: Shape = Shape { kind: 1, maximum: MAX_DIMENSION, per_ciphertext: GROUP };
const SCORES: Shape = Shape { kind: 2, maximum: MAX_ROWS, per_ciphertext: ROWS_PER_BLOCK };

/// An encrypted vector. It says nothing about the entries but their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedVector {
    pub(crate) dimension: usize,
    pub(crate) ciphertexts: Vec<Ciphertext>,
}

impl EncryptedVector {
    /// Number of entries.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of bytes of every encrypted vector with `dimension` entries.
    #[must_use]
    pub fn wire_len(dimension: usize) -> usize {
        VECTOR.wire_len(dimension)
    }

    /// The byte form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        VECTOR.write(self.dimension, &self.ciphertexts)
    }

    /// Reads the byte form.
    ///
    /// # Errors
    ///
    /// [`Error::Wire`] unless the bytes are exactly what [`EncryptedVector::to_bytes`] writes for
    /// some ciphertext.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (dimension, ciphertexts) = VECTOR.read(bytes)?;
        Ok(Self { dimension, ciphertexts })
    }
}

/// The encrypted product of a matrix and a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedScores {
    pub(crate) rows: usize,
    pub(crate) ciphertexts: Vec<Ciphertext>,
}

impl EncryptedScores {
    /// Number of scores, one for each row of the matrix.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of bytes of all encrypted scores of a matrix with `rows` rows.
    #[must_use]
    pub fn wire_len(rows: usize) -> usize {
        SCORES.wire_len(rows)
    }

    /// The byte form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        SCORES.write(self.rows, &self.ciphertexts)
    }

    /// Reads the byte form.
    ///
    /// # Errors
    ///
    /// [`Error::Wire`] unless the bytes are exactly what [`EncryptedScores::to_bytes`] writes for
    /// some ciphertext.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (rows, ciphertexts) = SCORES.read(bytes)?;
        Ok(Self { rows, ciphertexts })
    }
}
