//! The real server with a configuration of the test, and requests as bytes.

use std::ops::{Deref, DerefMut};
use std::process::Command;

use crate::http::{Response, exchange, get};
use crate::support::{self, Folder, eventually, failure_of, sha256};

/// The text of a token file for these clients with these tokens.
pub(crate) fn token_file(clients: &[(&str, &str)]) -> String {
    let entry = |(name, token): &(&str, &str)| {
        format!("[clients.{name}]\nsha256 = \"{}\"\n", sha256(token.as_bytes()))
    };
    clients.iter().map(entry).collect()
}

/// A running server, and the files that it reads.
pub(crate) struct Server {
    server: support::Server,
    pub(crate) folder: Folder,
}

impl Server {
    /// A server with this configuration.
    pub(crate) fn start(config: &str) -> Self {
        Self::start_in(Folder::new(), config)
    }

    /// A server with this configuration, beside files that are already there.
    pub(crate) fn start_in(folder: Folder, config: &str) -> Self {
        let command = command(&folder, config);
        Self::run(folder, command)
    }

    /// A server that the system lets open no more files than this.
    pub(crate) fn start_with_files(limit: u64, config: &str) -> Self {
        let folder = Folder::new();
        let server = command(&folder, config);
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -n \"$1\" && shift && exec \"$@\"", "sh"]);
        limited.arg(limit.to_string()).arg(server.get_program()).args(server.get_args());
        Self::run(folder, limited)
    }

    /// A server that is started by this command.
    pub(crate) fn run(folder: Folder, mut command: Command) -> Self {
        Self { server: support::Server::run(&mut command), folder }
    }

    /// Asks the server to end, waits until it has, and gives all that it has said.
    pub(crate) fn stop(self) -> String {
        self.server.stop()
    }

    /// GET on a connection of its own; `headers` end in line breaks.
    pub(crate) fn get(&self, path: &str, headers: &str) -> Response {
        exchange(self.connect(), get(path, headers).as_bytes())
    }

    /// GET with a bearer token.
    pub(crate) fn get_as(&self, token: &str, path: &str) -> Response {
        self.get(path, &format!("authorization: Bearer {token}\r\n"))
    }

    /// Waits until so many connections are open, with the one that asks.
    pub(crate) fn connections(&self, expected: usize) {
        let expected = Some(expected as f64);
        eventually("connections", || (self.metric("hlp_connections") == expected).then_some(()));
    }

    /// The value of a metric without labels, or with them as they are printed.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics", "").body;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(value.parse().expect("a number"))
    }
}

impl Deref for Server {
    type Target = support::Server;

    fn deref(&self) -> &Self::Target {
        &self.server
    }
}

impl DerefMut for Server {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.server
    }
}

/// What a server that does not start says.
pub(crate) fn refused(folder: &Folder, config: &str) -> (Option<i32>, String) {
    failure_of(&mut command(folder, config))
}

/// The command that starts a server with this configuration, and that alone.
pub(crate) fn command(folder: &Folder, config: &str) -> Command {
    let mut command = support::command();
    command.arg("serve").arg("--config").arg(folder.write("proxy.toml", config));
    command
}
