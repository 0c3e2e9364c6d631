//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Multiply encrypted vectors by matrices.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve until a signal; the first line on standard output tells the address
    Serve(Serve),
}

/// What `serve` is told; an option wins over the configuration.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Configuration in TOML; without it every key has its default
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address to listen on; port 0 lets the system choose, and the choice is printed
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,

    /// Manifest of a matrix to serve beside those of the configuration
    #[arg(long, value_name = "MANIFEST")]
    pub(crate) matrix: Vec<PathBuf>,
}
