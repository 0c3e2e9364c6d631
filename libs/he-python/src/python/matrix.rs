//! `Matrix`.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::integer::{Integer, entries};
use crate::failure::Failure;
use crate::{layout, matrix};

/// A plaintext integer matrix, prepared to be multiplied with encrypted vectors.
#[pyclass(frozen, module = "interlock_he")]
pub(crate) struct Matrix(he::Matrix);

#[pymethods]
impl Matrix {
    #[new]
    #[pyo3(signature = (rows, /, *, group = 32, content = "scores"))]
    fn new(
        py: Python<'_>,
        rows: Vec<Vec<Integer>>,
        group: usize,
        content: &str,
    ) -> Result<Self, Failure> {
        let layout = layout::layout(group, content)?;
        let rows: Vec<_> = rows.into_iter().map(entries).collect();
        Ok(Self(py.detach(|| matrix::new(&rows, layout))?))
    }

    /// Multiply an encrypted vector by the matrix, without a key: the bytes of a response.
    #[pyo3(signature = (request, /))]
    fn apply<'py>(&self, py: Python<'py>, request: &[u8]) -> Result<Bound<'py, PyBytes>, Failure> {
        let bytes = py.detach(|| matrix::apply(&self.0, request))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Number of rows, which is the number of integers in every response.
    #[getter]
    fn rows(&self) -> usize {
        self.0.rows()
    }

    /// Number of columns, which is the number of entries of a vector that fits.
    #[getter]
    fn columns(&self) -> usize {
        self.0.columns()
    }

    /// Base-2 logarithm of a bound on the probability that one integer decrypts wrongly.
    #[getter]
    fn log2_failure(&self) -> f64 {
        self.0.log2_failure()
    }
}
