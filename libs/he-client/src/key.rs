//! The secret: made, used and dropped by the client alone.

use std::fmt;

use he::{Content, EncryptedScores, EncryptedVector, Error, Layout, check_vector};

use crate::scheme::Key;

/// A secret key. It is wiped from memory when dropped, and `Debug` does not show it.
pub struct SecretKey(pub(crate) Key);

impl SecretKey {
    /// Makes a key from the randomness of the operating system. It is cheap: make one per request.
    #[must_use]
    pub fn generate() -> Self {
        Self(Key::random())
    }

    /// Encrypts a vector in the default layout. Two encryptions of one vector differ everywhere.
    ///
    /// # Errors
    ///
    /// Those of [`SecretKey::encrypt_in`].
    pub fn encrypt(&self, vector: &[i64]) -> Result<EncryptedVector, Error> {
        self.encrypt_in(vector, Layout::default())
    }

    /// Encrypts a vector in the layout that the matrix has.
    ///
    /// # Errors
    ///
    /// Those of [`check_vector`], before anything is encrypted.
    pub fn encrypt_in(&self, vector: &[i64], layout: Layout) -> Result<EncryptedVector, Error> {
        check_vector(vector, layout.content)?;
        let (mut seeds, mut bodies) = (Vec::new(), Vec::new());
        for part in vector.chunks(layout.group.entries()) {
            let fresh = self.0.encrypt(part, layout.content)?;
            seeds.push(fresh.seed);
            bodies.extend(fresh.body);
        }
        EncryptedVector::from_parts(vector.len(), layout, seeds, bodies)
    }

    /// Decrypts a product: one integer for each row of the matrix, 0 to 255 for records.
    ///
    /// With any other key than the one that encrypted the vector the result is noise.
    ///
    /// # Errors
    ///
    /// [`Error::Arithmetic`] if the arithmetic fails, which would be a defect.
    pub fn decrypt(&self, scores: &EncryptedScores) -> Result<Vec<i64>, Error> {
        let Layout { group, content } = scores.layout();
        let mut values = Vec::with_capacity(scores.rows());
        for block in scores.blocks() {
            let coefficients = self.0.decrypt(block.mask, block.body)?;
            values.extend((0..block.rows).map(|row| coefficients[group.score_position(row)]));
        }
        if content == Content::Records {
            values.iter_mut().for_each(|value| *value = byte(*value));
        }
        Ok(values)
    }
}

/// The byte in the upper 8 of the 20 bits of a score, rounded.
fn byte(score: i64) -> i64 {
    let below = Content::Scores.plaintext_bits() - Content::Records.plaintext_bits();
    i64::from(((score + (1 << (below - 1))) >> below) as u8)
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

    #[test]
    fn bytes_are_the_nearest_upper_bits() {
        assert_eq!([0, 2047, 2048, 4096, -2048, -2049].map(byte), [0, 0, 1, 1, 0, 255]);
        assert_eq!([(1 << 19) - 1, -(1 << 19)].map(byte), [128, 128]);
    }
}
