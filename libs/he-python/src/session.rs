//! What a client does with its key, in terms of integers and bytes.

use he::{EncryptedScores, Error};
use he_client::SecretKey;

/// Encrypts a vector into the bytes of a request.
pub(crate) fn encrypt(key: &SecretKey, vector: &[i64]) -> Result<Vec<u8>, Failure> {
    Ok(key.encrypt(vector)?.to_bytes())
}

/// Decrypts the bytes of a response into one integer per row of the matrix.
pub(crate) fn decrypt(key: &SecretKey, scores: &[u8]) -> Result<Vec<i64>, Failure> {
    Ok(key.decrypt(&EncryptedScores::from_bytes(scores)?)?)
}

/// An error by the Python exception that it becomes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `VectorError`: what the caller wants to encrypt is outside the limits.
    Vector(String),
    /// `CiphertextError`: the bytes are not encrypted scores.
    Ciphertext(String),
    /// `HeError` itself: a defect.
    Other(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::VectorLength { .. } | Error::VectorNorm { .. } => Self::Vector(message),
            Error::Wire(_) => Self::Ciphertext(message),
            _ => Self::Other(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use he::{EncryptedVector, Matrix};

    #[test]
    fn a_request_and_its_response_give_the_product() {
        let key = SecretKey::generate();
        let request = encrypt(&key, &[2, -3]).unwrap();
        let vector = EncryptedVector::from_bytes(&request).unwrap();
        let matrix = Matrix::new(&[vec![1, 1], vec![-10, 20]]).unwrap();
        let response = matrix.apply(&vector).unwrap().to_bytes();
        assert_eq!(decrypt(&key, &response), Ok(vec![-1, -80]));
    }

    #[test]
    fn a_vector_outside_the_limits_is_a_vector_failure() {
        let key = SecretKey::generate();
        for vector in [&[][..], &[725], &[i64::MIN]] {
            assert!(matches!(encrypt(&key, vector), Err(Failure::Vector(_))), "{vector:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_scores_are_a_ciphertext_failure() {
        let key = SecretKey::generate();
        let vector = encrypt(&key, &[1]).unwrap();
        for bytes in [&b""[..], b"HLP1", &vector] {
            assert!(matches!(decrypt(&key, bytes), Err(Failure::Ciphertext(_))));
        }
    }

    #[test]
    fn the_wheel_has_the_version_of_the_crate() {
        let manifest = include_str!("../pyproject.toml");
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
        assert!(manifest.lines().any(|line| line == version), "no line {version}");
    }
}
