//! Who asks.

use std::sync::Arc;

/// The name of the client that a request comes from; an extension of every request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Client(pub(crate) Arc<str>);
