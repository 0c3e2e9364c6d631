//! The multiply-accumulate of the server, in the transform domain.
//!
//! A matrix is one flat slice in the order `[coefficient / 2][block][group][2]`, so that it is
//! read once and nearly in order, while the two coefficients of the query (both polynomials of every
//! ciphertext) stay in the first cache. Products of two 41-bit values are summed up in 128 bits,
//! which is room for 2^46 of them, and reduced once.

use std::ops::Range;

use crate::modular::reduce;
use crate::parameters::DEGREE;

/// Coefficients that are worked on together.
const PAIR: usize = 2;
const PAIRS: usize = DEGREE / PAIR;

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
        for pair in 0..PAIRS {
            let row = &mut self.values[at + pair * step..][..groups * PAIR];
            let polynomials = polynomials.chunks_exact(DEGREE);
            for (values, polynomial) in row.chunks_exact_mut(PAIR).zip(polynomials) {
                values.copy_from_slice(&polynomial[pair * PAIR..][..PAIR]);
            }
        }
    }

    /// The polynomials of one block, group after group, appended to `polynomials`.
    #[cfg(any(test, feature = "gpu"))]
    pub(crate) fn block(&self, block: usize, polynomials: &mut Vec<u64>) {
        let start = polynomials.len();
        polynomials.resize(start + self.groups * DEGREE, 0);
        let (at, step) = (self.position(block), self.step());
        for pair in 0..PAIRS {
            let row = &self.values[at + pair * step..][..self.groups * PAIR];
            for (group, values) in row.chunks_exact(PAIR).enumerate() {
                let to = start + group * DEGREE + pair * PAIR;
                polynomials[to..to + PAIR].copy_from_slice(values);
            }
        }
    }

    /// Bytes of memory of the values.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.values.as_slice())
    }

    fn position(&self, block: usize) -> usize {
        block * self.groups * PAIR
    }

    fn step(&self) -> usize {
        self.blocks * self.groups * PAIR
    }
}

/// A query in the order in which it is read: `[coefficient / 2][group]`, and then the two
/// coefficients of the first polynomial and the two of the second.
#[derive(Debug)]
pub(crate) struct Tiles(Vec<[u64; 2 * PAIR]>);

impl Tiles {
    /// From the transformed polynomials, each `[group][coefficient]`.
    pub(crate) fn new(masks: &[u64], bodies: &[u64]) -> Self {
        let groups = masks.len() / DEGREE;
        let mut tiles = vec![[0; 2 * PAIR]; groups * PAIRS];
        let polynomials = masks.chunks_exact(DEGREE).zip(bodies.chunks_exact(DEGREE));
        for (group, (mask, body)) in polynomials.enumerate() {
            let pairs = mask.chunks_exact(PAIR).zip(body.chunks_exact(PAIR));
            for (pair, (mask, body)) in pairs.enumerate() {
                tiles[pair * groups + group] = [mask[0], mask[1], body[0], body[1]];
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
    for pair in 0..PAIRS {
        let at = pair * matrix.step();
        let rows = at + matrix.position(some.start)..at + matrix.position(some.end);
        let tile = &query.0[pair * groups..(pair + 1) * groups];
        let rows = matrix.values[rows].chunks_exact(groups * PAIR);
        for (row, sums) in rows.zip(sums.chunks_exact_mut(2 * DEGREE)) {
            let [mask0, mask1, body0, body1] = sum_of_products(row, tile);
            let (mask, body) = sums.split_at_mut(DEGREE);
            mask[pair * PAIR..][..PAIR].copy_from_slice(&[reduce(mask0), reduce(mask1)]);
            body[pair * PAIR..][..PAIR].copy_from_slice(&[reduce(body0), reduce(body1)]);
        }
    }
}

#[inline]
fn sum_of_products(row: &[u64], tile: &[[u64; 2 * PAIR]]) -> [u128; 2 * PAIR] {
    let mut sums = [0u128; 2 * PAIR];
    for (entry, query) in row.chunks_exact(PAIR).zip(tile) {
        let (first, second) = (u128::from(entry[0]), u128::from(entry[1]));
        sums[0] += first * u128::from(query[0]);
        sums[1] += second * u128::from(query[1]);
        sums[2] += first * u128::from(query[2]);
        sums[3] += second * u128::from(query[3]);
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
