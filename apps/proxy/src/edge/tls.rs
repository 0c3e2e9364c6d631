//! The certificate and its key.

use std::path::Path;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ServerConfig;

use super::error::{EdgeError, Warning};
use super::secret_file;
use crate::config::Tls;

/// The files of the configuration, and what is served with them.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    files: Tls,
    pub(super) config: RustlsConfig,
}

impl Identity {
    /// Reads both files and checks that the key belongs to the certificate.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, at least one thing.
    pub(super) fn open(files: &Tls, warnings: &mut Vec<Warning>) -> Result<Self, Vec<EdgeError>> {
        let config = RustlsConfig::from_config(load(files, warnings)?);
        Ok(Self { files: files.clone(), config })
    }

    /// Reads both files again, for new connections. When they cannot be used, the old ones hold.
    pub(super) fn reload(&self) -> Result<Vec<Warning>, Vec<EdgeError>> {
        let mut warnings = Vec::new();
        self.config.reload_from_config(load(&self.files, &mut warnings)?);
        Ok(warnings)
    }
}

fn load(files: &Tls, warnings: &mut Vec<Warning>) -> Result<Arc<ServerConfig>, Vec<EdgeError>> {
    match (chain(&files.certificate), private_key(&files.key, warnings)) {
        (Ok(chain), Ok(key)) => configure(files, chain, key).map_err(|error| vec![error]),
        (chain, key) => Err([chain.err(), key.err()].into_iter().flatten().collect()),
    }
}

fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, EdgeError> {
    let certificate =
        secret_file::read(file).map_err(|error| refused_certificate(file, error.to_string()))?;
    // The errors of the parser are not shown: they quote the file.
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate.text.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| refused_certificate(file, "not a PEM file"))?;
    if chain.is_empty() {
        return Err(refused_certificate(file, "no certificate in it"));
    }
    Ok(chain)
}

fn private_key(
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<PrivateKeyDer<'static>, EdgeError> {
    let key = secret_file::read(file).map_err(|error| refused_key(file, error.to_string()))?;
    let private = PrivateKeyDer::from_pem_slice(key.text.as_bytes())
        .map_err(|_| refused_key(file, "no private key in it that is PEM"))?;
    if key.readable_by_others {
        warnings.push(Warning::ReadableByOthers { file: file.into() });
    }
    Ok(private)
}

fn configure(
    files: &Tls,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, EdgeError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused_certificate(&files.certificate, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                refused_key(&files.key, "the key of another certificate")
            }
            other => refused_certificate(&files.certificate, other.to_string()),
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn refused_certificate(file: &Path, reason: impl Into<String>) -> EdgeError {
    EdgeError::Tls { key: "server.tls.certificate", file: file.into(), reason: reason.into() }
}

fn refused_key(file: &Path, reason: impl Into<String>) -> EdgeError {
    EdgeError::Tls { key: "server.tls.key", file: file.into(), reason: reason.into() }
}
