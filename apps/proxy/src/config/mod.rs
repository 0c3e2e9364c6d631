//! What can be configured, with every default in one place.

mod check;
mod check_files;
mod check_providers;
mod environment;
mod expected;
mod finding;
mod load;
mod nearest;
mod paths;
mod place;
mod read;
mod secret;
mod shown;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub(crate) use self::check_files::CA_LIMIT;
pub(crate) use self::environment::variables;
pub(crate) use self::finding::{ConfigError, Finding, Severity};
pub(crate) use self::load::{Examined, Sources, examine, load};
pub(crate) use self::place::Place;
pub(crate) use self::secret::Secret;

/// The whole configuration. Every key has a default, and an unknown one is an error.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) auth: Auth,
    pub(crate) limits: Limits,
    pub(crate) privacy: Privacy,
    pub(crate) matrices: Matrices,
    pub(crate) providers: BTreeMap<String, Provider>,
    pub(crate) log: Log,
}

/// Where and how to serve.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// Address and port; with port 0 the system chooses.
    #[serde(deserialize_with = "expected::socket_address")]
    pub(crate) listen: SocketAddr,
    /// `auto`, `cpu` or `cuda`.
    pub(crate) backend: String,
    /// Cores that compute products; 0 means all.
    pub(crate) threads: usize,
    /// Products that may wait for a core; beyond it requests are shed with 503.
    pub(crate) queue: usize,
    /// Encrypted vectors in one body.
    pub(crate) max_queries: usize,
    /// Open connections; more wait in the backlog of the system.
    pub(crate) max_connections: usize,
    /// Seconds in which the head of a request must arrive.
    pub(crate) header_timeout_seconds: u64,
    /// Seconds in which the body of a request must arrive.
    pub(crate) body_timeout_seconds: u64,
    /// Seconds in which a client must take an answer, from the first wait for it.
    pub(crate) answer_timeout_seconds: u64,
    /// Seconds after a signal in which connections are still accepted, while `/readyz` answers 503.
    pub(crate) drain_seconds: u64,
    /// Seconds that running requests have after that.
    pub(crate) grace_seconds: u64,
    pub(crate) tls: Option<Tls>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            backend: "auto".to_owned(),
            threads: 0,
            queue: 64,
            max_queries: 8,
            max_connections: 10_240,
            header_timeout_seconds: 10,
            body_timeout_seconds: 30,
            answer_timeout_seconds: 120,
            drain_seconds: 0,
            grace_seconds: 10,
            tls: None,
        }
    }
}

/// The certificate chain and its key, both PEM files.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Who may ask.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Auth {
    /// File of the hashed tokens; without it everybody may ask.
    pub(crate) tokens: Option<PathBuf>,
    /// Allows an address other than the loop-back without tokens.
    pub(crate) open: bool,
}

/// How often a client may ask.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// Requests of one client in a minute; 0 means no limit.
    pub(crate) requests_per_minute: u32,
    /// Requests of one client at once.
    pub(crate) burst: u32,
    /// Bytes of a request that is passed on to a provider.
    pub(crate) chat_body_bytes: usize,
    /// Requests that are passed on at once; beyond it they are shed with 503.
    pub(crate) concurrent_chats: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 600,
            burst: 60,
            chat_body_bytes: 8 << 20,
            concurrent_chats: 256,
        }
    }
}

/// What clients may spend on shard hints.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Privacy {
    /// ε of one client in one UTC day.
    pub(crate) epsilon_per_day: f64,
    /// δ at which composed ε is reported.
    pub(crate) delta: f64,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { epsilon_per_day: 12.0, delta: 1e-6 }
    }
}

/// What is served.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Matrices {
    /// Manifests; relative paths start at the folder of the configuration.
    pub(crate) manifests: Vec<PathBuf>,
    /// Seconds between two looks at the files; 0 means only on SIGHUP.
    pub(crate) reload_seconds: u64,
}

impl Default for Matrices {
    fn default() -> Self {
        Self { manifests: Vec::new(), reload_seconds: 5 }
    }
}

/// A provider of language models, which sees what is disclosed to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    pub(crate) kind: ProviderKind,
    /// Where its API begins, without the `/v1/…` of a route.
    pub(crate) base_url: String,
    /// Name of the environment variable that holds the key.
    pub(crate) api_key_env: Option<String>,
    /// Globs of the models that it serves.
    pub(crate) models: Vec<String>,
    /// Seconds without a byte after which the provider counts as hanging.
    #[serde(default = "provider_timeout")]
    pub(crate) timeout_seconds: u64,
    /// File of the certificates that may sign for it, instead of those of the system.
    pub(crate) ca: Option<PathBuf>,
    /// Address of the HTTP proxy on the way to it. Variables such as `HTTPS_PROXY` are not read.
    pub(crate) proxy: Option<String>,
    /// What the variable `api_key_env` holds.
    #[serde(skip)]
    pub(crate) key: Option<Secret>,
}

fn provider_timeout() -> u64 {
    120
}

/// Whose routes and shapes a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProviderKind {
    Openai,
    Anthropic,
}

/// The log, one line per event on standard error.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub(crate) level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: "info".to_owned() }
    }
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Json,
    Text,
}
