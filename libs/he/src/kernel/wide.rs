//! Four coefficients at a time, with the products of 52 bits of AVX-512 IFMA.
//!
//! A product of two 41-bit values has 82 bits. The instruction adds its lower 52 bits to one sum and
//! the upper 30 to another, both of 64 bits, which is room for 2^12 products.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_and_si256, _mm256_extract_epi64, _mm256_madd52hi_epu64,
    _mm256_madd52lo_epu64, _mm256_min_epu64, _mm256_set1_epi64x, _mm256_setr_epi64x,
    _mm256_setzero_si256, _mm256_srli_epi64, _mm256_sub_epi64,
};

use super::{LANES, Strip, Tile};
use crate::limits::MAX_DIMENSION;
use crate::parameters::MODULUS;

/// The bits of a factor of a product.
const BITS: u32 = 52;
const LOW: u64 = (1 << BITS) - 1;
/// 2^52 modulo `MODULUS`.
const WORD52: u64 = (1 << BITS) % MODULUS;

/// Every column may be a group of its own.
const _: () = assert!(MAX_DIMENSION <= 1 << (64 - BITS));

/// floor(`factor` · 2^52 / `MODULUS`): what a Shoup multiplication by `factor` needs beside it.
const fn shoup52(factor: u64) -> u64 {
    (((factor as u128) << BITS) / MODULUS as u128) as u64
}

/// The processor has the instructions of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ifma(());

impl Ifma {
    pub(super) fn detect() -> Option<Self> {
        // To enable `avx512f` enables `fma` and `f16c`, too, which its own bit does not vouch for.
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512ifma");
        has.then_some(Self(()))
    }

    /// Fills the sums of as many blocks as there is room for.
    #[expect(unsafe_code, reason = "the compiler does not know that the processor was asked")]
    pub(super) fn fill(self, strip: Strip<'_>, sums: &mut [u64]) {
        // SAFETY: there is no value of this type without the features that are enabled, and those
        // that they imply.
        unsafe { fill(strip, sums) }
    }
}

#[target_feature(enable = "avx2,avx512f,avx512vl,avx512ifma")]
fn fill(strip: Strip<'_>, sums: &mut [u64]) {
    strip.fill(sums, |row, query| sums_of_products(row, query));
}

/// The sums of the lower and the upper parts of products, four of each.
#[derive(Clone, Copy)]
struct Sums {
    low: __m256i,
    high: __m256i,
}

/// Every other group has sums of its own, so that an addition seldom waits for the one before.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512vl,avx512ifma")]
fn sums_of_products(row: &[u64], query: &[Tile]) -> Tile {
    let zero = Sums { low: _mm256_setzero_si256(), high: _mm256_setzero_si256() };
    let (mut even, mut odd) = ([zero; 2], [zero; 2]);
    let (pairs, last) = row.as_chunks::<LANES>().0.as_chunks::<2>();
    let (query_pairs, query_last) = query.as_chunks::<2>();
    for (entries, tiles) in pairs.iter().zip(query_pairs) {
        add_products(&mut even, &entries[0], &tiles[0]);
        add_products(&mut odd, &entries[1], &tiles[1]);
    }
    for (entries, tile) in last.iter().zip(query_last) {
        add_products(&mut even, entries, tile);
    }
    [reduced_sum(even[0], odd[0]), reduced_sum(even[1], odd[1])]
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512vl,avx512ifma")]
fn add_products(sums: &mut [Sums; 2], entries: &[u64; LANES], tile: &Tile) {
    let entries = vector(entries);
    for (sums, part) in sums.iter_mut().zip(tile) {
        let part = vector(part);
        sums.low = _mm256_madd52lo_epu64(sums.low, entries, part);
        sums.high = _mm256_madd52hi_epu64(sums.high, entries, part);
    }
}

/// The sum of both modulo `MODULUS`.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512vl,avx512ifma")]
fn reduced_sum(left: Sums, right: Sums) -> [u64; LANES] {
    let low = _mm256_add_epi64(left.low, right.low);
    let high = _mm256_add_epi64(left.high, right.high);
    // 2^12 upper parts of 30 bits and the carry: below 2^43.
    let high = _mm256_add_epi64(high, _mm256_srli_epi64::<{ BITS as i32 }>(low));
    let high = times(high, WORD52, const { shoup52(WORD52) });
    let low = times(_mm256_and_si256(low, all(LOW)), 1, const { shoup52(1) });
    let sum = subtract_once(_mm256_add_epi64(high, low), 2 * MODULUS);
    lanes(subtract_once(sum, MODULUS))
}

/// `values` · `factor` modulo `MODULUS`, plus at most one `MODULUS`, for values below 2^52.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512vl,avx512ifma")]
fn times(values: __m256i, factor: u64, factor_shoup: u64) -> __m256i {
    let zero = _mm256_setzero_si256();
    let quotient = _mm256_madd52hi_epu64(zero, values, all(factor_shoup));
    let product = _mm256_madd52lo_epu64(zero, values, all(factor));
    let multiple = _mm256_madd52lo_epu64(zero, quotient, all(MODULUS));
    _mm256_and_si256(_mm256_sub_epi64(product, multiple), all(LOW))
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512vl")]
fn subtract_once(values: __m256i, modulus: u64) -> __m256i {
    _mm256_min_epu64(values, _mm256_sub_epi64(values, all(modulus)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(value: u64) -> __m256i {
    _mm256_set1_epi64x(value.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn vector(lanes: &[u64; LANES]) -> __m256i {
    let [first, second, third, fourth] = lanes.map(u64::cast_signed);
    _mm256_setr_epi64x(first, second, third, fourth)
}

#[inline]
#[target_feature(enable = "avx2")]
fn lanes(values: __m256i) -> [u64; LANES] {
    [
        _mm256_extract_epi64::<0>(values),
        _mm256_extract_epi64::<1>(values),
        _mm256_extract_epi64::<2>(values),
        _mm256_extract_epi64::<3>(values),
    ]
    .map(i64::cast_unsigned)
}
