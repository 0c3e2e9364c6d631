//! From options to a running server.

use std::env;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use he::LedgerError;
use serde_json::json;
use thiserror::Error;

use crate::app;
use crate::budget::Budgets;
use crate::config::{self, Config, ConfigError};
use crate::edge::{self, Edge, EdgeError, Listener};
use crate::matrices::{Catalogue, LoadError};
use crate::options::Serve;
use crate::pool::Pool;
use crate::state::Service;

/// Why the server did not start, or stopped by itself.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Matrix(#[from] LoadError),
    #[error("privacy: {0}")]
    Privacy(#[from] LedgerError),
    #[error(transparent)]
    Edge(#[from] EdgeError),
    #[error("cannot announce the address: {0}")]
    Announce(#[from] io::Error),
}

impl StartError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Config(error) => error.hint(),
            Self::Matrix(error) => error.hint(),
            Self::Privacy(_) => "epsilon_per_day is positive, and delta is between 0 and 1",
            Self::Edge(error) => error.hint(),
            Self::Announce(_) => "keep standard output open",
        }
    }

    /// Exit status: 2 is configuration, 6 is an environment that does not allow serving.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Matrix(_) | Self::Privacy(_) => 2,
            Self::Edge(error) => error.exit_code(),
            Self::Announce(_) => 6,
        }
    }
}

/// Serves until a signal asks to stop.
pub(crate) async fn run(options: Serve) -> Result<(), StartError> {
    let config = configure(options)?;
    let edge = Edge::open(&config)?;
    let listener = Listener::bind(&config.server).await?;
    let service = Arc::new(Service {
        catalogue: Catalogue::open(&config.matrices)?,
        pool: Pool::new(),
        budgets: Arc::new(Budgets::new(&config.privacy, SystemTime::now)?),
        drain: edge.drain(),
    });
    let router = app::router(&config, service, &edge)?;
    announce(listener.address()?)?;
    edge::serve(listener, router, edge.drain()).await?;
    Ok(())
}

/// The configuration, where an option wins over a key.
fn configure(options: Serve) -> Result<Config, ConfigError> {
    // A variable that is no text cannot be one of the server.
    let environment: Vec<(String, String)> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let mut config = config::load(options.config.as_deref(), &environment)?;
    if let Some(listen) = options.listen {
        config.server.listen = listen;
    }
    config.matrices.manifests.extend(options.matrix);
    Ok(config)
}

/// The one line on standard output, for whoever started the server on port 0.
fn announce(address: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", json!({ "listening": address.to_string() }))?;
    stdout.flush()
}
