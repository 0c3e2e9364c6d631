//! Reading the body of a request for a product.

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::intake::{Intake, Reserved};
use crate::problem::{Code, Problem};

/// The whole body with the memory that it takes, or a refusal; one that announces too many bytes is
/// refused before it is read.
pub(super) async fn read(
    body: Body,
    limit: usize,
    intake: &Intake,
) -> Result<(Bytes, Reserved), Problem> {
    let hint = body.size_hint();
    if hint.lower() > limit as u64 {
        return Err(too_large(limit));
    }
    let announced = hint.exact().and_then(|bytes| usize::try_from(bytes).ok());
    let reserved = intake.reserve(announced.unwrap_or(limit))?;
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok((collected.to_bytes(), reserved)),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        // Its reason is that of the connection; it may be one that the edge answers itself.
        Err(_) => Err(Problem::new(Code::BodyUnreadable, "the body ended before its last byte")),
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Code::BodyTooLarge, format!("the body has more than {limit} bytes"))
}
