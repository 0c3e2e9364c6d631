//! From file, environment and command line to a configuration that can be served.
//!
//! What stands later wins: defaults, the file, the environment, the command line. A relative path
//! starts at the folder of the file when it stands there, else at the working directory.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;

use super::finding::{ConfigError, Finding, Severity};
use super::nearest::suggest;
use super::place::Place;
use super::read::{Fault, FaultKind};
use super::tree::{Node, Value};
use super::{Config, check, check_files, check_providers, environment};

/// Everything that a configuration is read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources<'a> {
    pub(crate) file: Option<&'a Path>,
    pub(crate) environment: &'a [(String, String)],
    /// Address of the option `--listen`.
    pub(crate) listen: Option<String>,
    /// Manifests of the option `--matrix`, beside those of the file.
    pub(crate) matrices: &'a [PathBuf],
}

/// What came out of reading.
#[derive(Clone, Debug)]
pub(crate) struct Examined {
    /// What could be read; where there are errors, defaults stand in for what is wrong.
    pub(crate) config: Config,
    pub(crate) findings: Vec<Finding>,
}

/// Reads and checks everything.
///
/// # Errors
///
/// All the errors that were found; warnings are left out.
pub(crate) fn load(sources: &Sources<'_>) -> Result<Config, ConfigError> {
    let Examined { config, mut findings } = examine(sources);
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() { Ok(config) } else { Err(ConfigError { findings }) }
}

/// Reads and checks everything, and says all that it found.
pub(crate) fn examine(sources: &Sources<'_>) -> Examined {
    let (mut tree, mut findings) = match sources.file.map(read_file) {
        None => (Node::empty(Place::Default), Vec::new()),
        Some(Ok(tree)) => (tree, Vec::new()),
        Some(Err(findings)) => return Examined { config: Config::default(), findings },
    };
    environment::overlay(&mut tree, sources.environment);
    if let Some(listen) = &sources.listen {
        tree.set(&["server", "listen"], &Place::Option("--listen"), Value::Text(listen.clone()));
    }
    let mut config = typed(&mut tree, &mut findings);
    resolve_paths(&mut config, &tree, sources.file);
    config.matrices.manifests.extend_from_slice(sources.matrices);
    let mut checker = check::Checker { tree: &tree, findings };
    check::check(&config, &mut checker);
    check_providers::check(&mut config, sources.environment, &mut checker);
    check_files::check(&config, &mut checker);
    Examined { config, findings: checker.findings }
}

fn read_file(file: &Path) -> Result<Node, Vec<Finding>> {
    let bytes = fs::read(file).map_err(|error| {
        let place = Place::WholeFile(file.to_owned());
        let hint = "give --config the path of a readable TOML file";
        vec![Finding::error(place, "", error.to_string(), hint)]
    })?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Place::in_file(file, &valid, valid.len());
        vec![Finding::error(place, "", "the file is not UTF-8", "save it as UTF-8")]
    })?;
    Node::from_toml(file, text)
}

/// Gives types to the tree. What does not fit is a finding and is taken out of it.
pub(super) fn typed(tree: &mut Node, findings: &mut Vec<Finding>) -> Config {
    let mut removed: Vec<Vec<String>> = Vec::new();
    loop {
        let Fault { reversed_path, kind } = match Config::deserialize(&*tree) {
            Ok(config) => return config,
            Err(fault) => fault,
        };
        let mut path: Vec<String> = reversed_path.into_iter().rev().collect();
        let (message, hint) = match kind {
            FaultKind::Unknown { key, known } => {
                path.push(key);
                (
                    "there is no such key".to_owned(),
                    suggest(path.last().map_or("", |key| key), known),
                )
            }
            FaultKind::UnknownChoice { known } => (
                format!("the value is none of {}", known.join(", ")),
                "choose one of them".to_owned(),
            ),
            FaultKind::Missing { key } => {
                let mut missing = path.clone();
                missing.push(key.to_owned());
                let known = removed.contains(&missing);
                if !known {
                    let key = missing.join(".");
                    let place = tree.place_of(path.iter().map(String::as_str)).clone();
                    let hint = format!("write it, or set {}", environment::variable(&key));
                    findings.push(Finding::error(place, key, "the key is missing", hint));
                }
                if !tree.remove(&path) {
                    return Config::default();
                }
                continue;
            }
            FaultKind::Other(message) => (message, "give it a value of that kind".to_owned()),
        };
        let place = tree.place_of(path.iter().map(String::as_str)).clone();
        findings.push(Finding::error(place, path.join("."), message, hint));
        if !tree.remove(&path) {
            return Config::default();
        }
        removed.push(path);
    }
}

fn resolve_paths(config: &mut Config, tree: &Node, file: Option<&Path>) {
    let Some(folder) = file.and_then(Path::parent) else { return };
    let resolve = |key: &str, path: &mut PathBuf| {
        if tree.written(key).is_some_and(Place::is_file) {
            *path = folder.join(&*path);
        }
    };
    if let Some(tls) = &mut config.server.tls {
        resolve("server.tls.certificate", &mut tls.certificate);
        resolve("server.tls.key", &mut tls.key);
    }
    if let Some(tokens) = &mut config.auth.tokens {
        resolve("auth.tokens", tokens);
    }
    for manifest in &mut config.matrices.manifests {
        resolve("matrices.manifests", manifest);
    }
    for (name, provider) in &mut config.providers {
        if let Some(ca) = &mut provider.ca {
            resolve(&format!("providers.{name}.ca"), ca);
        }
    }
}
