//! What the binary says about itself.

use serde_json::Value;

use crate::{Outcome, run};

#[test]
fn the_help_names_every_command_and_how_to_configure() {
    let Outcome { status, stdout, .. } = run(&["--help"], &[]);
    assert_eq!(status, Some(0));
    for word in ["serve", "check-config", "token", "HLP__SERVER__LISTEN", "Exit status"] {
        assert!(stdout.contains(word), "{word} is not in: {stdout}");
    }
    for (command, options) in [
        ("serve", &["--config <FILE>", "--listen <ADDRESS>", "--matrix <MANIFEST>"][..]),
        ("check-config", &["--config <FILE>", "--no-data", "--json"]),
        ("token", &["<NAME>"]),
    ] {
        let Outcome { status, stdout, .. } = run(&[command, "--help"], &[]);
        assert_eq!(status, Some(0));
        assert!(options.iter().all(|option| stdout.contains(option)), "{stdout}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let expected = concat!("hlp-proxy ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run(&["--version"], &[]).stdout, expected);
}

#[test]
fn wrong_usage_ends_with_status_2_and_the_command_that_was_meant() {
    let Outcome { status, stdout, stderr } = run(&["chek-config"], &[]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    assert!(stderr.contains("'check-config'"), "{stderr}");
    for arguments in [&[][..], &["serve", "--nothing"], &["token"], &["check-config", "x"]] {
        assert_eq!(run(arguments, &[]).status, Some(2), "{arguments:?}");
    }
}

#[test]
fn an_address_that_is_none_names_the_option() {
    let Outcome { status, stderr, .. } = run(&["serve", "--listen", "here"], &[]);
    assert_eq!(status, Some(2));
    assert!(stderr.starts_with("error: --listen: server.listen: "), "{stderr}");
}

#[test]
fn the_readme_lists_every_key_of_the_configuration_and_no_other() {
    let mut listed: Vec<&str> = rows_of_the_configuration()
        .filter_map(|row| row.split(" |").next())
        .flat_map(|cell| cell.split('`'))
        .filter(|word| word.contains('.') && !word.contains(' '))
        .collect();
    let mut keys = vec!["server.tls.certificate".to_owned(), "server.tls.key".to_owned()];
    flatten("", &configuration_with_a_provider(), &mut keys);
    keys.retain(|key| key != "server.tls");
    for key in &mut keys {
        *key = key.replace("providers.name.", "providers.NAME.");
    }
    keys.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, keys);
}

#[test]
fn the_readme_has_the_defaults_of_the_configuration() {
    let configuration = configuration_with_a_provider();
    let mut count = 0;
    for row in rows_of_the_configuration() {
        let cells: Vec<&str> =
            row.split(" |").map(|cell| cell.trim_matches([' ', '|', '`'])).collect();
        if cells[1].is_empty() {
            continue;
        }
        let default = serde_json::from_str(cells[1]).unwrap_or_else(|_| Value::from(cells[1]));
        let place = format!("/{}", cells[0].replace("NAME", "name").replace('.', "/"));
        assert_eq!(configuration.pointer(&place), Some(&default), "{row}");
        count += 1;
    }
    assert_eq!(count, 23);
}

fn rows_of_the_configuration() -> impl Iterator<Item = &'static str> {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Configuration\n").expect("the section begins");
    let (section, _) = section.split_once("\n## ").expect("the section ends");
    section.lines().filter(|line| line.starts_with("| `"))
}

fn configuration_with_a_provider() -> Value {
    let provider = [
        ("HLP__PROVIDERS__NAME__KIND", "openai"),
        ("HLP__PROVIDERS__NAME__BASE_URL", "https://api.example.com"),
        ("HLP__PROVIDERS__NAME__MODELS", "*"),
    ];
    let shown = run(&["check-config", "--json"], &provider).stdout;
    let mut document: Value = serde_json::from_str(&shown).expect("one document");
    document["configuration"].take()
}

fn flatten(prefix: &str, value: &Value, keys: &mut Vec<String>) {
    match value.as_object() {
        None => keys.push(prefix.to_owned()),
        Some(object) => object.iter().for_each(|(key, value)| {
            let dot = if prefix.is_empty() { "" } else { "." };
            flatten(&format!("{prefix}{dot}{key}"), value, keys);
        }),
    }
}
