//! Arithmetic modulo the ciphertext prime, and the way to 32 bits and back.

use crate::parameters::MODULUS;

/// 2^64 modulo `MODULUS`.
const WORD: u64 = ((1u128 << 64) % MODULUS as u128) as u64;
const WORD_SHOUP: u64 = shoup(WORD);
const ONE_SHOUP: u64 = shoup(1);
/// floor(2^96 / `MODULUS`), below 2^56.
pub(crate) const SCALE: u64 = ((1u128 << 96) / MODULUS as u128) as u64;

/// floor(`factor` · 2^64 / `MODULUS`): what a Shoup multiplication by `factor` needs beside it.
pub(crate) const fn shoup(factor: u64) -> u64 {
    (((factor as u128) << 64) / MODULUS as u128) as u64
}

/// `value` modulo `MODULUS`; any 128-bit value whose upper half is below 2^63 is allowed.
#[inline]
pub(crate) fn reduce(value: u128) -> u64 {
    let (high, low) = ((value >> 64) as u64, value as u64);
    let sum = times(high, WORD, WORD_SHOUP) + times(low, 1, ONE_SHOUP);
    let sum = subtract_once(sum, 2 * MODULUS);
    subtract_once(sum, MODULUS)
}

/// round(`value` · 2^32 / `MODULUS`) modulo 2^32, for `value` below `MODULUS`.
#[inline]
pub(crate) fn down32(value: u64) -> u32 {
    let estimate = high_product(value, SCALE);
    // Exact: the estimate is the quotient or one less, so the remainder is below 2 · MODULUS.
    let remainder = (value << 32).wrapping_sub(estimate.wrapping_mul(MODULUS));
    let carry = u64::from(remainder >= MODULUS);
    let remainder = remainder - carry * MODULUS;
    (estimate + carry + u64::from(remainder > MODULUS / 2)) as u32
}

/// round(`value` · `MODULUS` / 2^32), below `MODULUS`.
#[inline]
pub(crate) fn lift32(value: u32) -> u64 {
    ((u128::from(value) * u128::from(MODULUS) + (1 << 31)) >> 32) as u64
}

/// `value` · `factor` modulo `MODULUS`, plus at most one `MODULUS`.
fn times(value: u64, factor: u64, factor_shoup: u64) -> u64 {
    let quotient = high_product(value, factor_shoup);
    value.wrapping_mul(factor).wrapping_sub(quotient.wrapping_mul(MODULUS))
}

fn high_product(left: u64, right: u64) -> u64 {
    ((u128::from(left) * u128::from(right)) >> 64) as u64
}

fn subtract_once(value: u64, modulus: u64) -> u64 {
    value.min(value.wrapping_sub(modulus))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact_down(value: u64) -> u32 {
        let modulus = u128::from(MODULUS);
        (((u128::from(value) << 32) + modulus / 2) / modulus) as u32
    }

    #[test]
    fn the_edges_of_the_range_scale_as_exact_division_does() {
        for value in (0..2000).chain(MODULUS / 2 - 1000..MODULUS / 2 + 1000) {
            assert_eq!(down32(value), exact_down(value), "{value}");
        }
        for value in MODULUS - 2000..MODULUS {
            assert_eq!(down32(value), exact_down(value), "{value}");
        }
        assert_eq!(down32(MODULUS - 1), 0, "2^32 wraps");
    }

    #[test]
    fn the_largest_32_bit_value_lifts_below_the_modulus() {
        assert_eq!(lift32(0), 0);
        assert!(lift32(u32::MAX) < MODULUS);
    }

    proptest! {
        #[test]
        fn reduction_is_the_remainder(high in 0u64..1 << 63, low: u64) {
            let value = u128::from(high) << 64 | u128::from(low);
            prop_assert_eq!(reduce(value), (value % u128::from(MODULUS)) as u64);
        }

        #[test]
        fn scaling_down_is_rounded_division(value in 0..MODULUS) {
            prop_assert_eq!(down32(value), exact_down(value));
        }

        #[test]
        fn lifting_and_scaling_down_gives_the_same_32_bits(value: u32) {
            prop_assert_eq!(down32(lift32(value)), value);
        }
    }
}
