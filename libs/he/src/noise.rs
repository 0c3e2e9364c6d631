//! How much noise a product has, and how likely it is that this changes an integer.
//!
//! An integer decrypts right while the noise of its coefficient is below half the distance of two
//! neighbours, `q / 2^(b+1)` for a plaintext modulus of 2^b. With `E` the sum of the squares of the
//! entries of a block, the noise of every coefficient of the block is the sum of:
//!
//! * the errors of the ciphertexts times the entries. Every error meets every entry once, so this
//!   is a sum of centred binomials with variance exactly `10·E`. Each is a sum of 40 half coins,
//!   whose moments are below those of a normal variable of the same variance (sub-Gaussian);
//! * the rounding of 2048 coefficients to 32 bits times the secret. Which way they are rounded
//!   follows from the public polynomials, which the secret does not depend on: given those, it is
//!   once more sub-Gaussian, with at most `10·2048·r²` where `r` is the largest rounding;
//! * the rounding of the score's own coefficient, at most `r`;
//! * the rounding of the encrypted entries, at most 1/2 each, for scores at most `|x| / 2^20`.
//!
//! The first two add up to one sub-Gaussian variable, the others to a shift that is subtracted from
//! the limit at its worst. So the bound holds for every vector and needs no independence but that
//! of errors, secret and public polynomials. On average a rounding is `r²/3`, and that is what
//! [`Energy::variance`] has.

use crate::parameters::{DEGREE, MODULUS, VARIANCE};
use crate::{Content, Error, MAX_NORM};

/// Largest acceptable logarithm, to base 2, of the probability that an integer is wrong.
pub(crate) const MAX_LOG2_FAILURE: f64 = -64.0;

/// Distance of two neighbours among 32-bit coefficients.
const STEP: f64 = MODULUS as f64 / (1u64 << 32) as f64;
/// Largest rounding on the way to 32 bits and back.
const ROUNDING: f64 = (STEP + 1.0) / 2.0;

/// What the noise of a block of rows follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Energy {
    /// Sum of the squares of the entries of all rows.
    pub(crate) squares: u64,
    /// Largest sum of the magnitudes of the entries of a row.
    pub(crate) magnitudes: u64,
}

impl Energy {
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a [i32]>) -> Self {
        rows.fold(Self::default(), |energy, row| {
            let magnitude = |entry: &i32| u64::from(entry.unsigned_abs());
            let squares = row.iter().map(magnitude).map(|entry| entry * entry).sum::<u64>();
            Self {
                squares: energy.squares + squares,
                magnitudes: energy.magnitudes.max(row.iter().map(magnitude).sum()),
            }
        })
    }

    /// Variance of the noise of every integer of the block.
    pub(crate) fn variance(self) -> f64 {
        let rounded = 1.0 + (VARIANCE * DEGREE) as f64;
        VARIANCE as f64 * self.squares as f64 + STEP * STEP / 12.0 * rounded
    }

    /// Logarithm, to base 2, of a bound on the probability that an integer of the block is wrong.
    pub(crate) fn log2_failure(self, content: Content) -> f64 {
        let limit = MODULUS as f64 / (1u64 << (content.plaintext_bits() + 1)) as f64;
        let limit = limit - ROUNDING - self.largest_encoding(content);
        let proxy = VARIANCE as f64 * (self.squares as f64 + DEGREE as f64 * ROUNDING * ROUNDING);
        if limit <= 0.0 {
            return 0.0;
        }
        (1.0 - limit * limit / (2.0 * proxy) * std::f64::consts::LOG2_E).min(0.0)
    }

    /// Largest noise by the rounding of encrypted entries, and of bytes a second time.
    fn largest_encoding(self, content: Content) -> f64 {
        match content {
            Content::Scores => {
                (MAX_NORM * MAX_NORM) as f64 / (1u64 << content.plaintext_bits()) as f64
            }
            Content::Records => {
                // They are decrypted as the upper bits of scores, which are rounded first.
                let scores = Content::Scores.plaintext_bits();
                self.magnitudes as f64 / 2.0 + MODULUS as f64 / (1u64 << (scores + 1)) as f64
            }
        }
    }
}

/// The largest logarithm of all blocks, or the block whose logarithm is too large.
pub(crate) fn check(energies: &[Energy], content: Content) -> Result<f64, Error> {
    energies.iter().enumerate().try_fold(f64::NEG_INFINITY, |largest, (block, energy)| {
        let log2_failure = energy.log2_failure(content);
        if log2_failure > MAX_LOG2_FAILURE {
            return Err(Error::Noise { block, log2_failure });
        }
        Ok(largest.max(log2_failure))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, MAX_DIMENSION};

    fn scores(squares: u64) -> Energy {
        Energy { squares, magnitudes: 0 }
    }

    #[test]
    fn the_energy_is_the_sum_of_all_squares_and_the_longest_row() {
        let rows: [&[i32]; 2] = [&[3, -4], &[-5, 1]];
        assert_eq!(Energy::of(rows.into_iter()), Energy { squares: 51, magnitudes: 7 });
    }

    #[test]
    fn every_matrix_within_the_caps_is_acceptable() {
        for group in Group::ALL {
            let rows = group.rows_per_block() as u64;
            let largest = scores(rows * MAX_NORM * MAX_NORM);
            assert!(check(&[largest], Content::Scores).is_ok(), "{group:?}: scores");
            let row = MAX_DIMENSION as u64 * 255;
            let largest = Energy { squares: rows * row * 255, magnitudes: row };
            assert!(check(&[largest], Content::Records).is_ok(), "{group:?}: records");
        }
    }

    #[test]
    fn the_bound_at_the_cap_is_that_of_a_separate_computation() {
        // In groups of 1: limit 2^20 - 11 - 256.5 - 0.5, proxy 10·(2048·724² + 2048·256.5²).
        let exact = scores(2048 * 724 * 724).log2_failure(Content::Scores);
        assert!((exact + 64.6).abs() < 0.1, "{exact}");
    }

    #[test]
    fn a_block_with_too_much_noise_is_named() {
        let energies = [scores(1), scores(2 * 2048 * 724 * 724)];
        let error = check(&energies, Content::Scores).expect_err("twice the cap is too much");
        let Error::Noise { block: 1, log2_failure } = error else { panic!("{error:?}") };
        assert!((-40.0..-30.0).contains(&log2_failure), "{log2_failure}");
        assert!(error.to_string().contains("block 1"), "{error}");
    }

    #[test]
    fn two_to_the_minus_64_is_the_largest_failure_that_is_accepted() {
        let cap = 2048 * MAX_NORM * MAX_NORM;
        assert!(check(&[scores(cap)], Content::Scores).is_ok());
        let error = check(&[scores(cap / 100 * 102)], Content::Scores).expect_err("2 % more");
        let Error::Noise { log2_failure, .. } = error else { panic!("{error:?}") };
        assert!((-64.0..-63.0).contains(&log2_failure), "{log2_failure}");
    }

    #[test]
    fn noise_beyond_the_limit_says_that_nothing_is_certain() {
        assert_eq!(Energy { squares: 1, magnitudes: 1 << 40 }.log2_failure(Content::Records), 0.0);
        assert_eq!(scores(u64::MAX).log2_failure(Content::Scores), 0.0);
    }
}
