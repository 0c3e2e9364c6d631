//! Providers: addresses, globs and keys.

use super::super::Examined;
use super::{findings, read};

/// A provider with one key that is different.
fn provider(key: &str, value: &str) -> String {
    let mut keys = vec![
        ("kind", "'openai'".to_owned()),
        ("base_url", "'https://api.example.com'".to_owned()),
        ("models", "['gpt-*']".to_owned()),
    ];
    keys.retain(|(name, _)| *name != key);
    keys.push((key, value.to_owned()));
    let lines = keys.iter().map(|(name, value)| format!("{name} = {value}\n"));
    format!("[providers.a]\n{}", lines.collect::<String>())
}

#[test]
fn a_provider_is_reached_by_https_only_unless_it_is_on_this_machine() {
    for (address, expected) in [
        ("http://api.example.com", "prompts and the key would be sent in the clear"),
        ("http://127.0.0.1.example.com", "prompts and the key would be sent in the clear"),
        ("ftp://localhost", "prompts and the key would be sent in the clear"),
        ("api.example.com", "this is no address"),
        ("https://user:canary@api.example.com", "the address contains a user or a password"),
        ("https://api.example.com?key=canary", "the address contains a query or a fragment"),
        ("https://api.example.com/v1/", "the address ends in /v1, which the routes add"),
    ] {
        let found = findings("address", &provider("base_url", &format!("'{address}'")), &[]);
        assert_eq!(found, [format!("4:1: providers.a.base_url: {expected}")], "{address}");
    }
    for address in ["http://127.0.0.2:8", "http://[::1]:8/api", "http://localhost", "HTTPS://a.b"] {
        let found = findings("right", &provider("base_url", &format!("'{address}'")), &[]);
        assert!(found.is_empty(), "{address}: {found:?}");
    }
}

#[test]
fn globs_that_cannot_be_read_or_mean_two_providers_are_found() {
    let found = findings("glob", &provider("models", "['[', 'a{b', 'fine-*']"), &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("4:1: providers.a.models: `[` is no glob: "), "{found:?}");
    let found = findings("none", &provider("models", "[]"), &[]);
    assert_eq!(found, ["4:1: providers.a.models: the list is empty"]);

    let both =
        provider("models", "['gpt-*']") + &provider("models", "['gpt-*']").replace(".a]", ".b]");
    let found = findings("both", &both, &[]);
    assert_eq!(found, ["8:1: providers.b.models: `gpt-*` is in providers.a.models too"]);
}

#[test]
fn a_key_that_is_missing_empty_or_no_key_names_the_variable_and_never_the_value() {
    let at = "5:1: providers.a.api_key_env";
    let text = provider("api_key_env", "'SOME_KEY'");
    for (value, expected) in [
        (None, "the variable SOME_KEY is not set"),
        (Some(""), "the variable SOME_KEY is empty"),
        (Some("canary\n"), "the variable SOME_KEY contains a space, a line end or the like"),
    ] {
        let variables: Vec<_> = value.map(|value| ("SOME_KEY", value)).into_iter().collect();
        assert_eq!(findings("key", &text, &variables), [format!("{at}: {expected}")]);
    }
    let found = findings("itself", &provider("api_key_env", "'sk-canary'"), &[]);
    assert_eq!(found, [format!("{at}: this is no name of a variable (capitals, digits, _)")]);
}

#[test]
fn a_key_is_taken_from_its_variable_and_never_shown() {
    let Examined { config, findings } =
        read("secret", &provider("api_key_env", "'SOME_KEY'"), &[("SOME_KEY", "sk-canary")]);
    assert_eq!(findings, []);
    assert_eq!(config.providers["a"].key.as_ref().unwrap().expose(), "sk-canary");
    let shown = format!("{config:?}{}", toml::to_string(&config).unwrap());
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_proxy_reads_nothing_in_the_clear_and_asks_for_no_password() {
    let text = provider("proxy", "'http://proxy.example:3128'");
    assert!(findings("tunnel", &text, &[]).is_empty(), "TLS goes through the proxy");
    let plain = text.replace("https://api.example.com", "http://localhost");
    let expected = "5:1: providers.a.proxy: prompts and the key would be sent in the clear";
    assert_eq!(findings("plain", &plain, &[]), [expected]);
    for (address, expected) in [
        ("http://u:canary@proxy.example", "the address contains a user or a password"),
        ("socks5://proxy.example", "this is no address of a proxy"),
        ("proxy.example:3128", "this is no address of a proxy"),
    ] {
        let found = findings("proxy", &provider("proxy", &format!("'{address}'")), &[]);
        assert_eq!(found, [format!("5:1: providers.a.proxy: {expected}")], "{address}");
    }
}

#[test]
fn what_is_wrong_beside_a_wrong_type_is_found_in_the_same_run() {
    let text = "\
[server]
queue = 0
threads = 'many'
[server.tls]
certificate = '/nowhere.pem'
[providers.'bad name']
kind = 'opnai'
base_url = 'https://u:canary@a.example.com'
timeout_seconds = 'x'
models = ['[']
[providers.b]
kind = 3
timeout_seconds = 0
models = ['[']
";
    let Examined { findings, .. } = read("at-once", text, &[]);
    let found: Vec<_> = findings.iter().map(|it| format!("{}: {}", it.key, it.message)).collect();
    let glob = "`[` is no glob: unclosed character class; missing ']'";
    let mut expected = [
        "providers.b.base_url: the key is missing".to_owned(),
        "providers.b.kind: the value is none of openai, anthropic".to_owned(),
        format!("providers.b.models: {glob}"),
        "providers.b.timeout_seconds: 0 is out of range".to_owned(),
        "providers.bad name.base_url: the address contains a user or a password".to_owned(),
        "providers.bad name.kind: the value is none of openai, anthropic".to_owned(),
        format!("providers.bad name.models: {glob}"),
        "providers.bad name.timeout_seconds: the value is not a whole number from 0 upwards"
            .to_owned(),
        "providers.bad name: this is no name of a provider".to_owned(),
        "server.queue: 0 is out of range".to_owned(),
        "server.threads: the value is not a whole number from 0 upwards".to_owned(),
        "server.tls.certificate: /nowhere.pem: No such file or directory (os error 2)".to_owned(),
        "server.tls.key: the key is missing".to_owned(),
    ];
    let mut found = found;
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_missing_key_names_a_variable_only_where_one_can_be() {
    let text = "[providers.'bad name']\nkind = 'openai'\nmodels = ['a']\n[providers.'a.b']\n\
                [providers.good]\nkind = 'openai'\nmodels = ['b']\n";
    let Examined { findings, .. } = read("no-variable", text, &[]);
    let hint = |key: &str| &findings.iter().find(|finding| finding.key == key).unwrap().hint;
    assert_eq!(hint("providers.bad name.base_url"), "write it");
    assert_eq!(hint("providers.a.b.kind"), "write it");
    let named = "write it, or set HLP__PROVIDERS__GOOD__BASE_URL";
    assert_eq!(hint("providers.good.base_url"), named);
}
