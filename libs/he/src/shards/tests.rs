use std::collections::{BTreeMap, VecDeque};

use rand_core::{CryptoRng, RngCore};

use super::*;
use crate::{MAX_EPSILON, MIN_EPSILON};

/// Randomness that is a list; it panics where more of it is asked for.
pub(super) struct Words(VecDeque<u64>);

impl Words {
    pub(super) fn new(words: &[u64]) -> Self {
        Self(words.iter().copied().collect())
    }

    pub(super) fn left(&self) -> usize {
        self.0.len()
    }
}

impl RngCore for Words {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        self.0.pop_front().expect("another word")
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.next_u64() as u8);
    }
}

impl CryptoRng for Words {}

fn choice(shards: u32, chosen: u32, epsilon: f64) -> ShardChoice {
    ShardChoice::new(shards, chosen, epsilon).expect("the choice is acceptable")
}

/// All sets of `size` numbers below `bound`, each in ascending order.
fn sets(bound: u32, size: u32) -> Vec<Vec<u32>> {
    let members = |mask: u32| (0..bound).filter(|bit| mask >> bit & 1 == 1).collect::<Vec<_>>();
    (0..1 << bound).filter(|mask: &u32| mask.count_ones() == size).map(members).collect()
}

/// Every small choice, at every kind of ε.
fn small_choices() -> impl Iterator<Item = (ShardChoice, f64)> {
    let sizes = (2..=8).flat_map(|shards| (1..shards).map(move |chosen| (shards, chosen)));
    sizes.flat_map(|(shards, chosen)| {
        [MIN_EPSILON, 0.1, 0.5, 1.0, 3.0, 10.0, 30.0]
            .map(|epsilon| (choice(shards, chosen, epsilon), epsilon))
    })
}

