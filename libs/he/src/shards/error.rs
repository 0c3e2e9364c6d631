//! Why a choice of shards was refused.

use thiserror::Error as ThisError;

use crate::{MAX_EPSILON, MAX_ROWS, MIN_EPSILON};

/// Why no shards were chosen.
#[derive(Debug, Clone, Copy, PartialEq, ThisError)]
#[non_exhaustive]
pub enum ShardError {
    /// Fewer than two shards, or more than a matrix has rows.
    #[error("a choice needs 2 to {maximum} shards; there are {actual}", maximum = MAX_ROWS)]
    Shards {
        /// Number of shards given.
        actual: u32,
    },
    /// No shard is asked, or all of them are.
    #[error(
        "1 to {maximum} of {shards} shards can be asked, not {actual}",
        maximum = shards - 1
    )]
    Chosen {
        /// Number of shards to ask.
        actual: u32,
        /// Number of shards there are.
        shards: u32,
    },
    /// No query has this ε.
    #[error(
        "the epsilon of a query lies between {minimum} and {maximum}, it is not {actual}",
        minimum = MIN_EPSILON,
        maximum = MAX_EPSILON
    )]
    Epsilon {
        /// The ε given.
        actual: f64,
    },
    /// The shard that is looked for does not exist.
    #[error("there is no shard {actual}: {shards} shards are numbered from 0")]
    TrueShard {
        /// Shard given.
        actual: u32,
        /// Number of shards there are.
        shards: u32,
    },
}
