//! Output that nobody can read: a device that is full.
#![cfg(target_os = "linux")]

use std::fs::OpenOptions;
use std::process::{Output, Stdio};

use crate::support::command;

#[test]
fn what_cannot_be_written_is_an_error_and_no_success() {
    for (arguments, error, hint) in [
        (&["check-config"][..], "cannot write: ", "keep standard output and standard error open"),
        (&["token", "anna"], "cannot write: ", "keep standard output and standard error open"),
        // Who started it would wait for the address for ever.
        (
            &["serve", "--listen", "127.0.0.1:0"],
            "cannot announce the address: ",
            "keep standard output open",
        ),
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
        let mut command = command();
        let child = command.args(arguments).stdout(full).stderr(Stdio::piped()).spawn();
        let Output { status, stderr, .. } =
            child.expect("the binary runs").wait_with_output().expect("it ends");
        let stderr = String::from_utf8(stderr).expect("it speaks UTF-8");
        assert_eq!(status.code(), Some(6), "{arguments:?}: {stderr}");
        assert!(stderr.contains(&format!("error: {error}")), "{arguments:?}: {stderr}");
        assert!(stderr.ends_with(&format!("\n\nhint: {hint}\n")), "{arguments:?}: {stderr}");
    }
}
