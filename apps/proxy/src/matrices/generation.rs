//! Matrices of one index take the place of old ones together, or not at all. None of them takes the
//! place of an old one without a generation, either: nothing would tell any more what belongs
//! together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::served::Served;

/// Matrices by their names.
pub(super) type ByName = BTreeMap<String, Arc<Served>>;

/// Which of the new versions would part what was of one generation, each with the name of a matrix
/// that it would be parted from.
pub(super) fn parted(served: &ByName, new: &ByName) -> BTreeMap<String, String> {
    let old_of = |name: &String| served.get(name).and_then(|matrix| matrix.generation.as_deref());
    let parted_from = |(name, matrix): (&String, &Arc<Served>)| {
        let old = old_of(name)?;
        let parts = |other: &&String| {
            let after = new.get(*other).or_else(|| served.get(*other));
            old_of(other) == Some(old)
                && after.is_some_and(|after| after.generation != matrix.generation)
        };
        let other = served.keys().find(parts)?;
        Some((name.clone(), other.clone()))
    };
    new.iter().filter_map(parted_from).collect()
}
