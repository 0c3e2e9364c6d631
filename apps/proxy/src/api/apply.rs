//! `POST /v1/matrices/{name}/apply`: encrypted vectors in, encrypted scores out.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::ToSchema;

use super::asked::Asked;
use super::path::{self, Name};
use super::product::Product;
use super::{body, media, version};
use crate::client::Client;
use crate::privacy_header::PRIVACY;
use crate::problem::Problem;
use crate::state::Service;

/// Bytes of ciphertexts, one after the other.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is a schema only")]
struct Ciphertexts(Vec<u8>);

/// Multiplies the vectors of the body by the matrix of this name.
///
/// The body is one encrypted vector or several, each of `request_bytes` bytes. The answer is, for
/// each vector and each shard that was asked for, one message of encrypted scores.
#[utoipa::path(
    post,
    path = "/v1/matrices/{name}/apply",
    tag = "product",
    params(
        ("name" = String, Path, description = "Name of the matrix", example = "sample"),
        ("shards" = Option<String>, Query, description = "Shards of a sharded matrix, ascending, with commas between them; all without it", pattern = "^[0-9]+(,[0-9]+)*$", example = "3,7"),
        ("HLP-Epsilon" = Option<f64>, Header, nullable = false, description = "The epsilon of the choice of shards, which is spent"),
        ("If-Match" = Option<String>, Header, nullable = false, description = "The version that the vectors are meant for, in quotes"),
    ),
    request_body(content = Ciphertexts, content_type = "application/vnd.hlp.v1", description = "Encrypted vectors"),
    responses((
        status = 200,
        description = "Encrypted scores",
        body = Ciphertexts,
        content_type = "application/vnd.hlp.v1",
        headers(
            ("ETag" = String, description = "The version of the matrix, in quotes"),
        ),
    )),
)]
pub(super) async fn apply(
    State(service): State<Arc<Service>>,
    Extension(client): Extension<Client>,
    name: Name,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let matrix = path::matrix(&service, name)?;
    let (head, body) = request.into_parts();
    version::check(&head.headers, &matrix.version)?;
    media::check_type(&head.headers)?;
    let asked = Asked::read(head.uri.query(), &head.headers, &matrix)?;
    let (body, mut reserved) = body::read(body, service.body_limit(), &service.intake).await?;

    let headers = [
        (header::CONTENT_TYPE, media::MEDIA_TYPE.to_owned()),
        (header::ETAG, version::entity_tag(&matrix.version)),
        (PRIVACY, asked.privacy()),
    ];
    let product = Product::new(matrix, asked, body, service.max_queries)?;
    let wish = product.cores();
    let budgets = Arc::clone(&service.budgets);
    let compute = move |cores| {
        let start = Instant::now();
        let scores = product.compute(cores, &budgets, &client, &mut reserved);
        metrics::histogram!("hlp_apply_seconds").record(start.elapsed());
        // The body is in memory up to here, whether somebody still waits for the scores or not.
        drop(product);
        scores.map(|scores| reserved.hold(scores))
    };
    let scores = service.pool.run(wish, compute).await??;
    Ok((headers, scores))
}
