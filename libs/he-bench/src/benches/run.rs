//! From options to a report and a page.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::figure::{Figure, in_order};
use super::options::BenchesOptions;
use super::page::page;
use super::plan::{Invocation, Place, Plan, plan};
use super::pytest::{self, Python};
use super::refusal::Refusal;
use super::report::{BenchesReport, SuiteReport};
use super::suite::{Suite, Tool};
use super::targets::targets;
use super::{criterion, environment, results, sources};
use crate::failure::Failure;
use crate::fingerprint::{self, Fingerprint};
use crate::output::{self, Files};
use crate::scratch::Scratch;

/// Where the set-up of the repository puts the environment of Python.
const PYTHON: &str = ".venv/bin/python";

/// Builds, lists, measures and reports.
pub(crate) fn run(options: &BenchesOptions) -> Result<(), Failure> {
    let root = sources::root().unwrap_or_else(|| ".".into());
    let made: Vec<&Path> = options.page.iter().chain(&options.json).map(PathBuf::as_path).collect();
    let before = sources::sources(&root, &made);
    let scratch = Scratch::new("benches")?;
    let python = root.join(PYTHON);
    let place = Place { python: &python, empty: scratch.path() };
    let planned: Vec<(Suite, Plan)> = Suite::ALL
        .into_iter()
        .filter(|suite| options.suites.contains(suite))
        .map(|suite| (suite, plan(suite, options, &place)))
        .collect();

    let mut listed = Vec::new();
    for (suite, plan) in &planned {
        for build in &plan.build {
            show(build, &root)?;
        }
        listed.push(list(*suite, &plan.list, &root)?);
    }
    let load_before = fingerprint::load_average();
    let start = Instant::now();
    let (mut suites, mut python) = (Vec::new(), None);
    for ((suite, plan), names) in planned.iter().zip(listed) {
        show(&plan.measure, &root)?;
        let figures = match suite.tool() {
            Tool::Criterion(_) => results::of_criterion(&plan.results)?,
            Tool::Pytest => of_pytest(&plan.results, &mut python)?,
        };
        suites.push(SuiteReport {
            suite: *suite,
            figures: in_order(suite.project(), names, figures)?,
        });
    }
    let seconds = start.elapsed().as_secs_f64();
    let load_after = fingerprint::load_average();
    sources::expect_same(before.as_ref(), sources::sources(&root, &made).as_ref())?;

    let report = BenchesReport {
        schema: 1,
        machine: Fingerprint {
            rustc: sources::compiler(&root),
            commit: before.as_ref().map(sources::Sources::commit),
            ..fingerprint::fingerprint(None)?
        },
        load_before,
        load_after,
        command: output::command(),
        profile: options.profile.clone(),
        only: options.only.clone(),
        python,
        seconds,
        targets: targets(&suites, options.only.is_none()),
        suites,
    };
    let files = Files { page: options.page.as_deref(), json: options.json.as_deref() };
    output::tell(&page(&report), &report, &files)
}

fn of_pytest(file: &Path, python: &mut Option<Python>) -> Result<Vec<Figure>, Refusal> {
    let (told, figures) = results::of_pytest(file)?;
    *python = Some(told);
    Ok(figures)
}

/// The benchmarks of a suite.
fn list(suite: Suite, invocation: &Invocation, root: &Path) -> Result<Vec<String>, Refusal> {
    let output = command(invocation, root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Refusal::Start { program: invocation.program.clone(), source })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let read = match suite.tool() {
        Tool::Criterion(_) => criterion::listed,
        Tool::Pytest => pytest::listed,
    };
    // pytest ends with 5 where it finds none, which is said better below.
    let none = suite.tool() == Tool::Pytest && output.status.code() == Some(5);
    if !output.status.success() && !none {
        // Nobody is left to tell when standard error is closed.
        let _ = write!(io::stderr(), "{text}");
        return Err(Refusal::Ended { command: invocation.to_string(), status: output.status });
    }
    let listed = read(&text).map_err(|reason| Refusal::Malformed {
        file: format!("what \"{invocation}\" prints"),
        reason,
    })?;
    match listed.is_empty() {
        true => Err(Refusal::Empty { project: suite.project() }),
        false => Ok(listed),
    }
}

/// Runs a command; all that it says goes to standard error, because the page goes to standard output.
fn show(invocation: &Invocation, root: &Path) -> Result<(), Refusal> {
    let status = command(invocation, root)
        .stdout(io::stderr())
        .status()
        .map_err(|source| Refusal::Start { program: invocation.program.clone(), source })?;
    match status.success() {
        true => Ok(()),
        false => Err(Refusal::Ended { command: invocation.to_string(), status }),
    }
}

fn command(invocation: &Invocation, root: &Path) -> Command {
    let mut command = environment::command(&invocation.program);
    command
        .args(&invocation.arguments)
        .current_dir(root.join(invocation.folder))
        .envs(invocation.variable.clone());
    command
}
