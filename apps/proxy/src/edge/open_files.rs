//! Whether the system lets the process have as many connections as it is configured for.

/// Files that the process needs beside its connections: standard streams, the listener, the reactor,
/// matrices while they are loaded, connections to providers.
const RESERVE: u64 = 64;

/// The limit of open files, when it is too low for so many connections.
pub(super) fn too_few(max_connections: usize) -> Option<u64> {
    limit().filter(|limit| is_too_low(*limit, max_connections))
}

fn is_too_low(limit: u64, max_connections: usize) -> bool {
    limit < needed(max_connections)
}

/// The limit that so many connections need.
pub(super) fn needed(max_connections: usize) -> u64 {
    (max_connections as u64).saturating_add(RESERVE)
}

#[cfg(unix)]
fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// Elsewhere sockets are not files of which a process may have so many.
#[cfg(not(unix))]
fn limit() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_more_than_the_limit_allows_is_noticed() {
        assert!(!is_too_low(256, 192));
        assert!(is_too_low(256, 193));
        assert!(is_too_low(0, 0) && is_too_low(u64::MAX - 1, usize::MAX));
    }
}
