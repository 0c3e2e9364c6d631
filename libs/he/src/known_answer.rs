//! A stored request has one answer, for ever and everywhere.
//!
//! `tests/known-answer` holds it; `tests/reference` computes it anew in another language.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::ring::{DEGREE, Key, expand, transform};
use crate::{EncryptedScores, EncryptedVector, Group, Matrix, SecretKey};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/known-answer").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn integers(name: &str) -> Vec<Vec<i64>> {
    let text = String::from_utf8(bytes(name)).expect("integers are text");
    let line = |line: &str| line.split(' ').map(|word| word.parse().expect("an integer")).collect();
    text.lines().map(line).collect()
}

fn matrix() -> Matrix {
    let group = Group::new(4).expect("4 is a group");
    Matrix::with_group(&integers("matrix.txt"), group).expect("the matrix is acceptable")
}

#[test]
fn the_stored_request_has_the_stored_response() {
    let vector = EncryptedVector::from_bytes(&bytes("request.hlp")).unwrap();
    assert!(matrix().apply(&vector).unwrap().to_bytes() == bytes("response.hlp"));
}

#[test]
fn the_stored_response_decrypts_to_the_plain_product() {
    let key = integers("key.txt")[0].iter().map(|value| *value as i8).collect::<Vec<_>>();
    let key = SecretKey(Key::from_coefficients(&key).unwrap());
    let scores = EncryptedScores::from_bytes(&bytes("response.hlp")).unwrap();
    let (rows, vector) = (integers("matrix.txt"), integers("vector.txt").remove(0));
    let product = |row: &Vec<i64>| row.iter().zip(&vector).map(|(a, b)| a * b).sum::<i64>();
    assert_eq!(key.decrypt(&scores).unwrap(), rows.iter().map(product).collect::<Vec<_>>());
}

/// The points of the transform in order: the values of the polynomial X.
fn points() -> Vec<i64> {
    let (mut coefficients, mut values) = (vec![0; DEGREE], vec![0; DEGREE]);
    coefficients[1] = 1;
    transform(&coefficients, &mut values);
    values.into_iter().map(|value| value as i64).collect()
}

#[test]
fn the_points_of_the_transform_are_the_stored_ones() {
    assert_eq!(points(), integers("points.txt")[0]);
}

#[test]
fn the_reference_in_python_comes_to_the_same_bytes() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/reference.py");
    let output = Command::new("python3").arg(script).arg(path("")).output();
    let output = output.expect("python3 is needed for this test");
    let (printed, error) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((printed.trim(), &*error), (GOLDEN_EXPANSION, ""));
}

#[test]
fn a_seed_expands_to_the_golden_polynomial() {
    let mut values = Vec::new();
    expand(std::array::from_fn(|index| index as u8), &mut values).unwrap();
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((values.len(), digest.as_str()), (DEGREE, GOLDEN_EXPANSION));
}

const GOLDEN_EXPANSION: &str = "e52a358cf09997ee582aff05ca77c2eb98f7f86bbb3c47a4e3e9f99f5634b640";

#[test]
#[ignore = "writes the stored request and its answer anew, which breaks the wire contract"]
fn write() {
    let group = Group::new(4).unwrap();
    let entry = |row: i64, column: i64| (row * 61 + column * 37 + row * column * 11) % 435 - 217;
    let rows: Vec<Vec<i64>> =
        (0..520).map(|row| (0..11).map(|column| entry(row, column)).collect()).collect();
    let vector: Vec<i64> = (0..11).map(|column| entry(7, column + 3)).collect();
    let key = SecretKey::generate();
    let request = key.encrypt_in(&vector, group).unwrap();
    let response = Matrix::with_group(&rows, group).unwrap().apply(&request).unwrap();

    let line =
        |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join(" ") + "\n";
    fs::write(path("request.hlp"), request.to_bytes()).unwrap();
    fs::write(path("response.hlp"), response.to_bytes()).unwrap();
    fs::write(path("vector.txt"), line(&vector)).unwrap();
    fs::write(path("key.txt"), line(&key.0.coefficients())).unwrap();
    fs::write(path("points.txt"), line(&points())).unwrap();
    fs::write(path("matrix.txt"), rows.iter().map(|row| line(row)).collect::<String>()).unwrap();
}
