//! What can be said on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::benches::BenchesOptions;
use crate::case::Case;
use crate::http::HttpOptions;

/// Check a known answer, then time the product of an encrypted vector and a matrix.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Where to compute: auto, cpu or cuda; with a device the CPU is timed beside it
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) backend: he::Backend,

    /// Case to time, such as 8192x384, 8192x384/4 for groups of 4 or 16384x2048/4/records; may be repeated
    #[arg(long = "case", value_name = "ROWSxCOLUMNS", default_values = ["64x384/32", "8192x384", "65536x256", "100000x384"])]
    pub(crate) cases: Vec<Case>,

    /// Times that each step is repeated
    #[arg(long, value_name = "COUNT", default_value = "30")]
    pub(crate) repeats: NonZeroUsize,

    /// Cases with more entries than this are not timed on a single core
    #[arg(long, value_name = "COUNT", default_value = "50000000")]
    pub(crate) single_core_limit: usize,

    /// File for the report as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// File for the report as a page of the documentation
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

/// What else can be timed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Time a server over HTTP, beside a download and a local search
    Http(HttpOptions),
    /// Run the benches of the crates and of the client, and tell their own figures
    Benches(BenchesOptions),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn what_does_not_mean_anything_is_a_usage_error() {
        for arguments in [
            &["--backend", "gpu"][..],
            &["--case", "8192"],
            &["--case", "0x1"],
            &["--case", "1x1/3"],
            &["--repeats", "0"],
            &["http", "--cases"],
            &["benches", "--suite", "proxy"],
            &["benches", "--only="],
            &["benches", "--only=--save-baseline"],
            &["benches", "--profile=-p"],
        ] {
            let error = Options::try_parse_from(["he-bench"].iter().chain(arguments)).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{error}");
        }
    }
}
