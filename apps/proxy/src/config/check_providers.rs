//! Providers: their addresses, their keys in the environment, the models that they serve.

use std::collections::BTreeMap;
use std::net::IpAddr;

use globset::Glob;
use reqwest::Url;

use super::check::{Checker, number};
use super::secret::Secret;
use super::{Config, Provider, ProviderKind};

/// Checks every provider and takes its key from the environment.
pub(super) fn check(
    config: &mut Config,
    environment: &[(String, String)],
    checker: &mut Checker<'_>,
) {
    for (name, provider) in &mut config.providers {
        let at = |key: &str| format!("providers.{name}.{key}");
        check_name(checker, name);
        check_address(checker, &at("base_url"), &provider.base_url);
        if let Some(proxy) = &provider.proxy {
            check_proxy(checker, &at("proxy"), (proxy, &provider.base_url));
        }
        number(checker, &at("timeout_seconds"), provider.timeout_seconds, (1, 3600));
        check_models(checker, &at("models"), &provider.models);
        if let Some(variable) = &provider.api_key_env {
            provider.key = key(checker, &at("api_key_env"), variable, environment);
        }
    }
    check_overlap(checker, &config.providers);
}

fn check_name(checker: &mut Checker<'_>, name: &str) {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(letters) {
        let hint = "use small letters, digits and _: a variable of the environment can name it too";
        checker.error(&format!("providers.{name}"), "this is no name of a provider", hint);
    }
}

fn check_address(checker: &mut Checker<'_>, key: &str, text: &str) {
    // The text itself may hold a password; it is never repeated.
    let Ok(url) = Url::parse(text) else {
        return checker.error(key, "this is no address", "write https://api.example.com");
    };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !secure {
        let hint = "use https; plain http is for the loop-back only";
        checker.error(key, "prompts and the key would be sent in the clear", hint);
    }
    if has_userinfo(&url) {
        let hint = "put the key into a variable and name it in api_key_env";
        checker.error(key, "the address contains a user or a password", hint);
    }
    if url.query().is_some() || url.fragment().is_some() {
        checker.error(key, "the address contains a query or a fragment", "leave them out");
    }
    if url.path().trim_end_matches('/').ends_with("/v1") {
        checker.error(key, "the address ends in /v1, which the routes add", "leave /v1 out");
    }
}

fn check_proxy(checker: &mut Checker<'_>, key: &str, (text, base_url): (&str, &str)) {
    // Without TLS the proxy itself reads the request, so it must be as near as the provider.
    let plain = Url::parse(base_url).is_ok_and(|url| url.scheme() == "http");
    match Url::parse(text) {
        Ok(url) if has_userinfo(&url) => {
            let hint = "use a proxy that asks for no password";
            checker.error(key, "the address contains a user or a password", hint);
        }
        Ok(url) if plain && !is_loopback(&url) => {
            let hint = "reach a provider on this machine without a proxy";
            checker.error(key, "prompts and the key would be sent in the clear", hint);
        }
        Ok(url) if ["http", "https"].contains(&url.scheme()) => {}
        _ => checker.error(key, "this is no address of a proxy", "write http://proxy.example:3128"),
    }
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether the host is this machine by its very name or number; nothing is looked up.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

fn check_models(checker: &mut Checker<'_>, key: &str, models: &[String]) {
    if models.is_empty() {
        checker.error(key, "the list is empty", "name models or globs, such as gpt-*");
    }
    for model in models {
        if let Err(error) = Glob::new(model) {
            let message = format!("`{model}` is no glob: {}", error.kind());
            checker.error(key, message, "use * for any text, ? for one character, {a,b}, [a-z]");
        }
    }
}

/// Two providers of one kind with the same glob: which one gets the prompt would be a guess.
fn check_overlap(checker: &mut Checker<'_>, providers: &BTreeMap<String, Provider>) {
    let mut seen: BTreeMap<(ProviderKind, &str), &str> = BTreeMap::new();
    for (name, provider) in providers {
        if checker.is_absent(&format!("providers.{name}.kind")) {
            continue;
        }
        for model in &provider.models {
            if let Some(first) = seen.insert((provider.kind, model), name) {
                let message = format!("`{model}` is in providers.{first}.models too");
                let hint = "give each glob to one provider of a kind";
                checker.error(&format!("providers.{name}.models"), message, hint);
            }
        }
    }
}

fn key(
    checker: &mut Checker<'_>,
    at: &str,
    variable: &str,
    environment: &[(String, String)],
) -> Option<Secret> {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !variable.starts_with(|c: char| c.is_ascii_uppercase()) || !variable.chars().all(letters) {
        // It may be the key itself: it is never repeated.
        let hint = "write the name of the variable, such as OPENAI_API_KEY, never the key";
        checker.error(at, "this is no name of a variable (capitals, digits, _)", hint);
        return None;
    }
    let value = environment.iter().find(|(name, _)| name == variable).map(|(_, value)| value);
    match value {
        Some(value) if value.is_empty() => {
            checker.error(at, format!("the variable {variable} is empty"), "put the key into it");
        }
        Some(value) if !value.bytes().all(|byte| byte.is_ascii_graphic()) => {
            let message =
                format!("the variable {variable} contains a space, a line end or the like");
            checker.error(at, message, "put the key into it and nothing else");
        }
        Some(value) => return Some(Secret::new(value.clone())),
        None => {
            let message = format!("the variable {variable} is not set");
            checker.error(at, message, "set it to the key of the provider");
        }
    }
    None
}
