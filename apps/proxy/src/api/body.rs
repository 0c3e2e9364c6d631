//! Reading a body that has a limit.

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use he::{EncryptedVector, MAX_DIMENSION};

use crate::problem::{Code, Problem};

/// The whole body, or a refusal; one that announces too many bytes is refused before it is read.
pub(crate) async fn read(request: Request) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(Code::BodyTooLarge, format!("the body has more than {} bytes", limit()));
    if request.body().size_hint().lower() > limit() as u64 {
        return Err(too_large());
    }
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => {
            let reason = rejection.body_text();
            Problem::new(Code::BodyUnreadable, format!("the body could not be read: {reason}"))
        }
    })
}

/// The largest encrypted vector there is, whatever the matrix: one that does not fit the matrix
/// gets the better error.
pub(crate) fn limit() -> usize {
    EncryptedVector::wire_len(MAX_DIMENSION)
}
