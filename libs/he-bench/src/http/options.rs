//! What can be said after `he-bench http`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::case::Case;

/// Time a server over HTTP, beside a download and a local search.
#[derive(Debug, Args)]
pub(crate) struct HttpOptions {
    /// The server: a release build of hlp-proxy
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) server: PathBuf,

    /// Where the server computes: auto, cpu or cuda
    #[arg(long, value_name = "NAME", default_value = "cpu")]
    pub(crate) backend: he::Backend,

    /// Case to serve, such as 8192x384 or 16384x2048/4/records for a private fetch; may be repeated
    #[arg(long = "case", value_name = "ROWSxCOLUMNS", default_values = ["64x384/32", "8192x384", "65536x256", "100000x384", "16384x2048/4/records"])]
    pub(crate) cases: Vec<Case>,

    /// Clients that ask at the same time, each for its next answer when it has one; may be repeated
    #[arg(long = "clients", value_name = "COUNT", default_values = ["1", "8", "64"])]
    pub(crate) clients: Vec<NonZeroUsize>,

    /// Requests for each number of clients, all of them together
    #[arg(long, value_name = "COUNT", default_value = "256")]
    pub(crate) requests: NonZeroUsize,

    /// Products that may wait for a core where load is to be shed
    #[arg(long, value_name = "COUNT", default_value = "16")]
    pub(crate) short_queue: NonZeroUsize,

    /// Times that each step of the product is repeated
    #[arg(long, value_name = "COUNT", default_value = "15")]
    pub(crate) repeats: NonZeroUsize,

    /// File for the report as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// File for the report as a page of the documentation
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}
