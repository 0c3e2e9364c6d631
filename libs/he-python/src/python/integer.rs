//! An entry of a vector or a matrix.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

/// An integer of any size; beyond 64 bits the nearest one that fits, which every limit refuses.
pub(crate) struct Integer(i64);

impl<'py> FromPyObject<'_, 'py> for Integer {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract() {
            Ok(value) => Ok(Self(value)),
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
                Ok(Self(if object.lt(0)? { i64::MIN } else { i64::MAX }))
            }
            Err(error) => Err(error),
        }
    }
}

/// The entries of a vector.
pub(crate) fn entries(integers: Vec<Integer>) -> Vec<i64> {
    integers.into_iter().map(|integer| integer.0).collect()
}
