//! The HTTP client of one provider.

use std::error::Error;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect, retry};

use crate::config::{CA_LIMIT, Provider};
use crate::regular_file;

/// The longest time in which a connection to a provider must be there.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection is kept for the next request: shorter than servers commonly keep theirs, so
/// that a prompt is seldom sent into one that is just being closed.
const IDLE: Duration = Duration::from_secs(30);

const CA_HINT: &str = "name a PEM file with at least one certificate";

/// Why a provider cannot be used.
#[derive(Debug)]
pub(super) struct Unusable {
    /// The key of its table that is to blame.
    pub(super) key: &'static str,
    pub(super) reason: String,
    pub(super) hint: &'static str,
}

impl Unusable {
    /// Takes the reason from an error and all that caused it.
    pub(super) fn new(key: &'static str, error: &dyn Error, hint: &'static str) -> Self {
        let mut reason = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            reason += &format!(": {error}");
            source = error.source();
        }
        Self { key, reason, hint }
    }
}

/// A client for this provider alone, with its timeouts, its proxy and whom it trusts.
pub(super) fn open(provider: &Provider) -> Result<Client, Unusable> {
    let timeout = Duration::from_secs(provider.timeout_seconds);
    let builder = Client::builder()
        .user_agent(concat!("hlp-proxy/", env!("CARGO_PKG_VERSION")))
        // A redirect would carry prompt and key to an address that nobody configured.
        .redirect(redirect::Policy::none())
        // A prompt is sent once; whether to try again is for the client to decide.
        .retry(retry::never())
        .referer(false)
        // Variables of the environment do not decide where prompts go.
        .no_proxy()
        .connect_timeout(timeout.min(CONNECT))
        .pool_idle_timeout(IDLE)
        .read_timeout(timeout);
    // Certificates are all that is left to go wrong.
    let (key, hint) = match provider.ca {
        Some(_) => ("ca", CA_HINT),
        None => ("base_url", "install the certificates of the system, or name some in `ca`"),
    };
    let builder = trusting(proxied(builder, provider)?, provider)?;
    builder.build().map_err(|error| Unusable::new(key, &error, hint))
}

fn proxied(builder: ClientBuilder, provider: &Provider) -> Result<ClientBuilder, Unusable> {
    let Some(proxy) = &provider.proxy else { return Ok(builder) };
    let hint = "write http://proxy.example:3128";
    let proxy = Proxy::all(proxy).map_err(|error| Unusable::new("proxy", &error, hint))?;
    Ok(builder.proxy(proxy))
}

fn trusting(builder: ClientBuilder, provider: &Provider) -> Result<ClientBuilder, Unusable> {
    if let Some(file) = &provider.ca {
        let pem = regular_file::read(file, CA_LIMIT);
        let pem = pem.map_err(|error| Unusable::new("ca", &error, CA_HINT))?;
        let roots = Certificate::from_pem_bundle(&pem.bytes);
        let roots = roots.map_err(|error| Unusable::new("ca", &error, CA_HINT))?;
        return Ok(builder.tls_certs_only(roots));
    }
    let is_secure = |url: &String| url.to_ascii_lowercase().starts_with("https:");
    if is_secure(&provider.base_url) || provider.proxy.as_ref().is_some_and(is_secure) {
        return Ok(builder);
    }
    // Without TLS nothing is trusted, and a system without certificates will do.
    Ok(builder.tls_certs_only([]))
}
