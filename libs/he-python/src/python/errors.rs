//! The exceptions.

use pyo3::create_exception;
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;

use crate::failure::Failure;

create_exception!(interlock_he, HeError, PyValueError, "Base of the errors of this module.");
create_exception!(interlock_he, VectorError, HeError, "The vector cannot be encrypted.");
create_exception!(
    interlock_he,
    CiphertextError,
    HeError,
    "The bytes are not the message that is expected, or do not fit the matrix."
);
create_exception!(interlock_he, MatrixError, HeError, "The matrix cannot be prepared.");
create_exception!(interlock_he, BudgetError, HeError, "The privacy budget cannot be spent.");

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Vector(message) => VectorError::new_err(message),
            Failure::Ciphertext(message) => CiphertextError::new_err(message),
            Failure::Matrix(message) => MatrixError::new_err(message),
            Failure::Budget(message) => BudgetError::new_err(message),
            Failure::Memory(message) => PyMemoryError::new_err(message),
            Failure::Other(message) => HeError::new_err(message),
        }
    }
}
