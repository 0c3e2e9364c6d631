//! Streams pass as they come, whatever their pieces.

use std::io::Read as _;
use std::sync::mpsc;

use serde_json::Value;

use crate::answer::Answer;
use crate::provider::{Fault, KEY, Provider, anthropic_stream, openai_stream};
use crate::server::{Server, both};
use crate::{CHAT_STREAM, MESSAGES_STREAM, schema};

#[test]
fn a_stream_arrives_byte_by_byte_as_the_provider_sent_it() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let answer = server.ask("/v1/chat/completions", CHAT_STREAM);
    assert!(answer.complete);
    assert_eq!(answer.header("content-type"), Some("text/event-stream; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert!(answer.header("hlp-privacy").is_some());
    assert_eq!(answer.body, openai_stream("gpt-x"));
    let text = String::from_utf8(answer.body).unwrap();
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        if data != "[DONE]" {
            let event: Value = serde_json::from_str(data).unwrap();
            schema::check("openai-chat-completion-chunk", &event);
        }
    }
    let answer = server.ask("/v1/messages", MESSAGES_STREAM);
    assert_eq!((answer.complete, answer.body), (true, anthropic_stream("claude-x")));
}

#[test]
fn a_stream_may_be_cut_into_pieces_at_any_byte_even_within_a_character() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let stream = openai_stream("gpt-x");
    provider.fail_next(Fault::Pieces(stream.iter().map(|&byte| vec![byte]).collect()));
    let answer = server.ask("/v1/chat/completions", CHAT_STREAM);
    assert_eq!((answer.complete, &answer.body), (true, &stream));

    // Once between each two bytes of a crab, which has four.
    let crab = stream.windows(4).position(|window| window == "🦀".as_bytes()).unwrap();
    for cut in crab..=crab + 4 {
        let (first, second) = stream.split_at(cut);
        provider.fail_next(Fault::Pieces(vec![first.to_vec(), second.to_vec()]));
        let answer = server.ask("/v1/chat/completions", CHAT_STREAM);
        assert_eq!((answer.complete, &answer.body), (true, &stream), "cut at byte {cut}");
    }
}

#[test]
fn an_event_is_there_before_the_next_one_is_sent() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let (first, second) = (b"data: 1\n\n".to_vec(), b"data: 2\n\n".to_vec());
    let (go_on, signal) = mpsc::channel();
    provider.fail_next(Fault::Halves(first.clone(), second.clone(), signal));
    let headers = [("hlp-disclosure", "accept")];
    let body = CHAT_STREAM.as_bytes();
    let mut stream = server.send("POST", "/v1/chat/completions", &headers, body);
    let mut bytes = Vec::new();
    while !bytes.windows(first.len()).any(|window| window == first) {
        let mut buffer = [0; 512];
        // The provider waits for this: a server that buffers makes the read time out.
        let read = stream.read(&mut buffer).expect("the first event arrives by itself");
        assert_ne!(read, 0, "the stream has ended");
        bytes.extend_from_slice(&buffer[..read]);
    }
    go_on.send(()).unwrap();
    let answer = Answer::receive(&mut std::io::Cursor::new(bytes).chain(stream));
    assert_eq!((answer.complete, answer.body), (true, [first, second].concat()));
}

#[test]
fn a_client_that_goes_away_ends_the_request_to_the_provider() {
    let provider = Provider::start();
    // Only the departure of the client can end a request here.
    let patient = both(&provider).replace("timeout_seconds = 1", "timeout_seconds = 3600");
    let server = Server::start(&patient, &[("TEST_KEY", KEY)]);
    let headers = [("hlp-disclosure", "accept")];
    let ask = |body: &str| server.send("POST", "/v1/chat/completions", &headers, body.as_bytes());
    provider.fail_next(Fault::Hang);
    let stream = ask(CHAT_STREAM);
    provider.wait_for_requests(1);
    drop(stream);
    provider.wait_for_departures(1);

    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    provider.fail_next(Fault::RawThenHang(head.into()));
    let mut stream = ask(CHAT_STREAM);
    let mut byte = [0];
    stream.read_exact(&mut byte).expect("the answer begins");
    drop(stream);
    provider.wait_for_departures(2);
}
