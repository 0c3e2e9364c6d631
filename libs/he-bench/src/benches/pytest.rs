//! What pytest lists and pytest-benchmark writes.

use serde::{Deserialize, Serialize};

use super::figure::{Figure, expect_time};

#[derive(Deserialize)]
struct Document {
    machine_info: Machine,
    benchmarks: Vec<Benchmark>,
    version: String,
}

#[derive(Deserialize)]
struct Machine {
    python_implementation: String,
    python_version: String,
}

#[derive(Deserialize)]
struct Benchmark {
    fullname: String,
    stats: Stats,
}

#[derive(Deserialize)]
struct Stats {
    min: f64,
    median: f64,
    rounds: usize,
    iterations: u64,
}

/// What ran the benchmarks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Python {
    pub(crate) implementation: String,
    pub(crate) version: String,
    pub(crate) pytest_benchmark: String,
}

/// The names that `--collect-only -q` prints: all before the empty line.
pub(crate) fn listed(text: &str) -> Result<Vec<String>, String> {
    let name = |line: &str| match line.contains("::") {
        true => Ok(line.to_owned()),
        false => Err(format!("\"{line}\" names no benchmark")),
    };
    text.lines().take_while(|line| !line.is_empty()).map(name).collect()
}

/// The figures of a report, and what made them.
pub(crate) fn figures(text: &str) -> Result<(Python, Vec<Figure>), String> {
    let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let python = Python {
        implementation: document.machine_info.python_implementation,
        version: document.machine_info.python_version,
        pytest_benchmark: document.version,
    };
    Ok((python, document.benchmarks.into_iter().map(figure).collect::<Result<_, _>>()?))
}

fn figure(Benchmark { fullname, stats }: Benchmark) -> Result<Figure, String> {
    let of = |what: &str| format!("{what} of {fullname}");
    let median = expect_time(&of("the median"), stats.median)?;
    let fastest = expect_time(&of("the minimum"), stats.min)?;
    if stats.rounds == 0 || stats.iterations == 0 || fastest > median {
        return Err(format!("{fullname} has no rounds, or a minimum above its median"));
    }
    Ok(Figure {
        name: fullname,
        median_ms: median * 1000.0,
        interval: None,
        fastest_ms: fastest * 1000.0,
        samples: stats.rounds,
        iterations: stats.iterations.saturating_mul(stats.rounds as u64),
        throughput: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = include_str!("../../tests/fixtures/pytest-benchmark.json");

    #[test]
    fn figures_are_read_from_what_pytest_benchmark_wrote() {
        let (python, figures) = figures(RECORDED).unwrap();
        let expected = Python {
            implementation: "CPython".to_owned(),
            version: "3.11.7".to_owned(),
            pytest_benchmark: "5.3.1".to_owned(),
        };
        assert_eq!(python, expected);
        let [encrypt, decrypt] = &figures[..] else { panic!("{figures:?}") };
        let expected = Figure {
            name: "benches/test_client_bench.py::test_encrypt".to_owned(),
            median_ms: 9.463815000344766,
            interval: None,
            fastest_ms: 5.340032999811228,
            samples: 67,
            iterations: 67,
            throughput: None,
        };
        assert_eq!(encrypt, &expected);
        assert_eq!((decrypt.samples, decrypt.median_ms), (395, 2.265903000079561));
    }

    #[test]
    fn a_report_that_is_damaged_is_refused_with_what_is_wrong() {
        for (from, to, reason) in [
            ("\"benchmarks\"", "\"benches\"", "missing field `benchmarks`"),
            ("\"rounds\": 395", "\"rounds\": 0", "test_decrypt has no rounds"),
            ("\"median\": 0.002265903000079561", "\"median\": 0", "the median of benches"),
            ("\"min\": 0.0021837189997313544", "\"min\": 1", "a minimum above its median"),
            ("\"min\": 0.0021837189997313544", "\"min\": \"\"", "invalid type"),
            ("{\n", "", "invalid type: string"),
        ] {
            assert!(RECORDED.contains(from), "{from}");
            let refused = figures(&RECORDED.replacen(from, to, 1)).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn a_list_is_read_up_to_its_summary() {
        let list =
            "benches/a.py::test_one\nbenches/a.py::test_two[x]\n\n2 tests collected in 0.02s\n";
        assert_eq!(listed(list).unwrap(), ["benches/a.py::test_one", "benches/a.py::test_two[x]"]);
        let nothing = "\nno tests collected in 0.01s\n";
        assert_eq!(listed(nothing).unwrap(), Vec::<String>::new());
        assert!(listed("ERROR benches\n").unwrap_err().contains("names no benchmark"));
    }
}
