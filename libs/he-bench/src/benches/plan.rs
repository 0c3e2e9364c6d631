//! What has to be run for the figures of a suite.

use std::fmt;
use std::path::{Path, PathBuf};

use super::options::BenchesOptions;
use super::suite::{Suite, Tool};

/// A command as it will be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
    /// Below the root of the repository.
    pub(crate) folder: &'static str,
    pub(crate) variable: Option<(&'static str, PathBuf)>,
}

/// The commands of a suite, in the order in which they are run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Builds what is measured, so that no build is in the way of a measurement.
    pub(crate) build: Vec<Invocation>,
    /// Names the benchmarks on standard output.
    pub(crate) list: Invocation,
    /// Leaves the figures in `results`.
    pub(crate) measure: Invocation,
    /// The folder of criterion, or the file of pytest-benchmark.
    pub(crate) results: PathBuf,
}

impl fmt::Display for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.program, self.arguments.join(" "))
    }
}

/// Where plans are made for.
pub(crate) struct Place<'a> {
    /// The interpreter of the repository's environment.
    pub(crate) python: &'a Path,
    /// A folder in which nothing lies.
    pub(crate) empty: &'a Path,
}

/// The plan of a suite whose figures go into an empty folder.
pub(crate) fn plan(suite: Suite, options: &BenchesOptions, place: &Place<'_>) -> Plan {
    match suite.tool() {
        Tool::Criterion(bench) => of_criterion(suite, bench, options, place),
        Tool::Pytest => of_pytest(suite, options, place),
    }
}

fn of_criterion(suite: Suite, bench: &str, options: &BenchesOptions, place: &Place<'_>) -> Plan {
    let results = place.empty.join(suite.project());
    let profile = format!("--profile={}", options.profile);
    let cargo = |more: &[&str]| {
        let words = ["bench", &profile, "-p", suite.project(), "--all-features", "--bench", bench];
        Invocation {
            program: "cargo".to_owned(),
            arguments: owned(&[&words, more].concat()),
            folder: "",
            variable: Some(("CRITERION_HOME", results.clone())),
        }
    };
    let only: Vec<&str> = options.only.as_deref().into_iter().collect();
    Plan {
        build: vec![cargo(&["--no-run"])],
        list: cargo(&[&["--", "--list"], &only[..]].concat()),
        measure: cargo(&[&["--", "--noplot"], &only[..]].concat()),
        results,
    }
}

fn of_pytest(suite: Suite, options: &BenchesOptions, place: &Place<'_>) -> Plan {
    let results = place.empty.join(format!("{}.json", suite.project()));
    let only: Vec<&str> = options.only.iter().flat_map(|only| ["-k", only]).collect();
    let pytest = |more: &str| {
        let words = ["-m", "pytest", "benches", "-q", more];
        Invocation {
            program: place.python.display().to_string(),
            arguments: owned(&[&words, &only[..]].concat()),
            folder: "libs/client-python",
            variable: None,
        }
    };
    let build = Invocation {
        program: "npx".to_owned(),
        // The server, and the wheel unpacked where the client's tests look for it.
        arguments: owned(&["nx", "run-many", "-t", "build", "install", "-p", "proxy,he-python"]),
        folder: "",
        variable: None,
    };
    Plan {
        build: vec![build],
        list: pytest("--collect-only"),
        measure: pytest(&format!("--benchmark-json={}", results.display())),
        results,
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Command, Options};
    use clap::Parser as _;

    fn planned(suite: Suite, words: &[&str]) -> Plan {
        let all = ["he-bench", "benches"].iter().chain(words);
        let Some(Command::Benches(options)) = Options::parse_from(all).command else {
            panic!("it is another command");
        };
        let place =
            Place { python: Path::new("/clone/.venv/bin/python"), empty: Path::new("/empty") };
        plan(suite, &options, &place)
    }

    #[test]
    fn a_crate_is_built_listed_and_measured_into_an_empty_folder() {
        let plan = planned(Suite::HeClient, &[]);
        let bench = "cargo bench --profile=bench -p he-client --all-features --bench secret";
        assert_eq!(plan.build[0].to_string(), format!("{bench} --no-run"));
        assert_eq!(plan.list.to_string(), format!("{bench} -- --list"));
        assert_eq!(plan.measure.to_string(), format!("{bench} -- --noplot"));
        let home = ("CRITERION_HOME", PathBuf::from("/empty/he-client"));
        assert_eq!((plan.measure.variable, plan.results), (Some(home.clone()), home.1));
    }

    #[test]
    fn the_client_of_python_is_measured_with_a_server_and_a_wheel_of_these_sources() {
        let plan = planned(Suite::HomomorphicLlmClient, &[]);
        let build = "npx nx run-many -t build install -p proxy,he-python";
        assert_eq!(plan.build[0].to_string(), build);
        let pytest = "/clone/.venv/bin/python -m pytest benches -q";
        assert_eq!(plan.list.to_string(), format!("{pytest} --collect-only"));
        let file = "/empty/homomorphic-llm-client.json";
        assert_eq!(plan.measure.to_string(), format!("{pytest} --benchmark-json={file}"));
        assert_eq!(plan.results, Path::new(file));
    }

    #[test]
    fn what_is_not_asked_for_is_neither_listed_nor_measured() {
        for (suite, last) in [(Suite::He, "apply"), (Suite::HomomorphicLlmClient, "-k apply")] {
            let plan = planned(suite, &["--only", "apply", "--profile", "dev"]);
            for invocation in [plan.list, plan.measure] {
                assert!(invocation.to_string().ends_with(last), "{invocation}");
            }
        }
    }
}
