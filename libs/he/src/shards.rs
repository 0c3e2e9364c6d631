//! Which shards of a matrix to ask, so that the question hardly says which one was meant.
//!
//! The client knows the shard that it is interested in, the true one. It asks `chosen` of the `shards`
//! there are: the true one is among them with probability `ω·e^ε / (ω·e^ε + k - ω)`, for `k` shards
//! of which `ω` are asked, and the others are drawn evenly. Two true shards make one and the same
//! question likely in a ratio of at most `e^ε` (ω-subset selection): the question is ε-locally
//! differentially private.
//!
//! # Pitfalls
//!
//! * Whether to ask some shards or all must be decided before any result is seen. To ask again after a
//!   miss tells that the true shard was not among the first ones, and the ε is void.
//! * A miss is part of the mechanism: fewer good results, never a wrong one.

mod error;
mod uniform;

use std::collections::BTreeSet;

use rand_core::CryptoRng;

pub use error::ShardError;

use crate::MAX_ROWS;
use crate::privacy::is_epsilon;

/// Larger than the relative rounding of the smaller one of the probabilities of a hit and a miss.
const MARGIN: f64 = 1e-12;

/// The number of values of a `u64`.
const WORDS: f64 = 18_446_744_073_709_551_616.0;

/// A way to choose the shards of one query.
///
/// # Example
///
/// ```
/// use he::ShardChoice;
///
/// let choice = ShardChoice::new(16, 2, 3.0)?;
/// assert_eq!(choice.choose(5, &mut rand::rng())?.len(), 2);
/// assert!((choice.inclusion() - 0.741).abs() < 0.001);
/// # Ok::<(), he::ShardError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShardChoice {
    shards: u32,
    chosen: u32,
    /// Of the 2^64 values of a random word, those below this one are a miss.
    misses: u64,
}

impl ShardChoice {
    /// The choice of `chosen` out of `shards` shards at this ε.
    ///
    /// # Errors
    ///
    /// [`ShardError::Shards`], [`ShardError::Chosen`] if none or all are to be chosen, and
    /// [`ShardError::Epsilon`] for an ε outside [`MIN_EPSILON`](crate::MIN_EPSILON) to
    /// [`MAX_EPSILON`](crate::MAX_EPSILON).
    pub fn new(shards: u32, chosen: u32, epsilon: f64) -> Result<Self, ShardError> {
        if shards < 2 || shards as usize > MAX_ROWS {
            return Err(ShardError::Shards { actual: shards });
        }
        if chosen == 0 || chosen >= shards {
            return Err(ShardError::Chosen { actual: chosen, shards });
        }
        if !is_epsilon(epsilon) {
            return Err(ShardError::Epsilon { actual: epsilon });
        }
        let (inside, outside) = (f64::from(chosen) * epsilon.exp(), f64::from(shards - chosen));
        Ok(Self { shards, chosen, misses: misses(inside, outside) })
    }

    /// Draws the shards to ask, in ascending order.
    ///
    /// # Errors
    ///
    /// [`ShardError::TrueShard`] if there is no such shard.
    pub fn choose(
        &self,
        true_shard: u32,
        random: &mut impl CryptoRng,
    ) -> Result<Vec<u32>, ShardError> {
        if true_shard >= self.shards {
            return Err(ShardError::TrueShard { actual: true_shard, shards: self.shards });
        }
        let hit = random.next_u64() >= self.misses;
        let others = self.chosen - u32::from(hit);
        let drawn = uniform::subset(self.shards - 1, others, random);
        let mut set: BTreeSet<u32> =
            drawn.into_iter().map(|shard| shard + u32::from(shard >= true_shard)).collect();
        if hit {
            set.insert(true_shard);
        }
        Ok(set.into_iter().collect())
    }

    /// Probability with which exactly this set is chosen; 0 for what never is.
    ///
    /// It is that of [`ShardChoice::choose`], up to the rounding of this computation.
    #[must_use]
    pub fn probability(&self, set: &[u32], true_shard: u32) -> f64 {
        let ascending = set.windows(2).all(|pair| pair[0] < pair[1]);
        let known = |shard: &u32| *shard < self.shards;
        let complete = set.len() == self.chosen as usize;
        if !(ascending && complete && set.iter().all(known) && known(&true_shard)) {
            return 0.0;
        }
        let others = self.shards - 1;
        if set.contains(&true_shard) {
            self.inclusion() / uniform::subsets(others, self.chosen - 1)
        } else {
            self.miss() / uniform::subsets(others, self.chosen)
        }
    }

    /// Probability with which the true shard is among those that are asked.
    #[must_use]
    pub fn inclusion(&self) -> f64 {
        self.misses.wrapping_neg() as f64 / WORDS
    }

    fn miss(&self) -> f64 {
        self.misses as f64 / WORDS
    }
}

/// So many of all words that a hit is `inside` to `outside` against a miss, or a little less likely.
///
/// A miss more often than asked for costs results; less often, it would cost privacy.
fn misses(inside: f64, outside: f64) -> u64 {
    let share = |part: f64| part / (inside + outside) * WORDS;
    if inside < outside {
        let hits = share(inside) * (1.0 - MARGIN);
        (hits as u64).wrapping_neg()
    } else {
        (share(outside) * (1.0 + MARGIN)).ceil() as u64
    }
}

#[cfg(test)]
mod tests;
