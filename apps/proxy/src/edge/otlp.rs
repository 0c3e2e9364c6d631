//! Spans for a collector, by OTLP over HTTP.
//!
//! A span has the identities of the request's line in the log and tells no more than that line does.
//! Where to send it is said as for every program that speaks OTLP, in the environment.

use std::env;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor as _,
};

use super::EdgeError;
use super::trace_context::TraceContext;

/// Name of the program in traces, and of what made the spans.
const SERVICE: &str = "hlp-proxy";

/// Either says that there is a collector, and where.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// How long the end waits for a collector.
const LAST_WAIT: Duration = Duration::from_secs(1);

static PROCESSOR: OnceLock<BatchSpanProcessor> = OnceLock::new();

/// A request that is over.
pub(super) struct Finished<'a> {
    pub(super) trace: &'a TraceContext,
    pub(super) route: &'a str,
    pub(super) method: &'static str,
    /// 0 without a response.
    pub(super) status: u16,
    pub(super) duration: Duration,
}

/// Begins to send spans, when the environment names a collector.
pub(super) fn install() -> Result<(), EdgeError> {
    if ENDPOINTS.iter().all(|name| env::var_os(name).is_none()) {
        return Ok(());
    }
    let exporter = SpanExporter::builder().with_http().build().map_err(|_| EdgeError::Collector)?;
    let mut processor = BatchSpanProcessor::builder(exporter).build();
    processor.set_resource(&Resource::builder().with_service_name(SERVICE).build());
    // A second log in one process has no effect, nor has this.
    let _ = PROCESSOR.set(processor);
    Ok(())
}

/// Queues a span. When the queue is full, because the collector is slower than the requests, the
/// span is lost and the request is not.
pub(super) fn export(finished: &Finished<'_>) {
    if let Some(processor) = PROCESSOR.get()
        && finished.trace.sampled
    {
        processor.on_end(span(finished, SystemTime::now()));
    }
}

/// Sends what is queued; it may block for a second.
pub(super) fn flush() {
    if let Some(processor) = PROCESSOR.get() {
        // A collector that does not answer is no reason to fail at the end.
        let _ = processor.shutdown_with_timeout(LAST_WAIT);
    }
}

fn span(finished: &Finished<'_>, end_time: SystemTime) -> SpanData {
    let Finished { trace, route, method, status, duration } = *finished;
    let trace_id = TraceId::from_bytes(trace.trace);
    let span_id = SpanId::from_bytes(trace.span);
    SpanData {
        span_context: SpanContext::new(
            trace_id,
            span_id,
            TraceFlags::SAMPLED,
            false,
            TraceState::default(),
        ),
        parent_span_id: trace.parent.map_or(SpanId::INVALID, SpanId::from_bytes),
        parent_span_is_remote: trace.parent.is_some(),
        span_kind: SpanKind::Server,
        name: format!("{method} {route}").into(),
        start_time: end_time.checked_sub(duration).unwrap_or(end_time),
        end_time,
        attributes: vec![
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route.to_owned()),
            KeyValue::new("http.response.status_code", i64::from(status)),
        ],
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: if status >= 500 { Status::error("") } else { Status::Unset },
        instrumentation_scope: InstrumentationScope::builder(SERVICE).build(),
    }
}
