//! Whether the system lets the process have as many connections as it is configured for.

/// Files that the process needs beside its connections: standard streams, the listener, the reactor,
/// matrices while they are loaded, connections to providers.
const RESERVE: u64 = 64;

/// The limit of open files, when it is too low for so many connections.
pub(super) fn too_few(max_connections: usize) -> Option<u64> {
    let limit = limit()?;
    (limit < needed(max_connections)).then_some(limit)
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
        let Some(limit) = limit() else { return };
        let most = usize::try_from(limit - RESERVE).unwrap();
        assert_eq!(too_few(most), None);
        assert_eq!(too_few(most + 1), Some(limit));
        assert_eq!(too_few(usize::MAX), Some(limit));
    }
}
