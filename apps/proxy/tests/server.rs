//! The routes of the real server, over a real socket.

mod support;

use std::io::{Read as _, Write as _};

use he::EncryptedScores;
use he_client::SecretKey;
use serde_json::json;
use support::{Request, Server, failure, failure_of, receive};

#[test]
fn health_tells_the_version() {
    let response = Server::sample().get("/healthz");
    assert_eq!(response.json(), json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
}

#[test]
fn a_server_without_a_manifest_serves_the_sample_and_says_so() {
    let server = Server::sample();
    let ready = server.get("/readyz").json();
    assert_eq!((&ready["status"], &ready["matrices"]), (&json!("ready"), &json!(1)));
    let backend = ready["backend"].as_str().unwrap();
    assert!(backend.starts_with("CPU") || backend.starts_with("CUDA device "), "{backend}");
    let matrix = server.get("/v1/matrices/sample").json();
    assert_eq!(server.get("/v1/matrices").json(), json!({ "matrices": [matrix] }));
    assert_eq!((&matrix["rows"], &matrix["columns"]), (&json!(4), &json!(3)));
}

#[test]
fn the_parameters_are_those_of_the_scheme() {
    let expected = json!({
        "scheme": "bfv-coefficients",
        "wire": ["HLP1"],
        "media_type": "application/vnd.hlp.v1",
        "degree": 2048,
        "modulus": 2_199_000_186_881_u64,
        "modulus_bits": 41,
        "variance": 10,
        "max_norm": 724,
        "max_dimension": 4096,
        "max_rows": 1_048_576,
        "groups": [1, 2, 4, 8, 16, 32],
    });
    assert_eq!(Server::sample().get("/v1/params").json(), expected);
}

#[test]
fn scores_of_the_sample_are_exact() {
    let server = Server::sample();
    let key = SecretKey::generate();
    let request = key.encrypt(&[5, -7, 11]).unwrap().to_bytes();

    let response = server.apply("sample", &request);

    let scores = EncryptedScores::from_bytes(response.ciphertexts()).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), [5, -7, 11, 5 - 14 + 33]);
    assert_eq!(response.header("hlp-privacy"), Some("encrypted"));
    let version = server.get("/v1/matrices/sample").json()["version"].clone();
    assert_eq!(response.header("etag"), Some(&*version.to_string()));
}

#[test]
fn several_vectors_in_one_body_are_answered_in_their_order() {
    let server = Server::sample();
    let keys = [(); 8].map(|()| SecretKey::generate());
    let vector = |index: usize| [index as i64, 1, -2];
    let encrypt =
        |(index, key): (usize, &SecretKey)| key.encrypt(&vector(index)).unwrap().to_bytes();
    let body: Vec<u8> = keys.iter().enumerate().flat_map(encrypt).collect();

    let response = server.apply("sample", &body);

    let answers = response.ciphertexts().chunks_exact(EncryptedScores::wire_len(4));
    assert_eq!(answers.len(), keys.len());
    for (index, (key, answer)) in keys.iter().zip(answers).enumerate() {
        let scores = EncryptedScores::from_bytes(answer).unwrap();
        let first = index as i64;
        assert_eq!(key.decrypt(&scores).unwrap(), [first, 1, -2, first + 2 - 6]);
    }
    let one = body.len() / keys.len();
    let response = server.apply("sample", &[&body[..], &body[..one]].concat());
    assert_eq!(response.refusal(), (413, "BODY_TOO_LARGE".to_owned()));
}

#[test]
fn bytes_that_are_no_encrypted_vector_are_refused() {
    let server = Server::sample();
    let mut unreduced = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let truncated = unreduced[..unreduced.len() - 1].to_vec();
    let whole = unreduced.clone();
    let trailing = [&whole[..], b"x"].concat();
    unreduced[9..].fill(0xff);
    let second = [&whole[..], &unreduced].concat();
    for body in [&b""[..], b"HLP1", b"HLPX", &truncated, &trailing, &unreduced, &second] {
        let response = server.apply("sample", body);
        assert_eq!(response.refusal(), (400, "CIPHERTEXT_MALFORMED".to_owned()));
    }
    assert!(server.apply("sample", &second).detail().starts_with("vector 1: "));
}

#[test]
fn another_version_of_the_format_is_told_from_a_broken_one() {
    let server = Server::sample();
    let mut body = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let announced =
        Request::apply("sample", &body).header("content-type", "application/vnd.hlp.v2");
    body[3] = b'2';
    for response in [server.send(&announced), server.apply("sample", &body)] {
        assert_eq!(response.refusal(), (415, "WIRE_VERSION_UNSUPPORTED".to_owned()));
        assert!(response.detail().contains("HLP1"), "{}", response.detail());
    }
}

#[test]
fn a_body_of_another_type_is_refused() {
    let server = Server::sample();
    let request = Request::apply("sample", b"{}");
    for request in [
        request.clone().header("content-type", "application/json"),
        request.without("content-type"),
    ] {
        let expected = (415, "MEDIA_TYPE_UNSUPPORTED".to_owned());
        assert_eq!(server.send(&request).refusal(), expected);
    }
}

