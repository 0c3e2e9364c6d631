//! From options to a running server.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use serde_json::json;
use thiserror::Error;
use tokio::net::TcpListener;

use crate::options::Options;
use crate::{app, matrix, shutdown};

/// Why the server did not start, or stopped by itself.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error("{file}: {source}")]
    MatrixUnreadable { file: String, source: io::Error },
    #[error("{file}: {source}")]
    MatrixMalformed { file: String, source: serde_json::Error },
    #[error("{file}: {source}")]
    MatrixRefused { file: String, source: he::Error },
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot go on serving: {0}")]
    Serve(#[from] io::Error),
}

impl StartError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::MatrixUnreadable { .. } => "give --matrix the path of a readable file",
            Self::MatrixMalformed { .. } => {
                "the file is a JSON array of rows, each an array of integers: [[1, 2], [3, 4]]"
            }
            Self::MatrixRefused { .. } => {
                "all rows have the same length, and a Euclidean norm of at most 724"
            }
            Self::Listen { .. } => "give --listen a free address, or port 0",
            Self::Serve(_) => "see whether the system has run out of sockets or threads",
        }
    }

    /// Exit status: 2 is configuration, 6 is an environment that does not allow serving.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::MatrixUnreadable { .. }
            | Self::MatrixMalformed { .. }
            | Self::MatrixRefused { .. } => 2,
            Self::Listen { .. } | Self::Serve(_) => 6,
        }
    }
}

/// Serves until a signal asks to stop.
pub(crate) async fn run(options: Options) -> Result<(), StartError> {
    let matrix = matrix::load(options.matrix.as_deref())?;
    let address = options.listen;
    let signal = shutdown::signal()?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })?;
    announce(listener.local_addr()?)?;
    shutdown::serve(listener, app::router(matrix), signal).await?;
    Ok(())
}

/// The one line on standard output, for whoever started the server on port 0.
fn announce(address: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", json!({ "listening": address.to_string() }))?;
    stdout.flush()
}
