//! As much of the harness of Rust as `cargo test` and its readers know: names, filters, lists, the sum.

use std::io::{self, Write};
use std::panic::catch_unwind;
use std::process::ExitCode;

/// Something to run.
pub(crate) struct Test {
    pub(crate) name: &'static str,
    pub(crate) run: fn(),
}

/// How the tests are to be run.
pub(crate) struct Harness {
    /// What this machine lacks, so that none of them can be run.
    pub(crate) lacking: Option<&'static str>,
    pub(crate) arguments: Vec<String>,
}

impl Harness {
    /// Runs the tests that were asked for, or lists them.
    pub(crate) fn run(&self, tests: &[Test]) -> ExitCode {
        let chosen: Vec<_> = tests.iter().filter(|test| self.is_chosen(test.name)).collect();
        let mut out = io::stdout();
        let told = if self.has("--list") {
            self.list(&chosen, &mut out)
        } else {
            self.test(&chosen, &mut out)
        };
        told.unwrap_or(ExitCode::FAILURE)
    }

    fn list(&self, tests: &[&Test], out: &mut impl Write) -> io::Result<ExitCode> {
        let only_ignored = self.has("--ignored");
        for test in tests.iter().filter(|_| !only_ignored || self.lacking.is_some()) {
            writeln!(out, "{}: test", test.name)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn test(&self, tests: &[&Test], out: &mut impl Write) -> io::Result<ExitCode> {
        writeln!(out, "\nrunning {} tests", tests.len())?;
        let [mut passed, mut failed, mut ignored] = [0; 3];
        for test in tests {
            let (count, word) = match self.lacking {
                Some(lacking) => (&mut ignored, format!("ignored, {lacking}")),
                None if catch_unwind(test.run).is_ok() => (&mut passed, "ok".to_owned()),
                None => (&mut failed, "FAILED".to_owned()),
            };
            *count += 1;
            writeln!(out, "test {} ... {word}", test.name)?;
        }
        let result = if failed == 0 { "ok" } else { "FAILED" };
        writeln!(
            out,
            "\ntest result: {result}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 0 filtered out\n"
        )?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn is_chosen(&self, name: &str) -> bool {
        let exact = self.has("--exact");
        let fits = |word: &&str| if exact { name == *word } else { name.contains(word) };
        let (filters, skipped) = self.words();
        (filters.is_empty() || filters.iter().any(fits)) && !skipped.iter().any(fits)
    }

    /// Words that are no options, and those behind `--skip`.
    fn words(&self) -> (Vec<&str>, Vec<&str>) {
        let (mut filters, mut skipped) = (Vec::new(), Vec::new());
        let mut arguments = self.arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            match argument {
                "--skip" => skipped.extend(arguments.next()),
                "--format" | "--test-threads" | "--color" | "--logfile" | "-Z" => {
                    arguments.next();
                }
                option if option.starts_with('-') => {}
                word => filters.push(word),
            }
        }
        (filters, skipped)
    }

    fn has(&self, option: &str) -> bool {
        self.arguments.iter().any(|argument| argument == option)
    }
}
