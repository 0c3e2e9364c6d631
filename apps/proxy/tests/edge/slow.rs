//! Clients that send as slowly as they can.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{exchange, get, receive, until_closed};
use crate::server::Server;
use crate::support::PATIENCE;

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
