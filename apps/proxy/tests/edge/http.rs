//! Just enough HTTP to say what a client says, and what no client should.

use std::io::{BufRead as _, BufReader, Read, Write};

use serde_json::Value;

/// A response with its body.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Response {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The stable code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Value = serde_json::from_str(&self.body).expect("the body is JSON");
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().expect("a code").to_owned()
    }
}

/// Head of a GET request that keeps the connection open; `headers` end in line breaks.
pub(crate) fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: proxy\r\n{headers}\r\n")
}

/// Sends bytes and reads one response.
pub(crate) fn exchange(mut stream: impl Read + Write, bytes: &[u8]) -> Response {
    stream.write_all(bytes).expect("the request is sent");
    receive(stream)
}

/// Reads one response, which has the header `content-length`.
pub(crate) fn receive(stream: impl Read) -> Response {
    // Nothing is read ahead of a response that has not been asked for.
    let mut reader = BufReader::with_capacity(1, stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let read = reader.read_line(&mut head).expect("a head arrives");
        assert!(read > 0, "the connection ended within the head: {head:?}");
    }
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    let mut response = Response { status, head, body: String::new() };
    let length =
        response.header("content-length").map_or(0, |text| text.parse().expect("a number"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body arrives");
    response.body = String::from_utf8(body).expect("the body is text");
    response
}

/// Reads until the server ends the connection; in order, or by a reset because of unread bytes.
pub(crate) fn until_closed(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return bytes,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return bytes,
            // A machine that was halted and goes on interrupts a read that has a time limit.
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => (),
            Err(error) => panic!("the server does not close the connection: {error}"),
        }
    }
}
