//! One accepted connection: it holds its place, and gives up on a peer that does not read.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use metrics::{counter, gauge};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(super) SocketAddr);

impl Connected<Self> for Peer {
    fn connect_info(peer: Self) -> Self {
        peer
    }
}

/// How long a connection waits for a peer to take what is sent to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Without a byte that it takes.
    pub(super) stall: Duration,
    /// For an answer, or what of a longer one is in the buffers of the server, from the first wait on.
    pub(super) answer: Duration,
}

/// A TCP connection that fails when the peer is slower to read than there is [`Patience`] for.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    patience: Patience,
    stalled: Timer,
    /// Runs from the first wait for a peer to that in which all is written.
    sending: Timer,
    given_up: bool,
    _place: Place,
}

/// Time that runs, once somebody waits.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Begins with the first call, and is ready when so much time has passed since.
    fn poll(&mut self, context: &mut Context<'_>, limit: Duration) -> Poll<()> {
        self.0.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(context)
    }

    fn stop(&mut self) {
        self.0 = None;
    }
}

/// One of the connections that may be open; counted while it is.
#[derive(Debug)]
struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// The permit is given back when the connection is dropped.
    pub(super) fn new(stream: TcpStream, permit: OwnedSemaphorePermit, patience: Patience) -> Self {
        gauge!("hlp_connections").increment(1);
        let (stalled, sending) = (Timer::default(), Timer::default());
        let place = Place { _permit: permit };
        Self { stream, patience, stalled, sending, given_up: false, _place: place }
    }

    /// Passes on what a write came to, and fails when the peer was waited for too long.
    fn bound<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled.stop();
            return written;
        }
        let Patience { stall, answer } = self.patience;
        let stalled = self.stalled.poll(context, stall);
        let sending = self.sending.poll(context, answer);
        if stalled.is_pending() && sending.is_pending() {
            return Poll::Pending;
        }
        if !std::mem::replace(&mut self.given_up, true) {
            counter!("hlp_slow_readers_total").increment(1);
        }
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer reads too slowly")))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        gauge!("hlp_connections").decrement(1);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bound(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.bound(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// What is written so far is all that there was to write.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.sending.stop();
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
