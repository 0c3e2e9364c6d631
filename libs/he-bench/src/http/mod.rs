//! The server over HTTP under a bounded load, beside the honest alternative: to download the matrix
//! and search it locally.

mod alternative;
mod bare;
mod client;
mod files;
mod load;
mod measure;
mod options;
mod page;
mod report;
mod run;
mod server;
mod targets;

pub(crate) use options::HttpOptions;
pub(crate) use run::run;
