//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Multiply encrypted vectors by a matrix.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Address to listen on; port 0 lets the system choose, and the choice is printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,

    /// JSON file with the matrix, an array of rows of integers; without it a small sample is served
    #[arg(long, value_name = "FILE")]
    pub(crate) matrix: Option<PathBuf>,
}
