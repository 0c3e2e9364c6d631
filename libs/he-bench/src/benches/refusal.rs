//! Why the benches have no report.

use std::io;
use std::process::ExitStatus;

use thiserror::Error;

/// Why the benches have no report.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    #[error("cannot run {program}: {source}")]
    Start { program: String, source: io::Error },
    #[error("\"{command}\" did not end well: {status}")]
    Ended { command: String, status: ExitStatus },
    #[error("{project} has no such benchmark")]
    Empty { project: &'static str },
    #[error("these benchmarks of {project} gave no figure: {}", names.join(", "))]
    Missing { project: &'static str, names: Vec<String> },
    #[error("{project} gave figures of benchmarks that it does not list: {}", names.join(", "))]
    Unlisted { project: &'static str, names: Vec<String> },
    #[error("cannot read {file}: {source}")]
    Read { file: String, source: io::Error },
    #[error("{file} is not what it has to be: {reason}")]
    Malformed { file: String, reason: String },
    #[error("the sources changed while they were measured, from {before} to {after}")]
    Changed { before: String, after: String },
}

impl Refusal {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Start { .. } => "set the repository up: npm run setup",
            Self::Ended { .. } => "what it says stands above",
            Self::Empty { .. } => "name another part of a name with --only",
            Self::Missing { .. } | Self::Unlisted { .. } => {
                "every benchmark has to give one figure; what they say stands above"
            }
            Self::Read { .. } | Self::Malformed { .. } => {
                "criterion or pytest-benchmark may write another form than before"
            }
            Self::Changed { .. } => "leave the sources alone until the benches have ended",
        }
    }
}
