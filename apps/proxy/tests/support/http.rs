//! Requests and responses of HTTP/1.1, one for each connection.

use std::io::{Read as _, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::MEDIA_TYPE;

/// A request that is yet to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// Encrypted vectors for the matrix of this name.
    pub(crate) fn apply(name: &str, body: &[u8]) -> Self {
        let request = Self::new("POST", &format!("/v1/matrices/{name}/apply"));
        request.header("content-type", MEDIA_TYPE).body(body)
    }

    /// Adds to the path, after a `?`.
    pub(crate) fn query(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    /// Sets a header, instead of one of the same name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(old, _)| old != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(old, _)| old != name);
        self
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// The bytes up to and with the empty line, for a body of so many bytes.
    pub(crate) fn head(&self, length: usize) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("host: proxy\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n")
    }

    pub(crate) fn send(&self, stream: &mut impl Write) {
        stream.write_all(self.head(self.body.len()).as_bytes()).expect("the head is sent");
        stream.write_all(&self.body).expect("the body is sent");
    }
}

/// A response with its body.
#[derive(Debug, PartialEq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Status and code of a problem; checks that all that RFC 9457 and the hint ask for is there.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let problem = self.problem();
        let text = |key: &str| problem[key].as_str().expect("a text").to_owned();
        assert!(
            !text("title").is_empty() && !text("detail").is_empty() && !text("hint").is_empty()
        );
        assert_eq!(problem["status"], self.status);
        let code = text("code");
        let kebab = code.to_lowercase().replace('_', "-");
        assert_eq!(text("type"), format!("urn:hlp:problem:{kebab}"));
        (self.status, code)
    }

    /// What is special about this occurrence of a problem.
    pub(crate) fn detail(&self) -> String {
        self.problem()["detail"].as_str().expect("a text").to_owned()
    }

    fn problem(&self) -> Value {
        self.parse("application/problem+json")
    }

    /// The JSON of an answer that is no problem.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.parse("application/json")
    }

    /// The ciphertexts of an answer.
    pub(crate) fn ciphertexts(&self) -> &[u8] {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), Some(MEDIA_TYPE));
        &self.body
    }

    fn parse(&self, media_type: &str) -> Value {
        assert_eq!(self.header("content-type"), Some(media_type), "{}", self.head);
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// The response to what was sent on a connection that the server closes after it.
pub(crate) fn receive(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a response arrives");
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the head ends");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("the head is text");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    Response { status, head, body: bytes[end + 4..].to_vec() }
}
