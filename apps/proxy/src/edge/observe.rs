//! What is noted of every request: a trace, a line in the log, counters.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use metrics::{counter, histogram};
use tracing::{Instrument as _, Span, field, info, info_span};

use super::metrics::method_label;
use super::refusal::Route;
use super::trace_context::{TRACERESPONSE, TraceContext};

/// Begins a span and a [`TraceContext`], counts the response, and writes one line when the response
/// has ended, or when the peer has gone before.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let trace = TraceContext::of(request.headers(), &mut rand::rng());
    let route = Route::of(&request);
    let method = method_label(request.method());
    let span = info_span!(
        "request",
        trace_id = %trace.trace(),
        span_id = %trace.span(),
        parent_id = trace.parent().map(field::display),
        method,
        route = route.label(),
        client = field::Empty,
    );
    let mut line = Line {
        #[cfg(feature = "otlp")]
        trace,
        span: span.clone(),
        route,
        method,
        started: Instant::now(),
        status: 0,
        bytes: 0,
        complete: false,
    };
    request.extensions_mut().insert(trace);

    let mut response = next.run(request).instrument(span).await;

    line.status = response.status().as_u16();
    // Nobody asks for the bytes of a body that has none, or that a request of HEAD does not get.
    line.complete = method == "HEAD" || response.body().is_end_stream();
    counter!(
        "hlp_requests_total",
        "route" => line.route.label().to_owned(),
        "method" => line.method,
        "status" => line.status.to_string(),
    )
    .increment(1);
    response.headers_mut().insert(TRACERESPONSE, trace.traceparent());
    response.map(|body| Body::new(Watched { body, line }))
}

/// What is written when the request is over; a status of 0 means that there was no response.
struct Line {
    #[cfg(feature = "otlp")]
    trace: TraceContext,
    span: Span,
    route: Route,
    method: &'static str,
    started: Instant,
    status: u16,
    bytes: usize,
    complete: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        let duration = self.started.elapsed();
        histogram!("hlp_request_seconds", "route" => self.route.label().to_owned())
            .record(duration);
        #[cfg(feature = "otlp")]
        super::otlp::export(&super::otlp::Finished {
            trace: &self.trace,
            route: self.route.label(),
            method: self.method,
            status: self.status,
            duration,
        });
        self.span.in_scope(|| {
            info!(
                status = self.status,
                milliseconds = duration.as_secs_f64() * 1e3,
                response_bytes = self.bytes,
                complete = self.complete,
                "request"
            );
        });
    }
}

struct Watched {
    body: Body,
    line: Line,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                self.line.bytes += frame.data_ref().map_or(0, Bytes::len);
                // A body of known length is not asked again after its last byte.
                self.line.complete = self.body.is_end_stream();
            }
            Poll::Ready(None) => self.line.complete = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => (),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
