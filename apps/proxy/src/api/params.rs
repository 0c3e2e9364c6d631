//! What a client has to know before it encrypts.

use axum::Json;
use he::{DEGREE, Group, MAX_DIMENSION, MAX_NORM, MAX_ROWS, MODULUS, MODULUS_BITS, VARIANCE};
use serde::Serialize;
use utoipa::ToSchema;

use super::media::MEDIA_TYPE;

/// The scheme and its limits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Params {
    /// Name of the scheme.
    scheme: &'static str,
    /// Versions of the byte form.
    wire: [&'static str; 1],
    /// Type of encrypted vectors and scores.
    media_type: &'static str,
    /// Coefficients of a polynomial.
    degree: usize,
    /// Ciphertext modulus.
    modulus: u64,
    /// Its number of bits.
    modulus_bits: u32,
    /// Variance of the coefficients of secrets and errors.
    variance: usize,
    /// Largest Euclidean norm of a vector of scores.
    max_norm: u64,
    /// Largest number of entries of a vector.
    max_dimension: usize,
    /// Largest number of rows of a matrix.
    max_rows: usize,
    /// What the group of a matrix may be.
    groups: Vec<usize>,
}

/// The scheme and its limits, the same for every matrix and every client.
#[utoipa::path(
    get,
    path = "/v1/params",
    tag = "product",
    responses((status = 200, description = "The parameters", body = Params)),
)]
pub(super) async fn params() -> Json<Params> {
    Json(Params {
        scheme: "bfv-coefficients",
        wire: ["HLP1"],
        media_type: MEDIA_TYPE,
        degree: DEGREE,
        modulus: MODULUS,
        modulus_bits: MODULUS_BITS,
        variance: VARIANCE,
        max_norm: MAX_NORM,
        max_dimension: MAX_DIMENSION,
        max_rows: MAX_ROWS,
        groups: Group::ALL.map(Group::entries).to_vec(),
    })
}
