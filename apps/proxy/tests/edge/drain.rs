//! The end of a server.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::http::{exchange, get, until_closed};
use crate::server::Server;

/// Begins a request of which the server waits for the body; nothing else would end it in this time.
const STUCK: &str = "POST /v1/matrices/sample/apply HTTP/1.1\r\nhost: proxy\r\n\
                     content-type: application/vnd.hlp.v1\r\nexpect: 100-continue\r\n\
                     content-length: 1000\r\n\r\n";

fn stuck(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(STUCK.as_bytes()).expect("the head is sent");
    // It says so when it begins to wait.
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("an interim response arrives");
    assert_eq!(&first, b"HTTP/1.1 100");
    stream
}

#[test]
fn a_server_that_drains_says_so_before_it_refuses_connections() {
    let mut server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\ndrain_seconds = 600");
    server.signal("TERM");
    server.logged("draining");
    let response = server.get("/readyz", "");
    assert_eq!((response.status, &*response.code()), (503, "NOT_READY"));
    assert_eq!(server.get("/healthz", "").status, 200);
    server.signal("TERM");
    assert!(server.wait().success());
    assert!(TcpStream::connect(server.address()).is_err());
}

#[test]
fn a_server_that_has_drained_ends_by_itself() {
    let mut server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\ndrain_seconds = 1");
    let stream = server.connect();
    server.signal("TERM");
    assert!(server.wait().success());
    assert_eq!(until_closed(&stream), b"");
}

#[test]
fn connections_without_a_request_do_not_hold_the_end() {
    let config =
        "[server]\nlisten = \"127.0.0.1:0\"\ngrace_seconds = 600\nheader_timeout_seconds = 600";
    for signal in ["TERM", "INT"] {
        let mut server = Server::start(config);
        let [fresh, used] = [server.connect(), server.connect()];
        assert_eq!(exchange(&used, get("/healthz", "").as_bytes()).status, 200);
        server.signal(signal);
        assert!(server.wait().success());
        assert_eq!(until_closed(&fresh), b"");
        assert_eq!(until_closed(&used), b"");
    }
}

#[test]
fn a_request_that_does_not_end_is_cut_off_after_the_grace() {
    let config =
        "[server]\nlisten = \"127.0.0.1:0\"\ngrace_seconds = 1\nbody_timeout_seconds = 600";
    let mut server = Server::start(config);
    let stream = stuck(&server);
    server.signal("TERM");
    assert!(server.wait().success());
    until_closed(&stream);
    let line = server.logged("\"route\":\"/v1/matrices/{name}/apply\"");
    assert!(line.contains("\"complete\":false") && line.contains("\"status\":0"), "{line}");
}

#[test]
fn a_second_signal_ends_at_once() {
    let config =
        "[server]\nlisten = \"127.0.0.1:0\"\ngrace_seconds = 600\nbody_timeout_seconds = 600";
    let mut server = Server::start(config);
    let stream = stuck(&server);
    server.signal("TERM");
    server.logged("draining");
    server.signal("TERM");
    assert!(server.wait().success());
    server.logged("stopped at once");
    until_closed(&stream);
}
