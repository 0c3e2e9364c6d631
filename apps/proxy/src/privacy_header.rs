//! The header that says what became of what a request brought.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// `encrypted`, `randomized;eps=…`, `disclosed;bytes=…` or `none`.
pub(crate) const PRIVACY: HeaderName = HeaderName::from_static("hlp-privacy");

/// Whether answers at this path have the header.
pub(crate) fn is_told(path: &str) -> bool {
    path.starts_with("/v1/")
}

/// Whether answers with this status have it: what became of a request that failed nobody knows.
pub(crate) fn is_known(status: StatusCode) -> bool {
    status != StatusCode::INTERNAL_SERVER_ERROR
}

/// Says `none` where no handler says more: nothing was computed with, booked or passed on.
pub(crate) async fn say(request: Request, next: Next) -> Response {
    let told = is_told(request.uri().path());
    let mut response = next.run(request).await;
    if told && is_known(response.status()) {
        let none = HeaderValue::from_static("none");
        response.headers_mut().entry(PRIVACY).or_insert(none);
    }
    response
}
