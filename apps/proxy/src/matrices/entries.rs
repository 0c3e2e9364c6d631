//! From an entry of a file to an entry of a matrix.

use he::MAX_NORM;

use super::dtype::Entry;

/// What entries may be, and how floating-point numbers become integers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    smallest: i32,
    largest: i32,
    scale: f64,
}

impl Rule {
    /// Entries of scores and of a layer: beyond the norm of a row none can be.
    pub(super) fn scores(scale: Option<f64>) -> Self {
        let largest = MAX_NORM as i32;
        Self { smallest: -largest, largest, scale: scale.unwrap_or(1.0) }
    }

    /// Entries of records.
    pub(super) fn bytes() -> Self {
        Self { smallest: 0, largest: u8::MAX.into(), scale: 1.0 }
    }

    /// Entries of centroids, which the server does not compute with.
    pub(super) fn centroids(scale: Option<f64>) -> Self {
        Self { smallest: i32::MIN, largest: i32::MAX, scale: scale.unwrap_or(1.0) }
    }

    /// The integer, or what is wrong with the entry.
    ///
    /// A floating-point number is multiplied by the scale and rounded to the nearest integer, to the
    /// even one of two, as numpy does.
    pub(super) fn apply(&self, entry: Entry) -> Result<i32, String> {
        let integer = match entry {
            Entry::Integer(integer) => integer,
            Entry::Float(float) if float.is_finite() => {
                // Beyond the range of an integer it becomes the last one, which is refused below.
                (float * self.scale).round_ties_even() as i64
            }
            Entry::Float(float) if float.is_nan() => return Err("no number (NaN)".to_owned()),
            Entry::Float(_) => return Err("infinite".to_owned()),
        };
        let range = i64::from(self.smallest)..=i64::from(self.largest);
        if !range.contains(&integer) {
            return Err(format!("{integer}, outside of {} to {}", self.smallest, self.largest));
        }
        Ok(integer as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_scaled_and_rounded_to_even() {
        let rule = Rule::scores(Some(2.0));
        let quantised = [0.24, 0.25, 0.26, 0.75, -0.25, -0.75, 362.0, -362.0];
        let integers = quantised.map(|float| rule.apply(Entry::Float(float)).unwrap());
        assert_eq!(integers, [0, 0, 1, 2, 0, -2, 724, -724]);
    }

    #[test]
    fn integers_stay_what_they_are_whatever_the_scale() {
        assert_eq!(Rule::scores(Some(700.0)).apply(Entry::Integer(-5)), Ok(-5));
    }

    #[test]
    fn what_is_no_entry_is_refused_with_the_reason() {
        let refusal = |rule: Rule, entry| rule.apply(entry).expect_err("it is refused");
        let scores = Rule::scores(None);
        assert_eq!(refusal(scores, Entry::Float(f64::NAN)), "no number (NaN)");
        assert_eq!(refusal(scores, Entry::Float(f64::NEG_INFINITY)), "infinite");
        assert_eq!(refusal(scores, Entry::Float(724.6)), "725, outside of -724 to 724");
        assert_eq!(refusal(scores, Entry::Integer(-725)), "-725, outside of -724 to 724");
        let largest = format!("{}, outside of -724 to 724", i64::MAX);
        assert_eq!(refusal(scores, Entry::Float(1e300)), largest);
        assert_eq!(refusal(Rule::bytes(), Entry::Integer(-1)), "-1, outside of 0 to 255");
        assert_eq!(refusal(Rule::bytes(), Entry::Integer(256)), "256, outside of 0 to 255");
    }
}
