//! Data that cannot be served: the server does not start, and says what is wrong where.

mod support;

use std::fs;
use std::path::PathBuf;

use he::{MAX_NORM, MAX_ROWS};
use serde_json::json;
use support::{Folder, Matrix, Server, assert_refused, hint, npy, npy_header, sha256};

/// A manifest of this data file.
fn data(folder: &Folder, data: &[u8]) -> PathBuf {
    Matrix::new(vec![]).write_data(folder, "m", data)
}

#[test]
fn what_a_header_claims_is_refused_before_memory_is_taken_for_it() {
    let folder = Folder::new();
    for (shape, reason) in [
        ("(0, 4)", "the header announces 0 rows; 1 to 1048576 are allowed"),
        ("(10000000, 384)", "the header announces 10000000 rows; 1 to 1048576 are allowed"),
        (
            "(1000000000000000000, 1)",
            "the header announces 1000000000000000000 rows; 1 to 1048576 are allowed",
        ),
        (
            "(1000000000000000000, 384)",
            "the header cannot be read: it announces more than 2^64 entries",
        ),
        ("(4, 5000)", "the header announces 5000 columns; 1 to 4096 are allowed"),
        ("(8,)", "the array has 1 dimensions instead of 2"),
    ] {
        assert_refused(&data(&folder, &npy_header("|i1", "False", shape)), "m.npy", reason);
    }
    let largest = npy_header("<f8", "False", &format!("({MAX_ROWS}, 4096)"));
    let (actual, expected) = (largest.len(), largest.len() + (MAX_ROWS << 15));
    let reason = format!(
        "the file is truncated: it has {actual} bytes where the header announces {expected}"
    );
    assert_refused(&data(&folder, &largest), "m.npy", &reason);
    let fortran = [npy_header("|i1", "True", "(2, 2)"), vec![0; 4]].concat();
    assert_refused(&data(&folder, &fortran), "m.npy", "the array is in Fortran order");
}

#[test]
fn entries_of_another_type_are_refused() {
    let folder = Folder::new();
    let reason = "the entries have the type '<c8'";
    assert_refused(&data(&folder, &npy("<c8", 2, 2, &[0; 32])), "m.npy", reason);
    let reason = "the entries are floating-point numbers, and the manifest has no scale";
    assert_refused(&data(&folder, &npy("<f4", 2, 2, &[0; 16])), "m.npy", reason);
    let object = npy("|O", 2, 2, &[0; 32]);
    assert_refused(&data(&folder, &object), "m.npy", "the entries have the type '|O'");
}

#[test]
fn a_file_with_too_few_or_too_many_bytes_is_refused() {
    let folder = Folder::new();
    for (bytes, reason) in [
        (3, "the file is truncated: it has 131 bytes where the header announces 132"),
        (5, "the file has 133 bytes where the header announces 132"),
    ] {
        assert_refused(&data(&folder, &npy("|i1", 2, 2, &vec![0; bytes])), "m.npy", reason);
    }
}

#[test]
fn an_entry_that_cannot_be_is_named_with_row_and_column() {
    let folder = Folder::new();
    let float = |value: f32| {
        let mut entries = [[0_f32; 3]; 4];
        entries[2][1] = value;
        let bytes: Vec<u8> =
            entries.iter().flatten().flat_map(|entry| entry.to_le_bytes()).collect();
        let matrix = Matrix::new(vec![]).with("scale", json!(700));
        matrix.write_data(&folder, "m", &npy("<f4", 4, 3, &bytes))
    };
    for (value, what) in [
        (f32::NAN, "no number (NaN)"),
        (f32::INFINITY, "infinite"),
        (f32::NEG_INFINITY, "infinite"),
        (1.04, "1.04 · 700 = 728, outside of -724 to 724"),
        (1e30, "1e30 · 700 = 7e32, outside of -724 to 724"),
    ] {
        let reason = format!("row 2, column 1: the entry is {what}");
        assert_refused(&float(value), "m.npy", &reason);
    }
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&i64::MIN.to_le_bytes());
    let reason = "row 1, column 0: the entry is -9223372036854775808, outside of -724 to 724";
    assert_refused(&data(&folder, &npy("<i8", 2, 1, &bytes)), "m.npy", reason);
}

#[test]
fn what_cannot_be_served_is_told_what_to_do_about_this_very_fault() {
    let folder = Folder::new();
    let empty = data(&folder, &npy("|i1", 0, 4, &[]));
    assert_eq!(hint(&empty), "write at least one row with at least one column");
    let scaled = |entry: f32, scale: f64| {
        let matrix = Matrix::new(vec![]).with("scale", json!(scale));
        matrix.write_data(&folder, "m", &npy("<f4", 1, 1, &entry.to_le_bytes()))
    };
    let finite = "find what made it, and write finite numbers only";
    assert_eq!(hint(&scaled(f32::NAN, 700.0)), finite);
    assert_eq!(hint(&scaled(f32::INFINITY, 700.0)), finite);
    assert!(hint(&scaled(1e30, 700.0)).starts_with("normalise the rows"));
}

#[test]
fn a_scale_that_leaves_nothing_of_the_numbers_is_refused() {
    let folder = Folder::new();
    let file = |entries: [f32; 4], scale: f64| {
        let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let matrix = Matrix::new(vec![]).with("scale", json!(scale)).with("shards", json!([1, 1]));
        matrix.write_data(&folder, "m", &npy("<f4", 2, 2, &bytes))
    };
    let reason = "multiplied by the scale and rounded, every entry is 0";
    for scale in [1e-300, 0.49] {
        assert_refused(&file([1.0, 0.0, -1.0, 0.5], scale), "m.npy", reason);
    }
    assert_eq!(
        hint(&file([1.0; 4], 1e-300)),
        "choose a larger scale: 700 does for rows of length 1"
    );
    for served in [file([0.1, 0.1, 0.1, 1.0], 1.0), file([0.0; 4], 700.0)] {
        drop(Server::of(&[&served]));
    }
}

#[test]
fn a_row_beyond_the_norm_is_named_by_its_place_in_the_file() {
    let folder = Folder::new();
    let mut matrix = Matrix::sample(8, 4, 0).with("shards", json!([4, 4]));
    matrix.rows[6] = vec![MAX_NORM as i64, 1, 0, 0];
    let reason = "row 6: its Euclidean norm exceeds 724";
    assert_refused(&matrix.write(&folder, "m"), "m.npy", reason);
}

#[test]
fn data_with_another_digest_is_refused() {
    let folder = Folder::new();
    let matrix = Matrix::sample(2, 2, 0);
    let manifest = matrix.clone().with("sha256", json!("0".repeat(64))).write(&folder, "m");
    let actual = sha256(&fs::read(folder.path("m.npy")).unwrap());
    let reason =
        format!("the SHA-256 of the file is {actual}; the manifest says {}", "0".repeat(64));
    assert_refused(&manifest, "m.npy", &reason);
}
