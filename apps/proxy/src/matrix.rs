//! The matrix that is served, from a JSON file or the built-in sample.

use std::fs;
use std::path::Path;

use he::Matrix;

use crate::start::StartError;

const SAMPLE: &str = include_str!("sample-matrix.json");

/// Loads the matrix of `file`, or the sample when there is none.
pub(crate) fn load(file: Option<&Path>) -> Result<Matrix, StartError> {
    let file = match file {
        None => return parse(SAMPLE, "the built-in sample"),
        Some(file) => file,
    };
    let name = file.display().to_string();
    match fs::read_to_string(file) {
        Ok(text) => parse(&text, &name),
        Err(source) => Err(StartError::MatrixUnreadable { file: name, source }),
    }
}

fn parse(text: &str, name: &str) -> Result<Matrix, StartError> {
    let rows: Vec<Vec<i64>> = serde_json::from_str(text)
        .map_err(|source| StartError::MatrixMalformed { file: name.to_owned(), source })?;
    Matrix::new(&rows).map_err(|source| StartError::MatrixRefused { file: name.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_acceptable() {
        let matrix = load(None).unwrap();
        assert_eq!((matrix.rows(), matrix.columns()), (4, 3));
    }

    #[test]
    fn what_is_not_json_is_named_with_its_place() {
        let error = parse("[[1, 2],\n [3, x]]", "m.json").expect_err("x is not JSON");
        assert_eq!(error.to_string(), "m.json: expected value at line 2 column 6");
    }

    #[test]
    fn a_matrix_beyond_the_limits_is_named_with_its_row() {
        let error = parse("[[1], [725]]", "m.json").expect_err("725 is beyond the norm");
        assert_eq!(error.to_string(), "m.json: the Euclidean norm of row 1 exceeds 724");
    }
}