#[test]
fn a_vector_that_does_not_fit_is_refused_with_both_sizes() {
    let server = Server::sample();
    let request = SecretKey::generate().encrypt(&[1, 2]).unwrap().to_bytes();
    let response = server.apply("sample", &request);
    assert_eq!(response.refusal(), (422, "DIMENSION_MISMATCH".to_owned()));
    assert_eq!(response.detail(), "vector 0: the vector has 2 entries; the matrix has 3 columns");
}

#[test]
fn a_larger_vector_is_read_and_refused_for_its_dimension() {
    let request = SecretKey::generate().encrypt(&[1; 256]).unwrap().to_bytes();
    let response = Server::sample().apply("sample", &request);
    assert_eq!(response.refusal(), (422, "DIMENSION_MISMATCH".to_owned()));
}

#[test]
fn a_body_that_announces_too_many_bytes_is_refused_before_it_is_sent() {
    let server = Server::sample();
    let mut stream = server.connect();
    stream.write_all(Request::apply("sample", b"").head(1 << 40).as_bytes()).unwrap();
    assert_eq!(receive(&mut stream).refusal(), (413, "BODY_TOO_LARGE".to_owned()));
}

#[test]
fn a_body_in_chunks_is_refused_when_it_becomes_too_large() {
    let server = Server::sample();
    let mut stream = server.connect();
    let head = Request::apply("sample", b"").head(0);
    let head = head.replace("content-length: 0", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"10000\r\n".as_slice(), &[7; 0x10000], b"\r\n"].concat();
    // The server may close the connection before it has everything.
    let sent = (0..4).all(|_| stream.write_all(&chunk).is_ok());
    assert_eq!(receive(&mut stream).refusal(), (413, "BODY_TOO_LARGE".to_owned()), "{sent}");
}

#[test]
fn unknown_paths_methods_and_matrices_are_problems() {
    let server = Server::sample();
    assert_eq!(server.get("/nowhere").refusal(), (404, "NOT_FOUND".to_owned()));
    let response = server.get("/v1/matrices/sample/apply");
    assert_eq!(response.refusal(), (405, "METHOD_NOT_ALLOWED".to_owned()));
    assert_eq!(response.header("allow"), Some("POST"));
    for path in ["/v1/matrices/other", "/v1/matrices/%ff", "/v1/matrices/..%2fsample"] {
        assert_eq!(server.get(path).refusal(), (404, "MATRIX_UNKNOWN".to_owned()), "{path}");
    }
    let response = server.apply("other", b"");
    assert_eq!(response.refusal(), (404, "MATRIX_UNKNOWN".to_owned()));
    let response = server.get("/v1/matrices/sample/centroids");
    assert_eq!(response.refusal(), (404, "NOT_FOUND".to_owned()));
}

#[test]
fn two_servers_answer_alike() {
    let (one, two) = (Server::sample(), Server::start(&["--config", CONFIG]));
    let request = SecretKey::generate().encrypt(&[5, -7, 11]).unwrap().to_bytes();
    let (one, two) = (one.apply("sample", &request), two.apply("sample", &request));
    assert_eq!(one.ciphertexts(), two.ciphertexts());
    assert_eq!(one.header("etag"), two.header("etag"));
}

/// One thread instead of all.
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/one-thread.toml");

#[test]
fn signals_stop_the_server_with_success() {
    for name in ["TERM", "INT"] {
        let mut server = Server::sample();
        assert_eq!(server.get("/healthz").status, 200);
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
    let request = Request::apply("sample", b"").header("expect", "100-continue");
    stream.write_all(request.head(body.len()).as_bytes()).unwrap();
    // The server says so when it begins to read the body.
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).expect("an interim response arrives");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.signal("TERM");
    stream.write_all(&body).expect("the body is sent");

    let response = receive(&mut stream);
    let scores = EncryptedScores::from_bytes(response.ciphertexts()).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), [1, 2, 3, 14]);
    assert!(server.wait().success());
}

#[test]
fn a_configuration_that_cannot_be_read_ends_with_status_2_and_a_hint() {
    let (status, stderr) = failure(&["--config", "missing.toml"]);
    assert_eq!(status, Some(2), "{stderr}");
    assert!(stderr.contains("missing.toml: "), "{stderr}");
}

#[test]
fn cuda_ends_with_status_6_and_the_reason_where_there_is_none() {
    let folder = support::Folder::new();
    let config = folder.write("config.toml", "[server]\nbackend = \"cuda\"\n");
    match he::Engine::open(he::Backend::Cuda) {
        Ok(engine) => {
            let ready = Server::configured(&config).get("/readyz").json();
            assert_eq!(ready["backend"], engine.to_string());
        }
        Err(error) => {
            let (status, stderr) = failure(&["--config", config.to_str().unwrap()]);
            assert_eq!(status, Some(6), "{stderr}");
            assert!(stderr.contains(&format!("error: server.backend: {error}\n")), "{stderr}");
        }
    }
}

#[test]
fn an_address_that_is_taken_ends_with_status_6_and_a_hint() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let (status, stderr) = failure_of(support::command().args(["serve", "--listen", &address]));
    assert_eq!(status, Some(6), "{stderr}");
    assert!(stderr.contains(&address), "{stderr}");
}
