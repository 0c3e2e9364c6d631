//! Why there is no report.

use std::io;

use thiserror::Error;

use crate::benches::Refusal;

/// Why there is no report.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("the scores of {case} differ between {left} and {right}; nothing is reported")]
    Differ { case: String, left: &'static str, right: &'static str },
    #[error(transparent)]
    Backend(#[from] he::BackendError),
    #[error(transparent)]
    He(#[from] he::Error),
    #[error(transparent)]
    Gpu(#[from] he::GpuError),
    #[error(transparent)]
    Peer(#[from] fhe_math::Error),
    #[error("the stored known answer is damaged: {0}")]
    Stored(String),
    #[error("cannot serve with {program}: {reason}")]
    Server { program: String, reason: String },
    #[error("a request failed: {0}")]
    Http(String),
    #[error(transparent)]
    Benches(#[from] Refusal),
    #[error("cannot write {file}: {source}")]
    Write { file: String, source: io::Error },
    #[error("cannot write to standard output: {0}")]
    Print(#[from] io::Error),
}

impl Failure {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Differ { .. } => {
                "this is a defect of the kernels: run he's tests on this machine"
            }
            Self::Backend(_) => "use --backend cpu, or a machine with an NVIDIA driver and NVRTC",
            Self::Gpu(_) => "name smaller cases with --case",
            Self::He(_) | Self::Peer(_) | Self::Stored(_) => "this is a defect of this program",
            Self::Server { .. } => "build it: cargo build --release -p proxy",
            Self::Benches(refusal) => refusal.hint(),
            Self::Http(_) => "see what the server says on standard error",
            Self::Write { .. } => "give a file in a folder that exists",
            Self::Print(_) => "keep standard output open",
        }
    }

    /// The exit status.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Differ { .. } => 1,
            Self::Backend(_) => 6,
            _ => 3,
        }
    }
}
