//! The commands that do not serve, with the real binary.

#[path = "../support/mod.rs"]
mod support;

mod check_config;
mod files;
mod help;
mod output;
mod token;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the binary said and how it ended.
struct Outcome {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

const PROFILE: &str = "LLVM_PROFILE_FILE";

/// Runs the binary with these variables and no others that it reads.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
        .args(arguments)
        .env_clear()
        // Where a binary that is measured writes down what it ran; none reads it otherwise.
        .envs(std::env::var_os(PROFILE).map(|file| (PROFILE, file)))
        .envs(variables.iter().copied())
        .output()
        .expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    Outcome {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A file that is deleted when this is dropped.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
        fs::write(&path, text).expect("the file is written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the path is text")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
