//! HTTP server that multiplies encrypted vectors by its matrices, without ever holding a key.
//!
//! It prints one line of JSON with the bound address, then serves until SIGTERM or Ctrl-C. Errors
//! before that go to standard error with a hint; [`start::StartError::exit_code`] decides the exit
//! status.

mod api;
mod app;
mod budget;
mod chat;
mod client;
mod config;
mod edge;
mod matrices;
mod options;
mod pool;
mod problem;
mod self_test;
mod start;
mod state;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::options::{Command, Options};

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(options) = Options::parse().command;
    match start::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {error}\n\nhint: {}", error.hint());
            ExitCode::from(error.exit_code())
        }
    }
}
