//! What the product is compared with: the dot product of `fhe-math`, and the memory.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use fhe_math::rq::{Context, Poly, Representation, dot_product};
use he::{DEGREE, MODULUS};

use crate::failure::Failure;
use crate::statistics::{Samples, Summary};

/// Blocks of rows beyond which a matrix of polynomials is not made: the rate no longer changes.
const MAX_BLOCKS: usize = 200;

/// The dot product of `fhe-math` over polynomials in the number and the form that a case has.
pub(crate) struct DotProduct {
    query: [Vec<Poly>; 2],
    matrix: Vec<Vec<Poly>>,
    blocks: usize,
}

impl DotProduct {
    /// For so many blocks of rows and groups of columns; the values do not matter to it.
    pub(crate) fn new(blocks: usize, groups: usize) -> Result<Self, Failure> {
        let context = Arc::new(Context::new(&[MODULUS], DEGREE)?);
        let random = || Poly::random(&context, Representation::Ntt, &mut rand::rng());
        let some = || (0..groups).map(|_| random()).collect::<Vec<_>>();
        let matrix = (0..blocks.min(MAX_BLOCKS)).map(|_| some()).collect();
        Ok(Self { query: [some(), some()], matrix, blocks })
    }

    /// How long the whole case takes; what is left out of it is added in proportion.
    pub(crate) fn time(&self) -> Result<Duration, Failure> {
        let start = std::time::Instant::now();
        for block in &self.matrix {
            for part in &self.query {
                black_box(dot_product(part.iter(), block.iter())?);
            }
        }
        let whole = self.blocks as f64 / self.matrix.len() as f64;
        Ok(start.elapsed().mul_f64(whole))
    }
}

/// Time that one core takes to read so many bytes from memory.
pub(crate) fn time_reads(bytes: usize, repeats: usize) -> Summary {
    let words: Vec<u64> = (0..bytes as u64 / 8).collect();
    let mut samples = Samples::default();
    for _ in 0..repeats {
        samples.time(|| black_box(sum(black_box(&words))));
    }
    samples.summary()
}

fn sum(words: &[u64]) -> u64 {
    let mut sums = [0u64; 16];
    for chunk in words.as_chunks::<16>().0 {
        for (sum, word) in sums.iter_mut().zip(chunk) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums.into_iter().fold(0, u64::wrapping_add)
}
