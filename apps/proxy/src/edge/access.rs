//! Who may ask: everybody, or the clients of a token file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use metrics::gauge;

use super::error::{EdgeError, Warning};
use super::secret_file;
use super::tokens::Tokens;
use crate::config::Config;

/// Who may ask.
#[derive(Debug)]
pub(super) enum Access {
    /// Everybody.
    Open,
    /// Whoever holds a token of the file.
    Tokens(TokenFile),
}

/// The token file as it was when it could last be read and understood.
#[derive(Debug)]
pub(super) struct TokenFile {
    path: PathBuf,
    tokens: RwLock<Arc<Tokens>>,
}

impl Access {
    /// Reads the token file. Without one, the server is open, which an address that others can
    /// reach must say with `open = true`.
    pub(super) fn open(config: &Config, warnings: &mut Vec<Warning>) -> Result<Self, EdgeError> {
        let listen = config.server.listen;
        let Some(path) = &config.auth.tokens else {
            return if listen.ip().to_canonical().is_loopback() || config.auth.open {
                Ok(Self::Open)
            } else {
                Err(EdgeError::OpenToAll { listen })
            };
        };
        if tokens_travel_in_clear(listen, config.server.tls.is_some()) {
            warnings.push(Warning::TokensInClear { listen });
        }
        let tokens = read(path, warnings)?;
        let tokens = RwLock::new(Arc::new(tokens));
        Ok(Self::Tokens(TokenFile { path: path.clone(), tokens }))
    }
}

impl TokenFile {
    /// The tokens that hold now.
    pub(super) fn tokens(&self) -> Arc<Tokens> {
        Arc::clone(&self.tokens.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again. When it cannot be read or understood, what was there before still holds.
    /// A file that names nobody is understood: a token that stands in it no more is revoked, the last
    /// one too.
    pub(super) fn reload(&self) -> Result<Vec<Warning>, EdgeError> {
        let mut warnings = Vec::new();
        let tokens = read(&self.path, &mut warnings)?;
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tokens);
        Ok(warnings)
    }
}

fn read(path: &Path, warnings: &mut Vec<Warning>) -> Result<Tokens, EdgeError> {
    let file = secret_file::read(path)
        .map_err(|source| EdgeError::TokensUnreadable { file: path.into(), source })?;
    let tokens = Tokens::parse(&file.text)
        .map_err(|source| EdgeError::TokensMalformed { file: path.into(), source })?;
    if file.readable_by_others {
        warnings.push(Warning::ReadableByOthers { file: path.into() });
    }
    if tokens.len() == 0 {
        warnings.push(Warning::NoClients { file: path.into() });
    }
    gauge!("hlp_clients").set(tokens.len() as f64);
    Ok(tokens)
}

fn tokens_travel_in_clear(listen: SocketAddr, tls: bool) -> bool {
    !tls && !listen.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(listen: &str, open: bool) -> Config {
        let mut config = Config::default();
        config.server.listen = listen.parse().unwrap();
        config.auth.open = open;
        config
    }

    fn open(listen: &str, open: bool) -> Result<Access, EdgeError> {
        Access::open(&config(listen, open), &mut Vec::new())
    }

    #[test]
    fn without_tokens_only_the_loop_back_is_open_by_itself() {
        for listen in ["127.0.0.1:0", "127.9.9.9:0", "[::1]:0", "[::ffff:127.0.0.1]:0"] {
            assert!(matches!(open(listen, false), Ok(Access::Open)), "{listen}");
        }
        for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let error = open(listen, false).unwrap_err();
            assert!(matches!(error, EdgeError::OpenToAll { .. }), "{listen}");
            assert_eq!(error.exit_code(), 2);
            assert!(matches!(open(listen, true), Ok(Access::Open)), "{listen}");
        }
    }

    #[test]
    fn a_token_file_that_is_missing_is_an_error_even_when_the_server_may_be_open() {
        let mut config = config("127.0.0.1:0", true);
        config.auth.tokens = Some("/nowhere/tokens.toml".into());
        let error = Access::open(&config, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/tokens.toml: "), "{error}");
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn a_file_without_clients_and_tokens_that_travel_in_clear_are_warned_of() {
        let file = std::env::temp_dir().join(format!("hlp-access-{}", std::process::id()));
        std::fs::write(&file, "").unwrap();
        let warnings = |listen| {
            let mut config = config(listen, false);
            config.auth.tokens = Some(file.clone());
            let mut warnings = Vec::new();
            Access::open(&config, &mut warnings).unwrap();
            warnings
        };
        let listen = "0.0.0.0:0".parse().unwrap();
        assert!(warnings("0.0.0.0:0").contains(&Warning::TokensInClear { listen }));
        for at_home in ["127.0.0.1:0", "[::1]:0", "[::ffff:127.0.0.1]:0"] {
            let warnings = warnings(at_home);
            assert!(warnings.contains(&Warning::NoClients { file: file.clone() }));
            let in_clear = |it: &Warning| matches!(it, Warning::TokensInClear { .. });
            assert!(!warnings.iter().any(in_clear), "{at_home}");
        }
        std::fs::remove_file(&file).unwrap();
    }
}
