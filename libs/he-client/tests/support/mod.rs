//! The way of a request, and what it has to come to.

use he::{Content, EncryptedScores, EncryptedVector, Error, Layout, MAX_NORM, Matrix};
use he_client::SecretKey;

/// The whole way of a request, through bytes in both directions.
pub(crate) fn encrypted_product(
    layout: Layout,
    rows: &[Vec<i64>],
    vector: &[i64],
) -> Result<Vec<i64>, Error> {
    let key = SecretKey::generate();
    let request = EncryptedVector::from_bytes(&key.encrypt_in(vector, layout)?.to_bytes())?;
    let response = Matrix::with_layout(rows, layout)?.apply(&request)?;
    key.decrypt(&EncryptedScores::from_bytes(&response.to_bytes())?)
}

/// The inner products: as they are for scores, modulo 256 for records.
pub(crate) fn plain_product(content: Content, rows: &[Vec<i64>], vector: &[i64]) -> Vec<i64> {
    let product = |row: &Vec<i64>| row.iter().zip(vector).map(|(a, b)| a * b).sum::<i64>();
    let exact = rows.iter().map(product);
    match content {
        Content::Scores => exact.collect(),
        Content::Records => exact.map(|score| score.rem_euclid(256)).collect(),
    }
}

/// Entries for this content: as they are for records, scaled down to the norm cap for scores.
pub(crate) fn acceptable(content: Content, mut entries: Vec<i64>) -> Vec<i64> {
    if content == Content::Records {
        return entries.into_iter().map(|entry| entry.rem_euclid(256)).collect();
    }
    let cap = i64::try_from(MAX_NORM * MAX_NORM).expect("the cap is small");
    while entries.iter().map(|entry| entry * entry).sum::<i64>() > cap {
        entries.iter_mut().for_each(|entry| *entry = *entry * 9 / 10);
    }
    entries
}
