//! `check-config`: everything that can be said about a configuration without serving.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use he::{Backend, Engine};
use serde_json::json;

use crate::config::{self, Config, Examined, Finding, Place, Severity, Sources};
use crate::edge::{Edge, EdgeError, Unfit, Warning};
use crate::failure::Failure;
use crate::options::CheckConfig;
use crate::start::{self, StartError};
use crate::{chat, matrices, regular_file};

/// Prints what was found and, when it can be served, the configuration in effect.
pub(crate) fn run(options: &CheckConfig) -> Result<(), Failure> {
    let (environment, mut findings) = config::variables(env::vars_os());
    let Examined { config, findings: found } = config::examine(&Sources {
        file: options.config.as_deref(),
        environment: &environment,
        ..Sources::default()
    });
    findings.extend(found);
    let more = Uses { config: &config, found: &findings }.examine(options.no_data)?;
    findings.extend(more);
    let config = config.with_absolute_paths();
    let servable = findings.iter().all(|finding| finding.severity != Severity::Error);
    let config = servable.then_some(&config);
    let text = if options.json { document(&findings, config) } else { lines(&findings, config) };
    writeln!(io::stdout(), "{text}")?;
    if servable { Ok(()) } else { Err(Failure::Reported(2)) }
}

/// What those find who would use the configuration. Where a key is wrong already, its user does not
/// look: it would only say so again.
struct Uses<'a> {
    config: &'a Config,
    found: &'a [Finding],
}

impl Uses<'_> {
    fn examine(&self, no_data: bool) -> Result<Vec<Finding>, Failure> {
        let mut findings = self.manifests(no_data)?;
        findings.extend(self.edge());
        for (name, provider) in &self.config.providers {
            if !self.is_wrong(&format!("providers.{name}"))
                && let Err(error) = chat::check(name, provider)
            {
                findings.extend(error.findings);
            }
        }
        Ok(findings)
    }

    /// Whether there is an error about this key, or one below it.
    fn is_wrong(&self, key: &str) -> bool {
        let about = |found: &str| found.strip_prefix(key).is_some_and(is_end_of_a_key);
        self.found.iter().any(|it| it.severity == Severity::Error && about(&it.key))
    }

    /// Tokens, certificate and limits of the system; no address is taken.
    fn edge(&self) -> Vec<Finding> {
        let (errors, warnings) = match Edge::open(self.config) {
            Ok(edge) => (Vec::new(), edge.warnings().to_vec()),
            Err(Unfit { errors, warnings }) => (errors, warnings),
        };
        let told = |error: &EdgeError| match error {
            // The configuration alone tells it, with the place of the address.
            EdgeError::OpenToAll { .. } => true,
            other => other.key().is_some_and(|key| self.is_wrong(key)),
        };
        let good = self.found.is_empty() && errors.is_empty();
        let errors = errors.iter().filter(|error| !told(error)).map(EdgeError::finding);
        // What is unwise is told of what is right.
        let warnings = warnings.iter().filter(|it| it.is_error() || good);
        let warned = |it: &Warning| {
            let finding = Finding::error(Place::Default, "", it.to_string(), "");
            if it.is_error() { finding } else { finding.warning() }
        };
        errors.chain(warnings.map(warned)).collect()
    }

    /// Manifests and their data; of the data only the headers where the rows are not asked for.
    fn manifests(&self, no_data: bool) -> Result<Vec<Finding>, Failure> {
        let engine = Engine::open(Backend::Cpu).map_err(StartError::from)?;
        let threads = start::threads(&self.config.server);
        let name_of = |file: &Path| {
            if no_data { matrices::examine(file) } else { matrices::check(file, &engine, threads) }
        };
        let (mut names, mut seen) = (BTreeMap::new(), BTreeSet::new());
        // What is there twice, or cannot be opened, has been told with the place of the key.
        let mut is_told =
            |file: &PathBuf| !seen.insert(file.clone()) || regular_file::open(file).is_err();
        let files = self.config.matrices.manifests.iter().filter(|file| !is_told(file));
        let found = |file: &PathBuf| match name_of(file) {
            Ok(name) => {
                let other = names.insert(name.clone(), file.clone())?;
                let message = format!("the name {name:?} is that of {} too", other.display());
                Some(of_manifest(file, message, "give every matrix a name of its own"))
            }
            Err(error) => Some(of_manifest(&error.file, error.reason.to_string(), error.hint())),
        };
        Ok(files.filter_map(found).collect())
    }
}

fn of_manifest(file: &Path, message: String, hint: &str) -> Finding {
    Finding::error(Place::WholeFile(file.to_owned()), "matrices.manifests", message, hint)
}

/// Whether a key ends before this rest of a longer one.
fn is_end_of_a_key(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
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
