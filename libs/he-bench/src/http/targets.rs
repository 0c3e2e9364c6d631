//! What has to be reached, and what was.

use serde::Serialize;

use super::report::HttpCase;

/// A figure with its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Target {
    pub(crate) case: String,
    pub(crate) name: &'static str,
    /// `None` where the system does not say.
    pub(crate) measured: Option<f64>,
    pub(crate) limit: f64,
    pub(crate) at_most: bool,
}

impl Target {
    /// Whether the limit is kept; what was not measured is not met.
    pub(crate) fn is_met(&self) -> bool {
        let kept = |measured: f64| {
            if self.at_most { measured <= self.limit } else { measured >= self.limit }
        };
        self.measured.is_some_and(kept)
    }
}

/// The targets of every case.
pub(crate) fn targets(cases: &[HttpCase], read_bytes_per_second: f64) -> Vec<Target> {
    cases.iter().flat_map(|case| of_case(case, read_bytes_per_second)).collect()
}

fn of_case(case: &HttpCase, read_bytes_per_second: f64) -> Vec<Target> {
    let at = |at_most, name, measured, limit| {
        let case = case.case.clone();
        Target { case, name, measured, limit, at_most }
    };
    let bandwidth = case.cpu.matrix_bytes_per_second / read_bytes_per_second;
    let memory = case.memory_after.map(|memory| memory.resident_bytes as f64);
    vec![
        at(false, "multiply-accumulate, times fhe-math", Some(case.cpu.times_fhe_math), 1.55),
        at(false, "multiply-accumulate, part of the read bandwidth", Some(bandwidth), 0.5),
        at(true, "parse of a query, ms", Some(case.cpu.parse.median_ms), 1.3),
        at(true, "encryption by the client, ms", Some(case.encrypt.median_ms), 7.0),
        at(true, "upload, MB", Some(case.request_bytes as f64 / 1e6), 1.02),
        at(
            true,
            "what the server adds to the product at the median, ms",
            Some(case.overhead_ms()),
            1.0,
        ),
        at(
            true,
            "memory of the server, times the encoded matrix",
            memory.map(|bytes| bytes / case.matrix_bytes as f64),
            1.15,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(measured: Option<f64>, at_most: bool) -> Target {
        Target { case: "1x1/1".to_owned(), name: "x", measured, limit: 2.0, at_most }
    }

    #[test]
    fn a_limit_is_kept_on_its_side_only() {
        for (measured, at_most, met) in [(1.0, true, true), (3.0, true, false), (3.0, false, true)]
        {
            assert_eq!(target(Some(measured), at_most).is_met(), met);
        }
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        assert!(!target(None, true).is_met() && !target(None, false).is_met());
    }
}
