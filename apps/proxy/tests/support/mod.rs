//! The real server as a child process, and just enough HTTP to talk to it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);

/// A running server on a port that the system chose; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
}

/// A response with its body.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The code of a problem; checks that everything that RFC 9457 asks for is there too.
    pub(crate) fn error_code(&self) -> String {
        let problem = self.problem();
        let text = |key: &str| problem[key].as_str().expect("a text").to_owned();
        assert!(
            !text("title").is_empty() && !text("detail").is_empty() && !text("hint").is_empty()
        );
        assert_eq!(problem["status"], self.status);
        let code = text("code");
        let kebab = code.to_lowercase().replace('_', "-");
        assert_eq!(text("type"), format!("urn:hlp:problem:{kebab}"));
        code
    }

    pub(crate) fn problem(&self) -> Value {
        self.parse("application/problem+json")
    }

    pub(crate) fn json(&self) -> Value {
        self.parse("application/json")
    }

    fn parse(&self, media_type: &str) -> Value {
        assert_eq!(self.header("content-type"), Some(media_type), "{}", self.head);
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

impl Server {
    /// A server with these arguments of `serve` beside the address.
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: &[S]) -> Self {
        let mut command = command();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the server speaks");
        let announcement: Value = serde_json::from_str(&line).expect("the line is JSON");
        let address = announcement["listening"].as_str().expect("an address").to_owned();
        Self { child, address }
    }

    /// A server of the built-in sample.
    pub(crate) fn sample() -> Self {
        Self::start::<&str>(&[])
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &[u8]) -> Response {
        let mut stream = self.connect();
        send_head(&mut stream, method, path, body.len());
        stream.write_all(body).expect("the body is sent");
        receive(&mut stream)
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Waits for the server to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the child can be asked") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary that cargo built for these tests.
pub(crate) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
}

pub(crate) fn send_head(stream: &mut TcpStream, method: &str, path: &str, length: usize) {
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    )
    .expect("the head is sent");
}

pub(crate) fn receive(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a response arrives");
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the head ends");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("the head is text");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    Response { status, head, body: bytes[end + 4..].to_vec() }
}
