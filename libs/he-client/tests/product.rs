//! The product is exact for everything that is accepted, and everything else is refused.

use std::num::NonZeroUsize;

use he::{
    EncryptedScores, EncryptedVector, Error, Group, MAX_DIMENSION, MAX_NORM, Matrix, WireError,
};
use he_client::SecretKey;
use proptest::prelude::*;

fn plain_product(rows: &[Vec<i64>], vector: &[i64]) -> Vec<i64> {
    rows.iter().map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
}

/// The whole way of a request, through bytes in both directions.
fn encrypted_product(rows: &[Vec<i64>], vector: &[i64]) -> Result<Vec<i64>, Error> {
    encrypted_product_in(Group::default(), rows, vector)
}

fn encrypted_product_in(
    group: Group,
    rows: &[Vec<i64>],
    vector: &[i64],
) -> Result<Vec<i64>, Error> {
    let key = SecretKey::generate();
    let request = EncryptedVector::from_bytes(&key.encrypt_in(vector, group)?.to_bytes())?;
    let response = Matrix::with_group(rows, group)?.apply(&request)?;
    key.decrypt(&EncryptedScores::from_bytes(&response.to_bytes())?)
}

/// Scales entries down, if need be, until the norm is within the cap.
fn within_norm(mut entries: Vec<i64>) -> Vec<i64> {
    let cap = i64::try_from(MAX_NORM * MAX_NORM).expect("the cap is small");
    while entries.iter().map(|entry| entry * entry).sum::<i64>() > cap {
        entries.iter_mut().for_each(|entry| *entry = *entry * 9 / 10);
    }
    entries
}

/// A matrix and a vector that fits it, with entries of both signs and norms up to the cap.
fn problem() -> impl Strategy<Value = (Vec<Vec<i64>>, Vec<i64>)> {
    let entries = |columns| prop::collection::vec(-724i64..=724, columns).prop_map(within_norm);
    (1usize..=150, 1usize..=100).prop_flat_map(move |(rows, columns)| {
        (prop::collection::vec(entries(columns), rows), entries(columns))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_decrypted_product_equals_the_plain_one(
        (rows, vector) in problem(),
        group in prop::sample::select(Group::ALL.to_vec()),
    ) {
        let product = encrypted_product_in(group, &rows, &vector);
        prop_assert_eq!(product, Ok(plain_product(&rows, &vector)));
    }
}

#[test]
fn scores_are_exact_at_the_norm_cap() {
    // 724 = 2 · 362 = 4 · 181: the same norm in one, four and sixteen entries.
    let spread = |count: usize, value: i64| {
        let mut entries = vec![0; 16];
        entries[..count].fill(value);
        entries
    };
    let vector = spread(16, 181);
    let rows = vec![vector.clone(), spread(16, -181), spread(4, 362), spread(1, -724)];
    let expected = [524_176, -524_176, 4 * 362 * 181, -724 * 181];
    for group in Group::ALL {
        assert_eq!(encrypted_product_in(group, &rows, &vector), Ok(expected.to_vec()), "{group:?}");
    }
}

#[test]
fn a_full_block_at_the_norm_cap_is_exact() {
    let row = |sign: i64| (0..1024).map(|column| sign * (22 + column % 2)).collect::<Vec<i64>>();
    let vector = within_norm(row(1));
    let rows: Vec<_> =
        (0..64).map(|index| within_norm(row(if index % 2 == 0 { 1 } else { -1 }))).collect();
    assert_eq!(encrypted_product(&rows, &vector), Ok(plain_product(&rows, &vector)));
}

#[test]
fn one_beyond_the_norm_cap_is_an_error_on_both_sides() {
    let key = SecretKey::generate();
    let beyond = vec![724, 1];
    assert_eq!(key.encrypt(&beyond), Err(Error::VectorNorm { maximum: MAX_NORM }));
    let refused = Matrix::new(&[beyond]).map(|_| ());
    assert_eq!(refused, Err(Error::RowNorm { row: 0, maximum: MAX_NORM }));
}

#[test]
fn vectors_without_entries_and_with_too_many_are_errors() {
    let key = SecretKey::generate();
    for actual in [0, MAX_DIMENSION + 1] {
        let error = Error::VectorLength { actual, maximum: MAX_DIMENSION };
        assert_eq!(key.encrypt(&vec![0; actual]), Err(error));
    }
}

#[test]
fn a_vector_that_does_not_fit_the_matrix_is_an_error() {
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap();
    let matrix = Matrix::new(&[vec![1, 2]]).unwrap();
    assert_eq!(matrix.apply(&vector), Err(Error::DimensionMismatch { vector: 3, matrix: 2 }));
}

#[test]
fn a_vector_in_other_groups_than_the_matrix_is_an_error() {
    let vector = SecretKey::generate().encrypt(&[1, 2]).unwrap();
    let matrix = Matrix::with_group(&[vec![1, 2]], Group::new(4).unwrap()).unwrap();
    assert_eq!(matrix.apply(&vector), Err(Error::GroupMismatch { vector: 32, matrix: 4 }));
}

#[test]
fn several_threads_give_the_bytes_of_one() {
    let rows: Vec<Vec<i64>> = (0..300).map(|row| vec![row % 7, -row % 5, 3, 2]).collect();
    let vector = SecretKey::generate().encrypt(&[1, 2, 3, -4]).unwrap();
    let matrix = Matrix::new(&rows).unwrap();
    let alone = matrix.apply(&vector).unwrap().to_bytes();
    for threads in [2, 3, 100].map(|count| NonZeroUsize::new(count).unwrap()) {
        let query = vector.expand(threads);
        assert!(matrix.multiply(&query.arrange(), threads).unwrap().scores().to_bytes() == alone);
    }
}

#[test]
fn a_wrong_key_does_not_decrypt() {
    let rows: Vec<Vec<i64>> = (0..64).map(|row| vec![row, 1]).collect();
    let vector = SecretKey::generate().encrypt(&[5, -7]).unwrap();
    let scores = Matrix::new(&rows).unwrap().apply(&vector).unwrap();

    let noise = SecretKey::generate().decrypt(&scores).unwrap();

    // A score that is uniform below 2^20 is within ±2^16 with probability 1/8, so 32 of 64 by
    // chance has probability below 2^-30; the true scores are all within it.
    let near = noise.iter().filter(|score| score.abs() < 1 << 16).count();
    assert!(near < 32, "{near} of 64 scores are near 0: {noise:?}");
}

#[test]
fn two_encryptions_of_one_vector_differ_everywhere() {
    let key = SecretKey::generate();
    let [first, second] = [(); 2].map(|()| key.encrypt(&[1, 2, 3]).unwrap().to_bytes());
    let header = 10;
    assert_eq!(first[..header], second[..header]);
    // Equal bytes of independent uniform data: 1 of 256.
    let equal = first[header..].iter().zip(&second[header..]).filter(|(a, b)| a == b).count();
    assert!(equal < first.len() / 100, "{equal} of {} bytes are equal", first.len());
}

#[test]
fn scores_are_not_accepted_as_a_vector() {
    let vector = SecretKey::generate().encrypt(&[1]).unwrap();
    let scores = Matrix::new(&[vec![1]]).unwrap().apply(&vector).unwrap();
    assert_eq!(
        EncryptedVector::from_bytes(&scores.to_bytes()),
        Err(Error::Wire(WireError::Kind { actual: 2, expected: 1 }))
    );
}
