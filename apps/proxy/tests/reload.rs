//! New versions of matrices, while the server runs.

mod support;

use std::fs;
use std::io::{Read as _, Write as _};

use he::EncryptedScores;
use he_client::SecretKey;
use serde_json::json;
use support::{Folder, Matrix, Request, Server, eventually, receive};

const POLLING: u64 = 1;
const SIGNAL_ONLY: u64 = 0;

fn start(folder: &Folder, reload_seconds: u64) -> Server {
    let text = format!("[matrices]\nmanifests = [\"m.json\"]\nreload_seconds = {reload_seconds}\n");
    let config = folder.write("config.toml", text);
    Server::configured(&config)
}

fn version(server: &Server) -> String {
    server.get("/v1/matrices/m").json()["version"].as_str().expect("it is a text").to_owned()
}

/// Waits for a version other than this one.
fn changed(server: &Server, old: &str) -> String {
    eventually("the version changes", || Some(version(server)).filter(|new| new != old))
}

#[test]
fn a_new_version_is_served_without_a_restart() {
    let folder = Folder::new();
    Matrix::sample(4, 3, 0).write(&folder, "m");
    let server = start(&folder, POLLING);
    let old = version(&server);
    let matrix = Matrix::sample(5, 3, 1);
    matrix.write(&folder, "m");
    let new = changed(&server, &old);

    let key = SecretKey::generate();
    let body = key.encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let request = Request::apply("m", &body);
    let stale = server.send(&request.clone().header("if-match", &format!("\"{old}\"")));
    assert_eq!(stale.refusal(), (412, "MATRIX_CHANGED".to_owned()));
    let response = server.send(&request.header("if-match", &format!("\"{new}\"")));
    let scores = EncryptedScores::from_bytes(response.ciphertexts()).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), matrix.times(&[1, 2, 3]));
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn a_request_that_has_begun_is_answered_by_the_version_that_it_began_with() {
    let folder = Folder::new();
    let matrix = Matrix::sample(4, 3, 0);
    matrix.write(&folder, "m");
    let server = start(&folder, POLLING);
    let old = version(&server);
    let key = SecretKey::generate();
    let body = key.encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let mut stream = server.connect();
    let head = Request::apply("m", b"").header("expect", "100-continue").head(body.len());
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).expect("an interim response arrives");

    Matrix::sample(5, 3, 1).write(&folder, "m");
    changed(&server, &old);
    stream.write_all(&body).unwrap();

    let response = receive(&mut stream);
    assert_eq!(response.header("etag"), Some(&*format!("\"{old}\"")));
    let scores = EncryptedScores::from_bytes(response.ciphertexts()).unwrap();
    assert_eq!(key.decrypt(&scores).unwrap(), matrix.times(&[1, 2, 3]));
}

#[test]
fn a_broken_version_never_takes_the_place_of_a_good_one() {
    let folder = Folder::new();
    Matrix::sample(4, 3, 0).write(&folder, "m");
    let server = start(&folder, POLLING);
    let old = version(&server);

    Matrix::sample(5, 3, 1).with("sha256", json!("0".repeat(64))).write(&folder, "m");
    server.logged("the SHA-256 of the file is ");
    Matrix::sample(5, 3, 1).with("name", json!("other")).write(&folder, "m");
    server.logged("the name has changed from \\\"m\\\" to \\\"other\\\"");
    folder.write("m.json", "{");
    server.logged("EOF while parsing an object");
    fs::remove_file(folder.path("m.json")).unwrap();
    server.logged("No such file or directory");
    assert_eq!(version(&server), old);
    assert_eq!(server.get("/readyz").status, 200);

    Matrix::sample(5, 3, 1).write(&folder, "m");
    changed(&server, &old);
}

#[test]
fn a_hangup_signal_makes_the_server_look_at_once() {
    let folder = Folder::new();
    Matrix::sample(4, 3, 0).write(&folder, "m");
    let server = start(&folder, SIGNAL_ONLY);
    let old = version(&server);
    Matrix::sample(5, 3, 1).write(&folder, "m");
    server.signal("HUP");
    let new = changed(&server, &old);
    // Files that seem to be the same are read all the same.
    server.signal("HUP");
    eventually("the matrix is read again", || {
        let metrics = String::from_utf8(server.get("/metrics").body).expect("metrics are text");
        metrics.contains("hlp_matrix_reloads_total{result=\"same\"} 1\n").then_some(())
    });
    assert_eq!(version(&server), new);
}

#[test]
fn two_servers_of_the_same_files_answer_alike() {
    let folder = Folder::new();
    Matrix::sample(130, 33, 0).with("shards", json!([100, 30])).write(&folder, "m");
    let (one, two) = (start(&folder, SIGNAL_ONLY), Server::of(&[&folder.path("m.json")]));
    let body = SecretKey::generate().encrypt(&[3; 33]).unwrap().to_bytes();
    let (first, second) = (one.apply("m", &body), two.apply("m", &body));
    assert_eq!(first.ciphertexts(), second.ciphertexts());
    assert_eq!(first.header("etag"), second.header("etag"));
}

