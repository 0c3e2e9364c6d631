//! `check-config`: everything that can be said about a configuration without serving.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;

use serde_json::json;

use crate::config::{self, Config, Examined, Finding, Place, Severity, Sources};
use crate::edge::{Edge, Warning};
use crate::failure::Failure;
use crate::options::CheckConfig;
use crate::{chat, matrices};

/// Prints what was found and, when it can be served, the configuration in effect.
pub(crate) fn run(options: &CheckConfig) -> Result<(), Failure> {
    let (environment, mut findings) = config::variables(env::vars_os());
    let Examined { config, findings: found } = config::examine(&Sources {
        file: options.config.as_deref(),
        environment: &environment,
        ..Sources::default()
    });
    findings.extend(found);
    // What uses a value looks at it only when the value itself is right.
    if findings.is_empty() {
        findings.extend(uses(&config));
    }
    let config = config.with_absolute_paths();
    let servable = findings.iter().all(|finding| finding.severity != Severity::Error);
    let config = servable.then_some(&config);
    let text = if options.json { document(&findings, config) } else { lines(&findings, config) };
    writeln!(io::stdout(), "{text}")?;
    if servable { Ok(()) } else { Err(Failure::Reported(2)) }
}

/// What those find who would use the configuration.
fn uses(config: &Config) -> Vec<Finding> {
    let mut findings = manifests(&config.matrices.manifests);
    findings.extend(edge(config));
    if let Err(error) = chat::check(config) {
        findings.extend(error.findings);
    }
    findings
}

/// Tokens, certificate and limits of the system; no address is taken.
fn edge(config: &Config) -> Vec<Finding> {
    let place = || Place::Default;
    match Edge::open(config) {
        Err(error) => vec![Finding::error(place(), "", error.to_string(), error.hint())],
        Ok(edge) => {
            let found = |it: &Warning| {
                let finding = Finding::error(place(), "", it.to_string(), "");
                if it.is_error() { finding } else { finding.warning() }
            };
            edge.warnings().iter().map(found).collect()
        }
    }
}

/// Manifests and the headers of their data; no row is read.
fn manifests(files: &[PathBuf]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names = BTreeMap::new();
    let key = "matrices.manifests";
    for file in files {
        let place = Place::WholeFile(file.clone());
        match matrices::examine(file) {
            Ok(name) => {
                if let Some(other) = names.insert(name.clone(), file) {
                    let message = format!("the name {name:?} is that of {} too", other.display());
                    let hint = "give every matrix a name of its own";
                    findings.push(Finding::error(place, key, message, hint));
                }
            }
            Err(error) => {
                let place = Place::WholeFile(error.file.clone());
                let message = error.reason.to_string();
                findings.push(Finding::error(place, key, message, error.hint()));
            }
        }
    }
    findings
}

/// `{"ok", "findings", "configuration"}`; the configuration is null when it cannot be served.
fn document(findings: &[Finding], config: Option<&Config>) -> String {
    json!({ "ok": config.is_some(), "findings": findings, "configuration": config }).to_string()
}

/// One line per finding, then the configuration as TOML, in which the lines before are comments.
fn lines(findings: &[Finding], config: Option<&Config>) -> String {
    let comment = if config.is_some() { "# " } else { "" };
    let line = |finding| format!("{comment}{}", line(finding));
    let mut lines: Vec<String> = findings.iter().map(line).collect();
    if let Some(toml) = config.and_then(|config| toml::to_string(config).ok()) {
        lines.push(format!("# the configuration in effect\n{}", toml.trim_end()));
    }
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    match &*finding.hint {
        "" => format!("{severity}: {finding}"),
        hint => format!("{severity}: {finding}; hint: {hint}"),
    }
}
