//! What the server refuses by itself: nothing of it reaches the provider.

use crate::answer::Answer;
use crate::provider::{Fault, KEY, Provider};
use crate::server::{Server, both};
use crate::support::{Folder, eventually};
use crate::{CHAT, MESSAGES};

#[test]
fn without_consent_nothing_is_sent_on() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    for headers in [&[][..], &[("hlp-disclosure", "no")], &[("hlp-disclosure", "")]] {
        let ask = |path, body: &str| {
            Answer::receive(&mut server.send("POST", path, headers, body.as_bytes()))
        };
        let answer = ask("/v1/chat/completions", CHAT);
        assert_eq!(answer.error(), (403, "disclosure_required".to_owned()));
        assert_eq!(answer.header("hlp-privacy"), Some("none"));
        let answer = ask("/v1/messages", MESSAGES);
        assert_eq!(answer.anthropic_error(), (403, "permission_error".to_owned()));
    }
    assert!(provider.seen().is_empty());
    assert_eq!(server.get("/v1/privacy/budget").json()["disclosed"]["requests"], 0);
}

#[test]
fn a_model_that_is_missing_or_unknown_is_not_found() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    for body in ["{}", r#"{"model":"other"}"#, r#"{"model":"claude-x"}"#, r#"{"model":""}"#] {
        let answer = server.ask("/v1/chat/completions", body);
        assert_eq!(answer.error(), (404, "model_not_found".to_owned()), "{body}");
        assert_eq!(answer.json()["error"]["param"], "model");
    }
    let answer = server.ask("/v1/chat/completions", r#"{"model":"claude-x"}"#);
    let message = "the model `claude-x` is served at /v1/messages";
    assert_eq!(answer.json()["error"]["message"], message);
    let answer = server.ask("/v1/messages", r#"{"model":"gpt-x"}"#);
    assert_eq!(answer.anthropic_error(), (404, "not_found_error".to_owned()));
    assert!(provider.seen().is_empty());
}

#[test]
fn a_body_that_is_no_json_object_is_refused_without_repeating_it() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    for body in ["", "canary", r#"{"model":"gpt-x","canary":"#, r#"{"model":"gpt-x","model":"a"}"#]
    {
        let answer = server.ask("/v1/chat/completions", body);
        assert_eq!(answer.error(), (400, "invalid_json".to_owned()), "{body}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("canary"));
    }
    assert!(provider.seen().is_empty());
}

#[test]
fn a_body_beyond_the_limit_is_refused_before_it_is_sent() {
    let provider = Provider::start();
    let config = format!("{}[limits]\nchat_body_bytes = 1024\n", both(&provider));
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\nhlp-disclosure: accept\r\n";
    let announced = format!("{head}content-length: 99999999\r\n\r\n");
    let answer = Answer::receive(&mut server.send_raw(announced.as_bytes()));
    assert_eq!(answer.error(), (413, "body_too_large".to_owned()));
    let chunks = format!("{head}transfer-encoding: chunked\r\n\r\n7d0\r\n{}\r\n", " ".repeat(2000));
    let chunks = chunks.replace("chat/completions", "messages");
    let answer = Answer::receive(&mut server.send_raw(chunks.as_bytes()));
    assert_eq!(answer.anthropic_error(), (413, "request_too_large".to_owned()));
    assert!(provider.seen().is_empty());
}

#[test]
fn what_is_refused_before_the_route_has_its_shape_too() {
    let provider = Provider::start();
    let digest = "ab".repeat(32);
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", format!("[clients.anna]\nsha256 = '{digest}'\n"));
    let config = format!("{}[auth]\ntokens = '{}'\n", both(&provider), tokens.display());
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.error(), (401, "unauthenticated".to_owned()));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let answer = server.ask("/v1/messages", MESSAGES);
    assert_eq!(answer.anthropic_error(), (401, "authentication_error".to_owned()));
    assert!(provider.seen().is_empty());
}

#[test]
fn a_body_that_does_not_arrive_is_refused_in_the_shape_of_the_route() {
    let provider = Provider::start();
    let config = format!("{}[server]\nbody_timeout_seconds = 1\n", both(&provider));
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let slow = |path: &str| {
        let head = format!("POST {path} HTTP/1.1\r\nhost: proxy\r\nhlp-disclosure: accept\r\n");
        server.send_raw(format!("{head}content-length: 99\r\n\r\n{{\"model\":").as_bytes())
    };
    let (mut chat, mut messages) = (slow("/v1/chat/completions"), slow("/v1/messages"));
    assert_eq!(Answer::receive(&mut chat).error(), (408, "body_too_slow".to_owned()));
    let expected = (408, "invalid_request_error".to_owned());
    assert_eq!(Answer::receive(&mut messages).anthropic_error(), expected);
    assert!(provider.seen().is_empty());
}

#[test]
fn a_server_without_providers_says_so() {
    let server = Server::start("", &[]);
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.error(), (501, "no_providers".to_owned()));
    assert_eq!(
        server.ask("/v1/messages", MESSAGES).anthropic_error(),
        (501, "api_error".to_owned())
    );
    assert_eq!(server.get("/v1/models").json()["data"], serde_json::json!([]));
}

#[test]
fn another_method_is_refused_in_the_shape_of_the_route() {
    let server = Server::start("", &[]);
    let answer = server.get("/v1/chat/completions");
    assert_eq!(answer.error(), (405, "method_not_allowed".to_owned()));
    assert_eq!(answer.header("allow"), Some("POST"));
    assert_eq!(server.get("/v1/messages").anthropic_error().0, 405);
    let answer = server.ask("/v1/models", "");
    assert_eq!((answer.error().0, answer.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn a_request_that_goes_nowhere_is_told_why_even_when_all_places_are_taken() {
    let provider = Provider::start();
    let config = both(&provider).replace("timeout_seconds = 1", "timeout_seconds = 3600");
    let config = format!("{config}[limits]\nconcurrent_chats = 1\nchat_body_bytes = 1024\n");
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    provider.fail_next(Fault::Hang);
    let consent = [("hlp-disclosure", "accept")];
    let taken = server.send("POST", "/v1/chat/completions", &consent, CHAT.as_bytes());
    provider.wait_for_requests(1);
    let path = "/v1/chat/completions";
    // The memory that a body takes is free a moment after the provider has it.
    let free = || (server.ask(path, "{").status == 400).then_some(());
    eventually("there is room for a body", free);
    let long = " ".repeat(1025);
    for (body, status) in [(&*long, 413), ("{", 400), (r#"{"model":"other"}"#, 404), (CHAT, 503)] {
        assert_eq!(server.ask(path, body).status, status, "{body}");
    }
    let without = Answer::receive(&mut server.send("POST", path, &[], CHAT.as_bytes()));
    assert_eq!(without.error(), (403, "disclosure_required".to_owned()));
    drop(taken);
}
