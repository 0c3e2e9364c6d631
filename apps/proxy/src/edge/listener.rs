//! The bound address, and accepting from it while there is a place.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum_server::{AddrListener, Address};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;

use super::EdgeError;
use super::connection::{Connection, Patience, Peer};
use crate::config::Server;

/// Connections that wait to be accepted; Linux allows 4096 by default.
const BACKLOG: u32 = 4096;

/// A bound address. Connections beyond the maximum wait in the backlog of the system.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    places: Arc<Semaphore>,
    patience: Patience,
}

impl Listener {
    /// Binds the address of the configuration.
    pub(crate) fn bind(server: &Server) -> Result<Self, EdgeError> {
        let address = server.listen;
        let socket = listen(address).map_err(|source| EdgeError::Listen { address, source })?;
        let places = server.max_connections.clamp(1, Semaphore::MAX_PERMITS);
        Ok(Self {
            socket,
            places: Arc::new(Semaphore::new(places)),
            patience: Patience {
                stall: Duration::from_secs(server.body_timeout_seconds),
                answer: Duration::from_secs(server.answer_timeout_seconds),
            },
        })
    }

    /// The address with the port that the system chose.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

/// Binds with the longest backlog that systems allow without being told to: a burst of connections
/// waits for its turn instead of for a retransmission, which comes after a second.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As `TcpListener::bind` does it: a restart need not wait for the connections of the last run.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Address for Peer {
    type Stream = Connection;
    type Listener = Listener;
}

impl AddrListener<Connection, Peer> for Listener {
    /// A listener needs more than an address: [`Listener::bind`] makes it.
    async fn bind_to(_address: Peer) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    async fn accept_stream(&self) -> io::Result<(Connection, Peer)> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, address) = self.socket.accept().await?;
        // A response is written at once and completely: to wait for more to send only delays it. Where
        // the peer has gone already it may fail, which is no reason not to accept the next one.
        let _ = stream.set_nodelay(true);
        Ok((Connection::new(stream, place, self.patience), Peer(address)))
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.address().map(Peer)
    }
}
