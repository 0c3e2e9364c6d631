//! From the entries of a matrix to the multipliers of its ciphertexts.

use std::num::NonZeroUsize;

use crate::kernel::Multipliers;
use crate::noise::Energy;
use crate::parameters::DEGREE;
use crate::{Group, packing, parallel, ring};

/// The entries of a matrix, row after row, that were found acceptable.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    pub(crate) values: &'a [i32],
    pub(crate) columns: usize,
    pub(crate) group: Group,
}

impl Entries<'_> {
    /// The multipliers and the energies of all blocks, by so many threads. They do a few blocks at
    /// a time, so that beside the result there is memory for those alone.
    pub(crate) fn prepare(self, threads: NonZeroUsize) -> (Multipliers, Vec<Energy>) {
        let groups = self.columns.div_ceil(self.group.entries());
        let blocks: Vec<&[i32]> =
            self.values.chunks(self.group.rows_per_block() * self.columns).collect();
        let mut multipliers = Multipliers::zero(blocks.len(), groups);
        for (index, some) in blocks.chunks(threads.get()).enumerate() {
            let first = index * threads.get();
            let prepared = parallel::map_ranges(threads, some.len(), |range| {
                some[range].iter().map(|block| self.polynomials(block)).collect::<Vec<_>>()
            });
            for (offset, polynomials) in prepared.iter().flatten().enumerate() {
                multipliers.set_block(first + offset, polynomials);
            }
        }
        let energies = parallel::map_ranges(threads, blocks.len(), |range| {
            let energy = |block: &&[i32]| Energy::of(block.chunks_exact(self.columns));
            blocks[range].iter().map(energy).collect::<Vec<_>>()
        });
        (multipliers, energies.concat())
    }

    /// The transformed polynomials of one block, group after group.
    fn polynomials(self, block: &[i32]) -> Vec<u64> {
        let mut coefficients = vec![0; DEGREE];
        let mut polynomials = vec![0; self.columns.div_ceil(self.group.entries()) * DEGREE];
        for (index, polynomial) in polynomials.chunks_exact_mut(DEGREE).enumerate() {
            let start = index * self.group.entries();
            let part = start..self.columns.min(start + self.group.entries());
            let parts = block.chunks_exact(self.columns).map(|row| &row[part.clone()]);
            packing::matrix_polynomial(parts, self.group, &mut coefficients);
            ring::transform(&coefficients, polynomial);
        }
        polynomials
    }
}
