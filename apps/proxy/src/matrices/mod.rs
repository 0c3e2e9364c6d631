//! What is served: matrices from files, by name.

mod catalogue;
mod digest;
mod dtype;
mod encode;
mod entries;
mod error;
mod folder;
mod generation;
mod hangup;
mod identity;
mod load;
mod manifest;
mod sample;
mod served;
mod source;
mod watch;

pub(crate) use catalogue::{Catalogue, Outcome};
pub(crate) use error::LoadError;
pub(crate) use load::{check, examine};
pub(crate) use served::{Centroids, Part, Served};
pub(crate) use watch::Watch;
