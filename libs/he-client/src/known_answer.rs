//! The answer that the crate `he` stores decrypts to the plain product.

use std::fs;
use std::path::PathBuf;

use he::{EncryptedScores, Group, Layout, Matrix};

use crate::SecretKey;
use crate::scheme::Key;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../he/tests/known-answer").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn integers(name: &str) -> Vec<Vec<i64>> {
    let text = String::from_utf8(bytes(name)).expect("integers are text");
    let line = |line: &str| line.split(' ').map(|word| word.parse().expect("an integer")).collect();
    text.lines().map(line).collect()
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

#[test]
#[ignore = "writes the stored request and its answer anew, which breaks the wire contract"]
fn write() {
    let layout = Layout::scores(Group::new(4).unwrap());
    let entry = |row: i64, column: i64| (row * 61 + column * 37 + row * column * 11) % 435 - 217;
    let rows: Vec<Vec<i64>> =
        (0..520).map(|row| (0..11).map(|column| entry(row, column)).collect()).collect();
    let vector: Vec<i64> = (0..11).map(|column| entry(7, column + 3)).collect();
    let key = SecretKey::generate();
    let request = key.encrypt_in(&vector, layout).unwrap();
    let response = Matrix::with_layout(&rows, layout).unwrap().apply(&request).unwrap();

    let line =
        |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join(" ") + "\n";
    fs::write(path("request.hlp"), request.to_bytes()).unwrap();
    fs::write(path("response.hlp"), response.to_bytes()).unwrap();
    fs::write(path("vector.txt"), line(&vector)).unwrap();
    fs::write(path("key.txt"), line(&key.0.coefficients())).unwrap();
    fs::write(path("matrix.txt"), rows.iter().map(|row| line(row)).collect::<String>()).unwrap();
}
