//! The homomorphic product of an encrypted integer vector and a plaintext integer matrix.
//!
//! A client encrypts a vector under a fresh [`SecretKey`]. Whoever holds a [`Matrix`] multiplies
//! the ciphertext by it without learning the vector. Only the key turns the [`EncryptedScores`]
//! back into integers, and those are exact: every score equals the plain inner product.
//!
//! The scheme is symmetric BFV (crate `fhe`) over one 41-bit prime, degree 2048, plaintext modulus
//! 2^20, with values packed into coefficients.
//!
//! # Pitfalls
//!
//! * Vector and matrix rows have Euclidean norm at most [`MAX_NORM`]; beyond it scores would wrap,
//!   so it is an error.
//! * A wrong key gives noise, not an error: nothing here authenticates a ciphertext.
//! * The scores say something about the matrix beyond their values. Only the vector is private.
//! * Use one key per request. A key that is kept must never be used on ciphertexts of a sender
//!   that learns what was decrypted.
//!
//! # Example
//!
//! ```
//! use he::{EncryptedScores, EncryptedVector, Matrix, SecretKey};
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

#![cfg_attr(not(feature = "gpu"), forbid(unsafe_code))]

mod backend;
mod bits;
mod encrypted;
mod error;
#[cfg(feature = "gpu")]
mod gpu;
mod group;
mod kernel;
mod key;
#[cfg(test)]
mod known_answer;
mod ledger;
mod limits;
mod matrix;
mod modular;
mod packing;
mod parallel;
mod privacy;
mod products;
mod ring;
mod shards;
mod wire;

pub use backend::{Backend, BackendError, Engine, LoadedMatrix};
pub use encrypted::{Arranged, EncryptedScores, EncryptedVector, Query};
pub use error::{Error, WireError};
#[cfg(feature = "gpu")]
pub use gpu::{Device, DeviceMatrix, GpuError, Timing};
pub use group::Group;
pub use key::SecretKey;
pub use ledger::{Account, Caps, Ledger, LedgerError};
pub use limits::{MAX_DIMENSION, MAX_NORM, MAX_ROWS};
pub use matrix::Matrix;
pub use privacy::{MAX_EPSILON, MIN_EPSILON};
pub use products::Products;
pub use shards::{ShardChoice, ShardError};