const INDEX: [&str; 2] = ["m", "m-text"];

/// A server of two matrices of the generation `a`, and the version of the first.
fn start_index(reload_seconds: u64) -> (Folder, Server, String) {
    let folder = Folder::new();
    for name in INDEX {
        of_generation(4, "a").write(&folder, name);
    }
    let text = format!(
        "[matrices]\nmanifests = [\"m.json\", \"m-text.json\"]\nreload_seconds = {reload_seconds}\n"
    );
    let server = Server::configured(&folder.write("config.toml", text));
    let version = version(&server);
    (folder, server, version)
}

/// A matrix of this generation, a digit that is written 64 times.
fn of_generation(rows: usize, digit: &str) -> Matrix {
    Matrix::sample(rows, 3, rows as i64).with("generation", json!(digit.repeat(64)))
}

/// The generations of one listing.
fn generations(server: &Server) -> Vec<String> {
    let list = server.get("/v1/matrices").json();
    let of = |name: &str| {
        let matrices = list["matrices"].as_array().expect("it is a list");
        let matrix = matrices.iter().find(|matrix| matrix["name"] == name);
        matrix.expect("it is served")["generation"].as_str().expect("it is a text")[..1].to_owned()
    };
    INDEX.map(of).to_vec()
}

#[test]
fn an_index_is_replaced_as_a_whole_or_not_at_all() {
    let (folder, server, old) = start_index(SIGNAL_ONLY);

    of_generation(5, "b").write(&folder, "m");
    of_generation(5, "b").with("sha256", json!("0".repeat(64))).write(&folder, "m-text");
    server.signal("HUP");
    server.logged("it is of another generation than \\\"m-text\\\"");
    server.logged("the SHA-256 of the file is ");
    assert_eq!((generations(&server), version(&server)), (vec!["a".to_owned(); 2], old.clone()));

    of_generation(5, "b").write(&folder, "m-text");
    server.signal("HUP");
    changed(&server, &old);
    assert_eq!(generations(&server), ["b", "b"]);
}

#[test]
fn a_half_of_an_index_waits_for_the_other_one() {
    let (folder, server, old) = start_index(POLLING);
    of_generation(5, "b").write(&folder, "m");
    server.logged("it is of another generation than \\\"m-text\\\"");
    assert_eq!((generations(&server), version(&server)), (vec!["a".to_owned(); 2], old.clone()));
    // The first half is not touched again.
    of_generation(4, "b").write(&folder, "m-text");
    changed(&server, &old);
    assert_eq!(generations(&server), ["b", "b"]);
}

#[test]
fn a_generation_alone_makes_a_new_version() {
    let folder = Folder::new();
    of_generation(4, "a").write(&folder, "m");
    let server = start(&folder, POLLING);
    let old = version(&server);
    of_generation(4, "b").write(&folder, "m");
    changed(&server, &old);
}

#[test]
fn an_index_with_a_generation_is_not_replaced_by_matrices_without_one() {
    let (folder, server, old) = start_index(SIGNAL_ONLY);
    for (lost, kept) in [("m", "m-text"), ("m-text", "m")] {
        Matrix::sample(5, 3, 5).write(&folder, lost);
        of_generation(5, "b").write(&folder, kept);
        server.signal("HUP");
        let refused = format!("{lost}.json: it has no generation, and the version that is served");
        server.logged(&refused);
    }
    // Neither by one of them after the other, nor by both at once.
    for name in INDEX {
        Matrix::sample(6, 3, 6).write(&folder, name);
    }
    server.signal("HUP");
    let none = |log: &str| log.matches("it has no generation").count() == 4;
    eventually("both are refused", || none(&server.log()).then_some(()));
    assert_eq!((generations(&server), version(&server)), (vec!["a".to_owned(); 2], old.clone()));

    for name in INDEX {
        of_generation(6, "b").write(&folder, name);
    }
    server.signal("HUP");
    changed(&server, &old);
    assert_eq!(generations(&server), ["b", "b"]);
}

#[test]
fn a_server_that_starts_between_two_halves_serves_both_until_they_meet() {
    let folder = Folder::new();
    for (name, generation) in [("m", "b"), ("m-text", "a")] {
        of_generation(4, generation).write(&folder, name);
    }
    let text = "[matrices]\nmanifests = [\"m.json\", \"m-text.json\"]\nreload_seconds = 1\n";
    let server = Server::configured(&folder.write("config.toml", text));
    assert_eq!(generations(&server), ["b", "a"]);
    assert_eq!(server.get("/readyz").status, 200);
    of_generation(4, "b").write(&folder, "m-text");
    eventually("they meet", || (generations(&server) == ["b", "b"]).then_some(()));
}
