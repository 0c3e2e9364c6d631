//! `hlp-proxy check-config`, and `serve` with a configuration that it refuses.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::support::set_mode;
use crate::{File, Outcome, run};

#[test]
fn a_config_with_an_unknown_key_is_refused_with_file_line_column_and_the_nearest_key() {
    let file = File::new("unknown.toml", "[server]\nqueue = 3\n  lisen = '127.0.0.1:0'\n");
    let place = format!("{}:3:3", file.path());
    let Outcome { status, stdout, stderr } = run(&["check-config", "--config", file.path()], &[]);
    assert_eq!((status, &*stderr), (Some(2), ""));
    let line = format!(
        "error: {place}: server.lisen: there is no such key; hint: did you mean `listen`?\n"
    );
    assert_eq!(stdout, line);

    let Outcome { status, stdout, stderr } = run(&["serve", "--config", file.path()], &[]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    let expected = format!(
        "error: {place}: server.lisen: there is no such key\n\nhint: did you mean `listen`?\n"
    );
    assert_eq!(stderr, expected);
}

#[test]
fn a_wrong_value_in_the_environment_names_its_variable() {
    let variables = [("HLP__SERVER__QUEUE", "many"), ("HLP__LIMITS__BRUST", "3")];
    let Outcome { status, stdout, .. } = run(&["check-config"], &variables);
    assert_eq!(status, Some(2));
    assert_eq!(
        stdout,
        "error: HLP__LIMITS__BRUST: limits.brust: there is no such key; hint: did you mean `burst`?\n\
         error: HLP__SERVER__QUEUE: server.queue: the value is not a whole number from 0 upwards; \
         hint: write a whole number without quotes, such as 8\n"
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once_when_serving_too() {
    let file = File::new("faults.toml", "[server]\nqueue = 0\n[privacy]\ndelta = nan\n");
    let Outcome { status, stderr, .. } = run(&["serve", "--config", file.path()], &[]);
    assert_eq!(status, Some(2));
    let path = file.path();
    assert_eq!(
        stderr,
        format!(
            "error: the configuration has 2 faults\n  {path}:2:1: server.queue: 0 is out of range\n  \
             {path}:4:1: privacy.delta: NaN is no δ\n\nhint: give a number from 1 to 65536\n"
        )
    );
}

#[test]
fn findings_and_configuration_are_one_document_with_json() {
    let file = File::new("json.toml", "[limits]\nburst = 0\n");
    let arguments = ["check-config", "--json", "--config", file.path()];
    let Outcome { status, stdout, .. } = run(&arguments, &[]);
    assert_eq!(status, Some(2));
    let expected = json!({
        "ok": false,
        "findings": [{
            "severity": "error",
            "place": { "file": file.path(), "line": 2, "column": 1 },
            "key": "limits.burst",
            "message": "0 is out of range",
            "hint": "give a number from 1 to 1000000",
        }],
        "configuration": null,
    });
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), expected);

    let Outcome { status, stdout, .. } = run(&arguments, &[("HLP__LIMITS__BURST", "7")]);
    assert_eq!(status, Some(0));
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&document["ok"], &document["findings"]), (&json!(true), &json!([])));
    assert_eq!(document["configuration"]["limits"]["burst"], 7);
    assert_eq!(document["configuration"]["server"]["listen"], "127.0.0.1:8080");
}

#[test]
fn the_configuration_in_effect_is_shown_without_the_keys_of_providers() {
    let text = "[providers.a]\nkind = 'openai'\nbase_url = 'https://api.example.com'\n\
                models = ['gpt-*']\napi_key_env = 'SOME_KEY'\n";
    let file = File::new("effect.toml", text);
    let variables = [("SOME_KEY", "sk-canary"), ("HLP__SERVER__QUEUE", "5")];
    for more in [&[][..], &["--json"]] {
        let arguments = [&["check-config", "--config", file.path()], more].concat();
        let Outcome { status, stdout, stderr } = run(&arguments, &variables);
        assert_eq!((status, &*stderr), (Some(0), ""));
        assert!(stdout.contains("SOME_KEY") && !stdout.contains("canary"), "{stdout}");
    }
    let shown = run(&["check-config", "--config", file.path()], &variables).stdout;
    assert!(shown.contains("queue = 5\n"), "{shown}");
    let again = File::new("again.toml", &shown);
    let Outcome { status, stdout, .. } =
        run(&["check-config", "--config", again.path()], &variables);
    assert_eq!((status, stdout), (Some(0), shown), "what is shown is a configuration itself");
}

