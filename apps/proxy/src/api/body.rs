//! Reading the body of a request for a product.

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::problem::{Code, Problem};

/// The whole body, or a refusal; one that announces too many bytes is refused before it is read.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit));
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        // Its reason is that of the connection; it may be one that the edge answers itself.
        Err(_) => Err(Problem::new(Code::BodyUnreadable, "the body ended before its last byte")),
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Code::BodyTooLarge, format!("the body has more than {limit} bytes"))
}
