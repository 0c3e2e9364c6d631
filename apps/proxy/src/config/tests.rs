//! What the texts of files and variables become.

mod providers;
mod values;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::environment::overlay;
use super::load::typed;
use super::tree::Node;
use super::{Config, Examined, Sources, examine, load};

fn environment(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A file that is deleted when this is dropped.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hlp-{}-{name}.toml", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn read(name: &str, text: &str, variables: &[(&str, &str)]) -> Examined {
    let file = File::new(name, text);
    let environment = environment(variables);
    examine(&Sources { file: Some(&file.0), environment: &environment, ..Sources::default() })
}

/// The findings of a file, each without the folder of the file.
fn findings(name: &str, text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let short =
        |text: String| text.split_once(".toml:").map(|(_, rest)| rest.to_owned()).unwrap_or(text);
    read(name, text, variables).findings.iter().map(|finding| short(finding.to_string())).collect()
}

#[test]
fn nothing_at_all_is_the_defaults() {
    let config = load(&Sources::default()).unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn every_key_can_be_written_in_the_file() {
    let effective = toml::to_string(&Config::default()).unwrap();
    let Examined { config, findings } = read("every", &effective, &[]);
    assert_eq!(findings, []);
    assert_eq!(toml::to_string(&config).unwrap(), effective);
}

#[test]
fn a_variable_wins_over_the_file_and_an_option_over_both() {
    let file = File::new("wins", "[server]\nlisten = '127.0.0.1:1'\nqueue = 7\n");
    let environment =
        environment(&[("HLP__SERVER__LISTEN", "127.0.0.1:2"), ("HLP__LIMITS__BURST", "9")]);
    let mut sources =
        Sources { file: Some(&file.0), environment: &environment, ..Sources::default() };
    let config = load(&sources).unwrap();
    assert_eq!((config.server.listen.port(), config.server.queue, config.limits.burst), (2, 7, 9));
    sources.listen = Some("[::1]:3".to_owned());
    assert_eq!(load(&sources).unwrap().server.listen.to_string(), "[::1]:3");
}

#[test]
fn a_variable_has_the_type_of_its_key() {
    let environment = environment(&[
        ("HLP__AUTH__OPEN", "true"),
        ("HLP__PRIVACY__EPSILON_PER_DAY", "3.5"),
        ("HLP__LOG__FORMAT", "text"),
        ("HLP__PROVIDERS__LOCAL__KIND", "openai"),
        ("HLP__PROVIDERS__LOCAL__BASE_URL", "http://127.0.0.1:9"),
        ("HLP__PROVIDERS__LOCAL__MODELS", "gpt-*, 4o , "),
        ("HLP__PROVIDERS__OTHER__KIND", "anthropic"),
        ("HLP__PROVIDERS__OTHER__BASE_URL", "https://example.com"),
        ("HLP__PROVIDERS__OTHER__MODELS", "['a,b', \"c\"]"),
        ("HLP__PROVIDERS__OTHER__CA", ""),
    ]);
    let config = load(&Sources { environment: &environment, ..Sources::default() }).unwrap();
    assert!(config.auth.open);
    assert_eq!(config.privacy.epsilon_per_day, 3.5);
    assert_eq!(config.log.format, super::LogFormat::Text);
    assert_eq!(config.providers["local"].models, ["gpt-*", "4o"]);
    assert_eq!(config.providers["other"].models, ["a,b", "c"]);
    assert_eq!(config.providers["other"].ca, None);
}

#[test]
fn every_unknown_key_and_every_wrong_type_is_found_at_its_place() {
    let text = "\
lisen = 1
[server]
  queu = 3
threads = 'many'
[limits]
burst = -1
[providers.a]
kind = 'opnai'
models = 'gpt-*'
api_key = 'sk-canary'
";
    assert_eq!(
        findings("unknown", text, &[("HLP__SERVER__GRACE", "1"), ("HLP__LOG__FORMAT", "xml")]),
        [
            "6:1: limits.burst: the value is not a whole number from 0 upwards",
            "1:1: lisen: there is no such key",
            "HLP__LOG__FORMAT: log.format: the value is none of json, text",
            "10:1: providers.a.api_key: there is no such key",
            "8:1: providers.a.kind: the value is none of openai, anthropic",
            "9:1: providers.a.models: the value is not a list",
            "7:12: providers.a.base_url: the key is missing",
            "HLP__SERVER__GRACE: server.grace: there is no such key",
            "3:3: server.queu: there is no such key",
            "4:1: server.threads: the value is not a whole number from 0 upwards",
        ]
    );
    let Examined { findings, .. } = read("hints", text, &[]);
    let hint = |key: &str| findings.iter().find(|finding| finding.key == key).unwrap().hint.clone();
    assert!(hint("lisen").starts_with("known are server, auth, limits"));
    assert_eq!(hint("server.queu"), "did you mean `queue`?");
    assert_eq!(hint("providers.a.api_key"), "did you mean `api_key_env`?");
    assert!(!format!("{findings:?}").contains("canary"));
}

#[test]
fn a_key_that_is_missing_is_found_where_its_table_begins() {
    let text = "\n[providers.a]\nkind = 'openai'\nmodels = ['*']\n";
    assert_eq!(findings("missing", text, &[]), ["2:12: providers.a.base_url: the key is missing"]);
}

#[test]
fn every_absurd_number_is_found() {
    let text = "\
[server]
queue = 0
max_connections = 0
threads = 100000
max_queries = 0
header_timeout_seconds = 0
body_timeout_seconds = 1000000
answer_timeout_seconds = 0
grace_seconds = 9223372036854775807
[limits]
burst = 0
chat_body_bytes = 99999999999
concurrent_chats = 0
[privacy]
epsilon_per_day = nan
delta = 1
[matrices]
reload_seconds = 9999999
";
    let found = findings("absurd", text, &[("HLP__PRIVACY__DELTA", "inf")]);
    assert_eq!(
        found,
        [
            "4:1: server.threads: 100000 is out of range",
            "2:1: server.queue: 0 is out of range",
            "5:1: server.max_queries: 0 is out of range",
            "3:1: server.max_connections: 0 is out of range",
            "6:1: server.header_timeout_seconds: 0 is out of range",
            "7:1: server.body_timeout_seconds: 1000000 is out of range",
            "8:1: server.answer_timeout_seconds: 0 is out of range",
            "9:1: server.grace_seconds: 9223372036854775807 is out of range",
            "11:1: limits.burst: 0 is out of range",
            "12:1: limits.chat_body_bytes: 99999999999 is out of range",
            "13:1: limits.concurrent_chats: 0 is out of range",
            "18:1: matrices.reload_seconds: 9999999 is out of range",
            "15:1: privacy.epsilon_per_day: NaN is no cap of ε",
            "HLP__PRIVACY__DELTA: privacy.delta: inf is no δ",
        ]
    );
}

#[test]
fn an_address_that_everybody_can_reach_needs_tokens_or_consent() {
    let public = ("HLP__SERVER__LISTEN", "0.0.0.0:0");
    let message =
        "HLP__SERVER__LISTEN: server.listen: 0.0.0.0:0 is not the loop-back, and anybody may ask";
    assert_eq!(findings("public", "", &[public]), [message]);
    let none: [&str; 0] = [];
    assert_eq!(findings("open", "[auth]\nopen = true\n", &[public]), none);
    assert_eq!(findings("mapped", "", &[("HLP__SERVER__LISTEN", "[::ffff:127.0.0.1]:0")]), none);
}

#[test]
fn a_path_of_the_file_starts_at_its_folder_and_one_of_a_variable_does_not() {
    let text = "[matrices]\nmanifests = ['a.json', '/b.json']\n[auth]\ntokens = 'tokens.toml'\n";
    let folder = std::env::temp_dir();
    let Examined { config, findings } = read("paths", text, &[]);
    assert_eq!(config.matrices.manifests, [folder.join("a.json"), PathBuf::from("/b.json")]);
    assert_eq!(config.auth.tokens, Some(folder.join("tokens.toml")));
    assert_eq!(findings.len(), 3, "none of them is there: {findings:?}");
    let config = read("variable", text, &[("HLP__AUTH__TOKENS", "x.toml")]).config;
    assert_eq!(config.auth.tokens.as_deref(), Some(Path::new("x.toml")));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "[a-z.=\\[\\]'\"{}0-9 \n-]{0,60}", value in ".{0,20}") {
        let environment = environment(&[("HLP__SERVER__QUEUE", &value), ("HLP__AUTH", &value)]);
        let mut findings = Vec::new();
        if let Ok(mut tree) = Node::from_toml(Path::new("f"), &text) {
            overlay(&mut tree, &environment);
            typed(&mut tree, &mut findings);
        }
    }

    #[test]
    fn a_list_of_a_variable_is_read_without_a_panic(value in "[a-z,'\\[\\]\" ]{0,20}") {
        let environment = environment(&[("HLP__MATRICES__MANIFESTS", &value)]);
        examine(&Sources { environment: &environment, ..Sources::default() });
    }
}
