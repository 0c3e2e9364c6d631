//! Files that the configuration names are there and readable. What is in them is read by those who
//! use them, but for the certificates that vouch for a provider.

use std::error::Error;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Config;
use super::check::Checker;
use super::shown::{self, Shown};
use crate::regular_file;

/// Bytes of the largest file of certificates; those of a whole system have less than one MiB.
pub(crate) const CA_LIMIT: u64 = 16 << 20;

/// Looks at every file that is named.
pub(super) fn check(config: &Config, checker: &mut Checker<'_>) {
    if let Some(tls) = &config.server.tls {
        is_readable(checker, "server.tls.certificate", (&tls.certificate, shown::public));
        is_readable(checker, "server.tls.key", (&tls.key, shown::secret));
    }
    if let Some(tokens) = &config.auth.tokens {
        is_readable(checker, "auth.tokens", (tokens, shown::secret));
    }
    for manifest in &config.matrices.manifests {
        is_readable(checker, "matrices.manifests", (manifest, shown::public));
    }
    for (name, provider) in &config.providers {
        if let Some(ca) = &provider.ca {
            holds_certificates(checker, &format!("providers.{name}.ca"), ca);
        }
    }
}

/// How a path may be told.
type Show = fn(&Path) -> Shown<'_>;

fn is_readable(checker: &mut Checker<'_>, key: &str, (path, show): (&Path, Show)) {
    if let Err(error) = regular_file::open(path) {
        unreadable(checker, key, (show(path), &error));
    }
}

fn holds_certificates(checker: &mut Checker<'_>, key: &str, path: &Path) {
    let pem = match regular_file::read(path, CA_LIMIT) {
        Ok(contents) => contents.bytes,
        Err(error) => return unreadable(checker, key, (shown::public(path), &error)),
    };
    let chain = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    if chain.map_or(true, |chain| chain.is_empty()) {
        let message = format!("{} holds no certificate", path.display());
        checker.error(key, message, "name a PEM file with at least one certificate");
    }
}

fn unreadable(checker: &mut Checker<'_>, key: &str, (path, error): (Shown<'_>, &dyn Error)) {
    checker.error(key, format!("{path}{error}"), path.hint());
}
