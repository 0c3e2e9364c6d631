//! How values lie in the memory of the device. Nothing here needs one.

use crate::Matrix;
use crate::encrypted::{EncryptedScores, Query};
use crate::matrix::Shape;
use crate::parameters::DEGREE;
use crate::wire::Header;

/// What the lengths of the buffers follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) blocks: usize,
    pub(super) groups: usize,
    header: Header,
}

impl Sizes {
    pub(super) fn of(matrix: &Matrix) -> Self {
        let (blocks, groups) = (matrix.multipliers.blocks, matrix.multipliers.groups);
        let Shape { header, .. } = matrix.shape;
        Self { blocks, groups, header }
    }

    /// Blocks and groups, as the kernels take them; both are far below 2^32 by the limits.
    pub(super) fn for_launch(&self) -> (u32, u32) {
        (self.blocks as u32, self.groups as u32)
    }

    /// Entries of a group of columns, as the kernels take them.
    pub(super) fn group(&self) -> u32 {
        self.header.layout.group.entries() as u32
    }

    /// Values of a block of the matrix.
    pub(super) fn block_len(&self) -> usize {
        self.groups * DEGREE
    }

    /// Values of a query: a mask and a body for each group.
    pub(super) fn query_len(&self) -> usize {
        2 * self.groups * DEGREE
    }

    /// Values of the masks of the scores of a query.
    pub(super) fn mask_len(&self) -> usize {
        self.blocks * DEGREE
    }

    /// Values of the bodies of the scores of a query, those past the last row too.
    pub(super) fn body_len(&self) -> usize {
        self.blocks * self.header.layout.group.rows_per_block()
    }

    /// The scores of some queries, from `[query][block][coefficient]` and `[query][row]`.
    pub(super) fn read_scores(&self, masks: &[u32], bodies: &[u32]) -> Vec<EncryptedScores> {
        let header = self.header;
        let queries = masks.chunks_exact(self.mask_len()).zip(bodies.chunks_exact(self.body_len()));
        let scores = queries.map(|(masks, bodies)| EncryptedScores {
            header,
            masks: masks.to_vec(),
            bodies: bodies[..header.entries].to_vec(),
        });
        scores.collect()
    }
}

/// One block of a matrix, as `[group][coefficient]`, in the place of what was in `values`.
pub(super) fn write_block(matrix: &Matrix, block: usize, values: &mut Vec<u64>) {
    values.clear();
    matrix.multipliers.block(block, values);
    values.iter_mut().for_each(|value| *value = split(*value));
}

/// A query, as `[group][mask, body][coefficient]`.
pub(super) fn write_query(query: &Query<'_>, values: &mut [u64]) {
    let masks = query.masks.chunks_exact(DEGREE);
    let parts = masks.zip(query.vector.bodies.chunks_exact(DEGREE));
    let polynomials = parts.flat_map(|(mask, body)| [mask, body]);
    for (polynomial, values) in polynomials.zip(values.chunks_exact_mut(DEGREE)) {
        for (from, to) in polynomial.iter().zip(values) {
            *to = split(*from);
        }
    }
}

/// The lower 21 bits of a value and, in the upper half of the word, the other 20.
fn split(value: u64) -> u64 {
    (value >> 21) << 32 | value & 0x1f_ffff
}

#[cfg(test)]
mod tests;
