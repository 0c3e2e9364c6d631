//! Which ε a query may have.

/// Smallest ε of one query: below it the arithmetic would say more about rounding than about privacy.
pub const MIN_EPSILON: f64 = 1e-6;

/// Largest ε of one query. Far below it ε has stopped to protect anything: e^64 is above 10^27.
pub const MAX_EPSILON: f64 = 64.0;

/// Whether one query may have this ε; NaN, infinities, 0 and negative numbers may not be.
pub(crate) fn is_epsilon(epsilon: f64) -> bool {
    (MIN_EPSILON..=MAX_EPSILON).contains(&epsilon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_accepted_and_what_lies_beyond_is_not() {
        assert!(is_epsilon(MIN_EPSILON) && is_epsilon(MAX_EPSILON));
        assert!(!is_epsilon(MIN_EPSILON.next_down()) && !is_epsilon(MAX_EPSILON.next_up()));
    }

    #[test]
    fn what_is_no_positive_number_of_ordinary_size_is_refused() {
        let denormal = f64::MIN_POSITIVE / 2.0;
        for epsilon in [f64::NAN, f64::INFINITY, -f64::INFINITY, -1.0, -0.0, 0.0, denormal, 1e300] {
            assert!(!is_epsilon(epsilon), "{epsilon}");
        }
    }
}
