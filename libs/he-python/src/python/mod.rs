//! The module as Python sees it; `interlock_he.pyi` describes it for type checkers.

mod budget;
mod errors;
mod functions;
mod integer;
mod key;
mod matrix;

use pyo3::pymodule;

/// Keys, encryption, decryption and the privacy ledger for clients of the Homomorphic LLM Proxy.
#[pymodule]
mod interlock_he {
    #[pymodule_export]
    use super::budget::{Account, Ledger};
    #[pymodule_export]
    use super::errors::{BudgetError, CiphertextError, HeError, MatrixError, VectorError};
    #[pymodule_export]
    use super::functions::{choose_shards, request_bytes, response_bytes, shard_inclusion};
    #[pymodule_export]
    use super::key::SecretKey;
    #[pymodule_export]
    use super::matrix::Matrix;

    use pyo3::prelude::*;
    use pyo3::types::PyTuple;

    #[pymodule_export]
    const MAX_NORM: u64 = he::MAX_NORM;

    #[pymodule_export]
    const MAX_DIMENSION: usize = he::MAX_DIMENSION;

    #[pymodule_export]
    const MAX_ROWS: usize = he::MAX_ROWS;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let groups = he::Group::ALL.map(he::Group::entries);
        module.add("GROUPS", PyTuple::new(module.py(), groups)?)
    }
}
