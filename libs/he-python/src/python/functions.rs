//! The functions.

use pyo3::prelude::*;

use crate::failure::Failure;
use crate::{layout, shards};

/// Choose `chosen` of `shards` shards, in ascending order, the true one probably among them.
#[pyfunction]
pub(crate) fn choose_shards(
    true_shard: u32,
    shards: u32,
    chosen: u32,
    epsilon: f64,
) -> Result<Vec<u32>, Failure> {
    shards::choose(true_shard, shards, chosen, epsilon)
}

/// Return the probability that the true shard is among the chosen ones.
#[pyfunction]
pub(crate) fn shard_inclusion(shards: u32, chosen: u32, epsilon: f64) -> Result<f64, Failure> {
    shards::inclusion(shards, chosen, epsilon)
}

/// Return the number of bytes of every encrypted vector with so many entries.
#[pyfunction]
pub(crate) fn request_bytes(columns: usize, group: usize) -> Result<usize, Failure> {
    layout::request_bytes(columns, group)
}

/// Return the number of bytes of every encrypted product with so many rows.
#[pyfunction]
pub(crate) fn response_bytes(rows: usize, group: usize) -> Result<usize, Failure> {
    layout::response_bytes(rows, group)
}
