//! The trace of a request, and its line in the log.

use std::io::Write as _;

use serde_json::Value;

use crate::http::until_closed;
use crate::server::Server;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

#[test]
fn a_request_leaves_one_line_that_continues_its_trace() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    let response =
        server.get("/healthz?secret=1", &format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n"));
    let returned = response.header("traceresponse").unwrap().to_owned();
    assert!(returned.starts_with(&format!("00-{TRACE}-")) && !returned.contains(PARENT));

    let line = server.logged(TRACE);
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&event["message"], &event["level"]), (&"request".into(), &"INFO".into()));
    assert_eq!((&event["status"], &event["complete"]), (&200.into(), &true.into()));
    assert_eq!(event["response_bytes"], response.body.len());
    assert!(event["milliseconds"].as_f64().unwrap() >= 0.0);
    let span = &event["span"];
    assert_eq!((&span["route"], &span["method"]), (&"/healthz".into(), &"GET".into()));
    assert_eq!((&span["trace_id"], &span["parent_id"]), (&TRACE.into(), &PARENT.into()));
    assert!(returned.contains(span["span_id"].as_str().unwrap()));
    assert_eq!(server.log().lines().filter(|line| line.contains(TRACE)).count(), 1);
    assert!(!line.contains("secret"));
}

#[test]
fn an_answer_to_head_is_complete_without_a_byte() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    let request = "HEAD /healthz HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\r\n";
    let stream = server.connect();
    (&stream).write_all(request.as_bytes()).unwrap();
    let answer = String::from_utf8(until_closed(&stream)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n"), "{answer}");
    let line = server.logged("\"method\":\"HEAD\"");
    assert!(line.contains("\"response_bytes\":0,\"complete\":true"), "{line}");
}

#[test]
fn what_is_no_trace_begins_a_new_one() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"");
    let upper = TRACE.to_uppercase();
    for headers in [
        String::new(),
        "traceparent: garbage\r\n".to_owned(),
        format!("traceparent: 00-{upper}-{PARENT}-01\r\n"),
        format!("traceparent: 00-{TRACE}-0000000000000000-01\r\n"),
        format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n").repeat(2),
    ] {
        let response = server.get("/healthz", &headers);
        assert_eq!(response.status, 200);
        let returned = response.header("traceresponse").unwrap();
        assert_eq!(returned.len(), 55, "{returned}");
        assert!(!returned.contains(TRACE) && !returned.contains(&upper), "{headers}");
    }
}

#[test]
fn the_log_may_be_text_and_may_be_silent() {
    let text = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"text\"");
    text.get("/healthz", "");
    let line = text.logged("status=200");
    assert!(line.contains("INFO") && line.contains("route=\"/healthz\""), "{line}");
    assert!(!line.contains('\u{1b}'), "{line}");

    let silent = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"error\"");
    assert_eq!(silent.get("/healthz", "").status, 200);
    assert_eq!(silent.stop(), "");
}
