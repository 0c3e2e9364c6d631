//! Files that a configuration names, as `hlp-proxy check-config` finds them.

use rcgen::CertifiedKey;
use serde_json::{Value, json};

use crate::support::{Folder, Matrix, npy, refusal, sha256};
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

/// A private key as PEM, and the certificate that belongs to it.
fn key_and_certificate() -> [String; 2] {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("it is issued");
    [signing_key.serialize_pem(), cert.pem()]
}

#[test]
fn a_secret_in_the_place_of_its_file_is_never_repeated() {
    let [key, certificate] = key_and_certificate();
    let [token, bare] = ["hlp_canary-0123456789", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0waw+/=="];
    let canaries = [key.lines().nth(1).unwrap(), token, bare, "PRIVATE KEY"];
    let (tls, tokens) = ("HLP__SERVER__TLS__KEY", "HLP__AUTH__TOKENS");
    let public = "HLP__SERVER__TLS__CERTIFICATE";
    for (variable, value) in [
        (tls, &*key),
        (tls, bare),
        (tls, &key.replace('\n', " ")),
        (tokens, token),
        (tokens, &*key),
        (public, &format!("{certificate}{key}")),
        ("HLP__MATRICES__MANIFESTS", &*key),
        ("HLP__MATRICES__MANIFESTS", &format!("{key},{key}")),
    ] {
        let other = if variable == tls { public } else { tls };
        let mut variables = vec![(variable, value)];
        if [tls, public].contains(&variable) {
            variables.push((other, "/nowhere.pem"));
        }
        for arguments in [&["check-config"][..], &["check-config", "--json"], &["serve"]] {
            let Outcome { status, stdout, stderr } = run(arguments, &variables);
            assert_eq!(status, Some(2), "{variable}");
            let said = stdout + &stderr;
            assert!(said.contains(variable), "{said}");
            for canary in canaries {
                assert!(!said.contains(canary), "{said}");
            }
        }
    }
    let line = "error: HLP__AUTH__TOKENS: auth.tokens: No such file or directory (os error 2); \
                hint: name a file that the server may read; what stands here is not repeated, for \
                it may be a secret\n";
    assert_eq!(run(&["check-config"], &[(tokens, token)]).stdout, line);
}

#[test]
fn what_is_wrong_in_different_files_is_told_at_once() {
    let folder = Folder::new();
    let [_, certificate] = key_and_certificate();
    let [other_key, _] = key_and_certificate();
    let manifest = folder.write("m.json", "{}");
    folder.write("tokens.toml", "[clients.anna]\nsha256 = 'ab'\n");
    folder.write("cert.pem", &certificate);
    let text = "[server]\nqueue = 0\n[server.tls]\ncertificate = 'cert.pem'\nkey = 'key.pem'\n\
                [auth]\ntokens = 'tokens.toml'\n[matrices]\nmanifests = ['m.json', 'gone.json']\n";
    let config = folder.write("proxy.toml", text);
    let check = || {
        let arguments = ["check-config", "--json", "--config", config.to_str().unwrap()];
        let Outcome { status, stdout, .. } = run(&arguments, &[]);
        assert_eq!(status, Some(2));
        let document: Value = serde_json::from_str(&stdout).expect("it is JSON");
        let found = document["findings"].as_array().expect("a list").clone();
        let line = |it: &Value| {
            let file = it["place"]["file"].as_str().expect("a file").rsplit('/').next().unwrap();
            format!("{file}: {}: {}", it["key"].as_str().unwrap(), it["message"].as_str().unwrap())
        };
        found.iter().map(line).collect::<Vec<_>>()
    };
    let rest = [
        "m.json: matrices.manifests: missing field `format` at line 1 column 2".to_owned(),
        "tokens.toml: auth.tokens: line 2: sha256 is not 64 hexadecimal digits".to_owned(),
    ];
    let queue = "proxy.toml: server.queue: 0 is out of range".to_owned();
    let gone = format!(
        "proxy.toml: matrices.manifests: {}: No such file or directory (os error 2)",
        folder.path("gone.json").display()
    );
    let missing = "proxy.toml: server.tls.key: No such file or directory (os error 2)".to_owned();
    let expected = [&[queue.clone(), missing, gone.clone()][..], &rest].concat();
    assert_eq!(check(), expected);

    folder.write("key.pem", &other_key);
    let wrong = "key.pem: server.tls.key: the key of another certificate".to_owned();
    assert_eq!(check(), [&[queue.clone(), gone.clone()][..], &rest, &[wrong]].concat());

    for name in ["key.pem", "cert.pem"] {
        folder.write(name, "canary");
    }
    let both = [
        "cert.pem: server.tls.certificate: no certificate in it".to_owned(),
        "key.pem: server.tls.key: no private key in it that is PEM".to_owned(),
    ];
    assert_eq!(check(), [&[queue, gone][..], &rest, &both].concat());
    drop(manifest);
}

#[test]
fn the_rows_of_a_matrix_are_read_as_serving_reads_them_unless_they_are_left_out() {
    let folder = Folder::new();
    let entries = [1.0, 2.0, 3.0, f64::NAN].map(f64::to_le_bytes).concat();
    let nan = Matrix::new(vec![]).with("scale", json!(10));
    let nan = nan.write_data(&folder, "nan", &npy("<f8", 2, 2, &entries));
    let long = Matrix::new(vec![vec![724, 0], vec![724, 1]]).write(&folder, "long");
    let other = Matrix::sample(2, 2, 0).with("sha256", json!(sha256(b""))).write(&folder, "other");
    let good = Matrix::sample(2, 2, 0).write(&folder, "good");
    for (manifest, place) in
        [(&nan, "row 1, column 1"), (&long, "row 1: its"), (&other, "the SHA-256"), (&good, "")]
    {
        let text = format!("[matrices]\nmanifests = ['{}']\n", manifest.display());
        let file = File::new("rows.toml", &text);
        let check = ["check-config", "--config", file.path()];
        let Outcome { status, stdout, .. } = run(&check, &[]);
        if manifest == &good {
            assert_eq!(status, Some(0), "{stdout}");
        } else {
            assert_eq!(status, Some(2), "{stdout}");
            let refusal = refusal(manifest);
            assert!(refusal.contains(place), "{refusal}");
            let (path, reason) = refusal.split_once(": ").expect("a file and a reason");
            let line = format!("error: {path}: matrices.manifests: {reason}; hint: ");
            assert!(stdout.starts_with(&line), "{stdout}");
        }
        let Outcome { status, stdout, .. } = run(&[&check[..], &["--no-data"]].concat(), &[]);
        assert_eq!(status, Some(0), "{stdout}");
    }
}
