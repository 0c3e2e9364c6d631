//! The real server as a child process, with a configuration of its own and its log at hand.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::http::{Response, exchange, get};

/// How long anything may take before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of a test; removed when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("edge-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the folder is made");
        Self(path)
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("the file is written");
        set_mode(&path, 0o600);
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is left is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

/// The text of a token file for these clients with these tokens.
pub(crate) fn token_file(clients: &[(&str, &str)]) -> String {
    clients.iter().fold(String::new(), |mut text, (name, token)| {
        let hash = Sha256::digest(token);
        writeln!(text, "[clients.{name}]\nsha256 = \"{hash:x}\"").expect("it is written");
        text
    })
}

/// A running server on a port that the system chose; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    log: Arc<Mutex<Vec<String>>>,
    pub(crate) folder: Folder,
}

impl Server {
    /// A server with this configuration.
    pub(crate) fn start(config: &str) -> Self {
        Self::start_in(Folder::new(), config)
    }

    /// A server with this configuration, beside files that are already there.
    pub(crate) fn start_in(folder: Folder, config: &str) -> Self {
        let command = command(&folder, config);
        Self::run(folder, command)
    }

    /// A server that the system lets open no more files than this.
    pub(crate) fn start_with_files(limit: u64, config: &str) -> Self {
        let folder = Folder::new();
        let server = command(&folder, config);
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -n \"$1\" && shift && exec \"$@\"", "sh"]);
        limited.arg(limit.to_string()).arg(server.get_program()).args(server.get_args());
        Self::run(folder, limited)
    }

    /// A server that is started by this command.
    pub(crate) fn run(folder: Folder, mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().expect("standard error is a pipe")).lines();
        let sink = Arc::clone(&log);
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| sink.lock().expect("no reader has failed").push(line));
        });
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the server speaks");
        let announced: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            panic!("no address; the log: {:?}", log.lock().expect("no reader has failed"))
        });
        let address = announced["listening"].as_str().expect("an address").to_owned();
        Self { child, address, log, folder }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream
    }

    /// GET on a connection of its own; `headers` end in line breaks.
    pub(crate) fn get(&self, path: &str, headers: &str) -> Response {
        exchange(self.connect(), get(path, headers).as_bytes())
    }

    /// GET with a bearer token.
    pub(crate) fn get_as(&self, token: &str, path: &str) -> Response {
        self.get(path, &format!("authorization: Bearer {token}\r\n"))
    }

    /// Port and address to connect to.
    pub(crate) fn address(&self) -> &str {
        &self.address
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

    /// Waits for a line of the log that has this text in it.
    pub(crate) fn logged(&self, text: &str) -> String {
        eventually(text, || self.log().into_iter().find(|line| line.contains(text)))
    }

    /// The log so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().expect("no reader has failed").clone()
    }

    /// Waits until so many connections are open, with the one that asks.
    pub(crate) fn connections(&self, expected: usize) {
        let expected = Some(expected as f64);
        eventually("connections", || (self.metric("hlp_connections") == expected).then_some(()));
    }

    /// The value of a metric without labels, or with them as they are printed.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics", "").body;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(value.parse().expect("a number"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again until there is an answer, for as long as a test may take.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "not in time: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// What a server that does not start says; without standard input and with a loop-back address.
pub(crate) fn refused(folder: &Folder, config: &str) -> (Option<i32>, String) {
    let mut command = command(folder, config);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the server runs");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("the pipe can be read");
    // One that starts would go on for ever.
    if !line.is_empty() {
        let _ = child.kill();
    }
    let Output { status, stderr, .. } = child.wait_with_output().expect("the server ends");
    let text = String::from_utf8(stderr).expect("it speaks UTF-8");
    assert_eq!(line, "", "the server has started");
    assert!(text.contains("error: ") && text.contains("\n\nhint: "), "{text}");
    (status.code(), text)
}

/// The command that starts a server with this configuration.
pub(crate) fn command(folder: &Folder, config: &str) -> Command {
    let config = folder.write("proxy.toml", config);
    let mut command = Command::new(env!("CARGO_BIN_EXE_hlp-proxy"));
    command.arg("serve").arg("--config").arg(config);
    command
}
