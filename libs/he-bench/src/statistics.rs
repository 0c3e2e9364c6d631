//! Repeated timings in three numbers.

use std::time::{Duration, Instant};

use serde::Serialize;

/// What repeated timings come to, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) median_ms: f64,
    pub(crate) min_ms: f64,
    pub(crate) max_ms: f64,
    /// The distance between the quartiles, as a part of the median.
    pub(crate) spread: f64,
    pub(crate) runs: usize,
}

/// Durations of one step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn add(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1000.0);
    }

    /// Runs the work and adds its duration.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.add(start.elapsed());
        result
    }

    /// Adds the samples of another.
    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds that so large a part of the samples does not exceed; at least one sample has
    /// been added.
    pub(crate) fn percentile(&self, part: f64) -> f64 {
        at(&self.sorted(), part)
    }

    /// At least one sample has been added.
    pub(crate) fn summary(&self) -> Summary {
        let sorted = self.sorted();
        let median_ms = at(&sorted, 0.5);
        Summary {
            median_ms,
            min_ms: at(&sorted, 0.0),
            max_ms: at(&sorted, 1.0),
            spread: (at(&sorted, 0.75) - at(&sorted, 0.25)) / median_ms,
            runs: sorted.len(),
        }
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

fn at(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_does_not_depend_on_the_order() {
        let mut samples = Samples::default();
        for milliseconds in [5, 1, 4, 2, 3] {
            samples.add(Duration::from_millis(milliseconds));
        }
        let expected =
            Summary { median_ms: 3.0, min_ms: 1.0, max_ms: 5.0, spread: 2.0 / 3.0, runs: 5 };
        assert_eq!(samples.summary(), expected);
    }
}
