//! A body that tells when it leaves.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// A body that says once, before its first byte is taken, that it is about to be sent. A connection
/// takes it when it stands, behind the head of the request; without a connection nobody does.
pub(super) struct HandedOver {
    body: Full<Bytes>,
    tell: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl HandedOver {
    pub(super) fn new(body: Bytes, tell: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { body: Full::new(body), tell: Some(Box::new(tell)) }
    }
}

impl Body for HandedOver {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(tell) = self.tell.take() {
            tell();
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
