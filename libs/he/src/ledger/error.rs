//! Why a budget or a spend was refused.

use thiserror::Error as ThisError;

use super::brief::{brief, brief_above};
use crate::{MAX_EPSILON, MIN_EPSILON};

/// Why a ledger was not made, or a spend not booked. A refused spend changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, ThisError)]
#[non_exhaustive]
pub enum LedgerError {
    /// The cap of a day is no positive finite number.
    #[error("the budget of a day must be a positive number, not {actual}")]
    Cap {
        /// The ε given.
        actual: f64,
    },
    /// δ does not lie between 0 and 1.
    #[error("delta must lie between 0 and 1, not be {actual}")]
    Delta {
        /// The δ given.
        actual: f64,
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
    /// The query would exceed the cap of the day.
    #[error(
        "a query of epsilon {} would bring the day to {}, and its budget is {cap}; a full search \
         costs nothing",
        brief(*.asked),
        brief_above(*.reached, *.cap)
    )]
    Exhausted {
        /// ε of the query.
        asked: f64,
        /// ε of the day before the query, which it still is.
        spent: f64,
        /// ε of the day with the query.
        reached: f64,
        /// Largest ε of a day.
        cap: f64,
    },
}
