//! Reading the configuration.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Config;

/// Why there is no configuration.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    #[error("{}: {source}", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("{}: {source}", file.display())]
    Malformed { file: PathBuf, source: toml::de::Error },
}

impl ConfigError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "give --config the path of a readable file",
            Self::Malformed { .. } => "the README of the server lists every key",
        }
    }
}

/// The configuration of `file`, or the defaults without one.
pub(crate) fn load(
    file: Option<&Path>,
    _environment: &[(String, String)],
) -> Result<Config, ConfigError> {
    let Some(file) = file else { return Ok(Config::default()) };
    let text = fs::read_to_string(file)
        .map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
    toml::from_str(&text).map_err(|source| ConfigError::Malformed { file: file.to_owned(), source })
}
