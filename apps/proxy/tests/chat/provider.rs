//! A stand-in for a provider: it answers in the published shapes, keeps count of what it was sent,
//! and fails in the ways that providers and networks do.

mod answers;
mod connection;
mod tls;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) use self::answers::{anthropic_stream, openai_stream};

/// The key that the provider accepts.
pub(crate) const KEY: &str = "sk-canary-key-4711";

/// What happens to the next request instead of an answer.
pub(crate) enum Fault {
    /// Nothing is sent until the peer goes away.
    Hang,
    /// The connection is reset in the middle of the request.
    Reset,
    /// These bytes, then the end of the connection; a whole answer says `connection: close`, or the
    /// peer may send the next request into it.
    Raw(Vec<u8>),
    /// These bytes, then nothing until the peer goes away.
    RawThenHang(Vec<u8>),
    /// A stream with each of these pieces in a packet and a chunk of its own.
    Pieces(Vec<Vec<u8>>),
    /// A stream that sends its second half when the other end of the channel says so.
    Halves(Vec<u8>, Vec<u8>, Receiver<()>),
}

/// A request that has arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// All values of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Vec<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect()
    }
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    answered: usize,
    departed: usize,
    faults: VecDeque<Fault>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread of the provider has failed")
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

/// A running provider; its threads end with the tests.
pub(crate) struct Provider {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The certificate that vouches for it, in PEM, when it speaks TLS.
    pub(crate) ca: Option<String>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        Self::listen(None, None)
    }

    /// A provider behind TLS, under an authority that nobody else knows.
    pub(crate) fn start_tls() -> Self {
        let (config, ca) = tls::identity();
        Self::listen(Some(config), Some(ca))
    }

    fn listen(tls: Option<Arc<ServerConfig>>, ca: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, tls) = (Arc::clone(&accepting), tls.clone());
                thread::spawn(move || {
                    let mut stream = stream.expect("a connection arrives");
                    stream.set_nodelay(true).expect("packets can be sent at once");
                    match tls {
                        None => connection::serve(&mut stream, &shared),
                        Some(config) => {
                            let connection = ServerConnection::new(config).expect("TLS begins");
                            connection::serve(&mut StreamOwned::new(connection, stream), &shared);
                        }
                    }
                });
            }
        });
        Self { address, shared, ca }
    }

    pub(crate) fn base_url(&self) -> String {
        match &self.ca {
            None => format!("http://{}", self.address),
            Some(_) => format!("https://localhost:{}", self.address.port()),
        }
    }

    /// What happens to the next request for which nothing else is waiting.
    pub(crate) fn fail_next(&self, fault: Fault) {
        self.shared.change(|state| state.faults.push_back(fault));
    }

    /// Everything that has arrived.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.lock().seen.clone()
    }

    /// Waits until so many peers have gone away from a provider that hangs.
    pub(crate) fn wait_for_departures(&self, count: usize) {
        let state = self.shared.lock();
        let patience = Duration::from_secs(20);
        let wait = self.shared.changed.wait_timeout_while(state, patience, |s| s.departed < count);
        assert!(!wait.expect("no thread has failed").1.timed_out(), "the peer stays");
    }

    /// Waits until so many requests have arrived.
    pub(crate) fn wait_for_requests(&self, count: usize) {
        let state = self.shared.lock();
        let patience = Duration::from_secs(20);
        let wait =
            self.shared.changed.wait_timeout_while(state, patience, |s| s.seen.len() < count);
        assert!(!wait.expect("no thread has failed").1.timed_out(), "no request arrives");
    }
}
