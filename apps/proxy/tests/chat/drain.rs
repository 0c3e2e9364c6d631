//! A stream at the end of the server.

use crate::CHAT_STREAM;
use crate::answer::Answer;
use crate::provider::{Fault, KEY, Provider};
use crate::server::{Server, both};

#[test]
fn a_stream_that_does_not_end_is_cut_off_after_the_grace() {
    let provider = Provider::start();
    let config = both(&provider).replace("timeout_seconds = 1", "timeout_seconds = 3600");
    let config = format!("{config}[server]\ngrace_seconds = 1\n");
    let server = Server::start(&config, &[("TEST_KEY", KEY)]);
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    provider.fail_next(Fault::RawThenHang(head.into()));
    let consent = [("hlp-disclosure", "accept")];
    let mut stream = server.send("POST", "/v1/chat/completions", &consent, CHAT_STREAM.as_bytes());
    provider.wait_for_requests(1);

    let log = server.stop();

    let answer = Answer::receive(&mut stream);
    assert_eq!((answer.status, answer.complete), (200, false));
    assert_eq!(answer.body, b"data: 1\n\n");
    provider.wait_for_departures(1);
    assert!(log.lines().any(|line| line.contains("\"complete\":false")), "{log}");
}
