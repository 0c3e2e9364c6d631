//! How many connections there are, and how long one lives.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use crate::http::{exchange, get, receive, until_closed};
use crate::server::Server;
use crate::support::{PATIENCE, eventually};

#[test]
fn a_connection_serves_one_request_after_the_other() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    let stream = server.connect();
    for _ in 0..3 {
        assert_eq!(exchange(&stream, get("/healthz", "").as_bytes()).status, 200);
    }
    // Three that are sent at once are answered in order.
    let statuses = ["/healthz", "/nowhere", "/healthz"].map(|path| get(path, "")).concat();
    (&stream).write_all(statuses.as_bytes()).unwrap();
    assert_eq!([0; 3].map(|_| receive(&stream).status), [200, 404, 200]);
    let closing = exchange(&stream, get("/healthz", "connection: close\r\n").as_bytes());
    assert_eq!(closing.header("connection"), Some("close"));
    assert_eq!(until_closed(&stream), b"");
}

#[test]
fn a_connection_beyond_the_maximum_waits_until_another_one_ends() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nmax_connections = 2");
    let [first, _second] = [server.connect(), server.connect()];
    assert_eq!(exchange(&first, get("/healthz", "").as_bytes()).status, 200);
    assert_eq!(exchange(&_second, get("/healthz", "").as_bytes()).status, 200);

    let mut third = server.connect();
    third.write_all(get("/healthz", "").as_bytes()).unwrap();
    third.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(third.read(&mut [0]).is_err(), "it is not served yet");

    drop(first);
    third.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(receive(&third).status, 200);
}

#[test]
fn a_connection_that_nobody_uses_any_more_is_closed() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 1");
    let [fresh, used] = [server.connect(), server.connect()];
    assert_eq!(exchange(&used, get("/healthz", "").as_bytes()).status, 200);
    assert_eq!(until_closed(&fresh), b"");
    assert_eq!(until_closed(&used), b"");
}

#[test]
fn a_client_that_does_not_read_its_responses_loses_its_connection() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nbody_timeout_seconds = 1");
    let mut stream = server.connect();
    stream.set_nonblocking(true).unwrap();
    let requests = get("/metrics", "").repeat(100);
    // Until the buffers of both sides are full, and then until the server gives up.
    let error = eventually("the server gives up", || {
        let error = stream.write(requests.as_bytes()).err()?;
        (error.kind() != std::io::ErrorKind::WouldBlock).then_some(error)
    });
    let kinds = [std::io::ErrorKind::ConnectionReset, std::io::ErrorKind::BrokenPipe];
    assert!(kinds.contains(&error.kind()), "{error}");
    server.connections(1);
}
