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
    pub(super) fn open(files: &Tls, warnings: &mut Vec<Warning>) -> Result<Self, EdgeError> {
        let config = RustlsConfig::from_config(load(files, warnings)?);
        Ok(Self { files: files.clone(), config })
    }

    /// Reads both files again, for new connections. When they cannot be used, the old ones hold.
    pub(super) fn reload(&self) -> Result<Vec<Warning>, EdgeError> {
        let mut warnings = Vec::new();
        self.config.reload_from_config(load(&self.files, &mut warnings)?);
        Ok(warnings)
    }
}

fn load(files: &Tls, warnings: &mut Vec<Warning>) -> Result<Arc<ServerConfig>, EdgeError> {
    let refused = |file: &Path, reason: String| EdgeError::Tls { file: file.into(), reason };
    let read =
        |file: &Path| secret_file::read(file).map_err(|error| refused(file, error.to_string()));
    let certificate = read(&files.certificate)?;
    let key = read(&files.key)?;
    // The errors of the parser are not shown: they quote the file.
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(certificate.text.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| refused(&files.certificate, "not a PEM file".to_owned()))?;
    if chain.is_empty() {
        return Err(refused(&files.certificate, "no certificate in it".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(key.text.as_bytes())
        .map_err(|_| refused(&files.key, "no private key in it that is PEM".to_owned()))?;
    if key.readable_by_others {
        warnings.push(Warning::ReadableByOthers { file: files.key.clone() });
    }
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(&files.certificate, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                refused(&files.key, "the key of another certificate".to_owned())
            }
            other => refused(&files.certificate, other.to_string()),
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
