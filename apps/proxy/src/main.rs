//! HTTP server that multiplies encrypted vectors by its matrix, without ever holding a key.
//!
//! It prints one line of JSON with the bound address, then serves until SIGTERM or Ctrl-C. Errors
//! before that go to standard error with a hint; [`start::StartError::exit_code`] decides the exit
//! status.

mod app;
mod matrix;
mod options;
mod problem;
mod shutdown;
mod start;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::options::Options;

#[tokio::main]
async fn main() -> ExitCode {
    match start::run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {error}\n\nhint: {}", error.hint());
            ExitCode::from(error.exit_code())
        }
    }
}
