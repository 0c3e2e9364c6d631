//! The pass-through to providers, with the real server and a stand-in for the provider.

#[path = "../support/mod.rs"]
mod support;

mod answer;
mod canary;
mod drain;
mod faults;
mod live;
mod pass;
mod provider;
mod refusals;
mod schema;
mod server;
mod stream;
mod tls;

/// A request in OpenAI's shape, with a prompt that must not turn up anywhere else.
const CHAT: &str =
    r#"{"model":"gpt-x","messages":[{"role":"user","content":"canary-prompt 🦀"}],"stream":false}"#;
/// The same, as a stream.
const CHAT_STREAM: &str =
    r#"{"model":"gpt-x","messages":[{"role":"user","content":"canary-prompt 🦀"}],"stream":true}"#;
/// A request in Anthropic's shape.
const MESSAGES: &str =
    r#"{"model":"claude-x","max_tokens":9,"messages":[{"role":"user","content":"canary-prompt"}]}"#;
/// The same, as a stream.
const MESSAGES_STREAM: &str = r#"{"stream":true,"model":"claude-x","max_tokens":9,"messages":[{"role":"user","content":"canary-prompt"}]}"#;
