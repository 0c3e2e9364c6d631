//! What has to be reached, and what was.

mod findings;
mod page;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

pub(crate) use page::targets_page;

use crate::cpu::CpuTimes;

/// What has to be reached.
#[derive(Debug, PartialEq)]
pub(crate) struct Goal {
    pub(crate) name: &'static str,
    pub(crate) limit: f64,
    pub(crate) at_most: bool,
}

pub(crate) const FHE_MATH: Goal =
    Goal { name: "multiply-accumulate, times fhe-math", limit: 1.55, at_most: false };

pub(crate) const BANDWIDTH: Goal =
    Goal { name: "multiply-accumulate, part of the read bandwidth", limit: 0.5, at_most: false };

/// Of a query of a megabyte, as the two after it.
pub(crate) const PARSE: Goal = Goal { name: "parse of a query, ms", limit: 1.3, at_most: true };

pub(crate) const ENCRYPT: Goal =
    Goal { name: "encryption by the client, ms", limit: 7.0, at_most: true };

pub(crate) const UPLOAD: Goal = Goal { name: "upload, MB", limit: 1.02, at_most: true };

pub(crate) const OVERHEAD: Goal = Goal {
    name: "what the server adds to the product at the median, ms",
    limit: 1.0,
    at_most: true,
};

pub(crate) const MEMORY: Goal =
    Goal { name: "memory of the server, times the encoded matrix", limit: 1.15, at_most: true };

/// A figure with its goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Target {
    pub(crate) case: String,
    #[serde(flatten)]
    pub(crate) goal: &'static Goal,
    /// `None` where the system does not say.
    pub(crate) measured: Option<f64>,
    pub(crate) met: bool,
}

impl Serialize for Goal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("name", self.name)?;
        map.serialize_entry("limit", &self.limit)?;
        map.serialize_entry("at_most", &self.at_most)?;
        map.end()
    }
}

impl Goal {
    fn is_met_by(&self, measured: f64) -> bool {
        if self.at_most { measured <= self.limit } else { measured >= self.limit }
    }
}

impl Target {
    /// Whether the limit is kept; what was not measured is not met.
    pub(crate) fn new(case: &str, goal: &'static Goal, measured: Option<f64>) -> Self {
        let met = measured.is_some_and(|measured| goal.is_met_by(measured));
        Self { case: case.to_owned(), goal, measured, met }
    }
}

/// What has to be reached on one core, beside the bytes per second that it reads.
pub(crate) fn of_core(case: &str, cpu: &CpuTimes, read_bytes_per_second: f64) -> [Target; 2] {
    let bandwidth = cpu.matrix_bytes_per_second / read_bytes_per_second;
    [
        Target::new(case, &FHE_MATH, Some(cpu.times_fhe_math)),
        Target::new(case, &BANDWIDTH, Some(bandwidth)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_kept_on_its_side_only() {
        for (measured, goal, met) in [
            (1.0, &MEMORY, true),
            (3.0, &MEMORY, false),
            (3.0, &FHE_MATH, true),
            (1.0, &FHE_MATH, false),
        ] {
            assert_eq!(Target::new("case", goal, Some(measured)).met, met);
        }
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        assert!(!Target::new("case", &MEMORY, None).met);
        assert!(!Target::new("case", &FHE_MATH, None).met);
    }
}
