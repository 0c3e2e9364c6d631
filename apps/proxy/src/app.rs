//! The routes: `GET /healthz` and `POST /v1/apply`.

use std::sync::Arc;
use std::thread::available_parallelism;

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use he::{EncryptedVector, MAX_DIMENSION, Matrix};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::problem::Problem;

struct Service {
    matrix: Matrix,
    /// One permit per core: a product keeps a core busy, so more at once would only be slower.
    cores: Semaphore,
}

/// All routes over one matrix.
pub(crate) fn router(matrix: Matrix) -> Router {
    let cores = Semaphore::new(available_parallelism().map_or(1, usize::from));
    Router::new()
        .route("/healthz", get(health))
        .route("/v1/apply", post(apply))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(body_limit()))
        .with_state(Arc::new(Service { matrix, cores }))
}

async fn health(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "rows": service.matrix.rows(),
        "columns": service.matrix.columns(),
    }))
}

async fn apply(
    State(service): State<Arc<Service>>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let body = read_body(request).await?;
    let _core = service.cores.acquire().await.map_err(|_| Problem::internal())?;
    let product = Arc::clone(&service);
    let scores = spawn_blocking(move || {
        let vector = EncryptedVector::from_bytes(&body)?;
        Ok::<_, he::Error>(product.matrix.apply(&vector)?.to_bytes())
    })
    .await
    .map_err(|_| Problem::internal())??;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], scores))
}

/// The whole body, or a refusal; one that announces too many bytes is refused before it is read.
async fn read_body(request: Request) -> Result<Bytes, Problem> {
    let limit = body_limit();
    if request.body().size_hint().lower() > limit as u64 {
        return Err(Problem::body_too_large(limit));
    }
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::body_too_large(limit),
        _ => Problem::body_unreadable(&rejection.body_text()),
    })
}

/// The largest encrypted vector there is, whatever the matrix: one that does not fit the matrix
/// gets the better error.
fn body_limit() -> usize {
    EncryptedVector::wire_len(MAX_DIMENSION)
}
