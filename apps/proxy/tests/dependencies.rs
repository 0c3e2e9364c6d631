//! The server cannot decrypt: the code that holds keys is not part of it.

use std::process::Command;

#[test]
fn neither_keys_nor_the_crate_that_makes_them_are_in_the_server() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "proxy", "--all-features", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}", "--locked", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let tree = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    let has = |name: &str| tree.lines().any(|line| line.split(' ').next() == Some(name));
    assert!(has("proxy") && has("he") && has("fhe-math"), "the tree is not that of proxy:\n{tree}");
    for name in ["he-client", "fhe"] {
        assert!(!has(name), "{name} is in the server:\n{tree}");
    }
}
