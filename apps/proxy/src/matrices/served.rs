//! A matrix that is served, with all that a client may know about it.

use axum::body::Bytes;
use he::{Content, EncryptedScores, EncryptedVector, Layout, LoadedMatrix, MAX_NORM};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Reason;
use super::manifest::Kind;

/// One version of one matrix; it does not change.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// What a vector has to be encrypted for.
    pub(crate) layout: Layout,
    pub(crate) scale: Option<f64>,
    /// `sha256:` and 64 hexadecimal digits.
    pub(crate) version: String,
    /// What all matrices of one index have in common, and no other ones.
    pub(crate) generation: Option<String>,
    /// One for each shard, or one for all rows.
    pub(crate) parts: Vec<Part>,
    pub(crate) shards: Option<Shards>,
    pub(crate) records: Option<Records>,
}

/// Rows that are multiplied and answered together.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) rows: usize,
    pub(crate) response_bytes: usize,
    pub(crate) matrix: LoadedMatrix,
    log2_failure: f64,
}

/// What is special about a matrix whose parts can be asked for.
#[derive(Debug)]
pub(crate) struct Shards {
    /// [`Centroids`] as JSON, written once: they may have many megabytes.
    pub(crate) centroids: Option<Bytes>,
}

/// What a client chooses its shards by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Centroids {
    /// Digest of the version that they belong to.
    pub(crate) version: String,
    /// One row of integers for each shard, at the scale of the matrix.
    pub(crate) centroids: Vec<Vec<i32>>,
}

impl Centroids {
    pub(super) fn to_json(&self) -> Result<Bytes, Reason> {
        Ok(serde_json::to_vec(self)?.into())
    }
}

/// How records lie in a matrix of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Records {
    /// Bytes of a record.
    pub(crate) bytes: usize,
    /// Number of records.
    pub(crate) count: usize,
}

impl Served {
    /// Largest Euclidean norm of a vector; a selector of records has none.
    pub(crate) fn max_norm(&self) -> Option<u64> {
        match self.layout.content {
            Content::Scores => Some(MAX_NORM),
            Content::Records => None,
        }
    }

    /// Bound on the probability that one integer of an answer is wrong, as a logarithm to base 2.
    pub(crate) fn log2_failure(&self) -> f64 {
        self.parts.iter().map(|part| part.log2_failure).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Whether a vector is for this matrix: it is for every part of it, or for none.
    pub(crate) fn check_fit(&self, vector: &EncryptedVector) -> Result<(), he::Error> {
        self.parts.iter().try_for_each(|part| part.matrix.check_fit(vector))
    }

    /// Bytes of one query.
    pub(crate) fn request_bytes(&self) -> usize {
        EncryptedVector::wire_len_in(self.columns, self.layout)
    }

    /// Bytes of the whole answer to one query of all rows.
    pub(crate) fn response_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.response_bytes).sum()
    }
}

impl Part {
    /// A part of so many rows.
    pub(crate) fn new(
        matrix: LoadedMatrix,
        rows: usize,
        layout: Layout,
        log2_failure: f64,
    ) -> Self {
        let response_bytes = EncryptedScores::wire_len_in(rows, layout);
        Self { rows, response_bytes, matrix, log2_failure }
    }
}
