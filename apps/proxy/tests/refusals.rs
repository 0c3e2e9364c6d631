//! Manifests that cannot be served: the server does not start, and says what is wrong where.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::{Folder, Matrix, assert_refused, failure, npy, refusal};

#[test]
fn a_manifest_that_is_none_is_named_with_its_place() {
    let folder = Folder::new();
    let missing = refusal(&folder.path("missing.json"));
    assert!(missing.ends_with("missing.json: No such file or directory (os error 2)"), "{missing}");
    let broken = folder.write("broken.json", "{\n  \"format\": x}");
    assert_refused(&broken, "broken.json", "expected value at line 2 column 13");
    let list = folder.write("list.json", "[[1, 2]]");
    assert!(refusal(&list).contains("list.json: invalid type"), "{}", refusal(&list));
    let large = folder.write("large.json", vec![b' '; (1 << 20) + 1]);
    assert_refused(&large, "large.json", "it has more than 1048576 bytes");
}

#[test]
fn every_key_of_a_manifest_is_checked() {
    let folder = Folder::new();
    let matrix = Matrix::sample(8, 4, 0);
    for (key, value, reason) in [
        ("format", json!(2), "format: 2 is not 1"),
        ("group", json!(3), "group: a group has 1, 2, 4, 8, 16 or 32 entries; this one has 3"),
        ("scale", json!(0), "scale: it is not a positive number"),
        ("scale", json!(-1), "scale: it is not a positive number"),
        ("sha256", json!("12"), "sha256: it is not 64 hexadecimal digits"),
        ("generation", json!(""), "generation: it is not 64 lower-case hexadecimal digits"),
        (
            "generation",
            json!("AB".repeat(32)),
            "generation: it is not 64 lower-case hexadecimal digits",
        ),
        (
            "generation",
            json!("0".repeat(65)),
            "generation: it is not 64 lower-case hexadecimal digits",
        ),
        ("centroids", json!("c.npy"), "centroids: there are no shards"),
        ("shards", json!([]), "shards: 0 is not 1 to 4096"),
        ("shards", json!([4, 0, 4]), "shards: shard 1 has no rows"),
        ("shards", json!([4, 5]), "shards: they sum to 9 rows; the data has 8"),
        (
            "shards",
            json!([u64::MAX, 9]),
            "shards: they sum to 18446744073709551615 rows; the data has 8",
        ),
        ("record_bytes", json!(4), "record_bytes: only a matrix of records has it"),
        ("records", json!(4), "records: only a matrix of records has it"),
        ("kind", json!("records"), "record_bytes: a matrix of records needs it"),
    ] {
        let manifest = matrix.clone().with(key, value).write(&folder, "m");
        assert_refused(&manifest, "m.json", reason);
    }
    for (key, value, reason) in [
        ("kind", json!("rows"), "unknown variant `rows`"),
        ("rows", json!(8), "unknown field `rows`"),
        ("name", Value::Null, "missing field `name`"),
        ("sha256", Value::Null, "missing field `sha256`"),
        ("shards", json!([-1]), "invalid value: integer `-1`"),
        ("group", json!("4"), "invalid type: string \"4\""),
    ] {
        let refusal = refusal(&matrix.clone().with(key, value).write(&folder, "m"));
        assert!(refusal.contains("m.json: ") && refusal.contains(reason), "{refusal}");
        assert!(refusal.contains(" at line 1 column "), "{refusal}");
    }
    let twice = folder.write("twice.json", r#"{"format": 1, "format": 1}"#);
    assert!(refusal(&twice).contains("duplicate field `format`"));
}

#[test]
fn a_name_that_does_not_fit_into_a_path_is_refused() {
    let folder = Folder::new();
    for name in ["", "A", "a/b", "../a", ".", "a b", "ä", "%61", &"a".repeat(65)] {
        let manifest = Matrix::sample(2, 2, 0).with("name", json!(name)).write(&folder, "m");
        let refusal = refusal(&manifest);
        assert!(refusal.contains(&format!("m.json: name: {name:?} is not")), "{refusal}");
    }
}

#[test]
fn a_name_that_is_served_already_is_refused_with_the_other_manifest() {
    let folder = Folder::new();
    let one = Matrix::sample(2, 2, 0).write(&folder, "one");
    let two = Matrix::sample(2, 2, 0).with("name", json!("one")).write(&folder, "two");
    let paths = [Path::new("--matrix"), &one, Path::new("--matrix"), &two];
    let (status, stderr) = failure(&paths);
    assert_eq!(status, Some(2));
    let expected =
        format!("{}: the name \"one\" is already served from {}", two.display(), one.display());
    assert!(stderr.contains(&expected), "{stderr}");
}

#[test]
#[cfg(unix)]
fn data_outside_of_the_folder_is_refused() {
    use std::os::unix::fs::symlink;

    let (folder, other) = (Folder::new(), Folder::new());
    Matrix::sample(2, 2, 0).write(&other, "m");
    let outside = other.path("m.npy");
    symlink(&outside, folder.path("link.npy")).unwrap();
    symlink(other.path("."), folder.path("folder")).unwrap();
    for path in [
        "../m.npy",
        "a/../m.npy",
        "",
        "/etc/hostname",
        outside.to_str().unwrap(),
        "link.npy",
        "folder/m.npy",
    ] {
        let manifest = Matrix::sample(2, 2, 0).with("data", json!(path)).write(&folder, "m");
        let reason = format!("data: {path:?} is not a file in the folder of the manifest");
        assert_refused(&manifest, "m.json", &reason);
    }
}

#[test]
fn data_that_is_no_regular_file_is_refused_without_waiting_for_it() {
    let folder = Folder::new();
    let pipe = folder.path("pipe.npy");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let manifest = Matrix::sample(2, 2, 0).with("data", json!("pipe.npy")).write(&folder, "m");
    assert_refused(&manifest, "pipe.npy", "it is not a regular file");
    let manifest = Matrix::sample(2, 2, 0).with("data", json!("gone.npy")).write(&folder, "m");
    assert_refused(&manifest, "gone.npy", "No such file or directory (os error 2)");
}

#[test]
fn data_in_another_form_is_refused() {
    let folder = Folder::new();
    let text = folder.write("m.csv", "1,2\n");
    let manifest = Matrix::sample(2, 2, 0).with("data", json!("m.csv")).write(&folder, "m");
    assert_refused(&manifest, "m.csv", "data: it is neither a .npy nor a .safetensors file");
    fs::remove_file(text).unwrap();
    let manifest = Matrix::sample(2, 2, 0).with("tensor", json!("w")).write(&folder, "m");
    assert_refused(&manifest, "m.npy", "tensor: a .npy file has no tensors");
    folder.write("m.safetensors", b"");
    let matrix = Matrix::sample(2, 2, 0).with("data", json!("m.safetensors"));
    let manifest = matrix.write(&folder, "m");
    assert_refused(&manifest, "m.safetensors", "tensor: a .safetensors file needs it");
    let manifest = matrix.with("tensor", json!("w")).write(&folder, "m");
    let reason = "the header cannot be read: the file ends inside of it";
    assert_refused(&manifest, "m.safetensors", reason);
}

#[test]
fn centroids_of_another_shape_are_refused() {
    let folder = Folder::new();
    folder.write("c.npy", npy("|i1", 3, 4, &[0; 12]));
    let matrix = Matrix::sample(8, 4, 0).with("shards", json!([4, 4]));
    let manifest = matrix.with("centroids", json!("c.npy")).write(&folder, "m");
    assert_refused(&manifest, "c.npy", "centroids: the shape is (3, 4); (2, 4) is needed");
}

#[test]
fn centroids_with_fractions_need_a_scale() {
    let folder = Folder::new();
    folder.write("c.npy", npy("<f8", 2, 4, &[0; 64]));
    let matrix = Matrix::sample(8, 4, 0).with("shards", json!([4, 4]));
    let manifest = matrix.with("centroids", json!("c.npy")).write(&folder, "m");
    let refusal = refusal(&manifest);
    assert!(refusal.contains("c.npy: ") && refusal.contains("scale"), "{refusal}");
}

#[test]
fn records_of_fractions_are_refused() {
    let folder = Folder::new();
    let matrix = Matrix::new(vec![]).with("kind", json!("records"));
    let matrix = matrix.with("record_bytes", json!(4)).with("records", json!(8));
    let manifest = matrix.write_data(&folder, "m", &npy("<f8", 8, 4, &[0; 256]));
    let reason = "the entries have the type of floating-point numbers";
    assert_refused(&manifest, "m.npy", reason);
}

#[test]
fn records_that_do_not_fit_are_refused() {
    let folder = Folder::new();
    let records = |bytes: usize, count: usize| {
        let rows = vec![vec![7; 5]; 8];
        let matrix = Matrix::new(rows).with("kind", json!("records"));
        matrix.with("record_bytes", json!(bytes)).with("records", json!(count))
    };
    for (matrix, file, reason) in [
        (records(4, 11), "m.json", "records: 11 do not fit: there is room for 10"),
        (records(3, 1), "m.json", "record_bytes: 3 does not divide the 8 rows of the data"),
        (records(16, 1), "m.json", "record_bytes: 16 does not divide the 8 rows of the data"),
        (records(0, 1), "m.json", "record_bytes: it is 0"),
        (records(4, 0), "m.json", "records: it is 0"),
        (
            records(4, 10).with("shards", json!([4, 4])),
            "m.json",
            "shards: a matrix of records has none",
        ),
        (
            records(4, 10).with("scale", json!(2)),
            "m.json",
            "scale: a matrix of records has none: its entries are bytes",
        ),
    ] {
        assert_refused(&matrix.write(&folder, "m"), file, reason);
    }
    let mut wide = records(4, 10);
    wide.rows[3][2] = 256;
    let reason = "row 3, column 2: the entry is 256, outside of 0 to 255";
    assert_refused(&wide.write(&folder, "m"), "m.npy", reason);
}
