//! The least that HTTP costs: a server that reads a query and sends as many bytes as an answer has.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::client::Http;
use crate::failure::Failure;

/// A server that computes nothing. It ends when this is dropped.
pub(crate) struct Bare {
    pub(crate) http: Http,
    _stop: oneshot::Sender<()>,
}

impl Bare {
    /// Starts it in threads of its own.
    pub(crate) fn start(response_bytes: usize) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address: SocketAddr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        thread::spawn(move || serve(listener, response_bytes, stopped));
        Ok(Self { http: Http::new(&address.to_string()), _stop: stop })
    }
}

fn serve(
    listener: TcpListener,
    response_bytes: usize,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let answer = move |body: Bytes| async move {
        drop(body);
        vec![0u8; response_bytes]
    };
    let router = Router::new().route("/", post(answer)).layer(DefaultBodyLimit::disable());
    Runtime::new()?.block_on(async {
        let served = axum::serve(tokio::net::TcpListener::from_std(listener)?, router);
        tokio::select! {
            served = served => served,
            _ = stopped => Ok(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_body_is_read_and_so_many_bytes_come_back() {
        let bare = Bare::start(12_345).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let body = Bytes::from(vec![7; 6_000_000]);
        let (status, answer) = runtime.block_on(bare.http.post("/", body)).unwrap();
        assert_eq!((status.as_u16(), answer.len()), (200, 12_345));
    }
}
