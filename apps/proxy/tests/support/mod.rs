//! The real server as a child process, real files for it, and just enough HTTP to talk to it.

#![allow(dead_code, unused_imports, reason = "every test binary uses another part of it")]

mod files;
mod http;
mod log;
mod refused;
mod server;

#[cfg(unix)]
pub(crate) use files::set_mode;
pub(crate) use files::{Folder, Matrix, npy, npy_header, sha256};
pub(crate) use http::{Request, Response, receive};
pub(crate) use refused::{assert_refused, hint, refusal};
pub(crate) use server::{Server, command, failure, failure_of};

/// How long a test waits for what has to happen at once, on a machine with much else to do: what
/// holds ends the wait.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// What ciphertexts are sent as.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.hlp.v1";

/// Waits until `done` gives something.
pub(crate) fn eventually<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = std::time::Instant::now();
    loop {
        if let Some(result) = done() {
            return result;
        }
        assert!(start.elapsed() < PATIENCE, "it does not happen: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
