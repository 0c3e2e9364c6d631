//! The real server with a configuration of the test, and what it says.

use std::io::Write as _;
use std::net::TcpStream;

use crate::answer::Answer;
use crate::provider::{KEY, Provider};
use crate::support::{self, Folder, command};

/// A running server, and the folder of its configuration.
pub(crate) struct Server {
    server: support::Server,
    _folder: Folder,
}

/// The settings of a provider that speaks both protocols, as two providers.
pub(crate) fn both(provider: &Provider) -> String {
    let url = provider.base_url();
    format!(
        "[log]\nlevel = 'trace'\n\
         [providers.oa]\nkind = 'openai'\nbase_url = '{url}'\nmodels = ['gpt-*', 'exact']\n\
         api_key_env = 'TEST_KEY'\ntimeout_seconds = 1\n\
         [providers.an]\nkind = 'anthropic'\nbase_url = '{url}'\nmodels = ['claude-*']\n\
         api_key_env = 'TEST_KEY'\ntimeout_seconds = 1\n"
    )
}

impl Server {
    /// A server for this provider, under both protocols.
    pub(crate) fn for_provider(provider: &Provider) -> Self {
        Self::start(&both(provider), &[("TEST_KEY", KEY)])
    }

    pub(crate) fn start(config: &str, variables: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let mut command = command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]);
        command.arg(folder.write("proxy.toml", config)).envs(variables.iter().copied());
        Self { server: support::Server::run(&mut command), _folder: folder }
    }

    /// Sends a request with these headers beside those of HTTP.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> TcpStream {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\n\r\n", body.len());
        self.send_raw(&[head.as_bytes(), body].concat())
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = self.server.connect();
        stream.write_all(bytes).expect("the request is sent");
        stream
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        Answer::receive(&mut self.send("GET", path, &[], b""))
    }

    /// Asks with consent.
    pub(crate) fn ask(&self, path: &str, body: &str) -> Answer {
        let headers = [("hlp-disclosure", "accept"), ("content-type", "application/json")];
        Answer::receive(&mut self.send("POST", path, &headers, body.as_bytes()))
    }

    /// Asks the server to end, waits until it has, and gives all that it has said.
    pub(crate) fn stop(self) -> String {
        self.server.stop()
    }
}
