//! Clients that send as slowly as they can.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use he_client::SecretKey;

use crate::http::{exchange, get, receive, until_closed};
use crate::server::Server;
use crate::support::{Folder, Matrix, PATIENCE, Request, eventually};

/// Sends one byte every 20 ms until the server has had enough, which it has to have in the end.
fn drip(stream: &TcpStream) {
    let (mut writer, started) = (stream, Instant::now());
    while writer.write_all(b"x").is_ok() {
        assert!(started.elapsed() < PATIENCE, "the server takes every byte");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn heads_that_drip_in_are_cut_off_and_hinder_nobody() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 1");
    let slow: Vec<TcpStream> = (0..50).map(|_| server.connect()).collect();
    for mut stream in &slow {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: proxy\r\nx-slow: ").unwrap();
    }
    thread::scope(|scope| {
        for stream in &slow[..4] {
            scope.spawn(|| drip(stream));
        }
        for _ in 0..20 {
            assert_eq!(server.get("/healthz", "").status, 200);
        }
    });
    for stream in &slow {
        until_closed(stream);
    }
    server.connections(1);
}

#[test]
fn a_body_that_drips_in_is_answered_with_408_and_the_connection_ends() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nbody_timeout_seconds = 1");
    let mut stream = server.connect();
    let head = "POST /v1/matrices/sample/apply HTTP/1.1\r\nhost: proxy\r\n\
                content-type: application/vnd.hlp.v1\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| drip(&stream));
        let response = receive(&stream);
        assert_eq!((response.status, &*response.code()), (408, "BODY_TOO_SLOW"));
        assert_eq!(response.header("connection"), Some("close"));
        until_closed(&stream);
    });
    assert_eq!(server.get("/healthz", "").status, 200);
    server.logged("\"status\":408");
}

#[test]
fn a_body_that_nobody_reads_does_not_hold_the_connection() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nbody_timeout_seconds = 60");
    let stream = server.connect();
    let head = get("/nowhere", "content-length: 1000\r\n");
    let response = exchange(&stream, head.as_bytes());
    assert_eq!(response.status, 404);
    until_closed(&stream);
}

/// A request whose answer is more than the buffers of the system take, and the server for it.
pub(crate) fn server_of_long_answers(config: &str) -> (Server, Request) {
    let folder = Folder::new();
    let manifest = Matrix::sample(16_384, 3, 0).write(&folder, "m");
    let text = format!("{config}\n[matrices]\nmanifests = [{manifest:?}]");
    let server = Server::start_in(folder, &text);
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).expect("it is encrypted").to_bytes();
    (server, Request::apply("m", &vector.repeat(24)))
}

/// Takes some bytes every 20 ms for as long as there are any; gives how many there were.
pub(crate) fn sip(mut reader: impl Read) -> usize {
    let mut buffer = [0; 8192];
    let mut taken = 0;
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        taken += read;
        thread::sleep(Duration::from_millis(20));
    }
    taken
}

#[test]
fn an_answer_that_is_sipped_is_cut_off() {
    let (server, request) = server_of_long_answers(
        "[server]\nlisten = \"127.0.0.1:0\"\nmax_queries = 24\nanswer_timeout_seconds = 5",
    );
    let mut stream = server.connect();
    request.send(&mut stream);
    let twin = stream.try_clone().expect("the stream has a twin");
    let reader = thread::spawn(move || sip(twin));
    let cut = || (server.metric("hlp_slow_readers_total") == Some(1.0)).then_some(());
    eventually("the reader is given up", cut);
    server.connections(1);
    stream.shutdown(std::net::Shutdown::Both).expect("it was open");
    reader.join().expect("it has read");
    // Who reads as fast as it can gets all of it.
    let response = server.send(&request);
    assert_eq!(response.status, 200);
    assert!(response.body.len() > 40_000_000, "{}", response.body.len());
    assert_eq!(server.metric("hlp_slow_readers_total"), Some(1.0));
}

#[test]
fn an_answer_of_which_no_byte_is_taken_is_cut_off() {
    let (server, request) = server_of_long_answers(
        "[server]\nlisten = \"127.0.0.1:0\"\nmax_queries = 24\nbody_timeout_seconds = 2",
    );
    let mut stream = server.connect();
    request.send(&mut stream);
    let cut = || (server.metric("hlp_slow_readers_total") == Some(1.0)).then_some(());
    eventually("the reader is given up", cut);
    drop(stream);
}
