//! Nobody reads the log of a server.

mod support;

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{PATIENCE, Request, command, eventually, receive};

/// Lines of one answer each are more than a pipe takes.
const REQUESTS: usize = 2_000;

#[test]
fn a_server_whose_log_is_not_read_answers_and_ends() {
    let mut child = command()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
    let announced: Value = serde_json::from_str(&line).expect("an announcement");
    let address = announced["listening"].as_str().expect("an address");

    for number in 0..REQUESTS {
        let mut stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        Request::get("/healthz").send(&mut stream);
        assert_eq!(receive(&mut stream).status, 200, "request {number}");
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "TERM", &id]).status().expect("kill runs").success());
    let status = eventually("the server ends", || child.try_wait().expect("it can be asked"));
    assert!(status.success());
    // The pipe has been there all the time, unread.
    assert!(child.stderr.take().is_some());
}
