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
    let tiles = Tiles::new(&flat(&query[0]), &flat(&query[1])).unwrap();
    let expected: Vec<u64> = matrix
        .iter()
        .flat_map(|polynomials| query.iter().map(|part| (part.iter(), polynomials.iter())))
        .flat_map(|(part, polynomials)| flat(&[dot_product(part, polynomials).unwrap()]))
        .collect();

    for instructions in Instructions::available() {
        let multiply = |blocks| {
            let sums = multiply(instructions, (&multipliers, &tiles), blocks).unwrap();
            assert_eq!(sums.instructions, instructions);
            sums.values
        };
        assert!(multiply(0..blocks) == expected, "{instructions}, all blocks at once");
        for block in 0..blocks {
            let one = &expected[block * 2 * DEGREE..(block + 1) * 2 * DEGREE];
            assert!(multiply(block..block + 1) == one, "{instructions}, block {block}");
        }
    }
    for (block, set) in matrix.iter().enumerate() {
        let mut polynomials = Vec::new();
        multipliers.block(block, &mut polynomials);
        assert!(polynomials == flat(set), "block {block} comes back as it was set");
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

/// Factors below the modulus whose product has nearly the largest lower 52 bits.
fn factors_with_a_large_lower_part() -> [u64; 2] {
    let left = MODULUS - 2;
    let lower = |right: u64| (u128::from(left) * u128::from(right)) as u64 & ((1 << 52) - 1);
    let right = (1..MODULUS).rev().find(|right| lower(*right) >> 40 == 0xfff);
    [left, right.expect("one of a few thousand has it")]
}

#[test]
fn the_largest_sums_of_the_most_groups_do_not_overflow() {
    let context = Arc::new(Context::new(&[MODULUS], DEGREE).unwrap());
    for factors in [[MODULUS - 1; 2], factors_with_a_large_lower_part()] {
        let [query, matrix] = factors.map(|value| {
            let (values, form) = (vec![value; DEGREE], Representation::Ntt);
            vec![Poly::try_convert_from(values, &context, false, form).unwrap(); 4096]
        });
        assert_equals_dot_product(1, &[query.clone(), query], &[matrix]);
    }
}

#[test]
fn products_of_52_bits_are_used_where_the_processor_has_them_and_only_there() {
    #[cfg(target_arch = "x86_64")]
    let has = is_x86_feature_detected!("avx512ifma") && is_x86_feature_detected!("avx512vl");
    #[cfg(not(target_arch = "x86_64"))]
    let has = false;
    let names: Vec<_> = Instructions::available().iter().map(ToString::to_string).collect();
    assert_eq!(names[0], "64-bit integers");
    assert_eq!(names[1..].contains(&"AVX-512 IFMA".to_owned()), has);
    assert_eq!(Some(&Instructions::best().to_string()), names.last());
}
