//! The report as a page of the documentation.

use super::figure::{Figure, Throughput, Unit};
use super::options::PROFILE;
use super::report::{BenchesReport, SuiteReport};
use super::suite::{Suite, Tool};
use crate::targets::targets_page;

/// The whole page.
pub(crate) fn page(report: &BenchesReport) -> String {
    let mut text = head(report);
    if !report.targets.is_empty() {
        text += &targets_page(&report.targets, &report.machine);
    }
    for suite in &report.suites {
        text += &section(suite);
    }
    text
}

fn head(report: &BenchesReport) -> String {
    let unknown = || "unknown".to_owned();
    let count: usize = report.suites.iter().map(|suite| suite.figures.len()).sum();
    let mut text = format!(
        "# The benches of the crates and the client\n\n\
         Made by `{}`. No figure in it is written by hand. The command builds what it measures, lists the \
         benchmarks, runs them into an empty folder, and tells nothing where one of them gives no figure or \
         the sources change meanwhile. Benchmarks: {count}, measured in {:.0} s.\n\n\
         - {}; load average when all was built: {}; when all was measured: {}\n\
         - {}{}\n",
        report.command,
        report.seconds,
        report.machine.processor(),
        report.load_before.clone().unwrap_or_else(unknown),
        report.load_after.clone().unwrap_or_else(unknown),
        report.machine.build(),
        optimized(&report.profile),
    );
    if let Some(python) = &report.python {
        text += &format!(
            "- {} {}, pytest-benchmark {}\n",
            python.implementation, python.version, python.pytest_benchmark
        );
    }
    if report.suites.len() < Suite::ALL.len() {
        let projects: Vec<&str> = report.suites.iter().map(|suite| suite.suite.project()).collect();
        text += &format!("- **not all**: only the benches of {}\n", projects.join(", "));
    }
    if let Some(only) = &report.only {
        text += &format!("- **not all**: only benchmarks whose names have `{only}`\n");
    }
    text + "\n"
}

fn optimized(profile: &str) -> String {
    match profile {
        PROFILE => String::new(),
        other => {
            format!("; **built with the profile `{other}`, not with the one of `cargo bench`**")
        }
    }
}

fn section(report: &SuiteReport) -> String {
    let [title, about] = report.suite.about();
    let rows: String = report.figures.iter().map(|figure| row(report.suite, figure)).collect();
    format!("\n## {title}\n\n{about}\n\n{}{rows}", columns(report))
}

fn columns(report: &SuiteReport) -> String {
    match report.suite.tool() {
        Tool::Criterion(_) => format!(
            "| | median ms | {} | fastest sample | samples | iterations | rate |\n\
             | --- | --: | --: | --: | --: | --: | --: |\n",
            confidence(&report.figures)
        ),
        Tool::Pytest => {
            "| | median ms | fastest | rounds |\n| --- | --: | --: | --: |\n".to_owned()
        }
    }
}

/// The confidence that all intervals have.
fn confidence(figures: &[Figure]) -> String {
    let mut all = figures.iter().filter_map(|figure| figure.interval).map(|it| it.confidence);
    match all.next() {
        Some(first) if all.all(|other| other == first) => {
            format!("{:.0} % interval of the median", first * 100.0)
        }
        _ => "interval of the median".to_owned(),
    }
}

fn row(suite: Suite, figure: &Figure) -> String {
    let (name, median, fastest) =
        (code(&figure.name), time(figure.median_ms), time(figure.fastest_ms));
    match suite.tool() {
        Tool::Criterion(_) => {
            let interval = figure.interval.map_or_else(String::new, |interval| {
                format!("{} to {}", time(interval.from_ms), time(interval.to_ms))
            });
            let rate = figure.throughput.map_or_else(String::new, |throughput| rate(&throughput));
            let Figure { samples, iterations, .. } = figure;
            format!(
                "| {name} | {median} | {interval} | {fastest} | {samples} | {iterations} | {rate} |\n"
            )
        }
        Tool::Pytest => {
            // The function without its file, which has them all.
            let function = figure.name.split_once("::").map_or(&*figure.name, |(_, it)| it);
            format!("| {} | {median} | {fastest} | {} |\n", code(function), figure.samples)
        }
    }
}

/// A name in a cell of a table.
fn code(name: &str) -> String {
    format!("`{}`", name.replace('|', "\\|"))
}

/// Milliseconds with four digits that say something.
fn time(milliseconds: f64) -> String {
    let digits = match milliseconds {
        100.0.. => 1,
        10.0.. => 2,
        1.0.. => 3,
        0.1.. => 4,
        0.01.. => 5,
        _ => 6,
    };
    format!("{milliseconds:.digits$}")
}

