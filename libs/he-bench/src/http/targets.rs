//! What has to be reached, and what was.

use std::ops::RangeInclusive;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::report::HttpCase;

/// Bytes of a query of one megabyte, which three of the targets are about.
const MEGABYTE: RangeInclusive<usize> = 900_000..=1_100_000;

/// What has to be reached.
#[derive(Debug, PartialEq)]
pub(crate) struct Goal {
    pub(crate) name: &'static str,
    pub(crate) limit: f64,
    pub(crate) at_most: bool,
    /// Why it is missed where it is, and by what that was shown.
    pub(crate) why: &'static str,
}

const FHE_MATH: Goal = Goal {
    name: "multiply-accumulate, times fhe-math",
    limit: 1.55,
    at_most: false,
    why: "Both do the same 64-bit products with 128-bit sums; what is gained is gained by the order in \
          which memory is read. A matrix of a few hundred kilobytes stays in the cache in any order, \
          and the order that is faster for large ones is slower for it than the one before, in turn on \
          one machine. For a larger one the reason is not known.",
};

const BANDWIDTH: Goal = Goal {
    name: "multiply-accumulate, part of the read bandwidth",
    limit: 0.5,
    at_most: false,
    why: "The products take the time, not the memory: the rates below are of one order whether a matrix \
          fits the cache or not, and each 8 bytes that are read need two 64-bit products. A trial with \
          32-bit products in vector registers (AVX2, through the crate pulp) was little faster, and is \
          not kept.",
};

const PARSE: Goal =
    Goal { name: "parse of a query, ms", limit: 1.3, at_most: true, why: "Not known." };

const ENCRYPT: Goal = Goal {
    name: "encryption by the client, ms",
    limit: 7.0,
    at_most: true,
    why: "Not known. On a machine that does other work at the same time it varies by a factor of two.",
};

const UPLOAD: Goal = Goal { name: "upload, MB", limit: 1.02, at_most: true, why: "Not known." };

const OVERHEAD: Goal = Goal {
    name: "what the server adds to the product at the median, ms",
    limit: 1.0,
    at_most: true,
    why: "It is the time of a request less that of a product in the process of the benchmark, so the \
          client's sending and receiving is in it: the tables below have the time of as many bytes to \
          and from a server that computes nothing, and the time of the product by the server's own \
          clock, in another thread than the one that reads the body. A profile of the threads that \
          read bodies has nearly all of their time in copying: from the socket, and from the pieces \
          into one.",
};

const MEMORY: Goal = Goal {
    name: "memory of the server, times the encoded matrix",
    limit: 1.15,
    at_most: true,
    why: "Beside the matrix it is the program itself, which is more than a small matrix, and what the \
          allocator keeps of the bodies of all clients after their answers. glibc gives nearly all of \
          that back when it is told to map large pieces by themselves \
          (`MALLOC_MMAP_THRESHOLD_=131072`); a request then takes more than two thousand page faults \
          instead of hardly any. mimalloc kept less than glibc at about as many page faults, jemalloc no \
          less than glibc.",
};

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

impl Target {
    /// Whether the limit is kept; what was not measured is not met.
    fn new(case: &HttpCase, goal: &'static Goal, measured: Option<f64>) -> Self {
        let kept = |measured: f64| {
            if goal.at_most { measured <= goal.limit } else { measured >= goal.limit }
        };
        Self { case: case.case.clone(), goal, measured, met: measured.is_some_and(kept) }
    }
}

/// The targets of every case.
pub(crate) fn targets(cases: &[HttpCase], read_bytes_per_second: f64) -> Vec<Target> {
    cases.iter().flat_map(|case| of_case(case, read_bytes_per_second)).collect()
}

fn of_case(case: &HttpCase, read_bytes_per_second: f64) -> Vec<Target> {
    let at = |goal, measured| Target::new(case, goal, measured);
    let bandwidth = case.cpu.matrix_bytes_per_second / read_bytes_per_second;
    let memory = case.memory_after.map(|memory| memory.resident_bytes as f64);
    let mut targets = vec![
        at(&FHE_MATH, Some(case.cpu.times_fhe_math)),
        at(&BANDWIDTH, Some(bandwidth)),
        at(&OVERHEAD, Some(case.overhead_ms())),
        at(&MEMORY, memory.map(|bytes| bytes / case.matrix_bytes as f64)),
    ];
    if MEGABYTE.contains(&case.request_bytes) {
        targets.push(at(&PARSE, Some(case.cpu.parse.median_ms)));
        targets.push(at(&ENCRYPT, Some(case.encrypt.median_ms)));
        targets.push(at(&UPLOAD, Some(case.request_bytes as f64 / 1e6)));
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::report::tests::case;

    #[test]
    fn a_limit_is_kept_on_its_side_only() {
        for (measured, goal, met) in [
            (1.0, &MEMORY, true),
            (3.0, &MEMORY, false),
            (3.0, &FHE_MATH, true),
            (1.0, &FHE_MATH, false),
        ] {
            assert_eq!(Target::new(&case(), goal, Some(measured)).met, met);
        }
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        assert!(!Target::new(&case(), &MEMORY, None).met);
        assert!(!Target::new(&case(), &FHE_MATH, None).met);
    }

    #[test]
    fn what_a_query_of_a_megabyte_has_to_keep_is_asked_of_no_other() {
        let mut other = case();
        assert_eq!(targets(&[case()], 1.0).len(), 7);
        other.request_bytes = 5_000_000;
        assert_eq!(targets(&[other], 1.0).len(), 4);
    }
}
