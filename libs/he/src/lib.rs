//! The homomorphic product of an encrypted integer vector and a plaintext integer matrix.
//!
//! A client encrypts a vector under a key of its own (crate `he-client`). Whoever holds a [`Matrix`]
//! multiplies the ciphertext by it without learning the vector. Only the key turns the
//! [`EncryptedScores`] back into integers, and those are exact: every score equals the plain inner
//! product. Nothing here holds or takes a key.
//!
//! The scheme is symmetric BFV over one 41-bit prime, degree 2048, with values packed into
//! coefficients. The plaintext modulus is 2^20 for scores and 2^8 for records (see [`Content`]).
//!
//! # Pitfalls
//!
//! * For scores, matrix rows have Euclidean norm at most [`MAX_NORM`], as vectors do; beyond it
//!   scores would wrap, so it is an error.
//! * Nothing here authenticates a ciphertext. Any bytes of the right form have an answer.
//! * The scores say something about the matrix beyond their values. Only the vector is private.
//!
//! # Example
//!
//! ```
//! use he::{EncryptedScores, EncryptedVector, Error, Matrix, WireError};
//!
//! /// What a server does: bytes in, bytes out, and no key.
//! fn answer(matrix: &Matrix, request: &[u8]) -> Result<Vec<u8>, Error> {
//!     Ok(matrix.apply(&EncryptedVector::from_bytes(request)?)?.to_bytes())
//! }
//!
//! let matrix = Matrix::new(&[vec![1, 0, 0], vec![-4, 5, 6]])?;
//! // Zeros in place of a ciphertext, since no key is here.
//! let mut request = vec![0; EncryptedVector::wire_len(3)];
//! request[..10].copy_from_slice(b"HLP1\x01\x20\x03\0\0\0");
//!
//! let response = answer(&matrix, &request)?;
//! assert_eq!(response.len(), EncryptedScores::wire_len(2));
//!
//! let error = answer(&matrix, &request[1..]).unwrap_err();
//! assert_eq!(error, Error::Wire(WireError::Format));
//! # Ok::<(), Error>(())
//! ```

mod backend;
mod bits;
mod encrypted;
mod error;
#[cfg(feature = "gpu")]
mod gpu;
mod group;
mod kernel;
#[cfg(test)]
mod known_answer;
mod layout;
mod ledger;
mod limits;
mod matrix;
mod memory;
mod modular;
mod noise;
mod packing;
mod parallel;
mod parameters;
mod prepare;
mod privacy;
mod products;
mod ring;
mod shards;
mod wire;

pub use backend::{Backend, BackendError, Engine, LoadedMatrix};
pub use encrypted::{Arranged, EncryptedScores, EncryptedVector, Query, ScoreBlock};
pub use error::{Error, WireError};
#[cfg(feature = "gpu")]
pub use gpu::{Device, DeviceMatrix, GpuError, Timing};
pub use group::Group;
pub use kernel::Instructions;
pub use layout::{Content, Layout};
pub use ledger::{Account, Caps, Ledger, LedgerError};
pub use limits::{MAX_BYTE, MAX_DIMENSION, MAX_NORM, MAX_ROWS, check_vector};
pub use matrix::Matrix;
pub use parameters::{DEGREE, MODULUS, MODULUS_BITS, SEED_LEN, VARIANCE};
pub use privacy::{MAX_EPSILON, MIN_EPSILON};
pub use products::Products;
pub use shards::{ShardChoice, ShardError};