fn rate(throughput: &Throughput) -> String {
    let (factor, prefix) = match throughput.per_second {
        1e9.. => (1e9, "G"),
        1e6.. => (1e6, "M"),
        _ => (1e3, "k"),
    };
    let unit = match throughput.unit {
        Unit::Bytes => format!("{prefix}B/s"),
        Unit::Elements => format!("{prefix}/s"),
    };
    format!("{:.2} {unit}", throughput.per_second / factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::figure::Interval;
    use crate::benches::figure::tests::figure;
    use crate::benches::pytest::Python;
    use crate::fingerprint::tests::machine;
    use crate::targets::{ENCRYPT, Target};

    fn report() -> BenchesReport {
        let interval = Interval { confidence: 0.95, from_ms: 5.5, to_ms: 6.0 };
        let throughput =
            Throughput { unit: Unit::Bytes, count: 1_000_000, per_second: 175_438_596.5 };
        let encrypt = Figure {
            interval: Some(interval),
            throughput: Some(throughput),
            samples: 20,
            iterations: 210,
            ..figure("encrypt", 5.7)
        };
        let python = Python {
            implementation: "CPython".to_owned(),
            version: "3.11.7".to_owned(),
            pytest_benchmark: "5.3.1".to_owned(),
        };
        BenchesReport {
            schema: 1,
            machine: machine("a processor", 2),
            load_before: Some("0.10, 0.20, 0.30".to_owned()),
            load_after: None,
            command: "he-bench benches".to_owned(),
            profile: PROFILE.to_owned(),
            only: None,
            python: Some(python),
            seconds: 12.3,
            targets: vec![Target::new("`encrypt`", &ENCRYPT, Some(5.7))],
            suites: vec![
                SuiteReport { suite: Suite::HeClient, figures: vec![encrypt] },
                SuiteReport {
                    suite: Suite::HomomorphicLlmClient,
                    figures: vec![figure("benches/x.py::test_a[b|c::d]", 1.5)],
                },
            ],
        }
    }

    #[test]
    fn a_page_has_the_machine_the_targets_and_every_figure() {
        let text = page(&report());
        for part in [
            "Made by `he-bench benches`. ",
            " Benchmarks: 2, measured in 12 s.\n",
            "- a processor, 2 cores; load average when all was built: 0.10, 0.20, 0.30; when all was \
             measured: unknown\n- compiler not told, commit not told\n- CPython 3.11.7, pytest-benchmark \
             5.3.1\n",
            "| encryption by the client, ms | `encrypt` | 5.70 | ≤ 7 | met |\n",
            "| | median ms | 95 % interval of the median | fastest sample | samples | iterations | rate |\n",
            "| `encrypt` | 5.700 | 5.500 to 6.000 | 5.700 | 20 | 210 | 175.44 MB/s |\n",
            "| | median ms | fastest | rounds |\n| --- | --: | --: | --: |\n| `test_a[b\\|c::d]` | 1.500 | 1.500 | 1 |\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("whose names have") && !text.contains("**built with"));
    }

    #[test]
    fn a_page_of_some_suites_or_benchmarks_or_of_another_profile_says_so() {
        let mut report = report();
        report.only = Some("encrypt".to_owned());
        report.profile = "dev".to_owned();
        let text = page(&report);
        let suites = "\n- **not all**: only the benches of he-client, homomorphic-llm-client\n";
        assert!(text.contains(suites), "{text}");
        let suite = SuiteReport { suite: Suite::He, figures: Vec::new() };
        report.suites.push(suite);
        assert!(!page(&report).contains("only the benches of"));
        assert!(text.contains("\n- **not all**: only benchmarks whose names have `encrypt`\n"));
        assert!(text.contains("; **built with the profile `dev`, not with"));
    }

    #[test]
    fn times_and_rates_have_as_many_digits_as_say_something() {
        for (milliseconds, text) in [
            (123.45, "123.5"),
            (12.345, "12.35"),
            (1.2345, "1.234"),
            (0.5, "0.5000"),
            (0.051, "0.05100"),
        ] {
            assert_eq!(time(milliseconds), text);
        }
        let rate = |per_second| rate(&Throughput { unit: Unit::Elements, count: 1, per_second });
        for (per_second, text) in [(2.5e9, "2.50 G/s"), (2.5e8, "250.00 M/s"), (2.5e4, "25.00 k/s")]
        {
            assert_eq!(rate(per_second), text);
        }
    }
}
