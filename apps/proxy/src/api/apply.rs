//! `POST /v1/matrices/{name}/apply`: an encrypted vector in, encrypted scores out.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use he::EncryptedVector;

use super::body;
use crate::problem::{Code, Problem};
use crate::state::Service;

/// What ciphertexts are sent as.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.hlp.v1";

/// The product of the matrix of this name and the vector in the body.
pub(crate) async fn apply(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let Some(matrix) = service.catalogue.get(&name) else {
        return Err(Problem::new(Code::MatrixUnknown, "there is no matrix of this name"));
    };
    let body = body::read(request).await?;
    let product = move || {
        let vector = EncryptedVector::from_bytes(&body)?;
        Ok::<_, he::Error>(matrix.apply(&vector)?.to_bytes())
    };
    let scores = service.pool.run(product).await??;
    Ok((
        [
            (header::CONTENT_TYPE, MEDIA_TYPE),
            (header::HeaderName::from_static("hlp-privacy"), "encrypted"),
        ],
        scores,
    ))
}
