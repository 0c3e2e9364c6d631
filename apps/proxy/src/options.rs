//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Multiply encrypted vectors by matrices, without ever holding a key
#[derive(Debug, Parser)]
#[command(
    name = "hlp-proxy",
    version,
    after_help = "Every key of the configuration is also a variable of the environment: \
                  server.listen is HLP__SERVER__LISTEN. Lists are separated by commas. \
                  Options win over variables, and variables over the file.\n\n\
                  Exit status: 0 done, 2 usage or configuration, 6 the environment does not allow it."
)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve until a signal; the first line on standard output tells the address
    Serve(Serve),
    /// Check the configuration without serving, and show what is in effect
    CheckConfig(CheckConfig),
    /// Make a token for a client and show it once
    Token(Token),
}

/// What `serve` is told; an option wins over the configuration.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Configuration in TOML; without it every key has its default
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address to listen on; port 0 lets the system choose, and the choice is printed
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,

    /// Manifest of a matrix to serve beside those of the configuration
    #[arg(long, value_name = "MANIFEST")]
    pub(crate) matrix: Vec<PathBuf>,
}

/// What `check-config` is told.
#[derive(Debug, Args)]
pub(crate) struct CheckConfig {
    /// Configuration in TOML; without it the environment and the defaults are checked
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Leave the rows of the matrices unread: of large ones they take as long as a start
    #[arg(long)]
    pub(crate) no_data: bool,

    /// Print one JSON document instead of lines
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `token` is told.
#[derive(Debug, Args)]
pub(crate) struct Token {
    /// Name of the client, as it stands in the file of tokens
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}
