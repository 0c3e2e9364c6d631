//! The environment in which a person types a command.

use std::env;
use std::process::Command;

/// What Cargo and rustup tell the programs that they run. Build scripts and Nx would take them for a
/// reason to build anew, and this program is built for no other toolchain than that of the repository.
const TOLD: [&str; 8] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "RUSTUP_TOOLCHAIN",
    "RUSTUP_TOOLCHAIN_SOURCE",
];

/// The same by its beginning.
const TOLD_OF_PACKAGE: &str = "CARGO_PKG_";

/// A server of other sources for the tests of the client.
const OTHER_SERVER: &str = "PROXY_BINARY";

/// A command without what Cargo told this program, and without another server than the one that is built.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_left_out) {
            command.env_remove(name);
        }
    }
    command
}

fn is_left_out(name: &str) -> bool {
    name == OTHER_SERVER || TOLD.contains(&name) || name.starts_with(TOLD_OF_PACKAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_told_the_tests_is_left_out_and_the_rest_is_not() {
        let removed: Vec<String> = command("program")
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .filter_map(|(name, _)| name.to_str().map(str::to_owned))
            .collect();
        for name in ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_PKG_NAME"] {
            assert!(removed.contains(&name.to_owned()), "{name}: {removed:?}");
        }
        for name in ["PATH", "CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_PROFILE_BENCH_LTO"] {
            assert!(!is_left_out(name), "{name}");
        }
        assert!(is_left_out("PROXY_BINARY") && is_left_out("RUSTUP_TOOLCHAIN"));
    }
}
