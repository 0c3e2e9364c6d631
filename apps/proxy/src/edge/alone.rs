//! Tests that need a process of their own, because they change what a process has once.

use std::env;
use std::process::Command;

/// Runs one ignored test of this program alone, sees that it passes, and gives what it wrote.
pub(super) fn passed_alone(test: &str) -> String {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", test, "--ignored", "--nocapture"]);
    let output = child.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    said
}
