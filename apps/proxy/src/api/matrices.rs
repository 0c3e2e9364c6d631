//! What may be applied.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::path::{self, Name};
use super::version;
use crate::matrices::{Centroids, Part, Served};
use crate::problem::{Code, Problem};
use crate::state::Service;

/// All matrices, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatrixList {
    matrices: Vec<Matrix>,
}

/// A matrix that encrypted vectors can be multiplied by.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Matrix {
    /// The name in the paths of the server.
    name: String,
    /// What the matrix is for: `scores`, `records` or `linear`.
    kind: &'static str,
    /// Number of rows, which is the number of scores in an answer.
    rows: usize,
    /// Number of columns, which is the number of entries of a vector.
    columns: usize,
    /// Entries of a vector in one ciphertext.
    group: usize,
    /// Bits of the plaintext modulus.
    plaintext_bits: u32,
    /// Largest Euclidean norm of a vector, or null where there is none.
    max_norm: Option<u64>,
    /// An entry is `round(x · scale)` of the number x that it stands for; null for integers.
    scale: Option<f64>,
    /// Digest of everything that an answer depends on; the entity tag for `If-Match`.
    version: String,
    /// What all matrices of one index have in common, and no other ones, as 64 hexadecimal digits;
    /// null where the manifest names none. Row `i` of scores is record `i` where this is equal.
    generation: Option<String>,
    /// Bytes of one encrypted vector.
    request_bytes: usize,
    /// Bytes of the answer to one vector without a choice of shards.
    response_bytes: usize,
    /// The shards that can be asked for, or null.
    shards: Option<Vec<Shard>>,
    /// Bytes of a record, or null.
    record_bytes: Option<usize>,
    /// Number of records, or null.
    records: Option<usize>,
    /// Bound on the probability that one integer of an answer is wrong, as a logarithm to base 2.
    log2_failure: f64,
}

/// Rows that can be asked for on their own.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Shard {
    /// Number of rows.
    rows: usize,
    /// Bytes of its part of an answer to one vector.
    response_bytes: usize,
}

impl Matrix {
    fn of(served: &Served) -> Self {
        let shard = |part: &Part| Shard { rows: part.rows, response_bytes: part.response_bytes };
        Self {
            name: served.name.clone(),
            kind: served.kind.name(),
            rows: served.rows,
            columns: served.columns,
            group: served.layout.group.entries(),
            plaintext_bits: served.layout.content.plaintext_bits(),
            max_norm: served.max_norm(),
            scale: served.scale,
            version: served.version.clone(),
            generation: served.generation.clone(),
            request_bytes: served.request_bytes(),
            response_bytes: served.response_bytes(),
            shards: served.shards.as_ref().map(|_| served.parts.iter().map(shard).collect()),
            record_bytes: served.records.map(|records| records.bytes),
            records: served.records.map(|records| records.count),
            log2_failure: served.log2_failure(),
        }
    }
}

/// Every matrix that is served now.
#[utoipa::path(
    get,
    path = "/v1/matrices",
    tag = "product",
    responses((status = 200, description = "All matrices, by name", body = MatrixList)),
)]
pub(super) async fn all(State(service): State<Arc<Service>>) -> Json<MatrixList> {
    let matrices = service.catalogue.all();
    Json(MatrixList { matrices: matrices.values().map(|served| Matrix::of(served)).collect() })
}

/// One matrix.
#[utoipa::path(
    get,
    path = "/v1/matrices/{name}",
    tag = "product",
    params(("name" = String, Path, description = "Name of the matrix", example = "sample")),
    responses((status = 200, description = "The matrix", body = Matrix, headers(("ETag" = String, description = "The version of the matrix, in quotes")))),
)]
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    name: Name,
) -> Result<impl IntoResponse, Problem> {
    let served = path::matrix(&service, name)?;
    Ok(([(ETAG, version::entity_tag(&served.version))], Json(Matrix::of(&served))))
}

/// The centroids of the shards of one matrix.
#[utoipa::path(
    get,
    path = "/v1/matrices/{name}/centroids",
    tag = "product",
    params(("name" = String, Path, description = "Name of the matrix", example = "sample")),
    responses((status = 200, description = "One row for each shard", body = Centroids, headers(("ETag" = String, description = "The version of the matrix, in quotes")))),
)]
pub(super) async fn centroids(
    State(service): State<Arc<Service>>,
    name: Name,
) -> Result<impl IntoResponse, Problem> {
    let served = path::matrix(&service, name)?;
    let centroids = served.shards.as_ref().and_then(|shards| shards.centroids.clone());
    let Some(centroids) = centroids else {
        return Err(Problem::new(Code::NotFound, "the matrix has no centroids"));
    };
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (ETAG, version::entity_tag(&served.version)),
    ];
    Ok((headers, centroids))
}
