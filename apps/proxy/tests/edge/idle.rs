//! Connections on which nothing happens.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::http::{exchange, get};
use crate::server::Server;

/// Lets this process, and those that it starts, open as many files as the system allows.
fn raise_the_limit_of_open_files() -> u64 {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("the limit is raised");
    maximum.unwrap_or(u64::MAX)
}

#[test]
fn an_honest_request_is_served_beside_10_000_idle_connections() {
    const IDLE: usize = 10_000;
    let limit = raise_the_limit_of_open_files();
    // Other tests of this process have their own sockets.
    assert!(
        limit >= 500 + IDLE as u64,
        "the system allows {limit} open files, too few for this test"
    );
    let mut server =
        Server::start("[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 60");

    let mut connections = Vec::with_capacity(IDLE);
    while connections.len() < IDLE {
        let more = (IDLE - connections.len()).min(500);
        connections.extend((0..more).map(|_| server.connect()));
        // Connections are accepted in their order: when this one is served, the backlog is empty.
        assert_eq!(server.get("/healthz", "").status, 200);
    }
    server.connections(IDLE + 1);
    assert_eq!(exchange(server.connect(), get("/v1/privacy/budget", "").as_bytes()).status, 200);
    // The first and the last of them can still ask.
    for connection in [&connections[0], &connections[IDLE - 1]] {
        assert_eq!(exchange(connection, get("/healthz", "").as_bytes()).status, 200);
    }
    server.signal("TERM");
    assert!(server.wait().success());
}
