//! The secret: made, used and dropped by the client alone.

use std::fmt;

use crate::encrypted::{EncryptedScores, EncryptedVector};
use crate::limits::{MAX_DIMENSION, MAX_NORM, is_within_norm};
use crate::modular::lift32;
use crate::packing::score_position;
use crate::ring::{self, DEGREE};
use crate::wire::Header;
use crate::{Error, Group};

/// A secret key. It is wiped from memory when dropped, and `Debug` does not show it.
pub struct SecretKey(pub(crate) ring::Key);

impl SecretKey {
    /// Makes a key from the randomness of the operating system. It is cheap: make one per request.
    #[must_use]
    pub fn generate() -> Self {
        Self(ring::Key::random())
    }

    /// Encrypts a vector in groups of the default size. Two encryptions of one vector differ.
    ///
    /// # Errors
    ///
    /// [`Error::VectorLength`] and [`Error::VectorNorm`], before anything is encrypted.
    pub fn encrypt(&self, vector: &[i64]) -> Result<EncryptedVector, Error> {
        self.encrypt_in(vector, Group::default())
    }

    /// Encrypts a vector in groups of the size that the matrix has.
    ///
    /// # Errors
    ///
    /// Those of [`SecretKey::encrypt`].
    pub fn encrypt_in(&self, vector: &[i64], group: Group) -> Result<EncryptedVector, Error> {
        let dimension = vector.len();
        if dimension == 0 || dimension > MAX_DIMENSION {
            return Err(Error::VectorLength { actual: dimension, maximum: MAX_DIMENSION });
        }
        if !is_within_norm(vector) {
            return Err(Error::VectorNorm { maximum: MAX_NORM });
        }
        let header = Header { group, entries: dimension };
        let mut encrypted = EncryptedVector { header, seeds: Vec::new(), bodies: Vec::new() };
        for part in vector.chunks(group.entries()) {
            let fresh = self.0.encrypt(part)?;
            encrypted.seeds.push(fresh.seed);
            encrypted.bodies.extend(fresh.body);
        }
        Ok(encrypted)
    }

    /// Decrypts scores: one integer for each row of the matrix.
    ///
    /// With any other key than the one that encrypted the vector the result is noise.
    ///
    /// # Errors
    ///
    /// [`Error::Arithmetic`] if the arithmetic fails, which would be a defect.
    pub fn decrypt(&self, scores: &EncryptedScores) -> Result<Vec<i64>, Error> {
        let group = scores.header.group;
        let mut values = Vec::with_capacity(scores.rows());
        let bodies = scores.bodies.chunks(group.rows_per_block());
        for (mask, rows) in scores.masks.chunks_exact(DEGREE).zip(bodies) {
            let mask = mask.iter().map(|value| lift32(*value)).collect();
            let mut body = vec![0; DEGREE];
            for (row, value) in rows.iter().enumerate() {
                body[score_position(row, group)] = lift32(*value);
            }
            let coefficients = self.0.decrypt(mask, body)?;
            values.extend((0..rows.len()).map(|row| coefficients[score_position(row, group)]));
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
