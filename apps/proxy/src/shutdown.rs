//! Stopping in order: no new connections, the running requests finish, but not for ever.

use std::future::{Future, IntoFuture as _};
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal as listen};
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long running requests may take after the signal.
const GRACE: Duration = Duration::from_secs(10);

/// Completes at SIGTERM or SIGINT. The handlers are in place when this returns.
pub(crate) fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}

/// Serves until `signal`, then for at most [`GRACE`].
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    signal: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel::<()>();
    let signal = async move {
        signal.await;
        drop(stopping);
    };
    let deadline = async move {
        // The sender sends nothing; that it is dropped is the news.
        let _ = stopped.await;
        sleep(GRACE).await;
    };
    tokio::select! {
        result = axum::serve(listener, router).with_graceful_shutdown(signal).into_future() => result,
        () = deadline => Ok(()),
    }
}
