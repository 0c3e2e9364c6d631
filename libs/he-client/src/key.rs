//! The secret: made, used and dropped by the client alone.

use std::fmt;

use he::{EncryptedScores, EncryptedVector, Error, Group, MAX_DIMENSION, MAX_NORM, is_within_norm};

use crate::scheme::Key;

/// A secret key. It is wiped from memory when dropped, and `Debug` does not show it.
pub struct SecretKey(pub(crate) Key);

impl SecretKey {
    /// Makes a key from the randomness of the operating system. It is cheap: make one per request.
    #[must_use]
    pub fn generate() -> Self {
        Self(Key::random())
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
        let (mut seeds, mut bodies) = (Vec::new(), Vec::new());
        for part in vector.chunks(group.entries()) {
            let fresh = self.0.encrypt(part)?;
            seeds.push(fresh.seed);
            bodies.extend(fresh.body);
        }
        EncryptedVector::from_parts(dimension, group, seeds, bodies)
    }

    /// Decrypts scores: one integer for each row of the matrix.
    ///
    /// With any other key than the one that encrypted the vector the result is noise.
    ///
    /// # Errors
    ///
    /// [`Error::Arithmetic`] if the arithmetic fails, which would be a defect.
    pub fn decrypt(&self, scores: &EncryptedScores) -> Result<Vec<i64>, Error> {
        let (group, mut values) = (scores.group(), Vec::with_capacity(scores.rows()));
        for block in scores.blocks() {
            let coefficients = self.0.decrypt(block.mask, block.body)?;
            values.extend((0..block.rows).map(|row| coefficients[group.score_position(row)]));
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
