//! The real server with a configuration of the test, and what it says.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::answer::Answer;
use crate::provider::{KEY, Provider};

/// A running server; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    log: Option<JoinHandle<String>>,
    files: Vec<PathBuf>,
}

/// The settings of a provider that speaks both protocols, as two providers.
pub(crate) fn both(provider: &Provider) -> String {
    let url = provider.base_url();
    format!(
        "[log]\nlevel = 'trace'\n\
         [providers.oa]\nkind = 'openai'\nbase_url = '{url}'\nmodels = ['gpt-*', 'exact']\n\
         api_key_env = 'TEST_KEY'\ntimeout_seconds = 1\n\
         [providers.an]\nkind = 'anthropic'\nbase_url = '{url}'\nmodels = ['claude-*']\n\
         api_key_env = 'TEST_KEY'\ntimeout_seconds = 1\n"
    )
}

/// A file for the tests alone, deleted with the server.
pub(crate) fn file(kind: &str, text: &str) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("chat-{}-{number}.{kind}", std::process::id());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the file is written");
    path
}

impl Server {
    /// A server for this provider, under both protocols.
    pub(crate) fn for_provider(provider: &Provider) -> Self {
        Self::start(&both(provider), &[("TEST_KEY", KEY)])
    }

    pub(crate) fn start(config: &str, variables: &[(&str, &str)]) -> Self {
        let file = file("toml", config);
        let mut child = Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(&file)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut stderr = child.stderr.take().expect("standard error is a pipe");
        let log = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).expect("the log is text");
            text
        });
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the server speaks");
        let Ok(announcement) = serde_json::from_str::<Value>(&line) else {
            panic!("the server does not start: {}", log.join().expect("the log ends"));
        };
        let address = announcement["listening"].as_str().expect("an address").to_owned();
        Self { child, address, log: Some(log), files: vec![file] }
    }

    /// Sends a request with these headers beside those of HTTP.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> TcpStream {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\n\r\n", body.len());
        self.send_raw(&[head.as_bytes(), body].concat())
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
        stream.write_all(bytes).expect("the request is sent");
        stream
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        Answer::receive(&mut self.send("GET", path, &[], b""))
    }

    /// Asks with consent.
    pub(crate) fn ask(&self, path: &str, body: &str) -> Answer {
        let headers = [("hlp-disclosure", "accept"), ("content-type", "application/json")];
        Answer::receive(&mut self.send("POST", path, &headers, body.as_bytes()))
    }

    /// Asks the server to end, waits until it has, and gives all that it has said.
    pub(crate) fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", "TERM", &id]).status().expect("kill runs");
        assert!(status.success());
        assert!(self.child.wait().expect("the server ends").success());
        self.log.take().expect("the log is read once").join().expect("the log ends")
    }

    /// Ends the server and gives all that it has said.
    pub(crate) fn end(mut self) -> String {
        self.child.kill().expect("the server runs");
        self.child.wait().expect("the server ends");
        self.log.take().expect("the log is read once").join().expect("the log ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.files.iter().for_each(|file| drop(fs::remove_file(file)));
    }
}
