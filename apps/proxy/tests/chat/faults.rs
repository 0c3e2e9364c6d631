//! Providers that fail: the client gets an error or a broken stream, never a half answer that looks
//! whole.

use std::net::TcpListener;

use serde_json::json;

use crate::answer::Answer;
use crate::provider::{Fault, KEY, Provider, openai_stream};
use crate::server::{Server, both};
use crate::{CHAT, CHAT_STREAM, MESSAGES};

/// A provider that does this once, and what the client gets.
fn after(fault: Fault) -> (Answer, Provider, Server) {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    provider.fail_next(fault);
    let answer = server.ask("/v1/chat/completions", CHAT);
    (answer, provider, server)
}

/// The next request goes well: the fault has broken nothing for longer.
fn assert_recovered(server: &Server) {
    assert_eq!(server.ask("/v1/chat/completions", CHAT).status, 200);
}

#[test]
fn a_provider_that_hangs_is_a_gateway_timeout_that_says_what_was_disclosed() {
    let (answer, provider, server) = after(Fault::Hang);
    assert_eq!(answer.error(), (504, "provider_timeout".to_owned()));
    let expected = format!("disclosed;bytes={}", CHAT.len());
    assert_eq!(answer.header("hlp-privacy"), Some(&*expected));
    provider.wait_for_departures(1);
    assert_recovered(&server);
    provider.fail_next(Fault::Hang);
    let answer = server.ask("/v1/messages", MESSAGES);
    assert_eq!(answer.anthropic_error(), (504, "timeout_error".to_owned()));
}

#[test]
fn a_provider_that_hangs_in_the_middle_of_a_stream_breaks_the_stream() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    let (answer, provider, server) = after(Fault::RawThenHang(head.into()));
    assert_eq!((answer.status, answer.complete), (200, false));
    assert_eq!(answer.body, b"data: 1\n\n");
    provider.wait_for_departures(1);
    assert_recovered(&server);
}

#[test]
fn a_stream_that_is_cut_within_a_character_is_broken_for_the_client_too() {
    let stream = openai_stream("gpt-x");
    let crab = stream.windows(4).position(|window| window == "🦀".as_bytes()).unwrap();
    for cut in [crab + 1, crab + 2, crab + 3] {
        let head =
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n", stream.len());
        let (answer, _, server) = after(Fault::Raw([head.as_bytes(), &stream[..cut]].concat()));
        assert_eq!((answer.status, answer.complete), (200, false), "cut at byte {cut}");
        assert_eq!(answer.body, &stream[..cut]);
        assert_recovered(&server);
    }
}

#[test]
fn a_stream_that_ends_between_two_chunks_is_broken_for_the_client_too() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    let (answer, ..) = after(Fault::Raw(head.into()));
    assert_eq!((answer.status, answer.complete), (200, false));
}

#[test]
fn a_body_that_is_shorter_than_announced_is_broken_for_the_client_too() {
    let (answer, ..) =
        after(Fault::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}".to_vec()));
    assert_eq!((answer.status, answer.complete, &*answer.body), (200, false, &b"{}"[..]));
}

#[test]
fn a_body_that_ends_with_its_connection_passes() {
    let (answer, ..) =
        after(Fault::Raw(b"HTTP/1.0 200 OK\r\ncontent-type: a/b\r\n\r\nold".to_vec()));
    assert_eq!((answer.status, answer.complete, &*answer.body), (200, true, &b"old"[..]));
}

#[test]
fn an_answer_without_a_byte_is_complete() {
    let raw = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (answer, _provider, server) = after(Fault::Raw(raw.to_vec()));
    assert_eq!((answer.status, answer.complete, &*answer.body), (200, true, &b""[..]));
    let log = server.stop();
    assert!(log.contains("\"response_bytes\":0,\"complete\":true"), "{log}");
}

