//! The code under the non-commercial licence is never switched on (see the README).

use std::process::Command;

#[test]
fn the_feature_tfhe_ntt_of_fhe_math_is_off() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--all-features", "--edges", "features", "--locked"])
        .arg("--offline")
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let tree = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    let features: Vec<&str> =
        tree.lines().filter(|line| line.contains("fhe-math feature ")).collect();
    assert!(!features.is_empty(), "the tree no longer shows features of fhe-math:\n{tree}");
    for line in features {
        assert!(line.contains("\"default\""), "fhe-math has more than its defaults: {line}");
    }
}
