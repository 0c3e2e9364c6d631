//! The server as a child process.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::log::Log;
use super::{PATIENCE, Request, Response, eventually, receive};

/// A running server on a port that the system chose; it is ended when this is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    log: Log,
}

impl Server {
    /// A server with these arguments of `serve` beside the address.
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: &[S]) -> Self {
        Self::run(serve().args(arguments))
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
        let mut child = spawn(command);
        let mut log = Log::collect(child.stderr.take().expect("standard error is a pipe"));
        let line = announcement(&mut child);
        let Ok(announced) = serde_json::from_str::<Value>(&line) else {
            let _ = child.wait();
            panic!("the server says {line:?} and {}", log.whole());
        };
        let address = announced["listening"].as_str().expect("an address").to_owned();
        Self { child, address, log }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout can be set");
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
        self.log.so_far()
    }

    /// Waits for a line of the log that has this text in it.
    pub(crate) fn logged(&self, text: &str) -> String {
        eventually(text, || {
            let log = self.log();
            let (whole, _) = log.rsplit_once('\n')?;
            whole.lines().find(|line| line.contains(text)).map(str::to_owned)
        })
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
        assert!(signal(&self.child, name), "kill runs, and there is a process");
    }

    /// Waits for the server to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        eventually("the server ends", || self.child.try_wait().expect("the child can be asked"))
    }

    /// Asks the server to end, waits until it has, and gives all that it has said.
    pub(crate) fn stop(mut self) -> String {
        self.signal("TERM");
        assert!(self.wait().success());
        self.log.whole()
    }
}

impl Drop for Server {
    /// Ends the server as an operator does who does not wait for requests. One that is killed
    /// does not write down what it ran, which is what coverage is measured by.
    fn drop(&mut self) {
        let start = Instant::now();
        while !matches!(self.child.try_wait(), Ok(Some(_))) {
            if start.elapsed() > Duration::from_secs(5) || !signal(&self.child, "TERM") {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn signal(child: &Child, name: &str) -> bool {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-s", name, &id]).status();
    status.is_ok_and(|status| status.success())
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server runs")
}

/// The line that a server announces itself with; empty when it does not start.
fn announcement(child: &mut Child) -> String {
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("the pipe can be read");
    line
}

/// The binary that cargo built for these tests.
pub(crate) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
}

fn serve() -> Command {
    let mut command = command();
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command
}

/// Status and standard error of a server that does not start; checks that it gives a hint.
pub(crate) fn failure<S: AsRef<OsStr>>(arguments: &[S]) -> (Option<i32>, String) {
    failure_of(serve().args(arguments))
}

/// The same of a server that was told everything already.
pub(crate) fn failure_of(command: &mut Command) -> (Option<i32>, String) {
    let mut child = spawn(command);
    let line = announcement(&mut child);
    // One that starts would go on for ever.
    if !line.is_empty() {
        let _ = child.kill();
    }
    let Output { status, stderr, .. } = child.wait_with_output().expect("the server ends");
    let stderr = String::from_utf8(stderr).expect("it speaks UTF-8");
    assert_eq!(line, "", "the server has started");
    assert!(stderr.contains("error: ") && stderr.contains("\n\nhint: "), "{stderr}");
    (status.code(), stderr)
}
