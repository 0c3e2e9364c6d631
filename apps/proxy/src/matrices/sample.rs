//! The matrix that is served when none is named, for a first try.

use he::{Engine, Matrix};
use sha2::{Digest as _, Sha256};

use super::error::{LoadError, Reason};
use super::manifest::Kind;
use super::served::{Part, Served};
use crate::hex::Hex;

/// Its name in the paths of the server.
pub(crate) const NAME: &str = "sample";
const ROWS: &str = include_str!("sample.json");

/// The sample: 4 rows and 3 columns.
pub(super) fn load(engine: &Engine) -> Result<Served, LoadError> {
    prepare(engine).map_err(|reason| reason.at("the built-in sample"))
}

fn prepare(engine: &Engine) -> Result<Served, Reason> {
    let entries: Vec<Vec<i64>> = serde_json::from_str(ROWS)?;
    let matrix = Matrix::new(&entries)?;
    let (rows, columns, layout) = (matrix.rows(), matrix.columns(), matrix.layout());
    let log2_failure = matrix.log2_failure();
    Ok(Served {
        name: NAME.to_owned(),
        kind: Kind::Scores,
        rows,
        columns,
        layout,
        scale: None,
        version: format!("sha256:{}", Hex(&Sha256::digest(ROWS))),
        generation: None,
        parts: vec![Part::new(engine.load(matrix)?, rows, layout, log2_failure)],
        shards: None,
        records: None,
    })
}
