//! What the server counts, as text for Prometheus. No label tells a client, a token or a path that
//! a request made up, so their number is bounded.

use std::sync::OnceLock;

use axum::http::Method;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Media type of the text.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds in seconds: from a small answer to a stream of a language model.
const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0];

/// The recorder of the process; the first call puts it in place.
pub(super) fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = builder().build_recorder();
            let handle = recorder.handle();
            // It cannot fail: no other place sets a recorder, and this one runs once.
            let _ = metrics::set_global_recorder(recorder);
            describe();
            begin();
            handle
        })
        .clone()
}

fn builder() -> PrometheusBuilder {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .unwrap_or_default()
}

/// The method as a label: one of those that HTTP defines, or `other`.
pub(super) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[rustfmt::skip] // One metric per line.
fn describe() {
    describe_counter!("hlp_requests_total", "Answered requests by route, method and status");
    describe_histogram!("hlp_request_seconds", Unit::Seconds, "Time from the head of a request to the end of its response");
    describe_histogram!("hlp_apply_seconds", Unit::Seconds, "Time to compute the product of one request");
    describe_gauge!("hlp_products_waiting", "Products that wait for a core");
    describe_counter!("hlp_shed_total", "Requests that were refused because too many were waiting");
    describe_counter!("hlp_slow_readers_total", "Connections that were closed because the client was too slow to take an answer");
    describe_gauge!("hlp_privacy_epsilon_spent_total", "Epsilon that clients spent on shard hints");
    describe_counter!("hlp_log_lines_lost_total", "Lines of the log that nobody read in time");
    describe_counter!("hlp_disclosures_total", "Requests that were sent on to a provider");
    describe_counter!("hlp_disclosed_bytes_total", Unit::Bytes, "Bytes of request bodies that were sent on to a provider");
    describe_counter!("hlp_matrix_reloads_total", "Reloads of matrices by result");
    describe_gauge!("hlp_clients", "Clients of the token file that hold now; without a token file there is none of it");
    describe_gauge!("hlp_reload_failed", "1 while a file could not be read again at SIGHUP and what it said before holds");
    describe_gauge!("hlp_connections", "Open connections");
    describe_counter!("hlp_accept_errors_total", "Connections that could not be accepted, by stage");
    describe_counter!("hlp_panics_total", "Panics, each of which is a defect");
}

/// Counters that somebody waits for are there before the first time, at 0.
fn begin() {
    counter!("hlp_shed_total").absolute(0);
    counter!("hlp_slow_readers_total").absolute(0);
    counter!("hlp_panics_total").absolute(0);
    counter!("hlp_disclosures_total").absolute(0);
    counter!("hlp_disclosed_bytes_total").absolute(0);
    for what in ["tokens", "certificate"] {
        tell_reload(what, true);
    }
}

/// Says whether what is in effect is what its file says now.
pub(super) fn tell_reload(what: &'static str, done: bool) {
    gauge!("hlp_reload_failed", "what" => what).set(if done { 0.0 } else { 1.0 });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_somebody_makes_up_share_a_label() {
        assert_eq!(method_label(&Method::POST), "POST");
        for name in ["FOO", "get", "BREW", "CONNECT"] {
            assert_eq!(method_label(&Method::from_bytes(name.as_bytes()).unwrap()), "other");
        }
    }

    #[test]
    fn seconds_are_a_histogram_with_buckets() {
        let recorder = builder().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("hlp_x_seconds").record(0.2)
        });
        let text = recorder.handle().render();
        assert!(text.contains("hlp_x_seconds_bucket{le=\"0.25\"} 1"), "{text}");
        assert!(text.contains("hlp_x_seconds_bucket{le=\"0.1\"} 0"), "{text}");
    }
}
