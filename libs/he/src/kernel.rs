//! The multiply-accumulate of the server, in the transform domain.
//!
//! A matrix is one flat slice in the order `[coefficient / 4][block][group][4]`, so that it is
//! read from memory once and nearly in order, while the four coefficients of the query (both
//! polynomials of every ciphertext) stay in the first cache. Products of two 41-bit values are
//! summed up in 128 bits, which is room for 2^46 of them, and reduced once.

use std::ops::Range;

use crate::modular::reduce;
use crate::parameters::DEGREE;

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
    pub(crate) fn new(masks: &[u64], bodies: &[u64]) -> Self {
        let groups = masks.len() / DEGREE;
        let mut tiles = vec![Tile::default(); groups * TILES];
        let polynomials = masks.chunks_exact(DEGREE).zip(bodies.chunks_exact(DEGREE));
        for (group, (mask, body)) in polynomials.enumerate() {
            let parts = mask.as_chunks().0.iter().zip(body.as_chunks().0);
            for (tile, (mask, body)) in parts.enumerate() {
                tiles[tile * groups + group] = [*mask, *body];
            }
        }
        Self(tiles)
    }
}

/// Blocks whose sums stay in the second cache while they are written.
const BLOCKS: usize = 32;

/// The sums of products of some blocks: `[block][mask, body][coefficient]`, reduced.
pub(crate) fn multiply(matrix: &Multipliers, query: &Tiles, blocks: Range<usize>) -> Vec<u64> {
    let mut sums = vec![0; blocks.len() * 2 * DEGREE];
    for (first, sums) in blocks.step_by(BLOCKS).zip(sums.chunks_mut(BLOCKS * 2 * DEGREE)) {
        multiply_some(matrix, query, first, sums);
    }
    sums
}

/// Fills the sums of as many blocks as there is room for, from the first one on.
fn multiply_some(matrix: &Multipliers, query: &Tiles, first: usize, sums: &mut [u64]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::MODULUS;
    use fhe_math::rq::traits::TryConvertFrom;
    use fhe_math::rq::{Context, Poly, Representation, dot_product};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn random(context: &Arc<Context>, count: usize) -> Vec<Poly> {
        (0..count).map(|_| Poly::random(context, Representation::Ntt, &mut rand::rng())).collect()
    }

    fn flat(polynomials: &[Poly]) -> Vec<u64> {
        polynomials.iter().flat_map(|polynomial| polynomial.coefficients().to_owned()).collect()
    }

    fn assert_equals_dot_product(blocks: usize, query: &[Vec<Poly>; 2], matrix: &[Vec<Poly>]) {
        let groups = matrix[0].len();
        let mut multipliers = Multipliers::zero(blocks, groups);
        for (block, polynomials) in matrix.iter().enumerate() {
            multipliers.set_block(block, &flat(polynomials));
        }
        let tiles = Tiles::new(&flat(&query[0]), &flat(&query[1]));
        let expected: Vec<u64> = matrix
            .iter()
            .flat_map(|polynomials| query.iter().map(|part| (part.iter(), polynomials.iter())))
            .flat_map(|(part, polynomials)| flat(&[dot_product(part, polynomials).unwrap()]))
            .collect();

        assert!(multiply(&multipliers, &tiles, 0..blocks) == expected, "all blocks at once");
        for block in 0..blocks {
            let one = &expected[block * 2 * DEGREE..(block + 1) * 2 * DEGREE];
            assert!(multiply(&multipliers, &tiles, block..block + 1) == one, "block {block}");
            let mut polynomials = Vec::new();
            multipliers.block(block, &mut polynomials);
            assert!(polynomials == flat(&matrix[block]), "block {block} comes back as it was set");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

        #[test]
        fn every_block_equals_the_dot_product_of_fhe_math(blocks in 1usize..5, groups in 1usize..9) {
            let context = Arc::new(Context::new(&[MODULUS], DEGREE).unwrap());
            let query = [random(&context, groups), random(&context, groups)];
            let matrix: Vec<_> = (0..blocks).map(|_| random(&context, groups)).collect();
            assert_equals_dot_product(blocks, &query, &matrix);
        }
    }

    #[test]
    fn more_blocks_than_are_worked_on_together_equal_the_dot_product() {
        let context = Arc::new(Context::new(&[MODULUS], DEGREE).unwrap());
        let query = [random(&context, 2), random(&context, 2)];
        let matrix: Vec<_> = (0..BLOCKS + 3).map(|_| random(&context, 2)).collect();
        assert_equals_dot_product(matrix.len(), &query, &matrix);
    }

    #[test]
    fn the_largest_values_in_the_most_groups_do_not_overflow() {
        let context = Arc::new(Context::new(&[MODULUS], DEGREE).unwrap());
        let largest = vec![MODULUS - 1; DEGREE];
        let form = Representation::Ntt;
        let polynomial = Poly::try_convert_from(largest, &context, false, form).unwrap();
        let many = vec![polynomial; 4096];
        assert_equals_dot_product(1, &[many.clone(), many.clone()], &[many]);
    }
}
