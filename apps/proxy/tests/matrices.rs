//! Matrices from files, served by the real server.

mod support;

use std::fs;

use he::{EncryptedScores, Group, Layout};
use he_client::SecretKey;
use serde_json::{Value, json};
use support::{Folder, Matrix, Server, sha256};

/// The decrypted scores of a vector, over the real server.
fn scores(server: &Server, name: &str, vector: &[i64]) -> Vec<i64> {
    let described = server.get(&format!("/v1/matrices/{name}")).json();
    let group = described["group"].as_u64().expect("the group is a number");
    let key = SecretKey::generate();
    let layout = Layout::scores(Group::new(group as usize).expect("it is a group"));
    let request = key.encrypt_in(vector, layout).expect("the vector is encrypted").to_bytes();
    let response = server.apply(name, &request);
    let scores = EncryptedScores::from_bytes(response.ciphertexts()).expect("they are scores");
    key.decrypt(&scores).expect("they are decrypted")
}

#[test]
fn scores_of_every_matrix_are_exact_in_the_group_of_each() {
    let folder = Folder::new();
    let one = Matrix::sample(130, 70, 0).with("group", json!(4)).with("scale", json!(700));
    let two = Matrix::sample(5, 3, 1).with("kind", json!("linear"));
    let server = Server::of(&[&one.write(&folder, "one"), &two.write(&folder, "two")]);
    let vector: Vec<i64> = (0..70).map(|column| column % 11 - 5).collect();
    assert_eq!(scores(&server, "one", &vector), one.times(&vector));
    assert_eq!(scores(&server, "two", &[5, -7, 11]), two.times(&[5, -7, 11]));
    assert_eq!(server.get("/readyz").json()["matrices"], 2);
}

#[test]
fn a_matrix_is_described_with_all_that_a_client_needs() {
    let folder = Folder::new();
    let matrix = Matrix::sample(1030, 70, 0).with("group", json!(4)).with("scale", json!(700.5));
    let server = Server::of(&[&matrix.write(&folder, "handbook")]);
    let mut described = server.get("/v1/matrices/handbook").json();
    assert_eq!(server.get("/v1/matrices").json(), json!({ "matrices": [described] }));
    let version = described["version"].take();
    let hex = version.as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert!(hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hex}");
    let failure = described["log2_failure"].take().as_f64().unwrap();
    assert!(failure < -64.0, "{failure}");
    let expected = json!({
        "name": "handbook",
        "kind": "scores",
        "rows": 1030,
        "columns": 70,
        "group": 4,
        "plaintext_bits": 20,
        "max_norm": 724,
        "scale": 700.5,
        "version": null,
        "generation": null,
        "request_bytes": 10 + 18 * (32 + 10_496),
        "response_bytes": 10 + 4 * (3 * 2048 + 1030),
        "shards": null,
        "record_bytes": null,
        "records": null,
        "log2_failure": null,
    });
    assert_eq!(described, expected);
}

#[test]
fn a_generation_is_handed_on() {
    let folder = Folder::new();
    let generation = json!("ab".repeat(32));
    let matrix = Matrix::sample(2, 2, 0).with("generation", generation.clone());
    let server = Server::of(&[&matrix.write(&folder, "m")]);
    let described = server.get("/v1/matrices/m").json();
    assert_eq!(described["generation"], generation);
    assert_eq!(server.get("/v1/matrices").json()["matrices"][0], described);
}

/// The same small matrix in another type of entries.
fn typed(folder: &Folder, dtype: &str, bytes: &[u8], scale: Value) -> Server {
    let data = support::npy(dtype, 2, 2, bytes);
    let matrix = Matrix::new(vec![]).with("scale", scale);
    Server::of(&[&matrix.write_data(folder, "typed", &data)])
}

#[test]
fn every_type_of_entries_is_served() {
    let folder = Folder::new();
    let entries = [3_i8, 5, 7, 100];
    let wide = |size: usize| -> Vec<u8> {
        let bytes = entries.iter().map(|entry| i64::from(*entry).to_le_bytes());
        bytes.flat_map(|bytes| bytes[..size].to_vec()).collect()
    };
    for (dtype, size) in [("|i1", 1), ("<i2", 2), ("<i4", 4), ("<i8", 8), ("|u1", 1)] {
        let server = typed(&folder, dtype, &wide(size), Value::Null);
        assert_eq!(scores(&server, "typed", &[1, 2]), [13, 207], "{dtype}");
    }
    let singles = entries.map(|entry| f32::from(entry) / 10.0).map(f32::to_le_bytes).concat();
    let doubles = entries.map(|entry| f64::from(entry) / 10.0).map(f64::to_le_bytes).concat();
    for (dtype, bytes) in [("<f4", singles), ("<f8", doubles)] {
        let server = typed(&folder, dtype, &bytes, json!(10));
        assert_eq!(scores(&server, "typed", &[1, 2]), [13, 207], "{dtype}");
        assert_eq!(server.get("/v1/matrices/typed").json()["scale"], 10.0);
    }
}

