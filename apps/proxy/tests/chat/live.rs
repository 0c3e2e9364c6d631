//! Real providers, for whoever has a key: `cargo test -p proxy --test chat -- --ignored live`.

use std::env;

use serde_json::{Value, json};

use crate::schema;
use crate::server::Server;

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn ask(settings: (&str, &str, &str), path: &str, model: &str) -> Value {
    let (kind, base_url, key) = settings;
    let config = format!(
        "[providers.live]\nkind = '{kind}'\nbase_url = '{base_url}'\nmodels = ['*']\n\
         api_key_env = '{key}'\n"
    );
    let prompt = [json!({ "role": "user", "content": "Say yes." })];
    let body = json!({ "model": model, "max_tokens": 16, "messages": prompt });
    let answer = Server::start(&config, &[]).ask(path, &body.to_string());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[test]
#[ignore = "asks a real provider; set HLP_LIVE_OPENAI_KEY and HLP_LIVE_OPENAI_MODEL"]
fn live_openai_answers_in_the_shape_that_is_stored() {
    let settings = ("openai", "https://api.openai.com", "HLP_LIVE_OPENAI_KEY");
    let answer = ask(settings, "/v1/chat/completions", &variable("HLP_LIVE_OPENAI_MODEL"));
    schema::check("openai-chat-completion", &answer);
}

#[test]
#[ignore = "asks a real provider; set HLP_LIVE_ANTHROPIC_KEY and HLP_LIVE_ANTHROPIC_MODEL"]
fn live_anthropic_answers_in_the_shape_that_is_stored() {
    let settings = ("anthropic", "https://api.anthropic.com", "HLP_LIVE_ANTHROPIC_KEY");
    let answer = ask(settings, "/v1/messages", &variable("HLP_LIVE_ANTHROPIC_MODEL"));
    schema::check("anthropic-message", &answer);
}