#[test]
fn the_probabilities_of_all_sets_sum_to_1_for_every_true_shard() {
    for (choice, _) in small_choices() {
        for true_shard in 0..choice.shards {
            let sets = sets(choice.shards, choice.chosen);
            let sum: f64 = sets.iter().map(|set| choice.probability(set, true_shard)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{choice:?}: {sum}");
        }
    }
}

#[test]
fn no_set_is_more_than_e_to_the_epsilon_times_as_likely_for_one_true_shard_as_for_another() {
    for (choice, epsilon) in small_choices() {
        let mut largest: f64 = 0.0;
        for set in sets(choice.shards, choice.chosen) {
            for (one, other) in
                (0..choice.shards).flat_map(|one| (0..choice.shards).map(move |other| (one, other)))
            {
                let ratio = choice.probability(&set, one) / choice.probability(&set, other);
                largest = largest.max(ratio);
            }
        }
        assert!(largest <= epsilon.exp(), "{choice:?}: {largest} is above e^{epsilon}");
        // As much as is allowed is used, up to the rounding of the words that are a miss.
        let rounding = 3.0 * MARGIN + epsilon.exp() * choice.chosen as f64 / WORDS;
        assert!(largest >= epsilon.exp() * (1.0 - rounding), "{choice:?}: {largest} {epsilon}");
    }
}

/// For large ε a probability near 1 hides the ratio; the integers do not.
#[test]
fn the_words_that_are_a_miss_are_enough_of_them_at_every_epsilon() {
    for (shards, chosen) in [(2, 1), (16, 2), (64, 16), (1 << 20, 1), (1 << 20, (1 << 20) - 1)] {
        for epsilon in [MIN_EPSILON, 1.0, 12.0, 40.0, MAX_EPSILON] {
            let misses = choice(shards, chosen, epsilon).misses;
            let hits = (1u128 << 64) - u128::from(misses);
            let ratio =
                hits as f64 / misses as f64 * f64::from(shards - chosen) / f64::from(chosen);
            assert!(ratio <= epsilon.exp() && ratio >= 1.0, "{shards} {chosen} {epsilon}: {ratio}");
        }
    }
}

/// Middles of so many equal parts of all words.
fn middles(parts: u64) -> Vec<u64> {
    let middle = |part: u64| (u128::from(2 * part + 1) << 63) / u128::from(parts);
    (0..parts).map(|part| middle(part) as u64).collect()
}

/// All ways to take one word of each list.
fn combinations(lists: &[Vec<u64>]) -> Vec<Vec<u64>> {
    lists.iter().fold(vec![vec![]], |done, list| {
        done.iter()
            .flat_map(|words| list.iter().map(|word| [words, &[*word][..]].concat()))
            .collect()
    })
}

#[test]
fn over_all_randomness_every_set_comes_up_as_often_as_its_probability_says() {
    // With e^ε a fraction, a miss has the probability m / d; 12 parts split evenly by 2, 3 and 4.
    for (shards, chosen, power, d) in
        [(2, 1, 3, 4), (4, 2, 3, 4), (5, 2, 2, 7), (5, 3, 4, 7), (5, 1, 6, 5), (4, 3, 4, 13)]
    {
        let choice = choice(shards, chosen, f64::from(power).ln());
        let mut lists = vec![middles(12); chosen as usize + 1];
        lists[0] = middles(d);
        let all = combinations(&lists);
        for true_shard in 0..shards {
            let mut counts = BTreeMap::new();
            for words in &all {
                let set = choice.choose(true_shard, &mut Words::new(words)).expect("a shard");
                *counts.entry(set).or_insert(0u32) += 1;
            }
            assert_eq!(counts.len(), sets(shards, chosen).len());
            for (set, count) in counts {
                let expected = choice.probability(&set, true_shard) * all.len() as f64;
                assert!((f64::from(count) - expected).abs() < 1e-6, "{set:?}: {count} {expected}");
            }
        }
    }
}

#[test]
fn the_documented_probabilities_of_a_hit_are_these() {
    let rounded = |shards, chosen| {
        [2.0, 3.0, 4.0]
            .map(|epsilon| (choice(shards, chosen, epsilon).inclusion() * 100.0).round() as u32)
    };
    assert_eq!(rounded(16, 2), [51, 74, 89]);
    assert_eq!(rounded(64, 16), [71, 87, 95]);
}

#[test]
fn what_is_chosen_is_ascending_and_of_the_right_size_up_to_the_most_shards() {
    for (shards, chosen) in [(2, 1), (16, 15), (64, 16), (1 << 20, 3), (4096, 4095)] {
        let choice = choice(shards, chosen, 1.0);
        for true_shard in [0, shards / 2, shards - 1] {
            let set = choice.choose(true_shard, &mut rand::rng()).expect("a shard");
            assert_eq!(set.len(), chosen as usize);
            assert!(set.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(set.last().is_some_and(|last| *last < shards));
        }
    }
}

#[test]
fn what_is_never_chosen_has_probability_0() {
    let choice = choice(4, 2, 1.0);
    for set in [&[][..], &[0], &[0, 1, 2], &[1, 0], &[1, 1], &[0, 4]] {
        assert_eq!(choice.probability(set, 0), 0.0, "{set:?}");
    }
    assert_eq!(choice.probability(&[0, 1], 4), 0.0);
}

#[test]
fn numbers_of_shards_that_leave_no_choice_are_refused() {
    for actual in [0, 1, (1 << 20) + 1, u32::MAX] {
        assert_eq!(ShardChoice::new(actual, 1, 1.0), Err(ShardError::Shards { actual }));
    }
    for actual in [0, 4, 5, u32::MAX] {
        let error = ShardError::Chosen { actual, shards: 4 };
        assert_eq!(ShardChoice::new(4, actual, 1.0), Err(error));
    }
}

#[test]
fn an_epsilon_that_is_no_ordinary_positive_number_is_refused() {
    let denormal = f64::MIN_POSITIVE / 2.0;
    for actual in [f64::INFINITY, -f64::INFINITY, -1.0, 0.0, -0.0, denormal, 1e300] {
        assert_eq!(ShardChoice::new(4, 2, actual), Err(ShardError::Epsilon { actual }));
    }
    let nan = ShardChoice::new(4, 2, f64::NAN);
    assert!(matches!(nan, Err(ShardError::Epsilon { actual }) if actual.is_nan()));
}

#[test]
fn a_true_shard_that_does_not_exist_is_refused_before_any_randomness_is_used() {
    let error = ShardError::TrueShard { actual: 4, shards: 4 };
    assert_eq!(choice(4, 2, 1.0).choose(4, &mut Words::new(&[])), Err(error));
}
