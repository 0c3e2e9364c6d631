//! Prompts, keys and tokens turn up in no log and no metric, whatever happens.

use crate::provider::{Fault, KEY, Provider};
use crate::server::Server;
use crate::{CHAT, CHAT_STREAM, MESSAGES};

#[test]
fn neither_prompts_nor_keys_nor_tokens_are_in_the_log_or_the_metrics() {
    let provider = Provider::start();
    let server = Server::for_provider(&provider);
    let headers = [
        ("hlp-disclosure", "accept"),
        ("authorization", "Bearer canary-token"),
        ("x-api-key", "canary-token"),
    ];
    for path in ["/v1/chat/completions?canary-query", "/v1/chat/completions", "/v1/messages"] {
        let body = if path.ends_with("messages") { MESSAGES } else { CHAT };
        crate::answer::Answer::receive(&mut server.send("POST", path, &headers, body.as_bytes()));
        crate::answer::Answer::receive(&mut server.send("POST", path, &headers, b"{\"canary\":"));
    }
    let noise = "HTTP/1.1 200 canary-noise\r\ncanary-head: x\r\nno header\r\n\r\n";
    for fault in [
        Fault::Hang,
        Fault::Reset,
        Fault::Raw(noise.into()),
        Fault::Raw(b"HTTP/1.1 307 X\r\nlocation: http://canary/\r\n\r\n".to_vec()),
        Fault::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ncanary-answer".to_vec()),
    ] {
        provider.fail_next(fault);
        server.ask("/v1/chat/completions", CHAT_STREAM);
    }
    let metrics = server.get("/metrics");
    let metrics = String::from_utf8(metrics.body).unwrap();
    assert!(metrics.contains("hlp_disclosures_total 8"), "{metrics}");
    let bytes = 2 * CHAT.len() + MESSAGES.len() + 5 * CHAT_STREAM.len();
    assert!(metrics.contains(&format!("hlp_disclosed_bytes_total {bytes}")), "{metrics}");
    let log = server.stop();
    assert!(log.contains("the provider did not answer"), "the log is empty: {log}");
    for text in [log, metrics] {
        assert!(!text.contains("canary") && !text.contains(KEY), "{text}");
    }
}
