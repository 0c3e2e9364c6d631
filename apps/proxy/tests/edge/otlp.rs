//! Spans for a collector.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::server::{Server, command};
use crate::support::{Folder, PATIENCE, failure_of};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// The request line and the body of the one request that a collector gets.
fn collect(listener: &TcpListener) -> (String, Vec<u8>) {
    let (stream, _) = listener.accept().expect("somebody connects");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    let mut reader = BufReader::new(&stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).expect("a head arrives") > 0);
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .expect("a length");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body arrives");
    (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").expect("it is answered");
    (head.lines().next().expect("a line").to_owned(), body)
}

#[test]
fn sampled_requests_reach_a_collector_as_spans_of_their_trace() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collector = thread::spawn(move || collect(&listener));
    let folder = Folder::new();
    let mut command = command(&folder, "[server]\nlisten = \"127.0.0.1:0\"");
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env("OTEL_BSP_SCHEDULE_DELAY", "600000");
    let mut server = Server::run(folder, command);
    let path = "/v1/matrices/canary/apply?prompt=canary";
    server.get(path, &format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n"));
    let unsampled = "11111111111111111111111111111111";
    server.get("/readyz", &format!("traceparent: 00-{unsampled}-{PARENT}-00\r\n"));
    server.logged(unsampled);

    server.signal("TERM");
    assert!(server.wait().success());
    let (line, body) = collector.join().unwrap();

    assert_eq!(line, "POST /v1/traces HTTP/1.1");
    let contains = |bytes: &[u8]| body.windows(bytes.len()).any(|window| window == bytes);
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    assert!(contains(&bytes(TRACE)) && contains(&bytes(PARENT)));
    assert!(contains(b"hlp-proxy") && contains(b"GET /v1/matrices/{name}/apply"));
    assert!(!contains(&bytes(unsampled)) && !contains(b"canary"));
}

#[test]
fn a_collector_at_no_address_keeps_the_server_from_starting() {
    let folder = Folder::new();
    let mut command = command(&folder, "[server]\nlisten = \"127.0.0.1:0\"");
    let endpoint = "http://canary:canary@[bad?canary";
    let (status, text) = failure_of(command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("the collector of OTEL_EXPORTER_OTLP_ENDPOINT cannot be used"), "{text}");
    assert!(text.contains("the address of a collector, such as http://"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn a_collector_that_is_not_there_holds_neither_requests_nor_the_end() {
    let folder = Folder::new();
    let mut command = command(&folder, "[server]\nlisten = \"127.0.0.1:0\"");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://canary:canary@{free}/?canary"));
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=canary");
    command.env("HLP__LOG__LEVEL", "trace");
    let server = Server::run(folder, command);
    assert_eq!(server.get("/healthz", "").status, 200);
    let log = server.stop();
    assert!(log.contains("\"route\":\"/healthz\"") && !log.contains("canary"), "{log}");
}
