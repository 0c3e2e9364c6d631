//! Numbers for people: sums are rounded up in their last binary digit, which nobody wants to read.

/// Digits behind the first one; a double has 15 that are sure.
const DIGITS: usize = 11;

/// The nearest number of 12 digits: 12.1 for 12.100000000000001.
pub(super) fn brief(number: f64) -> f64 {
    format!("{number:.DIGITS$e}").parse().unwrap_or(number)
}

/// The same, or the number as it is where only its last digits are above the limit.
pub(super) fn brief_above(number: f64, limit: f64) -> f64 {
    let brief = brief(number);
    if brief > limit { brief } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_that_rounding_has_left_are_not_told() {
        let sum = 12.1_f64.next_up();
        assert_eq!(sum.to_string(), "12.100000000000001");
        assert_eq!(brief(sum).to_string(), "12.1");
        assert_eq!(brief(0.0), 0.0);
        for number in [1e-6, 0.1, 3.0, 12.0, 64.0, 1000.0, 1e300, 123_456.789] {
            assert_eq!(brief(number), number);
            assert_eq!(brief(number.next_up()), brief(number));
        }
        assert_eq!(brief(1.0 / 3.0).to_string(), "0.333333333333");
    }

    #[test]
    fn what_is_no_finite_number_stays_what_it_is() {
        assert!(brief(f64::NAN).is_nan());
        assert_eq!([brief(f64::INFINITY), brief(-f64::INFINITY)], [f64::INFINITY, -f64::INFINITY]);
    }

    #[test]
    fn what_is_above_a_limit_is_told_to_be_above_it() {
        let sum = 12.1_f64.next_up();
        assert_eq!(brief_above(sum, 12.0), 12.1);
        assert_eq!(brief_above(sum, 12.1), sum);
    }
}
