//! Why the edge refuses to start, and what it starts with only under protest.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;
use tracing::{error, warn};

use super::open_files;
use super::tokens::TokensError;
use crate::config::{ConfigError, Finding, Place};
use crate::regular_file::ReadError;

/// Why the server cannot accept connections.
#[derive(Debug, Error)]
pub(crate) enum EdgeError {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot go on serving: {0}")]
    Serve(#[from] io::Error),
    #[error("server.listen is {listen}, which others can reach, and auth.tokens is not set")]
    OpenToAll { listen: SocketAddr },
    #[error("{}: {source}", file.display())]
    TokensUnreadable { file: PathBuf, source: ReadError },
    #[error("{}: {source}", file.display())]
    TokensMalformed { file: PathBuf, source: TokensError },
    #[error("{}: {reason}", file.display())]
    Tls { key: &'static str, file: PathBuf, reason: String },
    #[error("log.level is {level:?}")]
    LogLevel { level: String },
    #[cfg(feature = "otlp")]
    /// What is wrong would quote an address that may have a password in it, or a header.
    #[error("the collector of OTEL_EXPORTER_OTLP_ENDPOINT cannot be used")]
    Collector,
}

/// What keeps the edge from opening, at least one error, and what is unwise beside it.
#[derive(Debug)]
pub(crate) struct Unfit {
    pub(crate) errors: Vec<EdgeError>,
    pub(crate) warnings: Vec<Warning>,
}

impl From<Unfit> for ConfigError {
    fn from(unfit: Unfit) -> Self {
        Self { findings: unfit.errors.iter().map(EdgeError::finding).collect() }
    }
}

impl EdgeError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "give --listen a free address, or port 0",
            Self::Serve(_) => "see whether the system has run out of sockets or threads",
            Self::OpenToAll { .. } => {
                "set auth.tokens to a token file, or auth.open = true to let everybody ask"
            }
            Self::TokensUnreadable { .. } => "auth.tokens is the path of a readable TOML file",
            Self::TokensMalformed { .. } => {
                "`hlp-proxy token NAME` prints a token and the lines for this file"
            }
            Self::Tls { .. } => {
                "server.tls names PEM files: a certificate chain, and the private key of its first certificate"
            }
            Self::LogLevel { .. } => "the levels are error, warn, info, debug and trace",
            #[cfg(feature = "otlp")]
            Self::Collector => "name the address of a collector, such as http://127.0.0.1:4318",
        }
    }

    /// The key of the configuration that is to blame, if it is one.
    pub(crate) fn key(&self) -> Option<&'static str> {
        match self {
            Self::TokensUnreadable { .. } | Self::TokensMalformed { .. } => Some("auth.tokens"),
            Self::Tls { key, .. } => Some(key),
            Self::OpenToAll { .. } => Some("server.listen"),
            Self::LogLevel { .. } => Some("log.level"),
            _ => None,
        }
    }

    /// It as a finding, in the file that is to blame where there is one.
    pub(crate) fn finding(&self) -> Finding {
        let (file, message) = match self {
            Self::TokensUnreadable { file, source } => (file, source.to_string()),
            Self::TokensMalformed { file, source } => (file, source.to_string()),
            Self::Tls { file, reason, .. } => (file, reason.clone()),
            _ => return Finding::error(Place::Default, "", self.to_string(), self.hint()),
        };
        let key = self.key().unwrap_or_default();
        Finding::error(Place::WholeFile(file.clone()), key, message, self.hint())
    }

    /// Exit status: 2 is configuration, 6 is an environment that does not allow serving.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Listen { .. } | Self::Serve(_) => 6,
            Self::OpenToAll { .. }
            | Self::TokensUnreadable { .. }
            | Self::TokensMalformed { .. }
            | Self::Tls { .. }
            | Self::LogLevel { .. } => 2,
            #[cfg(feature = "otlp")]
            Self::Collector => 2,
        }
    }
}

/// What is unwise, but does not keep the server from starting.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum Warning {
    #[error(
        "{} can be read by others than its owner; chmod 600 keeps it to the owner",
        file.display()
    )]
    ReadableByOthers { file: PathBuf },
    #[error("{} names no client, so nobody may ask", file.display())]
    NoClients { file: PathBuf },
    #[error("tokens travel unencrypted to {listen}: set server.tls, or end TLS in front of it")]
    TokensInClear { listen: SocketAddr },
    #[error(
        "the system allows {limit} open files, and server.max_connections = {max_connections} needs \
         {}: raise the limit (ulimit -n) or lower the number",
        open_files::needed(*max_connections)
    )]
    OpenFiles { limit: u64, max_connections: usize },
}

impl Warning {
    /// Whether nobody is served because of it.
    pub(crate) fn is_error(&self) -> bool {
        matches!(self, Self::NoClients { .. })
    }

    /// Writes it into the log.
    pub(crate) fn log(&self) {
        if self.is_error() { error!("{self}") } else { warn!("{self}") }
    }
}
