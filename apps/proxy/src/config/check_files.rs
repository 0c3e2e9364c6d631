//! Files that the configuration names are there and readable. What is in them is read by those who
//! use them, but for the certificates that vouch for a provider.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Config;
use super::check::Checker;
use crate::regular_file;

/// Looks at every file that is named.
pub(super) fn check(config: &Config, checker: &mut Checker<'_>) {
    if let Some(tls) = &config.server.tls {
        is_readable(checker, "server.tls.certificate", &tls.certificate);
        is_readable(checker, "server.tls.key", &tls.key);
    }
    if let Some(tokens) = &config.auth.tokens {
        is_readable(checker, "auth.tokens", tokens);
    }
    for manifest in &config.matrices.manifests {
        is_readable(checker, "matrices.manifests", manifest);
    }
    for (name, provider) in &config.providers {
        if let Some(ca) = &provider.ca {
            holds_certificates(checker, &format!("providers.{name}.ca"), ca);
        }
    }
}

fn is_readable(checker: &mut Checker<'_>, key: &str, path: &Path) -> bool {
    match regular_file::open(path) {
        Ok(_) => true,
        Err(error) => {
            let message = format!("{}: {error}", path.display());
            checker.error(key, message, "name a file that the server may read");
            false
        }
    }
}

fn holds_certificates(checker: &mut Checker<'_>, key: &str, path: &Path) {
    if !is_readable(checker, key, path) {
        return;
    }
    let chain = regular_file::read(path)
        .ok()
        .and_then(|pem| CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>().ok());
    if chain.is_none_or(|chain| chain.is_empty()) {
        let message = format!("{} holds no certificate", path.display());
        checker.error(key, message, "name a PEM file with at least one certificate");
    }
}
