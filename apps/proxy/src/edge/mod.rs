//! What every request passes, whatever its route, and the loop that accepts connections.
//!
//! From the outside in: a connection with its timeouts ([`serve()`]), the trace, log line and counters
//! of a request, a net under panics, who asks and how often, the deadline of the body, the handler.

mod access;
mod admit;
#[cfg(test)]
mod alone;
mod bearer;
mod body;
mod connection;
mod drain;
mod error;
mod limit;
mod listener;
pub(crate) mod log;
mod metrics;
mod observe;
mod open_files;
#[cfg(feature = "otlp")]
mod otlp;
mod panics;
mod refusal;
mod secret_file;
mod serve;
mod signals;
mod tls;
mod tokens;
mod trace_context;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing::{error, info};

pub(crate) use admit::Door;
pub(crate) use drain::Drain;
pub(crate) use error::{EdgeError, Unfit, Warning};
pub(crate) use listener::Listener;
pub(crate) use serve::serve;
pub(crate) use signals::{Order, Signals};
pub(crate) use tokens::is_name as is_client_name;
pub(crate) use trace_context::{TRACEPARENT, TraceContext};

use self::access::Access;
use self::limit::Limiter;
use self::tls::Identity;
use crate::config::{Config, Server};
use crate::privacy_header;
use crate::problem::{Code, Problem};

/// What the edge knows: who may ask, how often, and whether the server is about to end.
pub(crate) struct Edge {
    door: Arc<Door>,
    identity: Option<Identity>,
    drain: Drain,
    times: Times,
    metrics: PrometheusHandle,
    warnings: Vec<Warning>,
}

/// How long the edge waits.
#[derive(Clone, Copy, Debug)]
struct Times {
    head: Duration,
    body: Duration,
    drain: Duration,
    grace: Duration,
}

impl Edge {
    /// Reads what the configuration names.
    pub(crate) fn open(config: &Config) -> Result<Self, Unfit> {
        let metrics = metrics::recorder();
        let mut warnings = Vec::new();
        let max_connections = config.server.max_connections;
        if let Some(limit) = open_files::too_few(max_connections) {
            warnings.push(Warning::OpenFiles { limit, max_connections });
        }
        let access = Access::open(config, &mut warnings).map_err(|error| vec![error]);
        let files = config.server.tls.as_ref();
        let identity = files.map(|files| Identity::open(files, &mut warnings)).transpose();
        let (access, identity) = match (access, identity) {
            (Ok(access), Ok(identity)) => (access, identity),
            (access, identity) => {
                let errors = [access.err(), identity.err()].into_iter().flatten().flatten();
                return Err(Unfit { errors: errors.collect(), warnings });
            }
        };
        Ok(Self {
            door: Arc::new(Door::new(access, Limiter::new(&config.limits))),
            identity,
            drain: Drain::default(),
            times: Times::of(&config.server),
            metrics,
            warnings,
        })
    }

    /// What was found unwise.
    pub(crate) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Tells whether the server is about to end.
    pub(crate) fn drain(&self) -> Drain {
        self.drain.clone()
    }

    /// Reads tokens and certificate again. What cannot be used is logged and counted, and the old one
    /// holds.
    pub(crate) fn reload(&self) {
        if let Access::Tokens(file) = &self.door.access {
            tell("tokens", file.reload().map_err(|error| vec![error]));
        }
        if let Some(identity) = &self.identity {
            tell("certificate", identity.reload());
        }
    }

    /// Tells whether anybody is let in.
    pub(crate) fn door(&self) -> Arc<Door> {
        Arc::clone(&self.door)
    }

    fn upkeep(&self) {
        self.metrics.run_upkeep();
        self.door.limiter.forget_idle();
    }
}

impl Times {
    fn of(server: &Server) -> Self {
        Self {
            head: Duration::from_secs(server.header_timeout_seconds),
            body: Duration::from_secs(server.body_timeout_seconds),
            drain: Duration::from_secs(server.drain_seconds),
            grace: Duration::from_secs(server.grace_seconds),
        }
    }
}

fn tell(what: &'static str, reloaded: Result<Vec<Warning>, Vec<EdgeError>>) {
    metrics::tell_reload(what, reloaded.is_ok());
    match reloaded {
        Ok(warnings) => {
            warnings.iter().for_each(Warning::log);
            info!(what, "reloaded");
        }
        Err(reasons) => {
            for reason in reasons {
                error!(what, %reason, hint = reason.hint(), "not reloaded");
            }
        }
    }
}

/// Adds `/metrics` and puts the edge before all routes.
pub(crate) fn wrap(router: Router, edge: &Edge) -> Router {
    let metrics = edge.metrics.clone();
    let render = move || {
        let text = metrics.render();
        async move { ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], text) }
    };
    let other_method =
        async || Problem::new(Code::MethodNotAllowed, "the metrics are read with GET");
    router
        .route("/metrics", get(render).fallback(other_method))
        .layer(from_fn_with_state(edge.times.body, body::in_time))
        .layer(from_fn_with_state(Arc::clone(&edge.door), admit::admit))
        .layer(from_fn(privacy_header::say))
        .layer(panics::net())
        .layer(from_fn(observe::observe))
}
