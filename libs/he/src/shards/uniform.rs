//! Even choices without the bias that a remainder or a scaled fraction leaves.

use std::collections::BTreeSet;

use rand_core::CryptoRng;

/// An even choice among all sets of `size` numbers below `bound` (Floyd's algorithm).
///
/// `size` is at most `bound`.
pub(super) fn subset(bound: u32, size: u32, random: &mut impl CryptoRng) -> BTreeSet<u32> {
    let mut set = BTreeSet::new();
    for last in bound - size..bound {
        let drawn = below(u64::from(last) + 1, random) as u32;
        if !set.insert(drawn) {
            set.insert(last);
        }
    }
    set
}

/// An even choice among the numbers below `bound`, which is not 0 (Lemire's algorithm).
fn below(bound: u64, random: &mut impl CryptoRng) -> u64 {
    let incomplete = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(random.next_u64()) * u128::from(bound);
        if product as u64 >= incomplete {
            return (product >> u64::BITS) as u64;
        }
    }
}

/// Number of sets that [`subset`] chooses from; infinite beyond what a double holds.
pub(super) fn subsets(bound: u32, size: u32) -> f64 {
    let size = size.min(bound - size);
    (0..size).fold(1.0, |count, taken| count * f64::from(bound - taken) / f64::from(taken + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shards::tests::Words;

    #[test]
    fn the_number_of_sets_is_the_binomial_coefficient() {
        let pascal = |n: u32, k: u32| -> f64 {
            let mut row = vec![1.0];
            for _ in 0..n {
                let sums: Vec<f64> = row.windows(2).map(|pair| pair[0] + pair[1]).collect();
                row = [vec![1.0], sums, vec![1.0]].concat();
            }
            row[k as usize]
        };
        for bound in 0..30 {
            for size in 0..=bound {
                assert_eq!(subsets(bound, size), pascal(bound, size), "{bound} over {size}");
            }
        }
        assert_eq!(subsets(1 << 20, 1 << 19), f64::INFINITY);
    }

    #[test]
    fn a_word_that_would_be_one_too_many_for_a_number_is_drawn_again() {
        // 2^64 = 3·m + 1: the word 0 is the one too many.
        let mut words = Words::new(&[0, u64::MAX]);
        assert_eq!((below(3, &mut words), words.left()), (2, 0));
    }

    #[test]
    fn all_numbers_may_be_taken_and_none() {
        let mut words = Words::new(&[1 << 63; 5]);
        assert!(subset(5, 0, &mut words).is_empty());
        assert_eq!(subset(5, 5, &mut words).into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(words.left(), 0);
    }
}
