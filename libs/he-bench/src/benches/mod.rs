//! The benches of the crates by criterion and of the client by pytest-benchmark, run anew, with their
//! own figures.
//!
//! Nothing is read that this run did not write: criterion's files say neither when nor from which
//! sources they were made.

mod criterion;
mod environment;
mod figure;
mod options;
mod page;
mod plan;
mod pytest;
mod refusal;
mod report;
mod results;
mod run;
mod sources;
mod suite;
mod targets;

pub(crate) use options::BenchesOptions;
pub(crate) use refusal::Refusal;
pub(crate) use run::run;