#[test]
fn errors_of_the_provider_pass_with_their_body_and_their_time_to_wait() {
    for (status, extra) in [(429, "retry-after: 7\r\n"), (500, ""), (529, ""), (403, "")] {
        let body = r#"{"error":{"message":"no","type":"x"}}"#;
        let head = format!(
            "HTTP/1.1 {status} No\r\ncontent-type: application/json\r\nconnection: close\r\n{extra}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (answer, _, server) = after(Fault::Raw(head.into_bytes()));
        assert_eq!((answer.status, &*answer.body), (status, body.as_bytes()));
        assert!(answer.complete && answer.header("hlp-privacy").is_some());
        assert_eq!(answer.header("retry-after"), (status == 429).then_some("7"));
        assert_recovered(&server);
    }
}

#[test]
fn a_key_that_the_provider_does_not_accept_is_the_fault_of_the_server() {
    let provider = Provider::start();
    let server = Server::start(&both(&provider), &[("TEST_KEY", "sk-canary-wrong")]);
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.error(), (502, "provider_refused_key".to_owned()));
    assert!(!String::from_utf8_lossy(&answer.body).contains(KEY), "the provider repeats the key");
}

#[test]
fn a_redirect_is_never_followed_and_its_target_not_told() {
    let thief = Provider::start();
    // A prompt can be sent but once, so what asks for it again was never followed; the others become
    // a GET, with the key.
    for status in [301, 302, 303, 307, 308] {
        let head = format!(
            "HTTP/1.1 {status} Moved\r\nconnection: close\r\nlocation: {}/v1/chat/completions\r\ncontent-length: 0\r\n\r\n",
            thief.base_url()
        );
        let (answer, _, server) = after(Fault::Raw(head.into_bytes()));
        assert_eq!(answer.error(), (502, "provider_redirected".to_owned()), "{status}");
        assert_eq!(answer.header("location"), None);
        assert!(thief.seen().is_empty(), "{status}");
        assert_recovered(&server);
    }
}

#[test]
fn a_connection_that_is_reset_is_a_bad_gateway_and_the_prompt_is_not_sent_again() {
    let (answer, provider, server) = after(Fault::Reset);
    assert_eq!(answer.error(), (502, "provider_unreachable".to_owned()));
    assert_eq!(provider.seen().len(), 1);
    let expected = format!("disclosed;bytes={}", CHAT.len());
    assert_eq!(answer.header("hlp-privacy"), Some(&*expected));
    let disclosed = &server.get("/v1/privacy/budget").json()["disclosed"];
    assert_eq!(disclosed, &json!({ "requests": 1, "bytes": CHAT.len() }));
    assert_recovered(&server);
}

#[test]
fn a_provider_that_closes_without_a_word_is_a_bad_gateway() {
    let (answer, provider, _) = after(Fault::Raw(Vec::new()));
    assert_eq!(answer.error(), (502, "provider_unreachable".to_owned()));
    assert_eq!(provider.seen().len(), 1);
}

#[test]
fn a_provider_that_speaks_no_http_or_a_head_without_end_is_a_bad_gateway() {
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}", "a".repeat(4 << 20));
    let switching =
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n";
    let mail = b"220 mail.example.com ESMTP\r\n\r\n";
    for bytes in [mail.to_vec(), switching.to_vec(), endless.into_bytes()] {
        let (answer, _, server) = after(Fault::Raw(bytes));
        assert_eq!(answer.error(), (502, "provider_malformed".to_owned()));
        assert_recovered(&server);
    }
}

#[test]
fn a_provider_that_is_not_there_is_a_bad_gateway() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config =
        format!("[providers.oa]\nkind = 'openai'\nbase_url = 'http://{gone}'\nmodels = ['*']\n");
    let server = Server::start(&config, &[]);
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.error(), (502, "provider_unreachable".to_owned()));
    assert_eq!(answer.header("hlp-privacy"), Some("none"));
    let disclosed = &server.get("/v1/privacy/budget").json()["disclosed"];
    assert_eq!(disclosed, &json!({ "requests": 0, "bytes": 0 }), "nothing was sent");
}