#[test]
fn a_key_that_stands_in_the_file_itself_is_not_repeated() {
    let text = "[providers.a]\nkind = 'openai'\nbase_url = 'https://u:sk-canary@api.example.com'\n\
                models = ['*']\napi_key = 'sk-canary'\napi_key_env = 'sk-canary'\n";
    let file = File::new("inside.toml", text);
    for command in ["check-config", "serve"] {
        let Outcome { status, stdout, stderr } = run(&[command, "--config", file.path()], &[]);
        assert_eq!(status, Some(2));
        assert!(!stdout.contains("canary") && !stderr.contains("canary"), "{stdout}{stderr}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let latin = File::new("latin.toml", "");
    fs::write(latin.path(), b"# caf\xe9\n").unwrap();
    let Outcome { status, stdout, .. } = run(&["check-config", "--config", latin.path()], &[]);
    assert_eq!(status, Some(2));
    let line =
        format!("error: {}:1:6: the file is not UTF-8; hint: save it as UTF-8\n", latin.path());
    assert_eq!(stdout, line);
    let Outcome { status, stdout, .. } = run(&["check-config", "--config", "/dev/zero"], &[]);
    assert_eq!(status, Some(2));
    assert!(stdout.starts_with("error: /dev/zero: it is not a regular file; hint: "), "{stdout}");
    let Outcome { status, stdout, .. } = run(&["check-config", "--config", "/nowhere.toml"], &[]);
    assert_eq!(status, Some(2));
    assert!(stdout.starts_with("error: /nowhere.toml: No such file"), "{stdout}");
}

#[test]
#[cfg(unix)]
fn tokens_are_looked_at_and_what_is_unwise_is_a_warning() {
    let digest = "ab".repeat(32);
    let tokens = File::new("tokens.toml", &format!("[clients.anna]\nsha256 = \"{digest}\"\n"));
    let file = File::new("warned.toml", &format!("[auth]\ntokens = '{}'\n", tokens.path()));
    set_mode(&tokens.0, 0o644);
    let check = || run(&["check-config", "--config", file.path()], &[]);
    let Outcome { status, stdout, .. } = check();
    assert_eq!(status, Some(0));
    let start = format!("# warning: {} can be read by others", tokens.path());
    assert!(stdout.starts_with(&start), "{stdout}");
    let again = File::new("commented.toml", &stdout);
    assert_eq!(run(&["check-config", "--config", again.path()], &[]).status, Some(0));

    fs::write(tokens.path(), "[clients.anna]\nsha256 = \"ab\"\n").unwrap();
    let Outcome { status, stdout, .. } = check();
    assert_eq!(status, Some(2));
    assert!(stdout.starts_with(&format!("error: {}: ", tokens.path())), "{stdout}");
}

#[test]
#[cfg(unix)]
fn a_token_file_that_names_nobody_is_an_error_as_it_is_when_serving() {
    let tokens = File::new("nobody.toml", "");
    let file = File::new("nobody-in.toml", &format!("[auth]\ntokens = '{}'\n", tokens.path()));
    for empty in ["", "[clients]\n", "# nobody\n"] {
        fs::write(tokens.path(), empty).unwrap();
        set_mode(&tokens.0, 0o600);
        let Outcome { status, stdout, .. } = run(&["check-config", "--config", file.path()], &[]);
        assert_eq!(status, Some(2));
        let line = format!("error: {} names no client, so nobody may ask\n", tokens.path());
        assert_eq!(stdout, line);
    }
}

#[test]
fn a_manifest_that_cannot_be_served_is_found_without_serving() {
    let manifest = File::new("broken.json", r#"{"format":1,"name":"handbook","colour":"red"}"#);
    let file =
        File::new("manifest.toml", &format!("[matrices]\nmanifests = ['{}']\n", manifest.path()));
    let Outcome { status, stdout, .. } = run(&["check-config", "--config", file.path()], &[]);
    assert_eq!(status, Some(2));
    let start = format!("error: {}: matrices.manifests: unknown field `colour`", manifest.path());
    assert!(stdout.starts_with(&start), "{stdout}");
}

#[test]
fn a_system_without_certificates_serves_a_provider_on_this_machine_and_no_other() {
    let none = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
    let provider = |base_url| {
        let text = "[providers.a]\nkind = 'openai'\nmodels = ['*']\nbase_url = ";
        File::new("roots.toml", &format!("{text}'{base_url}'\n"))
    };
    let file = provider("http://127.0.0.1:1");
    assert_eq!(run(&["check-config", "--config", file.path()], &none).status, Some(0));
    let file = provider("https://api.example.com");
    let Outcome { status, stdout, .. } = run(&["check-config", "--config", file.path()], &none);
    assert_eq!(status, Some(2));
    assert!(stdout.starts_with("error: providers.a.base_url: "), "{stdout}");
    assert!(stdout.contains("hint: install the certificates of the system"), "{stdout}");
}

#[test]
fn a_file_of_authorities_without_a_certificate_is_found() {
    let text =
        "[providers.a]\nkind = 'openai'\nmodels = ['*']\nbase_url = 'https://a.example'\nca = ";
    for (pem, expected) in [
        ("", "holds no certificate"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "error: providers.a.ca: ",
        ),
    ] {
        let ca = File::new("ca.pem", pem);
        let file = File::new("ca.toml", &format!("{text}'{}'\n", ca.path()));
        let Outcome { status, stdout, .. } = run(&["check-config", "--config", file.path()], &[]);
        assert_eq!(status, Some(2));
        assert!(stdout.contains(expected), "{stdout}");
    }
}

#[test]
fn what_is_shown_means_the_same_in_another_folder() {
    let anna = format!("[clients.anna]\nsha256 = \"{}\"\n", "ab".repeat(32));
    let tokens = File::new("elsewhere-tokens.toml", &anna);
    let name = tokens.0.file_name().unwrap().to_str().unwrap();
    let file = File::new("here.toml", &format!("[auth]\ntokens = '{name}'\n"));
    let shown = |directory: &Path, config: &Path, variables: &[(&str, &str)]| {
        let output = Command::new(env!("CARGO_BIN_EXE_hlp-proxy"))
            .args(["check-config", "--config"])
            .arg(config)
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(directory)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text[text.find("# the configuration in effect").unwrap()..].to_owned()
    };
    let folder = file.0.parent().unwrap();
    let relative = Path::new(file.0.file_name().unwrap());
    let text = shown(folder, relative, &[]);
    assert!(text.contains(&format!("tokens = \"{}\"\n", tokens.path())), "{text}");
    let other = File::new("other", "");
    fs::remove_file(other.path()).unwrap();
    fs::create_dir(other.path()).unwrap();
    let saved = other.0.join("saved.toml");
    fs::write(&saved, &text).unwrap();
    assert_eq!(shown(Path::new("/"), &saved, &[]), text);
    fs::remove_dir_all(other.path()).unwrap();
    let text = shown(folder, relative, &[("HLP__AUTH__TOKENS", name)]);
    assert!(text.contains(&format!("tokens = \"{}\"\n", tokens.path())), "{text}");
}

/// A pipe that nobody writes to: whoever opens it waits.
fn pipe(name: &str) -> File {
    let file = File::new(name, "");
    fs::remove_file(file.path()).expect("the name is free");
    let made = Command::new("mkfifo").arg(file.path()).status().expect("mkfifo runs");
    assert!(made.success());
    file
}

#[test]
fn a_pipe_in_the_place_of_any_file_is_refused_and_not_waited_for() {
    let pipe = pipe("pipe");
    let path = pipe.path();
    let good = File::new("good.pem", "");
    let provider =
        "[providers.a]\nkind = 'openai'\nbase_url = 'https://a.example.com'\nmodels = ['*']\n";
    for (key, text) in [
        ("auth.tokens", format!("[auth]\ntokens = '{path}'\n")),
        ("matrices.manifests", format!("[matrices]\nmanifests = ['{path}']\n")),
        (
            "server.tls.certificate",
            format!("[server.tls]\ncertificate = '{path}'\nkey = '{}'\n", good.path()),
        ),
        (
            "server.tls.key",
            format!("[server.tls]\nkey = '{path}'\ncertificate = '{}'\n", good.path()),
        ),
        ("providers.a.ca", format!("{provider}ca = '{path}'\n")),
    ] {
        let file = File::new("piped.toml", &text);
        for command in ["check-config", "serve"] {
            let Outcome { status, stdout, stderr } = run(&[command, "--config", file.path()], &[]);
            assert_eq!(status, Some(2), "{command} {key}");
            let expected = format!("{key}: {path}: it is not a regular file");
            assert!((stdout + &stderr).contains(&expected), "{command} {key}");
        }
    }
    for command in ["check-config", "serve"] {
        let Outcome { status, stdout, stderr } = run(&[command, "--config", path], &[]);
        assert_eq!(status, Some(2), "{command}");
        let expected = format!("error: {path}: it is not a regular file");
        assert!((stdout + &stderr).starts_with(&expected), "{command}");
    }
}
