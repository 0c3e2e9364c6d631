//! The server as a child process.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::{PATIENCE, Request, Response, eventually, receive};

/// A running server on a port that the system chose; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// A server with these arguments of `serve` beside the address.
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: &[S]) -> Self {
        let mut command = command();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        Self::run(&mut command)
    }

    /// A server of the built-in sample.
    pub(crate) fn sample() -> Self {
        Self::start::<&str>(&[])
    }

    /// A server with this configuration.
    pub(crate) fn configured(config: &Path) -> Self {
        Self::start(&[OsStr::new("--config"), config.as_os_str()])
    }

    /// A server of these matrices.
    pub(crate) fn of(manifests: &[&Path]) -> Self {
        let arguments =
            manifests.iter().flat_map(|manifest| [OsStr::new("--matrix"), manifest.as_os_str()]);
        Self::start(&arguments.collect::<Vec<_>>())
    }

    /// A server that was told everything already.
    pub(crate) fn run(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let log = collect(child.stderr.take().expect("standard error is a pipe"));
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the server speaks");
        let Ok(announcement) = serde_json::from_str::<Value>(&line) else {
            let _ = child.wait();
            panic!("the server says {line:?} and {}", log.lock().expect("the log is there"));
        };
        let address = announcement["listening"].as_str().expect("an address").to_owned();
        Self { child, address, log }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream
    }

    pub(crate) fn send(&self, request: &Request) -> Response {
        let mut stream = self.connect();
        request.send(&mut stream);
        receive(&mut stream)
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.send(&Request::get(path))
    }

    pub(crate) fn apply(&self, name: &str, body: &[u8]) -> Response {
        self.send(&Request::apply(name, body))
    }

    /// Everything on standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("the log is there").clone()
    }

    /// Address and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Waits for the server to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        eventually("the server ends", || self.child.try_wait().expect("the child can be asked"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut stderr: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let log = Arc::new(Mutex::new(String::new()));
    let collected = Arc::clone(&log);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = stderr.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..read]);
            collected.lock().expect("the log is there").push_str(&text);
        }
    });
    log
}

/// The binary that cargo built for these tests.
pub(crate) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
}

/// Status and standard error of a server that does not start; checks that it gives a hint.
pub(crate) fn failure<S: AsRef<OsStr>>(arguments: &[S]) -> (Option<i32>, String) {
    let mut command = command();
    command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the server runs");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("the pipe can be read");
    if !line.is_empty() {
        let _ = child.kill();
    }
    let Output { status, stderr, .. } = child.wait_with_output().expect("the server ends");
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    assert!(line.is_empty(), "the server has started");
    assert!(stderr.contains("error: ") && stderr.contains("\n\nhint: "), "{stderr}");
    (status.code(), stderr)
}
