//! Times the product of an encrypted vector and a matrix, on the CPU and on a CUDA device.
//!
//! Nothing is reported unless a stored request has its stored answer on every backend, and unless
//! every timed product has the same bytes on all of them. Exit status: 0 reported, 1 the answers
//! differ, 2 usage, 3 another failure, 6 there is no CUDA device and one was asked for.

mod benches;
mod case;
mod cpu;
mod cuda;
mod failure;
mod fingerprint;
mod http;
mod known_answer;
mod options;
mod output;
mod page;
mod peers;
mod report;
mod run;
mod scratch;
mod statistics;
mod targets;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.command {
        Some(Command::Http(options)) => http::run(options),
        Some(Command::Benches(options)) => benches::run(options),
        None => run::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {failure}\n\nhint: {}", failure.hint());
            ExitCode::from(failure.exit_code())
        }
    }
}
