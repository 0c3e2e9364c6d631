//! The header `HLP-Privacy` of every answer that has it.

use axum::http::StatusCode;
use utoipa::Modify;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Header, OpenApi, RefOr};

use crate::privacy_header::{is_known, is_told};

/// Adds it to the document.
pub(super) struct Told;

impl Modify for Told {
    fn modify(&self, document: &mut OpenApi) {
        let told = document.paths.paths.iter_mut().filter(|(path, _)| is_told(path));
        for (path, item) in told {
            let schema = schema(path);
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                for (status, response) in &mut operation.responses.responses {
                    // What is no number stands for what a provider answered.
                    let known = status.parse::<StatusCode>().map_or(true, is_known);
                    if let (true, RefOr::T(response)) = (known, response) {
                        response.headers.insert("HLP-Privacy".to_owned(), schema.clone().into());
                    }
                }
            }
        }
    }
}

/// What it may say at this path.
fn schema(path: &str) -> Header {
    let (pattern, description) = match path {
        "/v1/matrices/{name}/apply" => (
            "^(none|encrypted|randomized;eps=.+)$",
            "`encrypted`, or `randomized;eps=` and the epsilon that was spent; `none` where nothing was computed or spent",
        ),
        "/v1/chat/completions" | "/v1/messages" => (
            "^(none|disclosed;bytes=[0-9]+)$",
            "`disclosed;bytes=` and the bytes that were handed to the provider, or `none`",
        ),
        _ => ("^none$", "`none`: nothing of the request was computed with or passed on"),
    };
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build();
    HeaderBuilder::new().schema(Some(text)).description(Some(description)).build()
}
