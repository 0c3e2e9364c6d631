//! The multiply-accumulate of the server, in the transform domain.
//!
//! A matrix is one flat slice in the order `[coefficient / 4][block][group][4]`, so that it is
//! read from memory once and nearly in order, while the four coefficients of the query (both
//! polynomials of every ciphertext) stay in the first cache. Products of two 41-bit values are
//! summed up in 128 bits, which is room for 2^46 of them, and reduced once; where the processor has
//! products of 52 bits, [`wide`] does the same with four coefficients at a time.

mod instructions;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod wide;

use std::ops::Range;

pub use instructions::Instructions;

use crate::modular::reduce;
use crate::parameters::DEGREE;
use crate::{Error, memory};

/// Coefficients that are worked on together.
const LANES: usize = 4;
const TILES: usize = DEGREE / LANES;

/// Multipliers for every block of rows and every group of columns.
#[derive(Clone, Debug)]
pub(crate) struct Multipliers {
    pub(crate) blocks: usize,
    pub(crate) groups: usize,
    values: Vec<u64>,
}

impl Multipliers {
    pub(crate) fn zero(blocks: usize, groups: usize) -> Self {
        Self { blocks, groups, values: vec![0; blocks * groups * DEGREE] }
    }

    /// Stores the transformed polynomials of one block, given group after group.
    pub(crate) fn set_block(&mut self, block: usize, polynomials: &[u64]) {
        let (at, step, groups) = (self.position(block), self.step(), self.groups);
        for tile in 0..TILES {
            let row = &mut self.values[at + tile * step..][..groups * LANES];
            let polynomials = polynomials.chunks_exact(DEGREE);
            for (values, polynomial) in row.chunks_exact_mut(LANES).zip(polynomials) {
                values.copy_from_slice(&polynomial[tile * LANES..][..LANES]);
            }
        }
    }

    /// The polynomials of one block, group after group, appended to `polynomials`.
    #[cfg(any(test, feature = "gpu"))]
    pub(crate) fn block(&self, block: usize, polynomials: &mut Vec<u64>) {
        let start = polynomials.len();
        polynomials.resize(start + self.groups * DEGREE, 0);
        let (at, step) = (self.position(block), self.step());
        for tile in 0..TILES {
            let row = &self.values[at + tile * step..][..self.groups * LANES];
            for (group, values) in row.chunks_exact(LANES).enumerate() {
                let to = start + group * DEGREE + tile * LANES;
                polynomials[to..to + LANES].copy_from_slice(values);
            }
        }
    }

    /// Bytes of memory of the values.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.values.as_slice())
    }

    fn position(&self, block: usize) -> usize {
        block * self.groups * LANES
    }

    fn step(&self) -> usize {
        self.blocks * self.groups * LANES
    }
}

/// Four coefficients of the first polynomial of a ciphertext, and the four of the second.
type Tile = [[u64; LANES]; 2];

/// A query in the order in which it is read: `[coefficient / 4][group]`.
#[derive(Debug)]
pub(crate) struct Tiles(Vec<Tile>);

impl Tiles {
    /// From the transformed polynomials, each `[group][coefficient]`.
    pub(crate) fn new(masks: &[u64], bodies: &[u64]) -> Result<Self, Error> {
        let groups = masks.len() / DEGREE;
        let mut tiles = memory::zeros::<Tile>(groups * TILES)?;
        let polynomials = masks.chunks_exact(DEGREE).zip(bodies.chunks_exact(DEGREE));
        for (group, (mask, body)) in polynomials.enumerate() {
            let parts = mask.as_chunks().0.iter().zip(body.as_chunks().0);
            for (tile, (mask, body)) in parts.enumerate() {
                tiles[tile * groups + group] = [*mask, *body];
            }
        }
        Ok(Self(tiles))
    }
}

/// Blocks whose sums stay in the second cache while they are written.
const BLOCKS: usize = 32;

/// The sums of products of some blocks.
#[derive(Debug)]
pub(crate) struct Sums {
    /// `[block][mask, body][coefficient]`, reduced.
    pub(crate) values: Vec<u64>,
    /// What they were computed with.
    pub(crate) instructions: Instructions,
}

/// Multiplies some blocks by a query.
pub(crate) fn multiply(
    instructions: Instructions,
    (matrix, query): (&Multipliers, &Tiles),
    blocks: Range<usize>,
) -> Result<Sums, Error> {
    let mut values = memory::zeros(blocks.len() * 2 * DEGREE)?;
    let mut used = instructions;
    for (first, sums) in blocks.step_by(BLOCKS).zip(values.chunks_mut(BLOCKS * 2 * DEGREE)) {
        used = instructions.fill(Strip { matrix, query, first }, sums);
    }
    Ok(Sums { values, instructions: used })
}

/// Some blocks of rows, from the first one on, and what they are multiplied with.
#[derive(Clone, Copy)]
struct Strip<'a> {
    matrix: &'a Multipliers,
    query: &'a Tiles,
    first: usize,
}

impl Strip<'_> {
    /// Fills the sums of as many blocks as there is room for. It is compiled for the instructions of
    /// its caller, and so is all that it calls: hence `inline(always)`.
    #[inline(always)]
    fn fill(self, sums: &mut [u64], sums_of_products: impl Fn(&[u64], &[Tile]) -> Tile) {
        let Self { matrix, query, first } = self;
        let groups = matrix.groups;
        let some = first..first + sums.len() / (2 * DEGREE);
        for tile in 0..TILES {
            let at = tile * matrix.step();
            let rows = at + matrix.position(some.start)..at + matrix.position(some.end);
            let query = &query.0[tile * groups..(tile + 1) * groups];
            let rows = matrix.values[rows].chunks_exact(groups * LANES);
            for (row, sums) in rows.zip(sums.chunks_exact_mut(2 * DEGREE)) {
                let [masks, bodies] = sums_of_products(row, query);
                let (mask, body) = sums.split_at_mut(DEGREE);
                mask[tile * LANES..][..LANES].copy_from_slice(&masks);
                body[tile * LANES..][..LANES].copy_from_slice(&bodies);
            }
        }
    }
}

/// Two coefficients at a time: their four 128-bit sums stay in registers. What the first two have
/// read is in the cache for the others.
#[inline]
fn sums_of_products(row: &[u64], query: &[Tile]) -> Tile {
    let mut sums = Tile::default();
    for lane in (0..LANES).step_by(2) {
        let mut four = [0u128; 4];
        for (entries, [mask, body]) in row.as_chunks::<LANES>().0.iter().zip(query) {
            let (first, second) = (u128::from(entries[lane]), u128::from(entries[lane + 1]));
            four[0] += first * u128::from(mask[lane]);
            four[1] += second * u128::from(mask[lane + 1]);
            four[2] += first * u128::from(body[lane]);
            four[3] += second * u128::from(body[lane + 1]);
        }
        let [mask, body] = &mut sums;
        [mask[lane], mask[lane + 1], body[lane], body[lane + 1]] = four.map(reduce);
    }
    sums
}