#[test]
fn variables_of_the_environment_do_not_lead_prompts_to_a_proxy() {
    let (provider, thief) = (Provider::start(), Provider::start());
    let url = thief.base_url();
    let variables =
        ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"].map(|name| (name, url.as_str()));
    let variables = [&variables[..], &[("TEST_KEY", KEY), ("no_proxy", "")]].concat();
    let server = Server::start(&both(&provider), &variables);
    assert_eq!(server.ask("/v1/chat/completions", CHAT_STREAM).status, 200);
    assert_eq!((provider.seen().len(), thief.seen().len()), (1, 0));
}

#[test]
fn a_proxy_that_is_configured_gets_the_request() {
    let proxy = Provider::start();
    let config = format!(
        "[providers.oa]\nkind = 'openai'\nbase_url = 'http://localhost:1'\nmodels = ['*']\n\
         api_key_env = 'TEST_KEY'\nproxy = '{}'\n",
        proxy.base_url()
    );
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    assert_eq!(server.ask("/v1/chat/completions", CHAT).status, 200);
    assert!(proxy.seen()[0].head.starts_with("POST http://localhost:1/v1/chat/completions "));
}

#[test]
fn more_chats_than_allowed_at_once_are_shed_and_the_place_is_free_again_at_the_end() {
    let provider = Provider::start();
    let config = both(&provider).replace("timeout_seconds = 1", "timeout_seconds = 3600");
    let config = format!("{config}[limits]\nconcurrent_chats = 1\n");
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    provider.fail_next(Fault::RawThenHang(head.into()));
    let consent = [("hlp-disclosure", "accept")];
    let stream = server.send("POST", "/v1/chat/completions", &consent, CHAT_STREAM.as_bytes());
    provider.wait_for_requests(1);

    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!(answer.error(), (503, "overloaded".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("1"));
    let answer = server.ask("/v1/messages", MESSAGES);
    assert_eq!(answer.anthropic_error(), (503, "overloaded_error".to_owned()));
    assert_eq!(provider.seen().len(), 1);

    drop(stream);
    provider.wait_for_departures(1);
    let free = || server.ask("/v1/chat/completions", CHAT).status == 200;
    assert!((0..1000).any(|_| free()), "the place is never free again");
}

#[test]
fn bodies_that_do_not_arrive_take_nobodys_place() {
    let provider = Provider::start();
    let config = format!("{}[limits]\nconcurrent_chats = 1\n", both(&provider));
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\nhlp-disclosure: accept\r\n";
    let slow = format!("{head}content-length: {}\r\n\r\n{{", CHAT.len());
    let unfinished: Vec<_> = (0..8).map(|_| server.send_raw(slow.as_bytes())).collect();
    // An answer to each of these heads would be there before that to a later request.
    std::thread::sleep(std::time::Duration::from_millis(200));

    assert_eq!(server.ask("/v1/chat/completions", CHAT).status, 200);
    assert_eq!(provider.seen().len(), 1);
    drop(unfinished);
}

#[test]
fn memory_for_bodies_is_refused_while_others_take_it() {
    let provider = Provider::start();
    let limits = "[limits]\nconcurrent_chats = 1\nchat_body_bytes = 4096\n";
    let server = Server::start(&format!("{}{limits}", both(&provider)), &[("TEST_KEY", KEY)]);
    let head = "POST /v1/messages HTTP/1.1\r\nhost: proxy\r\nhlp-disclosure: accept\r\n";
    let most = format!("{head}content-length: 4096\r\n\r\n{}", " ".repeat(4000));
    let mut unfinished = Vec::new();
    let refused = || {
        // One that came while an answer was there was refused itself.
        unfinished.push(server.send_raw(most.as_bytes()));
        let answer = server.ask("/v1/chat/completions", CHAT);
        (answer.status != 200).then_some(answer)
    };
    let answer = crate::support::eventually("there is no room", refused);
    assert_eq!(answer.error(), (503, "overloaded".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("1"));
    let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("other requests and answers take all the memory"), "{message}");

    drop(unfinished);
    let free = || (server.ask("/v1/chat/completions", CHAT).status == 200).then_some(());
    crate::support::eventually("there is room again", free);
}
