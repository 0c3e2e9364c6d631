use std::num::NonZeroUsize;

use super::*;
use crate::modular::{down32, reduce};
use crate::parameters::{MODULUS, SEED_LEN};
use crate::ring::inverse_transform;
use crate::{EncryptedVector, Group, Layout};

fn matrix(rows: usize, columns: usize, group: Group) -> Matrix {
    let entry = |row: usize, column: usize| (row * 7 + column * 5) as i64 % 13 - 6;
    let row = |row| (0..columns).map(|column| entry(row, column)).collect();
    Matrix::with_layout(&(0..rows).map(row).collect::<Vec<_>>(), Layout::scores(group)).unwrap()
}

fn vector(columns: usize, group: Group, seed: u64) -> EncryptedVector {
    let count = columns.div_ceil(group.entries());
    let values = (0..(count * DEGREE) as u64)
        .map(|index| (index + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) % MODULUS);
    let seeds = vec![[seed as u8; SEED_LEN]; count];
    EncryptedVector::from_parts(columns, Layout::scores(group), seeds, values.collect()).unwrap()
}

/// The value of a word that the kernels read.
fn join(word: u64) -> u64 {
    (word >> 32) << 21 | word & 0xffff_ffff
}

/// The kernels `multiply` and `finish`: where they read and write, with the arithmetic of the CPU.
fn compute(sizes: &Sizes, entries: &[u64], queries: &[u64], masks: &mut [u32], bodies: &mut [u32]) {
    let ((blocks, groups), group) = (sizes.for_launch(), sizes.group() as usize);
    let (blocks, groups) = (blocks as usize, groups as usize);
    for polynomial in 0..queries.len() / (groups * 2 * DEGREE) * blocks {
        let (query, block) = (polynomial / blocks, polynomial % blocks);
        for part in 0..2 {
            let sum = |coefficient: usize| {
                let product = |index: usize| {
                    let entry = entries[(block * groups + index) * DEGREE + coefficient];
                    let at = ((query * groups + index) * 2 + part) * DEGREE + coefficient;
                    u128::from(join(entry)) * u128::from(join(queries[at]))
                };
                reduce((0..groups).map(product).sum())
            };
            let mut sums: Vec<u64> = (0..DEGREE).map(sum).collect();
            inverse_transform(&mut sums);
            for (at, value) in sums.into_iter().enumerate() {
                if part == 0 {
                    masks[polynomial * DEGREE + at] = down32(value);
                } else if at % group == group - 1 {
                    bodies[polynomial * (DEGREE / group) + at / group] = down32(value);
                }
            }
        }
    }
}

#[test]
fn what_the_kernels_make_of_the_values_where_they_lie_are_the_scores_of_the_cpu() {
    for (group, columns) in [(Group::ALL[0], 3), (Group::default(), 33), (Group::ALL[5], 70)] {
        // A block and a row, so that the last block is not full.
        let matrix = matrix(group.rows_per_block() + 1, columns, group);
        let sizes = Sizes::of(&matrix);
        let mut entries = Vec::new();
        let mut some = vec![7; 3];
        for block in 0..sizes.blocks {
            write_block(&matrix, block, &mut some);
            assert_eq!(some.len(), sizes.block_len());
            entries.extend_from_slice(&some);
        }
        let vectors = [vector(columns, group, 1), vector(columns, group, 2)];
        let mut queries = vec![0; vectors.len() * sizes.query_len()];
        for (vector, to) in vectors.iter().zip(queries.chunks_exact_mut(sizes.query_len())) {
            write_query(&vector.expand(NonZeroUsize::MIN).unwrap(), to);
        }
        let mut masks = vec![0; vectors.len() * sizes.mask_len()];
        let mut bodies = vec![0; vectors.len() * sizes.body_len()];
        compute(&sizes, &entries, &queries, &mut masks, &mut bodies);

        let scores = sizes.read_scores(&masks, &bodies);

        let expected: Vec<_> = vectors.iter().map(|vector| matrix.apply(vector).unwrap()).collect();
        assert!(scores == expected, "{group:?}");
    }
}

#[test]
fn the_halves_of_a_value_have_at_most_21_bits_and_are_all_of_it() {
    for value in [0, 1, 0x1f_ffff, 0x20_0000, MODULUS - 1] {
        let word = split(value);
        assert_eq!(join(word), value);
        assert!(word >> 32 < 1 << 21 && word & 0xffff_ffff < 1 << 21, "{value}");
    }
}
