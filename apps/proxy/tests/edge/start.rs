//! What keeps the server from starting, and what it starts with only under protest.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::server::{Server, command, refused, token_file};
use crate::support::{Folder, Matrix, eventually, npy_header};

#[test]
fn a_port_that_is_taken_ends_with_status_6_and_a_hint() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (status, text) = refused(&Folder::new(), &format!("[server]\nlisten = \"{address}\""));
    assert_eq!(status, Some(6));
    assert!(text.contains(&format!("cannot listen on {address}: ")), "{text}");
    assert!(text.contains("a free address"), "{text}");
}

#[test]
fn an_address_of_another_machine_ends_with_status_6() {
    let config = "[server]\nlisten = \"192.0.2.1:80\"\n[auth]\nopen = true";
    let (status, text) = refused(&Folder::new(), config);
    assert_eq!(status, Some(6));
    assert!(text.contains("cannot listen on 192.0.2.1:80: "), "{text}");
}

#[test]
fn more_connections_than_the_system_allows_files_are_warned_of_not_hidden() {
    let config = "[server]\nlisten = \"127.0.0.1:0\"\nmax_connections = 200";
    let server = Server::start_with_files(256, config);
    let line = server.logged("open files");
    assert!(line.contains("\"level\":\"WARN\""), "{line}");
    assert!(line.contains("256 open files, and server.max_connections = 200 needs 264"), "{line}");
    assert_eq!(server.get("/healthz", "").status, 200);
}

/// A server that reads its matrices for a while and then ends, and what it says from then on.
fn reading(folder: &Folder, more: &str) -> (Child, impl Iterator<Item = String> + use<>) {
    const ROWS: usize = 400_000;
    // Many rows that take no space on the disk and are no matrix in the end: its digest is another.
    let header = npy_header("|i1", "False", &format!("({ROWS}, 384)"));
    let shards = json!(vec![1000; ROWS / 1000]);
    let matrix = Matrix::new(vec![]).with("shards", shards).with("sha256", json!("0".repeat(64)));
    let manifest = matrix.write_data(folder, "m", &header);
    let data = File::options().append(true).open(folder.path("m.npy"));
    let data = data.expect("the data is there");
    data.set_len((header.len() + ROWS * 384) as u64).expect("it can be long");
    let config = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nthreads = 1\n[matrices]\nmanifests = [{manifest:?}]\n\
         {more}"
    );
    let mut server = command(folder, &config).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut log = BufReader::new(server.stderr.take().expect("it is piped"))
        .lines()
        .map(|line| line.expect("it is text"));
    assert!(log.any(|line| line.contains("products are computed here")));
    (server, log)
}

fn signal(server: &Child, name: &str) {
    let kill = Command::new("kill").args(["-s", name, &server.id().to_string()]).status();
    assert!(kill.expect("kill runs").success());
}

#[test]
fn a_signal_ends_a_server_that_still_reads_its_matrices() {
    let folder = Folder::new();
    let (mut server, log) = reading(&folder, "");

    signal(&server, "TERM");

    let status = eventually("it ends", || server.try_wait().unwrap());
    assert!(status.success(), "{status}");
    let rest: Vec<String> = log.collect();
    assert!(rest.iter().any(|line| line.contains("stopped before it has served")), "{rest:?}");
}

#[test]
fn a_token_that_is_revoked_while_matrices_are_read_is_revoked() {
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", token_file(&[("alice", "hlp_first")]));
    let (mut server, mut log) = reading(&folder, &format!("[auth]\ntokens = {tokens:?}"));

    folder.write("tokens.toml", "");
    signal(&server, "HUP");

    assert!(log.any(|line| line.contains("names no client, so nobody may ask")));
    assert!(log.any(|line| line.contains("\"reloaded\"") && line.contains("tokens")));
    signal(&server, "TERM");
    assert!(log.any(|line| line.contains("stopped before it has served")));
    assert!(eventually("it ends", || server.try_wait().unwrap()).success());
}
