//! Files of reports, and the command that made them.

use std::path::Path;
use std::{env, fs, io};

use serde::Serialize;

use crate::failure::Failure;

/// What was typed, as somebody else would type it.
pub(crate) fn command() -> String {
    let words: Vec<String> = env::args().skip(1).collect();
    format!("cargo run --release -p he-bench -- {}", words.join(" "))
}

/// Writes a text.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text)
        .map_err(|source| Failure::Write { file: file.display().to_string(), source })
}

/// Writes a report for programs.
pub(crate) fn write_json(file: &Path, report: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(report).map_err(io::Error::from)?;
    write(file, &(text + "\n"))
}
