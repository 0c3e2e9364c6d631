//! What the server counts.

use std::collections::BTreeSet;

use crate::http::exchange;
use crate::server::Server;

#[test]
fn paths_and_methods_that_clients_make_up_do_not_make_series() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"warn\"");
    let stream = server.connect();
    // A linear congruential generator: the same requests in every run.
    let mut state = 1_u64;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state >> 33
    };
    let mut paths = BTreeSet::new();
    for _ in 0..1000 {
        let path = match number() % 3 {
            0 => format!("/{:x}/{:x}", number(), number()),
            1 => format!("/v1/matrices/{:x}/apply", number()),
            _ => format!("/healthz?{:x}", number()),
        };
        let method = match number() % 3 {
            0 => "GET".to_owned(),
            1 => "DELETE".to_owned(),
            _ => format!("M{:X}", number()),
        };
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: proxy\r\ncontent-length: 0\r\n\r\n");
        exchange(&stream, request.as_bytes());
        paths.insert(path);
    }
    assert!(paths.len() > 900);

    let response = server.get("/metrics", "");
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let series: Vec<&str> =
        response.body.lines().filter(|line| line.starts_with("hlp_requests_total{")).collect();
    let total: u64 =
        series.iter().map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(total, 1000);
    // Three routes, three methods, and a status for each.
    assert!(series.len() <= 9, "{series:#?}");
    for path in paths {
        let made_up = path.trim_end_matches("/apply").rsplit(['/', '?']).next().unwrap();
        assert!(!response.body.contains(made_up), "{made_up}");
    }
}

#[test]
fn counters_that_an_alert_waits_for_begin_at_0() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    let text = server.get("/metrics", "").body;
    for name in [
        "hlp_shed_total",
        "hlp_slow_readers_total",
        "hlp_panics_total",
        "hlp_disclosures_total",
        "hlp_disclosed_bytes_total",
    ] {
        assert!(text.lines().any(|line| line == format!("{name} 0")), "{name}: {text}");
    }
}

#[test]
fn requests_are_counted_by_the_pattern_of_their_path() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    for path in ["/healthz", "/healthz", "/v1/matrices/any/apply", "/nowhere"] {
        server.get(path, "");
    }
    for (labels, expected) in [
        ("route=\"/healthz\",method=\"GET\",status=\"200\"", 2.0),
        ("route=\"/v1/matrices/{name}/apply\",method=\"GET\",status=\"405\"", 1.0),
        ("route=\"unmatched\",method=\"GET\",status=\"404\"", 1.0),
    ] {
        let metric = server.metric(&format!("hlp_requests_total{{{labels}}}"));
        assert_eq!(metric, Some(expected), "{labels}");
    }
    let healths = server.metric("hlp_request_seconds_count{route=\"/healthz\"}");
    assert_eq!(healths, Some(2.0));
    let response = exchange(
        server.connect(),
        b"POST /metrics HTTP/1.1\r\nhost: proxy\r\ncontent-length: 0\r\n\r\n",
    );
    assert_eq!((response.status, &*response.code()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(response.header("allow"), Some("GET,HEAD"));
}
