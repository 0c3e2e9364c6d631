//! The answers that the crate `he` stores decrypt to the plain products.

use std::fs;
use std::path::PathBuf;

use he::{Content, EncryptedScores, Group, Layout, Matrix};

use crate::SecretKey;
use crate::scheme::Key;

/// The folder of a stored answer, and what it was encrypted for.
fn cases() -> [(&'static str, Layout); 2] {
    [("", Layout::scores(Group::ALL[2])), ("records", Layout::records(Group::ALL[3]))]
}

fn path(folder: &str, name: &str) -> PathBuf {
    let stored = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../he/tests/known-answer");
    stored.join(folder).join(name)
}

fn bytes(folder: &str, name: &str) -> Vec<u8> {
    fs::read(path(folder, name)).unwrap_or_else(|error| panic!("{folder}/{name}: {error}"))
}

fn integers(folder: &str, name: &str) -> Vec<Vec<i64>> {
    let text = String::from_utf8(bytes(folder, name)).expect("integers are text");
    let line = |line: &str| line.split(' ').map(|word| word.parse().expect("an integer")).collect();
    text.lines().map(line).collect()
}

/// The key of all of them.
fn key() -> SecretKey {
    let coefficients: Vec<i8> =
        integers("", "key.txt")[0].iter().map(|value| *value as i8).collect();
    SecretKey(Key::from_coefficients(&coefficients).unwrap())
}

#[test]
fn the_stored_responses_decrypt_to_the_plain_products() {
    for (folder, layout) in cases() {
        let scores = EncryptedScores::from_bytes(&bytes(folder, "response.hlp")).unwrap();
        assert_eq!(scores.layout(), layout);
        let (rows, vector) = (integers(folder, "matrix.txt"), integers(folder, "vector.txt"));
        let product = |row: &Vec<i64>| row.iter().zip(&vector[0]).map(|(a, b)| a * b).sum::<i64>();
        let mut products: Vec<i64> = rows.iter().map(product).collect();
        if layout.content == Content::Records {
            products.iter_mut().for_each(|value| *value %= 256);
        }
        assert_eq!(key().decrypt(&scores), Ok(products), "{folder}");
    }
}

#[test]
fn the_key_is_read_as_it_was_written() {
    assert_eq!(key().0.coefficients(), integers("", "key.txt")[0]);
}

#[test]
#[ignore = "writes a request and its answer where none are stored, which makes them a contract"]
fn write_what_is_missing() {
    for (folder, layout) in cases() {
        if path(folder, "response.hlp").exists() {
            continue;
        }
        let entry =
            |row: i64, column: i64| (row * 61 + column * 37 + row * column * 11) % 435 - 217;
        let entry = |row, column| match layout.content {
            Content::Scores => entry(row, column),
            Content::Records => entry(row, column).rem_euclid(256),
        };
        let count = layout.group.rows_per_block() as i64 + 8;
        let rows: Vec<Vec<i64>> =
            (0..count).map(|row| (0..11).map(|column| entry(row, column)).collect()).collect();
        let vector: Vec<i64> = (0..11).map(|column| entry(7, column + 3)).collect();
        let request = key().encrypt_in(&vector, layout).unwrap();
        let response = Matrix::with_layout(&rows, layout).unwrap().apply(&request).unwrap();

        let line =
            |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join(" ") + "\n";
        fs::create_dir_all(path(folder, "")).unwrap();
        fs::write(path(folder, "request.hlp"), request.to_bytes()).unwrap();
        fs::write(path(folder, "response.hlp"), response.to_bytes()).unwrap();
        fs::write(path(folder, "vector.txt"), line(&vector)).unwrap();
        let rows: String = rows.iter().map(|row| line(row)).collect();
        fs::write(path(folder, "matrix.txt"), rows).unwrap();
    }
}
