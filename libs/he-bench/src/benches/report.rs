//! Everything that the benches told.

use serde::Serialize;

use super::figure::Figure;
use super::pytest::Python;
use super::suite::Suite;
use crate::fingerprint::Fingerprint;
use crate::targets::Target;

/// The report of a run.
#[derive(Debug, Serialize)]
pub(crate) struct BenchesReport {
    /// Counts up when a field changes its meaning.
    pub(crate) schema: u32,
    pub(crate) machine: Fingerprint,
    /// Load averages of one, five and fifteen minutes when all was built.
    pub(crate) load_before: Option<String>,
    /// The same when all was measured.
    pub(crate) load_after: Option<String>,
    /// The words of the command.
    pub(crate) command: String,
    /// The profile of Cargo.
    pub(crate) profile: String,
    /// What the names of the benchmarks have, where not all were asked for.
    pub(crate) only: Option<String>,
    /// What ran the benches of Python, where they ran.
    pub(crate) python: Option<Python>,
    /// From the first benchmark to the last.
    pub(crate) seconds: f64,
    pub(crate) suites: Vec<SuiteReport>,
    pub(crate) targets: Vec<Target>,
}

/// What the benches of a project told.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct SuiteReport {
    pub(crate) suite: Suite,
    pub(crate) figures: Vec<Figure>,
}
