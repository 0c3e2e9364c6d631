//! The real server, over a real socket.

mod support;

use std::io::{Read as _, Write as _};

use he::{EncryptedScores, MAX_DIMENSION};
use he_client::SecretKey;
use serde_json::json;
use support::{Server, command, receive, send_head};

/// Where the built-in sample is applied.
const APPLY: &str = "/v1/matrices/sample/apply";

#[test]
fn health_tells_the_version() {
    let response = Server::sample().request("GET", "/healthz", b"");
    assert_eq!(response.status, 200);
    assert_eq!(response.json(), json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
}

#[test]
fn a_server_with_a_matrix_is_ready() {
    let response = Server::sample().request("GET", "/readyz", b"");
    assert_eq!(response.status, 200);
    assert_eq!(response.json(), json!({ "status": "ready", "matrices": 1 }));
}

#[test]
fn scores_of_the_sample_are_exact() {
    let server = Server::sample();
    let key = SecretKey::generate();
    let request = key.encrypt(&[5, -7, 11]).unwrap().to_bytes();

    let response = server.request("POST", APPLY, &request);

    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/vnd.hlp.v1"));
    assert_eq!(response.header("hlp-privacy"), Some("encrypted"));
    let scores = EncryptedScores::from_bytes(&response.body).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), [5, -7, 11, 5 - 14 + 33]);
}

#[test]
fn bytes_that_are_no_encrypted_vector_are_refused() {
    let server = Server::sample();
    let mut unreduced = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    unreduced[9..].fill(0xff);
    for body in [&b""[..], b"HLP1", &unreduced] {
        let response = server.request("POST", APPLY, body);
        assert_eq!((response.status, &*response.error_code()), (400, "CIPHERTEXT_MALFORMED"));
    }
}

#[test]
fn a_vector_that_does_not_fit_is_refused_with_both_sizes() {
    let request = SecretKey::generate().encrypt(&[1, 2]).unwrap().to_bytes();
    let response = Server::sample().request("POST", APPLY, &request);
    assert_eq!((response.status, &*response.error_code()), (422, "DIMENSION_MISMATCH"));
    let message = "the vector has 2 entries; the matrix has 3 columns";
    assert_eq!(response.problem()["detail"], message);
}

#[test]
fn the_largest_vector_is_read_and_refused_for_its_size_only() {
    let request = SecretKey::generate().encrypt(&[1; MAX_DIMENSION]).unwrap().to_bytes();
    let response = Server::sample().request("POST", APPLY, &request);
    assert_eq!(response.error_code(), "DIMENSION_MISMATCH");
}

#[test]
fn a_body_that_announces_too_many_bytes_is_refused_before_it_is_sent() {
    let server = Server::sample();
    let mut stream = server.connect();
    send_head(&mut stream, "POST", APPLY, 1 << 40);
    let response = receive(&mut stream);
    assert_eq!((response.status, &*response.error_code()), (413, "BODY_TOO_LARGE"));
}

#[test]
fn unknown_paths_methods_and_matrices_are_problems() {
    let server = Server::sample();
    let response = server.request("GET", "/nowhere", b"");
    assert_eq!((response.status, &*response.error_code()), (404, "NOT_FOUND"));
    let response = server.request("GET", APPLY, b"");
    assert_eq!((response.status, &*response.error_code()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(response.header("allow"), Some("POST"));
    let response = server.request("POST", "/v1/matrices/other/apply", b"");
    assert_eq!((response.status, &*response.error_code()), (404, "MATRIX_UNKNOWN"));
}

#[test]
fn signals_stop_the_server_with_success() {
    for name in ["TERM", "INT"] {
        let mut server = Server::sample();
        assert_eq!(server.request("GET", "/healthz", b"").status, 200);
        server.signal(name);
        assert!(server.wait().success());
    }
}

#[test]
fn a_request_that_has_begun_is_answered_after_the_signal() {
    let mut server = Server::sample();
    let key = SecretKey::generate();
    let body = key.encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let mut stream = server.connect();
    write!(
        stream,
        "POST {APPLY} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
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
fn a_configuration_that_cannot_be_read_ends_with_status_2_and_a_hint() {
    let output = command().args(["serve", "--config", "missing.toml"]).output();
    let output = output.expect("the server runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty());
    assert!(stderr.starts_with("error: missing.toml: ") && stderr.contains("\n\nhint: "));
}

#[test]
fn an_address_that_is_taken_ends_with_status_6_and_a_hint() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let output = command().args(["serve", "--listen", &address]).output().expect("the server runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{stderr}");
    assert!(stderr.contains(&address) && stderr.contains("\n\nhint: "), "{stderr}");
}
