//! What has to be reached over HTTP.

use std::ops::RangeInclusive;

use super::report::HttpCase;
use crate::targets::{ENCRYPT, MEMORY, OVERHEAD, PARSE, Target, UPLOAD, of_core};

/// Bytes of a query of one megabyte, which three of the targets are about.
const MEGABYTE: RangeInclusive<usize> = 900_000..=1_100_000;

/// The targets of every case. What compares the server with the product on one core is left out
/// where it computes on a device.
pub(crate) fn targets(cases: &[HttpCase], read_bytes_per_second: f64, on_cpu: bool) -> Vec<Target> {
    cases.iter().flat_map(|case| of_case(case, read_bytes_per_second, on_cpu)).collect()
}

fn of_case(case: &HttpCase, read_bytes_per_second: f64, on_cpu: bool) -> Vec<Target> {
    let at = |goal, measured| Target::new(&case.case, goal, measured);
    let memory = case.memory_after.map(|memory| memory.resident_bytes as f64);
    let mut targets = of_core(&case.case, &case.cpu, read_bytes_per_second).to_vec();
    if on_cpu {
        targets.push(at(&OVERHEAD, Some(case.overhead_ms())));
        targets.push(at(&MEMORY, memory.map(|bytes| bytes / case.matrix_bytes as f64)));
    }
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
    use crate::targets::{BANDWIDTH, FHE_MATH};

    #[test]
    fn every_case_has_its_figures_beside_the_limits() {
        let measured =
            targets(&[case()], 4e9, true).into_iter().map(|target| (target.goal, target.met));
        let expected = [
            (&FHE_MATH, true),
            (&BANDWIDTH, false),
            (&OVERHEAD, false),
            (&MEMORY, false),
            (&PARSE, true),
            (&ENCRYPT, true),
            (&UPLOAD, true),
        ];
        assert_eq!(measured.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_device_is_not_compared_with_one_core() {
        let named = targets(&[case()], 4e9, false);
        assert_eq!(named.len(), 5);
        assert!(!named.iter().any(|target| [&OVERHEAD, &MEMORY].contains(&target.goal)));
    }

    #[test]
    fn what_a_query_of_a_megabyte_has_to_keep_is_asked_of_no_other() {
        let mut other = case();
        assert_eq!(targets(&[case()], 1.0, true).len(), 7);
        other.request_bytes = 5_000_000;
        assert_eq!(targets(&[other], 1.0, true).len(), 4);
    }
}
