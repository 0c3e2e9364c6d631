//! The secret: made, used and dropped by the client alone.

use std::fmt;

use crate::encrypted::{EncryptedScores, EncryptedVector};
use crate::limits::{MAX_DIMENSION, MAX_NORM, is_within_norm};
use crate::packing::{self, GROUP, ROWS_PER_BLOCK};
use crate::{Error, ring};

/// A secret key. It is wiped from memory when dropped, and `Debug` does not show it.
pub struct SecretKey(ring::Key);

impl SecretKey {
    /// Makes a key from the randomness of the operating system. It is cheap: make one per request.
    #[must_use]
    pub fn generate() -> Self {
        Self(ring::Key::random())
    }

    /// Encrypts a vector. Two encryptions of one vector differ.
    ///
    /// # Errors
    ///
    /// [`Error::VectorLength`] and [`Error::VectorNorm`], before anything is encrypted.
    pub fn encrypt(&self, vector: &[i64]) -> Result<EncryptedVector, Error> {
        let dimension = vector.len();
        if dimension == 0 || dimension > MAX_DIMENSION {
            return Err(Error::VectorLength { actual: dimension, maximum: MAX_DIMENSION });
        }
        if !is_within_norm(vector) {
            return Err(Error::VectorNorm { maximum: MAX_NORM });
        }
        let ciphertexts =
            vector.chunks(GROUP).map(|part| self.0.encrypt(part)).collect::<Result<_, _>>()?;
        Ok(EncryptedVector { dimension, ciphertexts })
    }

    /// Decrypts scores: one integer for each row of the matrix.
    ///
    /// With any other key than the one that encrypted the vector the result is noise.
    ///
    /// # Errors
    ///
    /// [`Error::Arithmetic`] if the arithmetic fails, which would be a defect.
    pub fn decrypt(&self, scores: &EncryptedScores) -> Result<Vec<i64>, Error> {
        let mut values = Vec::with_capacity(scores.rows);
        for ciphertext in &scores.ciphertexts {
            let count = (scores.rows - values.len()).min(ROWS_PER_BLOCK);
            values.extend(packing::scores(&self.0.decrypt(ciphertext)?, count));
        }
        Ok(values)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_does_not_show_the_key() {
        assert_eq!(format!("{:?}", SecretKey::generate()), "SecretKey(..)");
    }
}
