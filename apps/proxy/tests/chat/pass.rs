//! What goes on and what comes back.

use serde_json::json;

use crate::answer::Answer;
use crate::provider::{KEY, Provider};
use crate::server::{Server, both};
use crate::support::{Folder, command};
use crate::{CHAT, MESSAGES, schema};

#[test]
fn a_chat_with_consent_is_answered_by_the_provider_in_the_published_shape() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.status, 200);
    schema::check("openai-chat-completion", &answer.json());
    let answer = server.ask("/v1/messages", MESSAGES);
    assert_eq!(answer.status, 200);
    schema::check("anthropic-message", &answer.json());
}

#[test]
fn the_body_goes_on_byte_by_byte_and_the_key_of_the_server_with_it() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let odd = "{ \"model\" : \"gpt-x\",\n\"messages\":[], \"u\":\"\\u00fc\", \"n\": 1e3 }";
    assert_eq!(server.ask("/v1/chat/completions", odd).status, 200);
    assert_eq!(server.ask("/v1/messages", MESSAGES).status, 200);
    let [chat, messages] = &provider.seen()[..] else { panic!("two requests") };
    assert!(chat.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    assert_eq!(chat.body, odd.as_bytes());
    assert_eq!(chat.header("authorization"), [format!("Bearer {KEY}")]);
    assert!(messages.head.starts_with("POST /v1/messages HTTP/1.1\r\n"));
    assert_eq!(messages.body, MESSAGES.as_bytes());
    assert_eq!(messages.header("x-api-key"), [KEY]);
    assert!(messages.header("authorization").is_empty());
}

#[test]
fn only_the_listed_headers_pass_in_both_directions() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let headers = [
        ("hlp-disclosure", "accept"),
        ("authorization", "Bearer canary-token"),
        ("cookie", "canary"),
        ("x-forwarded-for", "192.0.2.1"),
        ("user-agent", "canary"),
        ("accept-encoding", "gzip"),
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("openai-beta", "assistants=v2"),
    ];
    let mut stream = server.send("POST", "/v1/chat/completions", &headers, CHAT.as_bytes());
    let answer = Answer::receive(&mut stream);
    let seen = &provider.seen()[0];
    let mut names: Vec<_> =
        seen.head.lines().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "openai-beta",
            "traceparent",
            "user-agent"
        ]
    );
    assert!(!seen.head.contains("canary-token") && !seen.head.contains("cookie"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("x-request-id"), Some("req-7"));
}

#[test]
fn the_trace_of_the_client_goes_on() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let headers = [("hlp-disclosure", "accept"), ("traceparent", parent.as_str())];
    let mut stream = server.send("POST", "/v1/chat/completions", &headers, CHAT.as_bytes());
    assert_eq!(Answer::receive(&mut stream).status, 200);
    let [sent] = &provider.seen()[0].header("traceparent")[..] else { panic!("one traceparent") };
    assert!(sent.starts_with(&format!("00-{trace}-")) && sent.ends_with("-01"), "{sent}");
    assert!(!sent.contains("b7ad6b7169203331"), "the span is that of the server");
}

#[test]
fn the_answer_says_how_much_was_disclosed_and_the_budget_counts_it() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    for _ in 0..2 {
        let answer = server.ask("/v1/chat/completions", CHAT);
        let expected = format!("disclosed;bytes={}", CHAT.len());
        assert_eq!(answer.header("hlp-privacy"), Some(&*expected));
    }
    let budget = server.get("/v1/privacy/budget").json();
    assert_eq!(budget["disclosed"], json!({ "requests": 2, "bytes": 2 * CHAT.len() }));
}

#[test]
fn a_token_that_was_made_here_lets_its_client_chat_and_is_booked_under_its_name() {
    let made = command().args(["token", "anna"]).output();
    let made = made.expect("the binary runs");
    let token = String::from_utf8(made.stdout).unwrap();
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", made.stderr);
    let provider = Provider::start();
    let config = format!("{}[auth]\ntokens = '{}'\n", both(&provider), tokens.display());
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let bearer = format!("Bearer {}", token.trim_end());
    let headers = [("hlp-disclosure", "accept"), ("authorization", bearer.as_str())];
    let mut stream = server.send("POST", "/v1/chat/completions", &headers, CHAT.as_bytes());
    assert_eq!(Answer::receive(&mut stream).status, 200);
    let mut stream = server.send("GET", "/v1/privacy/budget", &headers[1..], b"");
    let budget = Answer::receive(&mut stream).json();
    assert_eq!((&budget["client"], &budget["disclosed"]["requests"]), (&json!("anna"), &json!(1)));
    assert!(!server.stop().contains(token.trim_end()));
}

#[test]
fn the_models_that_are_configured_are_listed_without_asking_a_provider() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let answer = server.get("/v1/models");
    assert_eq!(answer.status, 200);
    let expected = json!({
        "object": "list",
        "data": [{ "id": "exact", "object": "model", "created": 0, "owned_by": "oa" }],
        "hlp_globs": [
            { "glob": "claude-*", "owned_by": "an" },
            { "glob": "gpt-*", "owned_by": "oa" },
        ],
    });
    assert_eq!(answer.json(), expected);
    assert!(provider.seen().is_empty());
}
