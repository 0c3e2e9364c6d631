//! Files of reports, and the command that made them.

use std::io::{self, Write as _};
use std::path::Path;
use std::{env, fs};

use serde::Serialize;

use crate::failure::Failure;

/// What was typed, as somebody else would type it.
pub(crate) fn command() -> String {
    let words: Vec<String> = env::args().skip(1).collect();
    format!("cargo run --release -p he-bench -- {}", words.join(" "))
}

/// Where a report goes, beside standard output.
pub(crate) struct Files<'a> {
    pub(crate) page: Option<&'a Path>,
    pub(crate) json: Option<&'a Path>,
}

/// Tells a report: its page on standard output, and both in the files that were asked for.
pub(crate) fn tell(page: &str, report: &impl Serialize, files: &Files<'_>) -> Result<(), Failure> {
    write!(io::stdout(), "{page}")?;
    if let Some(file) = files.page {
        write(file, page.as_bytes())?;
    }
    if let Some(file) = files.json {
        let text = serde_json::to_string_pretty(report).map_err(io::Error::from)?;
        write(file, (text + "\n").as_bytes())?;
    }
    Ok(())
}

/// Writes a file; an error names it.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes)
        .map_err(|source| Failure::Write { file: file.display().to_string(), source })
}
