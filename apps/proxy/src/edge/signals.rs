//! What the system may tell the process.

use std::io;

use tokio::sync::mpsc;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// SIGTERM, SIGINT or Ctrl-C.
    Stop,
    /// SIGHUP.
    #[cfg_attr(not(unix), expect(dead_code, reason = "no signal elsewhere asks for it"))]
    Reload,
}

/// The orders in the order in which they come.
#[derive(Debug)]
pub(crate) struct Signals(mpsc::Receiver<Order>);

impl Signals {
    /// Puts the handlers in place; from here on no signal ends the process by itself.
    pub(crate) fn install() -> io::Result<Self> {
        let (orders, signals) = mpsc::channel(8);
        listen(&orders)?;
        Ok(Self(signals))
    }

    /// The next order; for ever pending when there is no way left to give one.
    pub(crate) async fn next(&mut self) -> Order {
        match self.0.recv().await {
            Some(order) => order,
            None => std::future::pending().await,
        }
    }
}

#[cfg(unix)]
fn listen(orders: &mpsc::Sender<Order>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for (kind, order) in [
        (SignalKind::terminate(), Order::Stop),
        (SignalKind::interrupt(), Order::Stop),
        (SignalKind::hangup(), Order::Reload),
    ] {
        let mut signal = signal(kind)?;
        let orders = orders.clone();
        tokio::spawn(async move {
            while signal.recv().await.is_some() && orders.send(order).await.is_ok() {}
        });
    }
    Ok(())
}

/// Elsewhere there is Ctrl-C, and a restart instead of SIGHUP.
#[cfg(not(unix))]
fn listen(orders: &mpsc::Sender<Order>) -> io::Result<()> {
    let orders = orders.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && orders.send(Order::Stop).await.is_ok() {}
    });
    Ok(())
}
