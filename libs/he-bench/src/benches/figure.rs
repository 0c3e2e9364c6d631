//! What a benchmark came to, whichever tool ran it.

use serde::Serialize;

use super::refusal::Refusal;

/// What a benchmark came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) median_ms: f64,
    /// Where the median lies by the tool's own estimate; `None` where it makes none.
    pub(crate) interval: Option<Interval>,
    /// The mean of the fastest sample.
    pub(crate) fastest_ms: f64,
    pub(crate) samples: usize,
    /// Of all samples together.
    pub(crate) iterations: u64,
    /// Where the benchmark declares what it does in one iteration.
    pub(crate) throughput: Option<Throughput>,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Interval {
    pub(crate) confidence: f64,
    pub(crate) from_ms: f64,
    pub(crate) to_ms: f64,
}

/// What is done in one iteration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Throughput {
    pub(crate) unit: Unit,
    pub(crate) count: u64,
    /// At the median.
    pub(crate) per_second: f64,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Bytes,
    Elements,
}

/// One figure for each listed benchmark, in the order of the list.
pub(crate) fn in_order(
    project: &'static str,
    listed: Vec<String>,
    mut figures: Vec<Figure>,
) -> Result<Vec<Figure>, Refusal> {
    let (mut ordered, mut missing) = (Vec::new(), Vec::new());
    for name in listed {
        match figures.iter().position(|figure| figure.name == name) {
            Some(place) => ordered.push(figures.swap_remove(place)),
            None => missing.push(name),
        }
    }
    if !missing.is_empty() {
        return Err(Refusal::Missing { project, names: missing });
    }
    if !figures.is_empty() {
        let names = figures.into_iter().map(|figure| figure.name).collect();
        return Err(Refusal::Unlisted { project, names });
    }
    Ok(ordered)
}

/// A time that a clock can have told.
pub(crate) fn expect_time(what: &str, time: f64) -> Result<f64, String> {
    if time.is_finite() && time > 0.0 { Ok(time) } else { Err(format!("{what} is {time}")) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A benchmark that takes so many milliseconds.
    pub(crate) fn figure(name: &str, median_ms: f64) -> Figure {
        Figure {
            name: name.to_owned(),
            median_ms,
            interval: None,
            fastest_ms: median_ms,
            samples: 1,
            iterations: 1,
            throughput: None,
        }
    }

    fn ordered(listed: &[&str], measured: &[&str]) -> Result<Vec<String>, String> {
        let listed = listed.iter().map(|name| (*name).to_owned()).collect();
        let figures = measured.iter().map(|name| figure(name, 1.0)).collect();
        in_order("he", listed, figures)
            .map(|figures| figures.into_iter().map(|figure| figure.name).collect())
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn figures_are_told_in_the_order_of_the_benches() {
        assert_eq!(
            ordered(&["b", "c", "a"], &["a", "b", "c"]),
            Ok(["b", "c", "a"].map(String::from).to_vec())
        );
    }

    #[test]
    fn a_benchmark_without_a_figure_is_named() {
        let refused = "these benchmarks of he gave no figure: b, c";
        assert_eq!(ordered(&["a", "b", "c"], &["a"]), Err(refused.to_owned()));
        assert_eq!(ordered(&["a", "b", "c"], &["a", "d"]), Err(refused.to_owned()));
        let twice = "these benchmarks of he gave no figure: a";
        assert_eq!(ordered(&["a", "a"], &["a"]), Err(twice.to_owned()));
    }

    #[test]
    fn a_figure_that_no_bench_lists_is_named() {
        let refused = "he gave figures of benchmarks that it does not list: b";
        assert_eq!(ordered(&["a"], &["a", "b"]), Err(refused.to_owned()));
    }

    #[test]
    fn what_no_clock_tells_is_no_time() {
        assert_eq!(expect_time("a", 0.5), Ok(0.5));
        for time in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(expect_time("a", time), Err(format!("a is {time}")));
        }
    }
}
