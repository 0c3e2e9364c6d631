//! The constants of the kernels, from the transform that `fhe-math` really uses.

use std::fmt::Write;

use crate::modular::{SCALE, shoup};
use crate::parameters::{DEGREE, MODULUS};
use crate::ring::transform;

/// `#define` lines for every constant that `apply.cu` names.
pub(super) fn constants() -> String {
    let (high, inverse) = ((1u128 << 42) % u128::from(MODULUS), inverse(DEGREE as u64));
    let values = [
        ("MODULUS", MODULUS),
        ("SCALE", SCALE),
        ("ONE_SHOUP", shoup(1)),
        ("MIDDLE_SHOUP", shoup(1 << 21)),
        ("HIGH", high as u64),
        ("HIGH_SHOUP", shoup(high as u64)),
        ("INVERSE_DEGREE", inverse),
        ("INVERSE_DEGREE_SHOUP", shoup(inverse)),
    ];
    let mut lines = format!("#define DEGREE {DEGREE}u\n");
    for (name, value) in values {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "#define {name} {value}ULL");
    }
    lines
}

/// The factors of the inverse transform with their Shoup quotients, in the order of use.
pub(super) fn zetas() -> Vec<[u64; 2]> {
    let root = inverse(root());
    let powers: Vec<u64> = std::iter::successors(Some(root), |power| Some(product(*power, root)))
        .take(DEGREE)
        .collect();
    (0..DEGREE)
        .map(|index| powers[index.reverse_bits() >> (DEGREE.leading_zeros() + 1)])
        .map(|zeta| [zeta, shoup(zeta)])
        .collect()
}

/// The primitive root of the transform: the value of the polynomial X at its first point.
fn root() -> u64 {
    let (mut coefficients, mut values) = (vec![0; DEGREE], vec![0; DEGREE]);
    coefficients[1] = 1;
    transform(&coefficients, &mut values);
    values[0]
}

fn inverse(value: u64) -> u64 {
    // Fermat: the modulus is prime.
    let (mut result, mut base, mut exponent) = (1, value, MODULUS - 2);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = product(result, base);
        }
        base = product(base, base);
        exponent /= 2;
    }
    result
}

fn product(left: u64, right: u64) -> u64 {
    (u128::from(left) * u128::from(right) % u128::from(MODULUS)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modular::reduce;
    use crate::ring::inverse_transform;
    use proptest::prelude::*;

    fn times(value: u64, [factor, quotient]: [u64; 2]) -> u64 {
        let estimate = ((u128::from(value) * u128::from(quotient)) >> 64) as u64;
        value.wrapping_mul(factor).wrapping_sub(estimate.wrapping_mul(MODULUS))
    }

    /// The function `stages` of the kernel.
    fn stages(values: &mut [u64], zetas: &[[u64; 2]], length: usize, high: usize) {
        for stage in 0..values.len().ilog2() {
            let factors = &zetas[DEGREE - DEGREE / (length << stage)..];
            for left in (0..values.len()).filter(|left| (left >> stage) % 2 == 0) {
                let right = left + (1 << stage);
                let (x, y) = (values[left], values[right]);
                values[left] = (x + y).min((x + y).wrapping_sub(2 * MODULUS));
                let zeta = factors[(high + left) >> (stage + 1)];
                values[right] = times(x + 2 * MODULUS - y, zeta);
                assert!(values[left] < 2 * MODULUS && values[right] < 2 * MODULUS);
            }
        }
    }

    /// The kernel `finish`, one thread after the other.
    fn kernel_transform(shared: &mut [u64]) {
        let zetas = zetas();
        for (length, count) in [(1, 8), (8, 8), (64, 8), (512, 4)] {
            for thread in 0..DEGREE / count {
                let (low, high) = (thread % length, thread / length * count);
                let at = |index: usize| (high + index) * length + low;
                let mut values: Vec<u64> = (0..count).map(|index| shared[at(index)]).collect();
                stages(&mut values, &zetas, length, high);
                for (index, value) in values.into_iter().enumerate() {
                    shared[at(index)] = value;
                }
            }
        }
        let inverse = inverse(DEGREE as u64);
        for value in shared {
            let scaled = times(*value, [inverse, shoup(inverse)]);
            *value = scaled.min(scaled.wrapping_sub(MODULUS));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

        #[test]
        fn the_steps_of_the_kernel_are_the_inverse_transform(
            some in prop::collection::vec(0..MODULUS, 64),
        ) {
            let mut values: Vec<u64> = some.iter().copied().cycle().take(DEGREE).collect();
            values[0] = MODULUS - 1;
            let mut expected = values.clone();
            inverse_transform(&mut expected);
            kernel_transform(&mut values);
            prop_assert_eq!(values, expected);
        }

        #[test]
        fn sums_of_halves_are_sums_of_products(
            pairs in prop::collection::vec((0..MODULUS, 0..MODULUS), 1..300),
        ) {
            let (mut low, mut cross, mut high, mut sum) = (0u64, 0u64, 0u64, 0u128);
            for (a, b) in pairs {
                let [(a0, a1), (b0, b1)] = [a, b].map(|value| (value & 0x1f_ffff, value >> 21));
                low += a0 * b0;
                cross += (a0 + a1) * (b0 + b1);
                high += a1 * b1;
                sum += u128::from(a) * u128::from(b);
            }
            let factor = |shift: u32| {
                let factor = ((1u128 << shift) % u128::from(MODULUS)) as u64;
                [factor, shoup(factor)]
            };
            let middle = cross - low - high;
            let lazy = times(low, factor(0)) + times(middle, factor(21)) + times(high, factor(42));
            prop_assert!(lazy < 6 * MODULUS);
            prop_assert_eq!(lazy % MODULUS, reduce(sum));
        }
    }

    #[test]
    fn the_root_has_the_order_of_the_transform() {
        let power = (0..11).fold(root(), |power, _| product(power, power));
        assert_eq!(power, MODULUS - 1, "its 2048th power is -1");
    }

    #[test]
    fn the_sums_of_the_longest_vector_fit_64_bits() {
        let half = (1u128 << 21) - 1 + u128::from(MODULUS >> 21);
        assert!(half < 1 << 22, "a sum of halves");
        assert!(crate::MAX_DIMENSION as u128 * half * half <= u128::from(u64::MAX));
    }
}
