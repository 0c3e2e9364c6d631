//! What is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use he::Matrix;
use thiserror::Error;

use crate::config::Matrices;

const SAMPLE: &str = include_str!("sample.json");

/// Why there is nothing to serve.
#[derive(Debug, Error)]
pub(crate) enum LoadError {
    #[error("the built-in sample: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the built-in sample: {0}")]
    Refused(#[from] he::Error),
}

impl LoadError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => {
                "the file is a JSON array of rows, each an array of integers: [[1, 2], [3, 4]]"
            }
            Self::Refused(_) => {
                "all rows have the same length, and a Euclidean norm of at most 724"
            }
        }
    }
}

/// The matrices by name.
#[derive(Debug)]
pub(crate) struct Catalogue {
    matrices: BTreeMap<String, Arc<Matrix>>,
}

impl Catalogue {
    /// The built-in sample.
    pub(crate) fn open(_config: &Matrices) -> Result<Self, LoadError> {
        let rows: Vec<Vec<i64>> = serde_json::from_str(SAMPLE)?;
        let matrix = Arc::new(Matrix::new(&rows)?);
        Ok(Self { matrices: BTreeMap::from([("sample".to_owned(), matrix)]) })
    }

    /// The matrix of this name, as it is now; a request keeps the one that it began with.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Matrix>> {
        self.matrices.get(name).cloned()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.matrices.len()
    }
}
