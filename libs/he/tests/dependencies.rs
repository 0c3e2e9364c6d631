//! The code under a licence without a patent grant is not part of any build (see the README).

use std::process::Command;

/// What `cargo tree` says about the whole workspace with every feature.
fn tree(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--all-features", "--locked"])
        .args(words)
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

#[test]
fn the_feature_tfhe_ntt_of_fhe_math_is_off() {
    let tree = tree(&["--edges", "features"]);
    let features: Vec<&str> =
        tree.lines().filter(|line| line.contains("fhe-math feature ")).collect();
    assert!(!features.is_empty(), "the tree no longer shows features of fhe-math:\n{tree}");
    for line in features {
        assert!(line.contains("\"default\""), "fhe-math has more than its defaults: {line}");
    }
}

#[test]
fn the_crate_tfhe_ntt_is_the_empty_one_of_this_repository() {
    let tree = tree(&["--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"]);
    let found: Vec<&str> = tree.lines().filter(|line| line.starts_with("tfhe-ntt ")).collect();
    assert!(!found.is_empty(), "fhe-math no longer names tfhe-ntt, so the empty one may go");
    for line in found {
        assert!(line.contains("/libs/tfhe-ntt-absent)|Apache-2.0"), "{line}");
    }
    assert!(!include_str!("../../../deny.toml").contains("\"BSD-3-Clause-Clear\""));
    let source = include_str!("../../tfhe-ntt-absent/src/lib.rs");
    assert!(source.lines().all(|line| line.starts_with("//!")), "it is not empty:\n{source}");
}
