//! What went wrong, by the Python exception that it becomes.

use he::{Error, LedgerError, ShardError};

/// An error by the Python exception that it becomes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `VectorError`: what the caller wants to encrypt is outside the limits.
    Vector(String),
    /// `CiphertextError`: the bytes are not the message that is expected, or do not fit the matrix.
    Ciphertext(String),
    /// `MatrixError`: what the caller wants to multiply with is outside the limits.
    Matrix(String),
    /// `BudgetError`: the budget is exhausted, or a number of it is outside its range.
    Budget(String),
    /// `MemoryError` of Python.
    Memory(String),
    /// `HeError` itself: another argument, or a defect.
    Other(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::VectorLength { .. } | Error::VectorNorm { .. } | Error::VectorByte => {
                Self::Vector(message)
            }
            Error::Wire(_)
            | Error::DimensionMismatch { .. }
            | Error::GroupMismatch { .. }
            | Error::ContentMismatch { .. } => Self::Ciphertext(message),
            Error::RowCount { .. }
            | Error::ColumnCount { .. }
            | Error::RowLength { .. }
            | Error::RowNorm { .. }
            | Error::RowByte { .. }
            | Error::Noise { .. } => Self::Matrix(message),
            Error::NoMemory { .. } => Self::Memory(message),
            _ => Self::Other(message),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Budget(error.to_string())
    }
}

impl From<ShardError> for Failure {
    fn from(error: ShardError) -> Self {
        Self::Other(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use he::{Caps, Ledger};

    #[test]
    fn a_budget_that_is_spent_is_a_budget_failure() {
        let caps = Caps { epsilon: 1.0, delta: 1e-6 };
        let error = Ledger::new(caps).unwrap().spend(1, 2.0).unwrap_err();
        assert!(
            matches!(Failure::from(error), Failure::Budget(message) if message.contains("budget"))
        );
    }

    #[test]
    fn memory_that_is_refused_is_what_python_calls_it() {
        let failure = Failure::from(Error::NoMemory { bytes: 7 });
        assert_eq!(failure, Failure::Memory("the system gives no memory for 7 bytes".to_owned()));
    }

    #[test]
    fn a_defect_is_none_of_the_named_failures() {
        let error = Error::Arithmetic("details".to_owned());
        assert!(
            matches!(Failure::from(error), Failure::Other(message) if message.contains("details"))
        );
    }
}
