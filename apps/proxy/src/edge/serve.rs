//! Serving, and stopping in order: others learn that it ends, no new connections, the running
//! requests finish, but not for ever.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use metrics::counter;
use tokio::time::{interval, sleep};
use tracing::{debug, info, warn};

use super::connection::Peer;
use super::signals::Order;
use super::{Edge, EdgeError, Listener, Signals};
use crate::buffer;

/// The largest head of a request, in bytes; a larger one is answered with 431.
const MAX_HEAD: usize = 64 << 10;
/// How often what only grows is tidied up.
const UPKEEP: Duration = Duration::from_secs(5);

type Serving = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Serves until SIGTERM or SIGINT, then for as long as running requests need, at most the grace. A
/// second signal ends at once.
pub(crate) async fn serve(
    listener: Listener,
    router: Router,
    edge: &Edge,
    signals: Signals,
) -> Result<(), EdgeError> {
    let handle = Handle::new();
    let serving = start(listener, router, edge, handle.clone());
    let result = tokio::select! {
        result = until_stopped(serving, edge, signals, handle) => result,
        never = upkeep(edge) => match never {},
    };
    #[cfg(feature = "otlp")]
    tokio::task::block_in_place(super::otlp::flush);
    Ok(result?)
}

fn start(listener: Listener, router: Router, edge: &Edge, handle: Handle<Peer>) -> Serving {
    let service = router.into_make_service_with_connect_info::<Peer>();
    let mut server = Server::from_listener(listener)
        .handle(handle)
        .http1_only()
        .accept_error_handler(not_accepted);
    server.http_builder().http1().header_read_timeout(edge.times.head).max_buf_size(MAX_HEAD);
    match &edge.identity {
        Some(identity) => {
            let acceptor =
                RustlsAcceptor::new(identity.config.clone()).handshake_timeout(edge.times.head);
            Box::pin(server.acceptor(acceptor).serve(service))
        }
        None => Box::pin(server.serve(service)),
    }
}

async fn until_stopped(
    mut serving: Serving,
    edge: &Edge,
    mut signals: Signals,
    handle: Handle<Peer>,
) -> io::Result<()> {
    loop {
        tokio::select! {
            result = &mut serving => return result,
            order = signals.next() => match order {
                Order::Reload => edge.reload(),
                Order::Stop => break,
            },
        }
    }
    edge.drain.begin();
    info!(connections = handle.connection_count(), "draining");
    let draining = async {
        tokio::select! {
            result = &mut serving => return result,
            () = sleep(edge.times.drain) => (),
        }
        handle.graceful_shutdown(Some(edge.times.grace));
        serving.await
    };
    tokio::select! {
        result = draining => {
            info!("stopped");
            result
        }
        () = second(&mut signals) => {
            warn!(connections = handle.connection_count(), "stopped at once");
            Ok(())
        }
    }
}

/// Waits for another order to stop.
async fn second(signals: &mut Signals) {
    while signals.next().await != Order::Stop {}
}

async fn upkeep(edge: &Edge) -> Infallible {
    let mut interval = interval(UPKEEP);
    loop {
        interval.tick().await;
        edge.upkeep();
        buffer::upkeep();
        super::log::upkeep();
    }
}

/// Without a peer, the system had no connection to give; with one, its handshake failed.
fn not_accepted(peer: Option<&Peer>, error: &io::Error) {
    match peer {
        None => {
            counter!("hlp_accept_errors_total", "stage" => "accept").increment(1);
            warn!(%error, "cannot accept a connection");
        }
        Some(_) => {
            counter!("hlp_accept_errors_total", "stage" => "handshake").increment(1);
            debug!(%error, "handshake failed");
        }
    }
}
