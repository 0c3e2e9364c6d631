//! HTTP server that multiplies encrypted vectors by its matrices, without ever holding a key.
//!
//! `serve` prints one line of JSON with the bound address, then serves until SIGTERM or Ctrl-C.
//! Errors before that go to standard error with a hint; [`failure::Failure::exit_code`] decides the
//! exit status. `check-config` and `token` do one thing and end.

mod api;
mod app;
mod body;
mod budget;
mod buffer;
mod chat;
mod check;
mod client;
mod config;
mod edge;
mod failure;
mod hex;
mod intake;
mod matrices;
mod options;
mod pool;
mod privacy_header;
mod problem;
mod regular_file;
mod self_test;
mod start;
mod state;
mod token;

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use rustls::crypto::ring;
use tokio::runtime::Runtime;

use crate::config::{ConfigError, Sources};
use crate::failure::Failure;
use crate::options::{Command, Options, Serve};
use crate::start::StartError;

/// How long the end waits for work that cannot be cut off.
const LAST_WAIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    // Fails only when there is one already, which is as good.
    let _ = ring::default_provider().install_default();
    let result = match Options::parse().command {
        Command::Serve(options) => serve(&options),
        Command::CheckConfig(options) => check::run(&options),
        Command::Token(options) => token::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported(code)) => ExitCode::from(code),
        Err(failure) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {failure}\n\nhint: {}", failure.hint());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn serve(options: &Serve) -> Result<(), Failure> {
    let (environment, findings) = config::variables(env::vars_os());
    if !findings.is_empty() {
        return Err(ConfigError { findings }.into());
    }
    let config = config::load(&Sources {
        file: options.config.as_deref(),
        environment: &environment,
        listen: options.listen.clone(),
        matrices: &options.matrix,
    })?;
    // To the end: connections that are cut off are told when the runtime is gone.
    let _log = edge::log::install(&config.log).map_err(StartError::from)?;
    let runtime = Runtime::new().map_err(StartError::Threads)?;
    let result = runtime.block_on(start::run(config));
    // A matrix that is just being read again does not hold the end.
    runtime.shutdown_timeout(LAST_WAIT);
    Ok(result?)
}
