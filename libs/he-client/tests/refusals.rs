//! What cannot be exact is refused, on the side that can see it.

use he::{
    Content, EncryptedVector, Error, Group, Layout, MAX_DIMENSION, MAX_NORM, Matrix, WireError,
};
use he_client::SecretKey;

#[test]
fn one_beyond_the_norm_cap_is_an_error_on_both_sides() {
    let key = SecretKey::generate();
    let beyond = vec![724, 1];
    assert_eq!(key.encrypt(&beyond), Err(Error::VectorNorm { maximum: MAX_NORM }));
    let refused = Matrix::new(&[beyond]).map(|_| ());
    assert_eq!(refused, Err(Error::RowNorm { row: 0, maximum: MAX_NORM }));
}

#[test]
fn what_is_no_byte_is_an_error_on_both_sides() {
    let (key, layout) = (SecretKey::generate(), Layout::records(Group::default()));
    for entry in [-1, 256] {
        let beyond = vec![0, entry];
        assert_eq!(key.encrypt_in(&beyond, layout), Err(Error::VectorByte));
        let refused = Matrix::with_layout(&[beyond], layout).map(|_| ());
        assert_eq!(refused, Err(Error::RowByte { row: 0, column: 1 }));
    }
}

#[test]
fn vectors_without_entries_and_with_too_many_are_errors() {
    let key = SecretKey::generate();
    for actual in [0, MAX_DIMENSION + 1] {
        let error = Error::VectorLength { actual, maximum: MAX_DIMENSION };
        for content in [Content::Scores, Content::Records] {
            let layout = Layout { content, ..Layout::default() };
            assert_eq!(key.encrypt_in(&vec![0; actual], layout), Err(error.clone()));
        }
    }
}

#[test]
fn a_vector_that_does_not_fit_the_matrix_is_an_error() {
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap();
    let matrix = Matrix::new(&[vec![1, 2]]).unwrap();
    assert_eq!(matrix.apply(&vector), Err(Error::DimensionMismatch { vector: 3, matrix: 2 }));
}

#[test]
fn a_vector_in_another_layout_than_the_matrix_is_an_error() {
    let vector = SecretKey::generate().encrypt(&[1, 2]).unwrap();
    let matrix = |layout| Matrix::with_layout(&[vec![1, 2]], layout).unwrap();
    let other = matrix(Layout::scores(Group::new(4).unwrap()));
    assert_eq!(other.apply(&vector), Err(Error::GroupMismatch { vector: 32, matrix: 4 }));
    let (vector_content, matrix_content) = (Content::Scores, Content::Records);
    let other = matrix(Layout::records(Group::default()));
    let error = Error::ContentMismatch { vector: vector_content, matrix: matrix_content };
    assert_eq!(other.apply(&vector), Err(error));
}

#[test]
fn scores_are_not_accepted_as_a_vector() {
    let vector = SecretKey::generate().encrypt(&[1]).unwrap();
    let scores = Matrix::new(&[vec![1]]).unwrap().apply(&vector).unwrap();
    assert_eq!(
        EncryptedVector::from_bytes(&scores.to_bytes()),
        Err(Error::Wire(WireError::Kind { actual: 2, expected: [1, 3] }))
    );
}
