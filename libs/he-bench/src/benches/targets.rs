//! What has to be reached by a benchmark.

use super::figure::{Figure, Unit};
use super::report::SuiteReport;
use super::suite::Suite;
use crate::targets::{ENCRYPT, Goal, PARSE, Target, UPLOAD};

/// What of a benchmark a goal is about.
type Of = fn(&Figure) -> Option<f64>;

const GOALS: [(Suite, &str, &Goal, Of); 4] = [
    (Suite::He, "wire/vector/parse/8192x384/scores/g=4", &PARSE, median),
    (Suite::HeClient, ENCRYPTION, &ENCRYPT, median),
    (Suite::HomomorphicLlmClient, "benches/test_client_bench.py::test_encrypt", &ENCRYPT, median),
    (Suite::HeClient, ENCRYPTION, &UPLOAD, megabytes),
];

const ENCRYPTION: &str = "secret/encrypt/8192x384/scores/g=4";

/// The targets of the suites that ran. Where all of a suite was asked for and a benchmark with a goal
/// is not among it, the goal is not met.
pub(crate) fn targets(suites: &[SuiteReport], all: bool) -> Vec<Target> {
    let target = |(suite, name, goal, of): &(Suite, &str, &'static Goal, Of)| {
        let ran = suites.iter().find(|ran| ran.suite == *suite)?;
        let figure = ran.figures.iter().find(|figure| figure.name == *name);
        (all || figure.is_some())
            .then(|| Target::new(&format!("`{name}`"), goal, figure.and_then(of)))
    };
    GOALS.iter().filter_map(target).collect()
}

fn median(figure: &Figure) -> Option<f64> {
    Some(figure.median_ms)
}

fn megabytes(figure: &Figure) -> Option<f64> {
    let throughput = figure.throughput.filter(|throughput| throughput.unit == Unit::Bytes)?;
    Some(throughput.count as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::figure::Throughput;
    use crate::benches::figure::tests::figure;

    fn told(suites: &[SuiteReport], all: bool) -> Vec<(&'static str, Option<f64>, bool)> {
        let told = |target: Target| (target.goal.name, target.measured, target.met);
        targets(suites, all).into_iter().map(told).collect()
    }

    #[test]
    fn a_benchmark_with_a_goal_is_met_or_missed() {
        let bytes = Throughput { unit: Unit::Bytes, count: 1_011_000, per_second: 1.0 };
        let encrypt = Figure { throughput: Some(bytes), ..figure(ENCRYPTION, 7.5) };
        let suites = [
            SuiteReport { suite: Suite::HeClient, figures: vec![figure("generate", 1.0), encrypt] },
            SuiteReport { suite: Suite::He, figures: vec![figure(GOALS[0].1, 1.25)] },
        ];
        let expected = [
            (PARSE.name, Some(1.25), true),
            (ENCRYPT.name, Some(7.5), false),
            (UPLOAD.name, Some(1.011), true),
        ];
        assert_eq!(told(&suites, true), expected);
        assert_eq!(told(&suites, false), expected);
    }

    #[test]
    fn a_goal_whose_benchmark_is_gone_is_not_met_where_all_were_asked_for() {
        let suites = [SuiteReport { suite: Suite::He, figures: vec![figure("other", 1.0)] }];
        assert_eq!(told(&suites, true), [(PARSE.name, None, false)]);
        assert_eq!(told(&suites, false), []);
    }
}
