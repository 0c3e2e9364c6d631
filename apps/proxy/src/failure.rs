//! Why the program ends without success.

use std::io;

use thiserror::Error;

use crate::config::ConfigError;
use crate::start::StartError;

/// Why the program ends without success.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("`{0}` is no name of a client")]
    ClientName(String),
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(String),
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
    /// Everything has been said on standard output; only the status is left.
    #[error("exit status {0}")]
    Reported(u8),
}

impl Failure {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &str {
        match self {
            Self::Config(error) => error.hint(),
            Self::Start(error) => error.hint(),
            Self::ClientName(_) => "use 1 to 64 letters, digits, - and _",
            Self::Randomness(_) => "see whether the system still has /dev/urandom",
            Self::Output(_) => "keep standard output and standard error open",
            Self::Reported(_) => "",
        }
    }

    /// Exit status: 2 is usage or configuration, 6 an environment that does not allow the work.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::ClientName(_) => 2,
            Self::Start(error) => error.exit_code(),
            Self::Randomness(_) | Self::Output(_) => 6,
            Self::Reported(code) => *code,
        }
    }
}
