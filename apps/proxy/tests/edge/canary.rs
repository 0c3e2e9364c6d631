//! What a refused request brings turns up in no log and no metric, wherever in it that stands.

use std::io::Write as _;

use crate::http::until_closed;
use crate::server::{Server, token_file};
use crate::support::Folder;

/// Requests that nothing of the server lets pass, most of which it cannot even read.
fn refused() -> Vec<String> {
    let long = "canary".repeat(20_000);
    let get = |path: &str, headers: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: canary\r\nconnection: close\r\n{headers}\r\n")
    };
    let apply = |headers: &str, body: &str| {
        format!(
            "POST /v1/matrices/canary/apply?shards=canary HTTP/1.1\r\nhost: proxy\r\n\
             connection: close\r\ncontent-type: application/canary\r\nif-match: canary\r\n\
             hlp-epsilon: canary\r\n{headers}\r\n{body}"
        )
    };
    vec![
        "canary\r\n\r\n".to_owned(),
        "GET /canary HTTP/canary\r\n\r\n".to_owned(),
        "GET http://canary:canary@[canary HTTP/1.1\r\n\r\n".to_owned(),
        "CANARY-canary /canary?canary HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned(),
        "CONNECT canary:443 HTTP/1.1\r\nhost: canary\r\nconnection: close\r\n\r\n".to_owned(),
        get("/canary", "no header canary\r\n"),
        get("/canary", &format!("x-canary: {long}\r\n")),
        get(&format!("/{long}"), ""),
        get("/%ff%00canary/canary?canary#canary", ""),
        get("/v1/params?token=canary", "authorization: Basic canary\r\ncookie: canary\r\n"),
        get("/v1/params", "authorization: Bearer canary\r\nauthorization: Bearer canary\r\n"),
        get(
            "/v1/params",
            "traceparent: canary\r\ntracestate: canary=canary\r\nbaggage: canary\r\n",
        ),
        get("/metrics", "x-forwarded-for: canary\r\nforwarded: for=canary\r\n"),
        get("/healthz", "upgrade: canary\r\nconnection: upgrade\r\n"),
        get("/healthz", "expect: canary\r\n"),
        apply("content-length: canary\r\n", "canary"),
        apply("content-length: 6\r\n", "canary"),
        apply("transfer-encoding: canary\r\n", "canary"),
        apply("transfer-encoding: chunked\r\n", "canary\r\n"),
        apply(
            "transfer-encoding: chunked\r\n",
            "6;canary=canary\r\ncanary\r\n0\r\ncanary: x\r\n\r\n",
        ),
    ]
}

#[test]
fn nothing_of_a_refused_request_is_in_the_log_or_the_metrics() {
    for format in ["json", "text"] {
        let folder = Folder::new();
        let tokens = folder.write("tokens.toml", token_file(&[("alice", "hlp_canary")]));
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 1\nbody_timeout_seconds = 1\n\
             [auth]\ntokens = {tokens:?}\n[log]\nlevel = \"trace\"\nformat = \"{format}\""
        );
        let server = Server::start_in(folder, &config);
        for (at, request) in refused().iter().enumerate() {
            // As it is, and as somebody who may ask: other refusals are behind that door.
            let token = "authorization: Bearer hlp_canary\r\nconnection: close\r\n";
            let signed = request.replacen("connection: close\r\n", token, 1);
            for request in [request, &signed] {
                let mut stream = server.connect();
                // The server may have closed the connection before it has read everything.
                let _ = stream.write_all(request.as_bytes());
                let answer = String::from_utf8_lossy(&until_closed(&stream)).into_owned();
                let healthy = answer.starts_with("HTTP/1.1 200 ");
                assert!(
                    !answer.starts_with("HTTP/1.1 5") && !answer.contains("canary"),
                    "{at}: {answer}"
                );
                assert!(
                    !healthy || request.contains("hlp_canary") || request.contains("/healthz"),
                    "{at}"
                );
            }
        }
        let metrics = server.get_as("hlp_canary", "/metrics").body;
        server.logged("/metrics");
        let log = server.log();
        assert!(metrics.contains("status=\"401\"") && log.lines().count() > 20, "{log}");
        for text in [log, metrics] {
            assert!(!text.to_lowercase().contains("canary"), "{text}");
        }
    }
}
