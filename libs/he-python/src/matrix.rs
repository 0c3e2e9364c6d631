//! What a server does with its matrix, in terms of integers and bytes.

use he::{EncryptedVector, Layout, Matrix};

use crate::failure::Failure;

/// Prepares a matrix.
pub(crate) fn new(rows: &[Vec<i64>], layout: Layout) -> Result<Matrix, Failure> {
    Ok(Matrix::with_layout(rows, layout)?)
}

/// Multiplies the vector in the bytes of a request by the matrix, into the bytes of a response.
pub(crate) fn apply(matrix: &Matrix, request: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(matrix.apply(&EncryptedVector::from_bytes(request)?)?.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use he::Group;
    use he_client::SecretKey;

    #[test]
    fn the_stored_request_has_the_stored_response() {
        let line = |line: &str| line.split(' ').map(|word| word.parse().unwrap()).collect();
        let rows = include_str!("../../he/tests/known-answer/matrix.txt").lines().map(line);
        let matrix = new(&rows.collect::<Vec<_>>(), Layout::scores(Group::ALL[2])).unwrap();
        let request = include_bytes!("../../he/tests/known-answer/request.hlp");
        let response = include_bytes!("../../he/tests/known-answer/response.hlp");
        assert!(apply(&matrix, request).unwrap() == response);
    }

    #[test]
    fn what_is_no_matrix_is_a_matrix_failure() {
        let records = Layout::records(Group::default());
        for (rows, layout) in [
            (vec![], Layout::default()),
            (vec![vec![]], Layout::default()),
            (vec![vec![1], vec![1, 2]], Layout::default()),
            (vec![vec![725]], Layout::default()),
            (vec![vec![i64::MAX]], records),
        ] {
            assert!(matches!(new(&rows, layout), Err(Failure::Matrix(_))), "{rows:?}");
        }
    }

    #[test]
    fn a_request_that_does_not_fit_is_a_ciphertext_failure() {
        let matrix = new(&[vec![1, 2]], Layout::default()).unwrap();
        let key = SecretKey::generate();
        let encrypt = |vector: &[i64], layout| key.encrypt_in(vector, layout).unwrap().to_bytes();
        for request in [
            b"HLP1".to_vec(),
            encrypt(&[1], Layout::default()),
            encrypt(&[1, 2], Layout::scores(Group::ALL[0])),
            encrypt(&[1, 2], Layout::records(Group::default())),
        ] {
            assert!(matches!(apply(&matrix, &request), Err(Failure::Ciphertext(_))));
        }
    }
}
