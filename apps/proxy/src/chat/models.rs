//! `GET /v1/models`: what is configured. No provider is asked, so nothing is disclosed.

use axum::Json;
use serde_json::{Value, json};

use super::providers::{Providers, is_pattern};

/// A list in OpenAI's shape. Its `data` are the models that are configured by name; a glob is no
/// model that a request could name, so those are apart, under `hlp_globs`.
pub(super) fn list(providers: &Providers) -> Json<Value> {
    let mut data = Vec::new();
    let mut globs = Vec::new();
    for provider in providers.iter() {
        for model in provider.models() {
            if is_pattern(model) {
                globs.push(json!({ "glob": model, "owned_by": provider.name }));
            } else {
                let name = &provider.name;
                data.push(
                    json!({ "id": model, "object": "model", "created": 0, "owned_by": name }),
                );
            }
        }
    }
    Json(json!({ "object": "list", "data": data, "hlp_globs": globs }))
}
