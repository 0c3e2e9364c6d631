//! What is wrong with a configuration, and where.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::place::Place;

/// Whether nobody can be served because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong. It never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) place: Place,
    /// The dotted key, empty when there is none.
    pub(crate) key: String,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Finding {
    /// Something that keeps the server from serving anybody.
    pub(crate) fn error(
        place: Place,
        key: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (key, message, hint) = (key.into(), message.into(), hint.into());
        Self { severity: Severity::Error, place, key, message, hint }
    }

    /// The same, but it does not keep the server from serving.
    pub(crate) fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::Default {
            write!(formatter, "{}: ", self.place)?;
        }
        if !self.key.is_empty() {
            write!(formatter, "{}: ", self.key)?;
        }
        formatter.write_str(&self.message)
    }
}

/// A configuration that cannot be served, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) struct ConfigError {
    /// At least one.
    pub(crate) findings: Vec<Finding>,
}

impl ConfigError {
    /// What to do about the first finding.
    pub(crate) fn hint(&self) -> &str {
        self.findings.first().map_or("", |finding| &finding.hint)
    }
}

impl From<Finding> for ConfigError {
    fn from(finding: Finding) -> Self {
        Self { findings: vec![finding] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.findings {
            [finding] => finding.fmt(formatter),
            findings => {
                write!(formatter, "the configuration has {} faults", findings.len())?;
                findings.iter().try_for_each(|finding| write!(formatter, "\n  {finding}"))
            }
        }
    }
}