#[test]
fn a_tensor_of_a_safetensors_file_is_served() {
    let folder = Folder::new();
    let header = r#"{"a":{"dtype":"I8","shape":[3],"data_offsets":[0,3]},
                     "w":{"dtype":"I8","shape":[2,2],"data_offsets":[3,7]}}"#;
    let data = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[9, 9, 9, 3, 5, 7, 100]];
    let data = data.concat();
    folder.write("m.safetensors", &data);
    let matrix = Matrix::new(vec![]).with("sha256", json!(sha256(&data)));
    let matrix = matrix.with("data", json!("m.safetensors")).with("tensor", json!("w"));
    let server = Server::of(&[&matrix.write_data(&folder, "m", b"")]);
    assert_eq!(scores(&server, "m", &[1, 2]), [13, 207]);
}

#[test]
fn a_record_is_fetched_by_the_column_that_it_lies_in() {
    const BYTES: usize = 4;
    let folder = Folder::new();
    // Two records in each column, one below the other.
    let records: Vec<[u8; BYTES]> = (0..9_u8).map(|i| [i, 255 - i, 7 * i, 0xff]).collect();
    let entry = |row: usize, column: usize| {
        let record = records.get(column * 2 + row / BYTES);
        record.map_or(0, |record| i64::from(record[row % BYTES]))
    };
    let rows = (0..2 * BYTES).map(|row| (0..5).map(|column| entry(row, column)).collect());
    let matrix = Matrix::new(rows.collect()).with("kind", json!("records"));
    let matrix = matrix.with("record_bytes", json!(BYTES)).with("records", json!(records.len()));
    let server = Server::of(&[&matrix.with("group", json!(2)).write(&folder, "text")]);
    let described = server.get("/v1/matrices/text").json();
    assert_eq!((&described["kind"], &described["plaintext_bits"]), (&json!("records"), &json!(8)));
    assert_eq!((&described["max_norm"], &described["scale"]), (&Value::Null, &Value::Null));
    assert_eq!((&described["record_bytes"], &described["records"]), (&json!(4), &json!(9)));
    let layout = Layout::records(Group::new(2).unwrap());
    for (index, record) in records.iter().enumerate() {
        let key = SecretKey::generate();
        let mut selector = [0; 5];
        selector[index / 2] = 1;
        let request = key.encrypt_in(&selector, layout).unwrap().to_bytes();
        let response = server.apply("text", &request);
        assert_eq!(response.ciphertexts().len(), described["response_bytes"]);
        let bytes = key.decrypt(&EncryptedScores::from_bytes(response.ciphertexts()).unwrap());
        let start = index % 2 * BYTES;
        assert_eq!(bytes.unwrap()[start..start + BYTES], record.map(i64::from));
    }
    let other = SecretKey::generate();
    let scores = other.encrypt_in(&[0; 5], Layout::scores(layout.group)).unwrap().to_bytes();
    let refusal = server.apply("text", &scores).refusal();
    assert_eq!(refusal, (422, "CONTENT_MISMATCH".to_owned()));
    let wide = other.encrypt_in(&[0; 5], Layout::records(Group::default())).unwrap().to_bytes();
    assert_eq!(server.apply("text", &wide).refusal(), (422, "GROUP_MISMATCH".to_owned()));
}

#[test]
fn the_version_follows_from_all_that_an_answer_depends_on_and_from_nothing_else() {
    let folder = Folder::new();
    let version = |matrix: &Matrix, name: &str| {
        let server = Server::of(&[&matrix.write(&folder, name)]);
        server.get(&format!("/v1/matrices/{name}")).json()["version"].clone()
    };
    let matrix = Matrix::sample(64, 4, 0);
    let same = version(&matrix, "one");
    assert_eq!(version(&matrix, "two"), same);
    let mut other = vec![same];
    for (key, value) in [
        ("group", json!(4)),
        ("scale", json!(3)),
        ("kind", json!("linear")),
        ("generation", json!("ab".repeat(32))),
        ("shards", json!([32, 32])),
        ("shards", json!([60, 4])),
    ] {
        other.push(version(&matrix.clone().with(key, value), "one"));
    }
    other.push(version(&Matrix::sample(64, 4, 1), "one"));
    for (index, version) in other.iter().enumerate() {
        assert!(!other[..index].contains(version), "{index}");
    }
}

#[test]
#[cfg(unix)]
fn a_link_inside_of_the_folder_is_followed() {
    let folder = Folder::new();
    let manifest = Matrix::sample(2, 2, 0).with("data", json!("link.npy")).write(&folder, "m");
    std::os::unix::fs::symlink("m.npy", folder.path("link.npy")).unwrap();
    assert_eq!(Server::of(&[&manifest]).get("/readyz").status, 200);
}

#[test]
fn a_manifest_may_be_named_in_the_configuration() {
    let folder = Folder::new();
    let manifest = Matrix::sample(2, 2, 0).write(&folder, "m");
    let text = format!("[matrices]\nmanifests = [{:?}]\n", manifest.display().to_string());
    let config = folder.write("config.toml", text);
    let server = Server::configured(&config);
    assert_eq!(server.get("/v1/matrices/m").status, 200);
    fs::remove_file(config).unwrap();
}
