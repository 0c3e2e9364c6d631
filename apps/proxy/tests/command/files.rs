//! Files that a configuration names, as `hlp-proxy check-config` finds them.

use serde_json::{Value, json};

use crate::support::{Folder, Matrix};
use crate::{File, Outcome, run};

/// The findings of `check-config` about this configuration.
fn check(name: &str, text: &str) -> (Option<i32>, String) {
    let file = File::new(name, text);
    let Outcome { status, stdout, stderr } = run(&["check-config", "--config", file.path()], &[]);
    assert_eq!(stderr, "");
    (status, stdout.replace(file.path(), "proxy.toml"))
}

#[test]
fn a_folder_in_the_place_of_a_file_is_found_with_the_line_that_names_it() {
    let (status, stdout) = check("folder.toml", "[auth]\ntokens = '/'\n");
    assert_eq!(status, Some(2));
    let line = "error: proxy.toml:2:1: auth.tokens: /: it is not a regular file; \
                hint: name a file that the server may read\n";
    assert_eq!(stdout, line);
}

#[test]
fn a_manifest_that_is_named_twice_is_found() {
    let folder = Folder::new();
    let manifest = Matrix::sample(2, 2, 0).write(&folder, "m");
    let manifest = manifest.display();
    let text = format!("[matrices]\nmanifests = ['{manifest}', '{manifest}']\n");
    let (status, stdout) = check("same-file.toml", &text);
    assert_eq!(status, Some(2));
    let line = format!(
        "error: proxy.toml:2:1: matrices.manifests: {manifest} is there twice; \
         hint: name each manifest once\n"
    );
    assert_eq!(stdout, line);
}

#[test]
fn two_manifests_with_one_name_are_found_and_the_first_is_told() {
    let folder = Folder::new();
    let first = Matrix::sample(2, 2, 0).write(&folder, "m");
    let second = Matrix::sample(2, 2, 0).with("name", json!("m")).write(&folder, "n");
    let (first, second) = (first.display(), second.display());
    let text = format!("[matrices]\nmanifests = ['{first}', '{second}']\n");
    let (status, stdout) = check("same-name.toml", &text);
    assert_eq!(status, Some(2));
    let line = format!(
        "error: {second}: matrices.manifests: the name \"m\" is that of {first} too; \
         hint: give every matrix a name of its own\n"
    );
    assert_eq!(stdout, line);
}

#[test]
fn the_place_of_a_finding_is_a_file_or_a_variable_with_json() {
    let place = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["check-config", "--json"], arguments].concat();
        let Outcome { status, stdout, .. } = run(&arguments, variables);
        assert_eq!(status, Some(2));
        let document: Value = serde_json::from_str(&stdout).expect("it is JSON");
        document["findings"][0]["place"].clone()
    };
    let variable = [("HLP__SERVER__QUEUE", "many")];
    assert_eq!(place(&[], &variable), json!({ "variable": "HLP__SERVER__QUEUE" }));
    let missing = ["--config", "/nowhere.toml"];
    assert_eq!(place(&missing, &[]), json!({ "file": "/nowhere.toml" }));
}
