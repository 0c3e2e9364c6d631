//! A response of the server, and whether it came to its end.

use std::io::Read;

use serde_json::Value;

/// A response, as far as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// Whether the body ended as its framing says.
    pub(crate) complete: bool,
}

impl Answer {
    /// Reads until the connection ends.
    pub(crate) fn receive(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        // An error is the end of a broken connection, which the framing shows.
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..read]);
        }
        Self::parse(&bytes)
    }

    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the head ends");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("the head is text");
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        let mut answer = Self { status, head, body: Vec::new(), complete: false };
        let rest = &bytes[end + 4..];
        if answer.header("transfer-encoding") == Some("chunked") {
            (answer.body, answer.complete) = dechunk(rest);
        } else {
            let length = answer.header("content-length").expect("a length");
            answer.complete = rest.len() == length.parse::<usize>().expect("a number");
            answer.body = rest.to_vec();
        }
        answer
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        assert!(self.complete, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// Status and code of an error in OpenAI's shape.
    pub(crate) fn error(&self) -> (u16, String) {
        let error = &self.json()["error"];
        let keys: Vec<_> = error.as_object().expect("an error").keys().collect();
        assert_eq!(keys, ["code", "message", "param", "type"]);
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
        (self.status, error["code"].as_str().expect("a code").to_owned())
    }

    /// Status and type of an error in Anthropic's shape.
    pub(crate) fn anthropic_error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["type"], "error");
        let error = body["error"].as_object().expect("an error");
        assert_eq!(error.keys().collect::<Vec<_>>(), ["message", "type"]);
        (self.status, error["type"].as_str().expect("a type").to_owned())
    }
}

/// The body of chunks, and whether the last one was there.
fn dechunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|window| window == b"\r\n") else {
            return (body, false);
        };
        let size =
            str::from_utf8(&rest[..end]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let size = size.expect("the size of a chunk");
        rest = &rest[end + 2..];
        if size == 0 {
            return (body, rest == b"\r\n");
        }
        body.extend_from_slice(&rest[..size.min(rest.len())]);
        match rest.get(size + 2..) {
            Some(after) => rest = after,
            None => return (body, false),
        }
    }
}
