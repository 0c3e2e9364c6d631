//! From file, environment and command line to a configuration that can be served.
//!
//! What stands later wins: defaults, the file, the environment, the command line. A relative path
//! starts at the folder of the file when it stands there, else at the working directory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;

use super::finding::{ConfigError, Finding, Severity};
use super::nearest::suggest;
use super::place::Place;
use super::read::{Fault, FaultKind};
use super::tree::{Node, Value};
use super::{Config, check, check_files, check_providers, environment, expected, paths};
use crate::regular_file;

/// Bytes of the largest file that is read.
const LIMIT: u64 = 1 << 20;

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
    let (mut config, absent) = typed(&mut tree, &mut findings);
    paths::resolve(&mut config, &tree, sources.file);
    config.matrices.manifests.extend_from_slice(sources.matrices);
    let mut checker = check::Checker { tree: &tree, absent: &absent, findings };
    check::check(&config, &mut checker);
    check_providers::check(&mut config, sources.environment, &mut checker);
    check_files::check(&config, &mut checker);
    Examined { config, findings: checker.findings }
}

fn read_file(file: &Path) -> Result<Node, Vec<Finding>> {
    let bytes = regular_file::read(file, LIMIT).map(|file| file.bytes).map_err(|error| {
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

/// Gives types to the tree. What does not fit is a finding and is taken out of it, until all that is
/// left fits. Gives the keys beside it that hold nothing that somebody wrote.
pub(super) fn typed(tree: &mut Node, findings: &mut Vec<Finding>) -> (Config, BTreeSet<String>) {
    let mut absent = BTreeSet::new();
    loop {
        let fault = match Config::deserialize(&*tree) {
            Ok(config) => return (config, absent),
            Err(fault) => fault,
        };
        let Explained { path, missing, message, hint } = explain(fault);
        let key = path.join(".");
        let place = tree.place_of(path.iter().map(String::as_str)).clone();
        // A key that was taken out is missing now, which is no news.
        let news = absent.insert(key.clone());
        if news {
            findings.push(Finding::error(place.clone(), key, message, hint));
        }
        let went_on = if missing {
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            let value = Value::Text(stand_in(path.last().copied()).to_owned());
            tree.set(&path, &place, value)
        } else {
            news && tree.remove(&path)
        };
        if !went_on {
            return (Config::default(), absent);
        }
    }
}

/// A value for a key that nobody wrote, so that its neighbours can be looked at.
fn stand_in(key: Option<&str>) -> &'static str {
    if key == Some("kind") { "openai" } else { "" }
}

struct Explained {
    path: Vec<String>,
    missing: bool,
    message: String,
    hint: String,
}

fn explain(fault: Fault) -> Explained {
    let mut path: Vec<String> = fault.reversed_path.into_iter().rev().collect();
    let missing = matches!(fault.kind, FaultKind::Missing { .. });
    let (message, hint) = match fault.kind {
        FaultKind::Missing { key } => {
            path.push(key.to_owned());
            let hint = match environment::variable(&path) {
                Some(variable) => format!("write it, or set {variable}"),
                None => "write it".to_owned(),
            };
            ("the key is missing".to_owned(), hint)
        }
        FaultKind::Unknown { key, known } => {
            let hint = suggest(&key, known);
            path.push(key);
            ("there is no such key".to_owned(), hint)
        }
        FaultKind::UnknownChoice { known } => {
            let message = format!("the value is none of {}", known.join(", "));
            (message, "choose one of them".to_owned())
        }
        FaultKind::Unfit { expected } => {
            let (message, hint) = expected::words(&expected);
            (message, hint.to_owned())
        }
        FaultKind::NoList => {
            let hint = "close it, with every text in quotes, or separate the items by commas alone";
            ("the value begins like a TOML array and is none".to_owned(), hint.to_owned())
        }
    };
    Explained { path, missing, message, hint }
}
