//! The matrix that a path names.

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::matrices::Served;
use crate::problem::{Code, Problem};
use crate::state::Service;

/// A name as the router found it; one that is no text is no name of a matrix.
pub(super) type Name = Result<Path<String>, PathRejection>;

/// The matrix of this name as it is now; the request keeps this version.
pub(super) fn matrix(service: &Service, name: Name) -> Result<Arc<Served>, Problem> {
    // The name may be anything that a client has sent, so the answer does not repeat it.
    name.ok()
        .and_then(|Path(name)| service.catalogue.get(&name))
        .ok_or_else(|| Problem::new(Code::MatrixUnknown, "no matrix has this name"))
}
