//! From an entry of a file to an entry of a matrix.

use he::MAX_NORM;
use thiserror::Error;

use super::dtype::Entry;

/// Why a number is no entry.
#[derive(Clone, Debug, Error, PartialEq)]
pub(crate) enum NoEntry {
    #[error("no number (NaN)")]
    Nan,
    #[error("infinite")]
    Infinite,
    #[error("{value}, outside of {smallest} to {largest}")]
    Outside { value: String, smallest: i32, largest: i32 },
}

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
    pub(super) fn apply(&self, entry: Entry) -> Result<i32, NoEntry> {
        let scaled = match entry {
            Entry::Integer(integer) => return self.within(integer, || integer.to_string()),
            Entry::Float(float) if float.is_nan() => return Err(NoEntry::Nan),
            Entry::Float(float) if float.is_infinite() => return Err(NoEntry::Infinite),
            Entry::Float(float) => (float * self.scale).round_ties_even(),
        };
        // Beyond the range of an integer it becomes the last one, which is refused.
        self.within(scaled as i64, || self.product(entry, scaled))
    }

    fn within(&self, integer: i64, value: impl Fn() -> String) -> Result<i32, NoEntry> {
        let Self { smallest, largest, .. } = *self;
        match i32::try_from(integer) {
            Ok(integer) if (smallest..=largest).contains(&integer) => Ok(integer),
            _ => Err(NoEntry::Outside { value: value(), smallest, largest }),
        }
    }

    /// The number of the file, and what the scale made of it.
    fn product(&self, entry: Entry, scaled: f64) -> String {
        match entry {
            Entry::Float(float) if self.scale != 1.0 => {
                format!("{} · {} = {}", short(float), short(self.scale), short(scaled))
            }
            _ => short(scaled),
        }
    }
}

/// An integer as it is, another number with the few digits that 32 bits hold.
fn short(number: f64) -> String {
    let (single, integer) = (number as f32, number as i64);
    if integer as f64 == number && integer.unsigned_abs() < 1 << 53 {
        integer.to_string()
    } else if single.is_normal() {
        format!("{single:?}")
    } else {
        format!("{number:?}")
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
        let refusal = |rule: Rule, entry| rule.apply(entry).expect_err("it is refused").to_string();
        let scores = Rule::scores(None);
        assert_eq!(refusal(scores, Entry::Float(f64::NAN)), "no number (NaN)");
        assert_eq!(refusal(scores, Entry::Float(f64::NEG_INFINITY)), "infinite");
        assert_eq!(refusal(scores, Entry::Float(724.6)), "725, outside of -724 to 724");
        assert_eq!(refusal(scores, Entry::Integer(-725)), "-725, outside of -724 to 724");
        assert_eq!(refusal(scores, Entry::Float(1e30)), "1e30, outside of -724 to 724");
        let scaled = refusal(Rule::scores(Some(700.0)), Entry::Float(1e30));
        assert_eq!(scaled, "1e30 · 700 = 7e32, outside of -724 to 724");
        assert_eq!(refusal(Rule::bytes(), Entry::Integer(-1)), "-1, outside of 0 to 255");
        assert_eq!(refusal(Rule::bytes(), Entry::Integer(256)), "256, outside of 0 to 255");
    }
}
