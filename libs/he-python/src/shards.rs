//! Which shards a client asks for.

use he::ShardChoice;

use crate::failure::Failure;

/// Draws the shards to ask, in ascending order, from randomness that the operating system seeds.
pub(crate) fn choose(
    true_shard: u32,
    shards: u32,
    chosen: u32,
    epsilon: f64,
) -> Result<Vec<u32>, Failure> {
    Ok(ShardChoice::new(shards, chosen, epsilon)?.choose(true_shard, &mut rand::rng())?)
}

/// Probability with which the true shard is among those that are asked.
pub(crate) fn inclusion(shards: u32, chosen: u32, epsilon: f64) -> Result<f64, Failure> {
    Ok(ShardChoice::new(shards, chosen, epsilon)?.inclusion())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_shards_are_chosen_as_asked() {
        let set = choose(5, 16, 3, 3.0).unwrap();
        assert!(set.len() == 3 && set.windows(2).all(|pair| pair[0] < pair[1]) && set[2] < 16);
    }

    #[test]
    fn what_is_no_choice_is_named() {
        for (true_shard, shards, chosen, epsilon) in
            [(16, 16, 2, 3.0), (0, 1, 1, 3.0), (0, 16, 16, 3.0), (0, 16, 2, f64::NAN)]
        {
            assert!(matches!(choose(true_shard, shards, chosen, epsilon), Err(Failure::Other(_))));
        }
        assert!(matches!(inclusion(16, 0, 3.0), Err(Failure::Other(_))));
        assert!(inclusion(16, 2, 3.0).unwrap() > 0.74);
    }
}
