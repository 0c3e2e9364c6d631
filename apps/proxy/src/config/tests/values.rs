//! What is said of a value that does not fit its key.

use super::super::Examined;
use super::{findings, read};

#[test]
fn no_value_of_a_wrong_type_is_repeated_wherever_it_stands() {
    let number = "the value is not a whole number from 0 upwards";
    for (key, expected) in [
        ("server.listen", "the value is not an IP address and a port"),
        ("server.threads", number),
        ("server.max_connections", number),
        ("limits.burst", number),
        ("matrices.reload_seconds", number),
        ("auth.open", "the value is not true or false"),
        ("privacy.epsilon_per_day", "the value is not a number"),
        ("matrices.manifests", "the value is not a list"),
        ("server.tls", "the value is not a section"),
        ("auth", "the value is not a section"),
        ("log.format", "the value is none of json, text"),
        ("log.level", "the value is none of error, warn, info, debug, trace"),
    ] {
        let found = findings("secret-text", &format!("{key} = 'sk-live-canary'\n"), &[]);
        assert_eq!(
            found,
            [format!("1:{}: {key}: {expected}", 1 + key.rfind('.').map_or(0, |dot| dot + 1))]
        );
        let shown = format!(
            "{:?}",
            read("secret-hint", &format!("{key} = 'sk-live-canary'"), &[]).findings
        );
        assert!(!shown.contains("canary"), "{shown}");
        // A list of a variable is any text, of which each part is a path.
        if key != "matrices.manifests" {
            let variable = format!("HLP__{}", key.replace('.', "__").to_uppercase());
            let found = findings("secret-variable", "", &[(&variable, "sk-live-canary")]);
            assert_eq!(found, [format!("{variable}: {key}: {expected}")]);
        }
    }
    for (key, value, expected) in [
        ("log.level", "1979", "the value is not a text"),
        ("log.level", "['canary']", "the value is not a text"),
        ("log.level", "1979-05-27", "the value is not a text"),
        ("auth.tokens", "1979", "the value is not a path"),
        ("matrices.manifests", "[{ canary = 1 }]", "the value is not a path"),
        ("server.threads", "1.979", number),
        ("server.threads", "{ canary = 1 }", number),
        ("privacy.delta", "'1979'", "the value is not a number"),
    ] {
        let text = format!("{key} = {value}\n");
        let found = findings("secret-number", &text, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with(&format!("{key}: {expected}")), "{found:?}");
    }
    let broken = [("HLP__MATRICES__MANIFESTS", "['sk-live-canary'")];
    let expected = "the value begins like a TOML array and is none";
    let place = "HLP__MATRICES__MANIFESTS: matrices.manifests";
    assert_eq!(findings("secret-list", "", &broken), [format!("{place}: {expected}")]);
    for text in ["[server]\nthreads = sk-live-canary\n", "threads = 'sk-live-canary\n"] {
        let found = format!("{:?}", read("secret-syntax", text, &[]).findings);
        assert!(!found.contains("canary") && found.contains("line: "), "{found}");
    }
}

#[test]
fn an_address_without_a_number_is_told_what_an_address_is() {
    let Examined { findings, .. } = read("name", "[server]\nlisten = 'localhost:8080'\n", &[]);
    assert_eq!(findings[0].message, "the value is not an IP address and a port");
    let hint = "write both, such as \"127.0.0.1:8080\" or \"[::1]:8080\"; names are not looked up";
    assert_eq!(findings[0].hint, hint);
}

#[test]
fn a_number_that_no_computer_holds_is_found() {
    let found = findings("huge", "[server]\nqueue = 99999999999999999999999999\n", &[]);
    assert!(found[0].starts_with("2:1: queue: "), "{found:?}");
}

#[test]
fn every_fault_of_the_syntax_is_found() {
    let found = findings("syntax", "[server]\nqueue = \nthreads = [\n", &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("2:") && found[1].starts_with("3:"), "{found:?}");
}
