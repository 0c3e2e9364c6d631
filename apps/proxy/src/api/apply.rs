//! `POST /v1/matrices/{name}/apply`: encrypted vectors in, encrypted scores out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;

use super::asked::Asked;
use super::path::{self, Name};
use super::product::Product;
use super::{body, media, version};
use crate::client::Client;
use crate::problem::Problem;
use crate::state::Service;

/// The header that says what became of the privacy of a request.
const PRIVACY: HeaderName = HeaderName::from_static("hlp-privacy");

/// Multiplies the vectors of the body by the matrix of this name.
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
    let body = body::read(body, service.body_limit()).await?;

    let headers = [
        (header::CONTENT_TYPE, media::MEDIA_TYPE.to_owned()),
        (header::ETAG, version::entity_tag(&matrix.version)),
        (PRIVACY, asked.privacy()),
    ];
    let product = Product::new(matrix, asked, body, service.max_queries)?;
    let wish = product.cores();
    let budgets = Arc::clone(&service.budgets);
    let scores =
        service.pool.run(wish, move |turn| product.compute(turn, &budgets, &client)).await??;
    Ok((headers, scores))
}
