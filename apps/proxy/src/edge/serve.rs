//! Accepting connections, and stopping in order: no new ones, the running requests finish, but not
//! for ever.

use std::future::{Future, IntoFuture as _};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::{Drain, EdgeError};
use crate::config::Server;

/// A bound address. The handlers of the signals are in place from here on.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    terminate: Signal,
    interrupt: Signal,
    grace: Duration,
}

impl Listener {
    /// Binds the address of the configuration.
    pub(crate) async fn bind(server: &Server) -> Result<Self, EdgeError> {
        let address = server.listen;
        let socket = TcpListener::bind(address)
            .await
            .map_err(|source| EdgeError::Listen { address, source })?;
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        let grace = Duration::from_secs(server.grace_seconds);
        Ok(Self { socket, terminate, interrupt, grace })
    }

    /// The address with the port that the system chose.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

/// Serves until SIGTERM or SIGINT, then for as long as running requests need, at most the grace.
pub(crate) async fn serve(
    listener: Listener,
    router: Router,
    drain: Drain,
) -> Result<(), EdgeError> {
    let Listener { socket, mut terminate, mut interrupt, grace } = listener;
    let (stopping, stopped) = oneshot::channel::<()>();
    let signal = async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
        drain.begin();
        drop(stopping);
    };
    tokio::select! {
        result = axum::serve(socket, router).with_graceful_shutdown(signal).into_future() => {
            Ok(result?)
        }
        () = deadline(stopped, grace) => Ok(()),
    }
}

fn deadline(stopped: oneshot::Receiver<()>, grace: Duration) -> impl Future<Output = ()> {
    async move {
        // The sender sends nothing; that it is dropped is the news.
        let _ = stopped.await;
        sleep(grace).await;
    }
}
