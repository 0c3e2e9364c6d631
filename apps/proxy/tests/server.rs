//! The real server, over a real socket.

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use he::{EncryptedScores, MAX_DIMENSION};
use he_client::SecretKey;
use serde_json::json;
use support::{Server, command, receive, send_head};

/// A file with this text, in the directory that cargo gives to tests; `name` is unique.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the file is written");
    path
}

#[test]
fn health_tells_the_version_and_the_shape_of_the_matrix() {
    let response = Server::start(None).request("GET", "/healthz", b"");
    assert_eq!(response.status, 200);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({ "status": "ok", "version": version, "rows": 4, "columns": 3 });
    assert_eq!(response.json(), expected);
}

#[test]
fn scores_of_the_sample_are_exact() {
    let server = Server::start(None);
    let key = SecretKey::generate();
    let request = key.encrypt(&[5, -7, 11]).unwrap().to_bytes();

    let response = server.request("POST", "/v1/apply", &request);

    assert_eq!(response.status, 200);
    assert!(response.head.contains("content-type: application/octet-stream"));
    let scores = EncryptedScores::from_bytes(&response.body).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), [5, -7, 11, 5 - 14 + 33]);
}

#[test]
fn scores_of_a_matrix_from_a_file_are_exact() {
    let rows: Vec<Vec<i64>> =
        (0..130).map(|row| (0..70).map(|column| (row * column) % 17 - 8).collect()).collect();
    let vector: Vec<i64> = (0..70).map(|column| column % 11 - 5).collect();
    let server = Server::start(Some(&file("matrix.json", &json!(rows).to_string())));
    let key = SecretKey::generate();
    let request = key.encrypt(&vector).unwrap().to_bytes();

    let response = server.request("POST", "/v1/apply", &request);

    let expected: Vec<i64> =
        rows.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
    let scores = EncryptedScores::from_bytes(&response.body).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), expected);
}

#[test]
fn bytes_that_are_no_encrypted_vector_are_refused() {
    let server = Server::start(None);
    let mut unreduced = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    unreduced[9..].fill(0xff);
    for body in [&b""[..], b"HLP1", &unreduced] {
        let response = server.request("POST", "/v1/apply", body);
        assert_eq!((response.status, &*response.error_code()), (400, "CIPHERTEXT_MALFORMED"));
    }
}

#[test]
fn a_vector_that_does_not_fit_is_refused_with_both_sizes() {
    let request = SecretKey::generate().encrypt(&[1, 2]).unwrap().to_bytes();
    let response = Server::start(None).request("POST", "/v1/apply", &request);
    assert_eq!((response.status, &*response.error_code()), (422, "DIMENSION_MISMATCH"));
    let message = "the vector has 2 entries; the matrix has 3 columns";
    assert_eq!(response.json()["error"]["message"], message);
}

#[test]
fn the_largest_vector_is_read_and_refused_for_its_size_only() {
    let request = SecretKey::generate().encrypt(&[1; MAX_DIMENSION]).unwrap().to_bytes();
    let response = Server::start(None).request("POST", "/v1/apply", &request);
    assert_eq!(response.error_code(), "DIMENSION_MISMATCH");
}

#[test]
fn a_body_that_announces_too_many_bytes_is_refused_before_it_is_sent() {
    let server = Server::start(None);
    let mut stream = server.connect();
    send_head(&mut stream, "POST", "/v1/apply", 1 << 40);
    let response = receive(&mut stream);
    assert_eq!((response.status, &*response.error_code()), (413, "BODY_TOO_LARGE"));
}

#[test]
fn unknown_paths_and_methods_are_json_errors() {
    let server = Server::start(None);
    let response = server.request("GET", "/nowhere", b"");
    assert_eq!((response.status, &*response.error_code()), (404, "NOT_FOUND"));
    let response = server.request("GET", "/v1/apply", b"");
    assert_eq!((response.status, &*response.error_code()), (405, "METHOD_NOT_ALLOWED"));
}

#[test]
fn signals_stop_the_server_with_success() {
    for name in ["TERM", "INT"] {
        let mut server = Server::start(None);
        assert_eq!(server.request("GET", "/healthz", b"").status, 200);
        server.signal(name);
        assert!(server.wait().success());
    }
}

#[test]
fn a_request_that_has_begun_is_answered_after_the_signal() {
    let mut server = Server::start(None);
    let key = SecretKey::generate();
    let body = key.encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let mut stream = server.connect();
    write!(
        stream,
        "POST /v1/apply HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .expect("the head is sent");
    // The server says so when it begins to read the body.
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).expect("an interim response arrives");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.signal("TERM");
    stream.write_all(&body).expect("the body is sent");

    let scores = EncryptedScores::from_bytes(&receive(&mut stream).body).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), [1, 2, 3, 14]);
    assert!(server.wait().success());
}

#[test]
fn a_matrix_that_cannot_be_served_ends_with_status_2_and_a_hint() {
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("missing.json");
    let ragged = file("ragged.json", "[[1, 2], [3]]");
    let broken = file("broken.json", "[[1.5]]");
    for (path, reason) in [
        (missing, "No such file"),
        (ragged, "row 1 has 1 entries where row 0 has 2"),
        (broken, "expected i64 at line 1 column 5"),
    ] {
        let output = command().arg("--matrix").arg(&path).output().expect("the server runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(output.stdout.is_empty());
        assert!(stderr.starts_with("error: ") && stderr.contains("\n\nhint: "), "{stderr}");
        assert!(stderr.contains(reason) && stderr.contains(&*path.to_string_lossy()), "{stderr}");
    }
}

#[test]
fn an_address_that_is_taken_ends_with_status_6_and_a_hint() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let output = command().args(["--listen", &address]).output().expect("the server runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{stderr}");
    assert!(stderr.contains(&address) && stderr.contains("\n\nhint: "), "{stderr}");
}
