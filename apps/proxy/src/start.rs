//! From a configuration to a running server.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::SystemTime;

use he::{BackendError, Engine, Instructions, LedgerError};
use serde_json::json;
use thiserror::Error;
use tokio::task::spawn_blocking;

use crate::app;
use crate::budget::Budgets;
use crate::config::{Config, ConfigError, Server};
use crate::edge::{self, Door, Drain, Edge, EdgeError, Listener, Order, Signals};
use crate::intake::Intake;
use crate::matrices::{Catalogue, LoadError, Watch};
use crate::pool::Pool;
use crate::state::{Health, Service, exchange_limit};

/// Why the server did not start, or stopped by itself.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Matrix(#[from] LoadError),
    #[error("server.backend: {0}")]
    Backend(#[from] BackendError),
    #[error("privacy: {0}")]
    Privacy(#[from] LedgerError),
    #[error(transparent)]
    Edge(#[from] EdgeError),
    #[error("the system refuses: {0}")]
    Threads(io::Error),
    #[error("cannot announce the address: {0}")]
    Announce(#[from] io::Error),
}

impl StartError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &str {
        match self {
            Self::Config(error) => error.hint(),
            Self::Matrix(error) => error.hint(),
            Self::Privacy(_) => "epsilon_per_day is positive, and delta is between 0 and 1",
            Self::Edge(error) => error.hint(),
            Self::Backend(BackendError::Unknown { .. }) => "say auto, cpu or cuda",
            Self::Backend(_) => "say auto to use the CPU where there is no device",
            Self::Threads(_) => "see whether the system has run out of threads",
            Self::Announce(_) => "keep standard output open",
        }
    }

    /// Exit status: 2 is configuration, 6 is an environment that does not allow serving.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Matrix(_) | Self::Privacy(_) => 2,
            Self::Edge(error) => error.exit_code(),
            Self::Backend(BackendError::Unknown { .. }) => 2,
            Self::Backend(_) | Self::Threads(_) | Self::Announce(_) => 6,
        }
    }
}

/// Serves until a signal asks to stop.
pub(crate) async fn run(config: Config) -> Result<(), StartError> {
    let edge = Edge::open(&config).map_err(ConfigError::from)?;
    edge.warnings().iter().for_each(edge::Warning::log);
    let mut signals = Signals::install().map_err(EdgeError::from)?;
    let listener = Listener::bind(&config.server)?;
    let watch = Watch::new(config.matrices.reload_seconds).map_err(StartError::Threads)?;
    let config = Arc::new(config);
    let Some(service) = opened(&config, &edge, &mut signals).await? else { return Ok(()) };
    let service = Arc::new(service);
    let router = app::router(&config, Arc::clone(&service), &edge)?;
    let catalogue = Arc::clone(&service.catalogue);
    let look = move |all| catalogue.refresh(all);
    let renew = move || service.renew();
    tokio::spawn(watch.run(look, renew));
    announce(listener.address()?)?;
    edge::serve(listener, router, &edge, signals).await?;
    Ok(())
}

/// Everything that the routes need, unless a signal asks to stop before it is there.
async fn opened(
    config: &Arc<Config>,
    edge: &Edge,
    signals: &mut Signals,
) -> Result<Option<Service>, StartError> {
    let (config, drain, door) = (Arc::clone(config), edge.drain(), edge.door());
    let mut opening = spawn_blocking(move || open(&config, drain, door));
    loop {
        tokio::select! {
            opened = &mut opening => {
                return match opened {
                    Ok(opened) => opened.map(Some),
                    Err(error) => resume_unwind(error.into_panic()),
                };
            }
            order = signals.next() => match order {
                Order::Reload => edge.reload(),
                Order::Stop => {
                    tracing::info!("stopped before it has served");
                    return Ok(None);
                }
            },
        }
    }
}

/// Large matrices take seconds.
fn open(config: &Config, drain: Drain, door: Arc<Door>) -> Result<Service, StartError> {
    let threads = threads(&config.server);
    let engine = Engine::open(config.server.backend.parse()?)?;
    let cpu = Instructions::best();
    tracing::info!(backend = %engine, %cpu, threads, "products are computed here");
    let catalogue = Catalogue::open(&config.matrices.manifests, engine, threads)?;
    for matrix in catalogue.all().values() {
        let (name, version, generation) = (&matrix.name, &matrix.version, &matrix.generation);
        let (rows, columns, kind) = (matrix.rows, matrix.columns, matrix.kind.name());
        tracing::info!(name, rows, columns, kind, version, generation, "a matrix is served");
    }
    let Server { queue, max_queries, .. } = config.server;
    // As many requests as can be answered or wait, and as many again that arrive or are being sent.
    let requests = threads.get().saturating_add(queue).saturating_mul(2);
    let memory = requests.saturating_mul(exchange_limit(&catalogue, max_queries));
    Ok(Service {
        health: Health::examine(&catalogue),
        catalogue: Arc::new(catalogue),
        intake: Intake::new(memory),
        requests,
        pool: Pool::new(threads, queue).map_err(StartError::Threads)?,
        budgets: Arc::new(Budgets::new(&config.privacy, SystemTime::now)?),
        drain,
        door,
        max_queries,
    })
}

/// The cores that compute.
pub(crate) fn threads(server: &Server) -> NonZeroUsize {
    let all = || available_parallelism().unwrap_or(NonZeroUsize::MIN);
    NonZeroUsize::new(server.threads).unwrap_or_else(all)
}

/// The one line on standard output, for whoever started the server on port 0.
fn announce(address: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", json!({ "listening": address.to_string() }))?;
    stdout.flush()
}
