//! The module as Python sees it; `interlock_he.pyi` describes it for type checkers.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{create_exception, pymodule};

use crate::session::{self, Failure};

create_exception!(interlock_he, HeError, PyValueError, "Base of the errors of this module.");
create_exception!(interlock_he, VectorError, HeError, "The vector cannot be encrypted.");
create_exception!(interlock_he, CiphertextError, HeError, "The bytes are not encrypted scores.");

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Vector(message) => VectorError::new_err(message),
            Failure::Ciphertext(message) => CiphertextError::new_err(message),
            Failure::Other(message) => HeError::new_err(message),
        }
    }
}

/// A secret key, made from the randomness of the operating system.
///
/// It cannot be copied, printed or pickled, and its memory is wiped when it is collected. It is
/// cheap: make one for each request.
#[pyclass(frozen, module = "interlock_he")]
struct SecretKey(he_client::SecretKey);

#[pymethods]
impl SecretKey {
    #[new]
    fn new() -> Self {
        Self(he_client::SecretKey::generate())
    }

    /// Encrypt a vector into the bytes of a request.
    #[pyo3(signature = (vector, /))]
    fn encrypt<'py>(
        &self,
        py: Python<'py>,
        vector: Vec<i64>,
    ) -> Result<Bound<'py, PyBytes>, Failure> {
        let bytes = py.detach(|| session::encrypt(&self.0, &vector))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Decrypt the bytes of a response: one integer for each row of the matrix.
    #[pyo3(signature = (scores, /))]
    fn decrypt(&self, py: Python<'_>, scores: &[u8]) -> Result<Vec<i64>, Failure> {
        py.detach(|| session::decrypt(&self.0, scores))
    }
}

/// Keys, encryption and decryption for clients of the Homomorphic LLM Proxy.
#[pymodule]
mod interlock_he {
    #[pymodule_export]
    use super::{CiphertextError, HeError, SecretKey, VectorError};

    #[pymodule_export]
    const MAX_NORM: u64 = he::MAX_NORM;

    #[pymodule_export]
    const MAX_DIMENSION: usize = he::MAX_DIMENSION;
}
