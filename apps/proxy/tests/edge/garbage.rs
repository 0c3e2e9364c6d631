//! What is not HTTP, or too much of it.

use std::io::Write as _;

use crate::http::until_closed;
use crate::server::Server;

/// The status that the server answers with, if it says anything, before it closes the connection.
fn answer(server: &Server, bytes: &[u8]) -> Option<u16> {
    let mut stream = server.connect();
    // The server may have closed the connection before it has read everything.
    let _ = stream.write_all(bytes);
    let answer = until_closed(&stream);
    let text = String::from_utf8_lossy(&answer);
    Some(text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().expect("a status"))
}

#[test]
fn garbage_is_refused_and_the_server_goes_on() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 1");
    let noise: Vec<u8> = (0..4096_u32).map(|number| (number * number % 251) as u8).collect();
    let path = format!("GET /{} HTTP/1.1\r\nhost: proxy\r\n\r\n", "a".repeat(70_000));
    let header = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(200_000));
    let headers = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200));
    let cases: [(&[u8], Option<u16>); 12] = [
        (b"", None),
        (b"\0\0\0\0", Some(400)),
        (&noise, Some(400)),
        (b"SSH-2.0-OpenSSH_9.7\r\n", Some(400)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", Some(400)),
        (b"GET / HTTP/9.9\r\n\r\n", Some(400)),
        (b"GET\r\n\r\n", Some(400)),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nhost: proxy\r\nbad header\r\n\r\n", Some(400)),
        (path.as_bytes(), Some(414)),
        (header.as_bytes(), Some(431)),
        (headers.as_bytes(), Some(431)),
    ];
    for (bytes, expected) in cases {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
        assert_eq!(answer(&server, bytes), expected, "{start:?}");
        assert_eq!(server.get("/healthz", "").status, 200);
    }
    assert_eq!(server.metric("hlp_panics_total"), Some(0.0));
}

#[test]
fn lengths_that_lie_are_refused() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\nbody_timeout_seconds = 1");
    let post = |headers: &str, body: &str| {
        let head = "POST /v1/matrices/sample/apply HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\
                    content-type: application/vnd.hlp.v1\r\n";
        answer(&server, format!("{head}{headers}\r\n{body}").as_bytes())
    };
    // More than a matrix takes; more than fits into 64 bits; less than nothing; two at once.
    assert_eq!(post("content-length: 1152921504606846976\r\n", ""), Some(413));
    assert_eq!(post("content-length: 99999999999999999999999\r\n", ""), Some(400));
    assert_eq!(post("content-length: -1\r\n", ""), Some(400));
    assert_eq!(post("content-length: 1\r\ncontent-length: 2\r\n", "xx"), Some(400));
    // Chunks of a size that no memory holds, and that is no number.
    let chunked = "transfer-encoding: chunked\r\n";
    assert_eq!(post(chunked, "fffffffffffffffff\r\n"), Some(400));
    assert_eq!(post(chunked, "zz\r\n"), Some(400));
    // A chunk that is announced as huge and never comes.
    assert_eq!(post(chunked, "7fffffffffffffff\r\nx"), Some(408));
    assert_eq!(server.get("/healthz", "").status, 200);
    assert_eq!(server.metric("hlp_panics_total"), Some(0.0));
}
