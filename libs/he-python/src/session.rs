//! What a client does with its key, in terms of integers and bytes.

use he::{EncryptedScores, Layout};
use he_client::SecretKey;

use crate::failure::Failure;

/// Encrypts a vector into the bytes of a request.
pub(crate) fn encrypt(key: &SecretKey, vector: &[i64], layout: Layout) -> Result<Vec<u8>, Failure> {
    Ok(key.encrypt_in(vector, layout)?.to_bytes())
}

/// Decrypts the bytes of a response into one integer per row of the matrix.
pub(crate) fn decrypt(key: &SecretKey, data: &[u8]) -> Result<Vec<i64>, Failure> {
    Ok(key.decrypt(&EncryptedScores::from_bytes(data)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix;
    use he::Group;

    #[test]
    fn a_request_and_its_response_give_the_product() {
        let key = SecretKey::generate();
        for (layout, product) in [
            (Layout::default(), vec![5, 250]),
            (Layout::records(Group::ALL[1]), vec![5, 250]),
            (Layout::scores(Group::ALL[0]), vec![5, 250]),
        ] {
            let request = encrypt(&key, &[2, 3], layout).unwrap();
            let matrix = matrix::new(&[vec![1, 1], vec![50, 50]], layout).unwrap();
            let response = matrix::apply(&matrix, &request).unwrap();
            assert_eq!(decrypt(&key, &response), Ok(product), "{layout:?}");
        }
    }

    #[test]
    fn a_vector_outside_the_limits_is_a_vector_failure() {
        let (key, scores) = (SecretKey::generate(), Layout::default());
        let records = Layout::records(Group::default());
        let too_long = [0; he::MAX_DIMENSION + 1];
        for (vector, layout) in [
            (&[][..], scores),
            (&[725], scores),
            (&[i64::MIN], scores),
            (&too_long, records),
            (&[256], records),
            (&[-1], records),
        ] {
            assert!(matches!(encrypt(&key, vector, layout), Err(Failure::Vector(_))), "{vector:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_scores_are_a_ciphertext_failure() {
        let key = SecretKey::generate();
        let vector = encrypt(&key, &[1], Layout::default()).unwrap();
        for bytes in [&b""[..], b"HLP1", b"HLP2", &vector] {
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
