//! Answers in the shapes of OpenAI and Anthropic.

use serde_json::{Value, json};

use super::connection::chunk;
use super::{KEY, Seen};

/// The head of a stream of events.
pub(super) const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
     cache-control: no-cache\r\nset-cookie: session=canary\r\ntransfer-encoding: chunked\r\n\r\n";

/// What the stand-in says: characters of one to four bytes.
const TEXT: &str = "Grüße – 🦀!";

/// The answer to a request; `number` counts the requests.
pub(super) fn answer(seen: &Seen, number: usize) -> Vec<u8> {
    let request: Value = serde_json::from_slice(&seen.body).expect("a JSON body");
    let model = request["model"].as_str().expect("a model");
    let messages = seen.head.starts_with("POST /v1/messages ");
    let authorized = if messages {
        seen.header("x-api-key") == [KEY] && seen.header("anthropic-version").len() == 1
    } else {
        seen.header("authorization") == [format!("Bearer {KEY}")]
    };
    if !authorized {
        let message = format!("Incorrect API key provided: {KEY}");
        return json(401, &json!({ "error": { "message": message } }));
    }
    if request["stream"] == true {
        let stream = if messages { anthropic_stream(model) } else { openai_stream(model) };
        return [STREAM_HEAD.as_bytes(), &chunk(&stream), b"0\r\n\r\n"].concat();
    }
    json(200, &if messages { message(model, number) } else { completion(model, number) })
}

fn json(status: u16, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nx-request-id: req-7\r\n\
         set-cookie: session=canary\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn completion(model: &str, number: usize) -> Value {
    json!({
        "id": format!("chatcmpl-{number}"),
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": TEXT, "refusal": null },
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": { "prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7 },
    })
}

fn message(model: &str, number: usize) -> Value {
    json!({
        "id": format!("msg_{number}"),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{ "type": "text", "text": TEXT }],
        "stop_reason": "end_turn",
        "stop_sequence": null,
        "usage": { "input_tokens": 3, "output_tokens": 4 },
    })
}

/// OpenAI's stream: one event per character, then `[DONE]`.
pub(crate) fn openai_stream(model: &str) -> Vec<u8> {
    let chunk = |delta: Value, finish: Option<&str>| {
        json!({
            "id": "chatcmpl-0",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": model,
            "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }],
        })
    };
    let mut events = vec![chunk(json!({ "role": "assistant", "content": "" }), None)];
    events.extend(TEXT.chars().map(|c| chunk(json!({ "content": c.to_string() }), None)));
    events.push(chunk(json!({}), Some("stop")));
    let lines = events.iter().map(|event| format!("data: {event}\n\n"));
    (lines.collect::<String>() + "data: [DONE]\n\n").into_bytes()
}

/// Anthropic's stream: named events from `message_start` to `message_stop`.
pub(crate) fn anthropic_stream(model: &str) -> Vec<u8> {
    let mut start = message(model, 0);
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    let block = json!({ "type": "text", "text": "" });
    let mut events = vec![
        json!({ "type": "message_start", "message": start }),
        json!({ "type": "content_block_start", "index": 0, "content_block": block }),
    ];
    events.extend(TEXT.chars().map(|c| {
        let delta = json!({ "type": "text_delta", "text": c.to_string() });
        json!({ "type": "content_block_delta", "index": 0, "delta": delta })
    }));
    let end = json!({ "stop_reason": "end_turn", "stop_sequence": null });
    events.extend([
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": end, "usage": { "output_tokens": 4 } }),
        json!({ "type": "message_stop" }),
    ]);
    let event = |event: &Value| {
        format!("event: {}\ndata: {event}\n\n", event["type"].as_str().expect("a type"))
    };
    events.iter().map(event).collect::<String>().into_bytes()
}
