//! The client's side of the crate `he`: secret keys, encryption and decryption.
//!
//! This is the only crate that touches a secret. A server does not depend on it.
//!
//! # Pitfalls
//!
//! * For scores, a vector has Euclidean norm at most [`he::MAX_NORM`]; beyond it they would wrap, so
//!   it is an error. Records are bytes, and wrap modulo 256.
//! * A wrong key gives noise, not an error: nothing here authenticates a ciphertext.
//! * Use one key per request. A key that is kept must never be used on ciphertexts of a sender
//!   that learns what was decrypted.
//!
//! # Example
//!
//! ```
//! use he::{EncryptedScores, EncryptedVector, Matrix};
//! use he_client::SecretKey;
//!
//! // The client.
//! let key = SecretKey::generate();
//! let request = key.encrypt(&[3, -1, 2])?.to_bytes();
//!
//! // The server, which has the matrix and no key.
//! let matrix = Matrix::new(&[vec![1, 0, 0], vec![-4, 5, 6]])?;
//! let response = matrix.apply(&EncryptedVector::from_bytes(&request)?)?.to_bytes();
//!
//! // The client again.
//! let scores = key.decrypt(&EncryptedScores::from_bytes(&response)?)?;
//! assert_eq!(scores, [3, -5]);
//! # Ok::<(), he::Error>(())
//! ```

mod key;
#[cfg(test)]
mod known_answer;
#[cfg(test)]
mod noise;
#[cfg(test)]
mod sampling;
mod scheme;
#[cfg(all(test, target_os = "linux"))]
mod wiped;

pub use key::SecretKey;
