//! `SecretKey`.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::integer::{Integer, entries};
use crate::failure::Failure;
use crate::{layout, session};

/// A secret key, made from the randomness of the operating system.
///
/// It cannot be copied, printed or pickled, and its memory is wiped when it is collected. It is
/// cheap: make one for each request.
#[pyclass(frozen, module = "interlock_he")]
pub(crate) struct SecretKey(he_client::SecretKey);

#[pymethods]
impl SecretKey {
    #[new]
    fn new() -> Self {
        Self(he_client::SecretKey::generate())
    }

    /// Encrypt a vector into the bytes of a request, for a matrix with this group and content.
    #[pyo3(signature = (vector, /, *, group = 32, content = "scores"))]
    fn encrypt<'py>(
        &self,
        py: Python<'py>,
        vector: Vec<Integer>,
        group: usize,
        content: &str,
    ) -> Result<Bound<'py, PyBytes>, Failure> {
        let (layout, vector) = (layout::layout(group, content)?, entries(vector));
        let bytes = py.detach(|| session::encrypt(&self.0, &vector, layout))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Decrypt the bytes of a response: one integer for each row of the matrix.
    #[pyo3(signature = (data, /))]
    fn decrypt(&self, py: Python<'_>, data: &[u8]) -> Result<Vec<i64>, Failure> {
        py.detach(|| session::decrypt(&self.0, data))
    }
}
