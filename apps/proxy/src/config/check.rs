//! Values that have the right type and still cannot be served.

use std::collections::BTreeSet;

use super::Config;
use super::finding::Finding;
use super::nearest::suggest;
use super::place::Place;
use super::shown::{self, Shown};
use super::tree::Node;

const BACKENDS: [&str; 3] = ["auto", "cpu", "cuda"];
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Collects findings and knows where each key was written.
pub(super) struct Checker<'a> {
    pub(super) tree: &'a Node,
    /// Keys of which a finding says already that they hold nothing.
    pub(super) absent: &'a BTreeSet<String>,
    pub(super) findings: Vec<Finding>,
}

impl Checker<'_> {
    pub(super) fn error(&mut self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        if !self.is_absent(key) {
            self.findings.push(Finding::error(self.place(key), key, message, hint));
        }
    }

    pub(super) fn is_absent(&self, key: &str) -> bool {
        self.absent.contains(key)
    }

    fn place(&self, key: &str) -> Place {
        self.tree.place_of(key.split('.')).clone()
    }

    fn has_error_under(&self, section: &str) -> bool {
        self.findings.iter().any(|finding| finding.key.starts_with(section))
    }
}

/// All checks that need nothing but the configuration.
pub(super) fn check(config: &Config, checker: &mut Checker<'_>) {
    numbers(config, checker);
    privacy(config, checker);
    choices(config, checker);
    openness(config, checker);
    if let Some(manifest) = first_duplicate(&config.matrices.manifests) {
        let message = match shown::public(manifest) {
            Shown::Path(path) => format!("{} is there twice", path.display()),
            Shown::Withheld => "a manifest is there twice".to_owned(),
        };
        checker.error("matrices.manifests", message, "name each manifest once");
    }
}

fn numbers(config: &Config, checker: &mut Checker<'_>) {
    let (server, limits) = (&config.server, &config.limits);
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let ranges = [
        ("server.threads", count(server.threads), 0, 1024),
        ("server.queue", count(server.queue), 1, 65_536),
        ("server.max_queries", count(server.max_queries), 1, 1024),
        ("server.max_connections", count(server.max_connections), 1, 1_000_000),
        ("server.header_timeout_seconds", server.header_timeout_seconds, 1, 3600),
        ("server.body_timeout_seconds", server.body_timeout_seconds, 1, 3600),
        ("server.answer_timeout_seconds", server.answer_timeout_seconds, 1, 3600),
        ("server.drain_seconds", server.drain_seconds, 0, 3600),
        ("server.grace_seconds", server.grace_seconds, 0, 3600),
        ("limits.requests_per_minute", limits.requests_per_minute.into(), 0, 10_000_000),
        ("limits.burst", limits.burst.into(), 1, 1_000_000),
        ("limits.chat_body_bytes", count(limits.chat_body_bytes), 1024, 64 << 20),
        ("limits.concurrent_chats", count(limits.concurrent_chats), 1, 65_536),
        ("matrices.reload_seconds", config.matrices.reload_seconds, 0, 86_400),
    ];
    for (key, value, least, most) in ranges {
        number(checker, key, value, (least, most));
    }
}

/// Refuses a number outside `least..=most`.
pub(super) fn number(checker: &mut Checker<'_>, key: &str, value: u64, (least, most): (u64, u64)) {
    if !(least..=most).contains(&value) {
        let hint = format!("give a number from {least} to {most}");
        checker.error(key, format!("{value} is out of range"), hint);
    }
}

fn privacy(config: &Config, checker: &mut Checker<'_>) {
    let privacy = &config.privacy;
    // NaN is in no range.
    if !(privacy.epsilon_per_day > 0.0 && privacy.epsilon_per_day <= 1000.0) {
        let message = format!("{} is no cap of ε", privacy.epsilon_per_day);
        checker.error("privacy.epsilon_per_day", message, "give a number above 0, at most 1000");
    }
    if !(privacy.delta > 0.0 && privacy.delta < 1.0) {
        let message = format!("{} is no δ", privacy.delta);
        checker.error("privacy.delta", message, "give a probability above 0 and below 1");
    }
}

fn choices(config: &Config, checker: &mut Checker<'_>) {
    let choices = [
        ("server.backend", &config.server.backend, &BACKENDS[..]),
        ("log.level", &config.log.level, &LEVELS[..]),
    ];
    for (key, value, known) in choices {
        if !known.contains(&value.as_str()) {
            let message = format!("the value is none of {}", known.join(", "));
            checker.error(key, message, suggest(value, known));
        }
    }
}

fn openness(config: &Config, checker: &mut Checker<'_>) {
    let public = !config.server.listen.ip().to_canonical().is_loopback();
    if public
        && config.auth.tokens.is_none()
        && !config.auth.open
        && !checker.has_error_under("auth")
    {
        let message = format!("{} is not the loop-back, and anybody may ask", config.server.listen);
        let hint = "name a file of tokens in auth.tokens, or allow it with auth.open = true";
        checker.error("server.listen", message, hint);
    }
}

fn first_duplicate<T: PartialEq>(items: &[T]) -> Option<&T> {
    items.iter().enumerate().find(|(at, item)| items[..*at].contains(item)).map(|(_, item)| item)
}
