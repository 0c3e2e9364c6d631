//! Why a matrix cannot be served, with the place and what to do about it.

use std::io;
use std::path::PathBuf;

use he::{MAX_DIMENSION, MAX_ROWS};
use thiserror::Error;

use super::entries::NoEntry;
use crate::regular_file::ReadError;

/// A matrix that cannot be served.
#[derive(Debug, Error)]
#[error("{}: {reason}", file.display())]
pub(crate) struct LoadError {
    /// The file that the reason is about.
    pub(crate) file: PathBuf,
    pub(crate) reason: Reason,
}

impl LoadError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        self.reason.hint()
    }
}

/// What is wrong with a file. Rows and columns count from 0.
#[derive(Debug, Error)]
pub(crate) enum Reason {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("it has more than {limit} bytes")]
    Large { limit: u64 },
    #[error("{key}: {what}")]
    Key { key: &'static str, what: String },
    #[error("{key}: {path:?} is not a file in the folder of the manifest")]
    Outside { key: &'static str, path: String },
    #[error("the header cannot be read: {0}")]
    Header(String),
    #[error("there is no tensor {0:?}")]
    Tensor(String),
    #[error("the array has {0} dimensions instead of 2")]
    Dimensions(usize),
    #[error("the array is in Fortran order")]
    FortranOrder,
    #[error("the entries have the type {0}")]
    Type(String),
    #[error("the entries are floating-point numbers, and the manifest has no scale")]
    Unscaled,
    #[error("the header announces {actual} rows; 1 to {MAX_ROWS} are allowed")]
    Rows { actual: u64 },
    #[error("the header announces {actual} columns; 1 to {MAX_DIMENSION} are allowed")]
    Columns { actual: u64 },
    #[error("the file is truncated: it has {actual} bytes where the header announces {expected}")]
    Truncated { actual: u64, expected: u64 },
    #[error("the file has {actual} bytes where the header announces {expected}")]
    Trailing { actual: u64, expected: u64 },
    #[error("row {row}, column {column}: the entry is {what}")]
    Entry { row: usize, column: usize, what: NoEntry },
    #[error("multiplied by the scale and rounded, every entry is 0")]
    Vanished,
    #[error("row {row}: its Euclidean norm exceeds {maximum}")]
    Norm { row: usize, maximum: u64 },
    #[error(
        "row {row} and those behind it: a score would be wrong with probability \
         2^{log2_failure:.1}; 2^-64 is allowed"
    )]
    Noise { row: usize, log2_failure: f64 },
    #[error(transparent)]
    Refused(#[from] he::Error),
    #[error("the SHA-256 of the file is {actual}; the manifest says {expected}")]
    Digest { actual: String, expected: String },
    #[error("the name {name:?} is already served from {}", other.display())]
    Duplicate { name: String, other: PathBuf },
    #[error("it is of another generation than {other:?}, which was of the same one")]
    Generation { other: String },
    #[error("it has no generation, and the version that is served has one")]
    GenerationGone,
    #[error("the server has failed at it; its log has the place in the line `panic`")]
    Panicked,
    #[error("the name has changed from {old:?} to {new:?}")]
    Renamed { old: String, new: String },
}

impl From<ReadError> for Reason {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Read(error),
            ReadError::TooLarge { limit } => Self::Large { limit },
        }
    }
}

impl Reason {
    /// Something about the value of a key of the manifest.
    pub(super) fn key(key: &'static str, what: impl Into<String>) -> Self {
        Self::Key { key, what: what.into() }
    }

    /// Says which file it is about.
    pub(super) fn at(self, file: impl Into<PathBuf>) -> LoadError {
        LoadError { file: file.into(), reason: self }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Read(_) => "name a file that the server may read",
            Self::Json(_) => {
                "a manifest is one JSON object; the README of the server lists its keys"
            }
            Self::Large { .. } => "a manifest is small; name the data file by the key data",
            Self::Key { .. } => "the README of the server says what each key of a manifest may be",
            Self::Outside { .. } => {
                "put the file beside the manifest, without \"..\" and without a link that leads away"
            }
            Self::Header(_) => "write the file with numpy.save or with safetensors",
            Self::Tensor(_) => "name a tensor of the file by the key tensor",
            Self::Dimensions(_) => "save an array of rows and columns",
            Self::FortranOrder => "save numpy.ascontiguousarray of the array",
            Self::Type(_) => {
                "save int8, int16, int32, int64 or uint8, or float32 or float64 with a scale, little-endian"
            }
            Self::Unscaled => "add the key scale, by which the entries are multiplied and rounded",
            Self::Rows { actual: 0 } | Self::Columns { actual: 0 } => {
                "write at least one row with at least one column"
            }
            Self::Rows { .. } | Self::Columns { .. } => "split the matrix into several ones",
            Self::Truncated { .. } | Self::Trailing { .. } | Self::Digest { .. } => {
                "copy the file again, and write the manifest after its data"
            }
            Self::Entry { what: NoEntry::Nan | NoEntry::Infinite, .. } => {
                "find what made it, and write finite numbers only"
            }
            Self::Vanished => "choose a larger scale: 700 does for rows of length 1",
            Self::Entry { .. } | Self::Norm { .. } => {
                "normalise the rows to length 1 and choose a scale of at most 724; records are bytes"
            }
            Self::Noise { .. } | Self::Refused(_) => "choose a larger group or a smaller scale",
            Self::Duplicate { .. } => "give every matrix a name of its own",
            Self::Generation { .. } => {
                "the matrices of one index are replaced together: see that all of them are written"
            }
            Self::GenerationGone => {
                "write the generation again, as hlp index does, or restart the server to serve it without"
            }
            Self::Panicked => "please report it: this is a defect of the server",
            Self::Renamed { .. } => "restart the server to serve the matrix by another name",
        }
    }
}
