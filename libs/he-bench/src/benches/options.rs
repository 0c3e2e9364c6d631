//! What can be said after `he-bench benches`.

use std::path::PathBuf;

use clap::Args;

use super::suite::Suite;

/// Run the benches of the crates and of the client, and tell their own figures.
#[derive(Debug, Args)]
pub(crate) struct BenchesOptions {
    /// Project whose benches run; may be repeated
    #[arg(long = "suite", value_name = "PROJECT", value_enum, default_values_t = Suite::ALL)]
    pub(crate) suites: Vec<Suite>,

    /// Only benchmarks whose names have this: the filter of criterion, and -k of pytest
    #[arg(long, value_name = "TEXT", value_parser = text)]
    pub(crate) only: Option<String>,

    /// Profile of Cargo with which the crates are built; the page tells another than this one
    #[arg(long, value_name = "NAME", default_value = PROFILE, value_parser = text)]
    pub(crate) profile: String,

    /// File for the report as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// File for the report as a page of the documentation
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

/// What `cargo bench` builds with.
pub(super) const PROFILE: &str = "bench";

/// A word that the programs it is passed on to take for no option.
fn text(word: &str) -> Result<String, String> {
    if word.is_empty() || word.starts_with('-') {
        return Err("it is empty or begins with a hyphen".to_owned());
    }
    Ok(word.to_owned())
}
