//! Every stored request has one answer, for ever and everywhere.
//!
//! `tests/known-answer` holds it; `tests/reference` computes it anew in another language.

use sha2::{Digest, Sha256};
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;

use crate::parameters::DEGREE;
use crate::ring::{expand, transform};
use crate::{EncryptedVector, Group, Instructions, Layout, Matrix};

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

#[test]
fn the_stored_requests_have_the_stored_responses() {
    for (folder, layout) in
        [("", Layout::scores(Group::ALL[2])), ("records/", Layout::records(Group::ALL[3]))]
    {
        let name = |name: &str| format!("{folder}{name}");
        let matrix = Matrix::with_layout(&integers(&name("matrix.txt")), layout).unwrap();
        let vector = EncryptedVector::from_bytes(&bytes(&name("request.hlp"))).unwrap();
        let stored = bytes(&name("response.hlp"));
        assert!(matrix.apply(&vector).unwrap().to_bytes() == stored, "{folder}");
        let one = NonZeroUsize::MIN;
        let query = vector.expand(one).unwrap();
        for instructions in Instructions::available() {
            let products =
                matrix.multiply_with(instructions, &query.arrange().unwrap(), one).unwrap();
            assert!(
                products.scores().unwrap().to_bytes() == stored,
                "{folder} with {instructions}"
            );
        }
    }
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
    // Isolated: a PYTHONOPTIMIZE of whoever runs the tests would leave out what it asserts.
    let output = Command::new("python3").args(["-I", script]).arg(path("")).output();
    let output = output.expect("python3 is needed for this test");
    let (printed, error) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((printed.trim(), &*error), (GOLDEN_EXPANSION, ""));
}

#[test]
fn a_seed_expands_to_the_golden_polynomial() {
    let mut values = Vec::new();
    expand(std::array::from_fn(|index| index as u8), &mut values);
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((values.len(), digest.as_str()), (DEGREE, GOLDEN_EXPANSION));
}

const GOLDEN_EXPANSION: &str = "e52a358cf09997ee582aff05ca77c2eb98f7f86bbb3c47a4e3e9f99f5634b640";
