//! Which problems each operation can answer with.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, SecurityRequirement};
use utoipa::{Modify, PartialSchema as _};

use crate::problem::{Body, Code, MEDIA_TYPE, Problem};

/// What may happen before any handler of a route that asks for a token.
const GUARDED: [Code; 2] = [Code::Unauthenticated, Code::RateLimited];
/// What may happen wherever a body is read.
const BODY: [Code; 2] = [Code::BodyTooSlow, Code::Internal];

/// The routes that nobody needs a token for.
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/openapi.json"];
/// The routes whose errors have the shape of a provider.
const PLAINTEXT: [&str; 3] = ["/v1/chat/completions", "/v1/messages", "/v1/models"];

/// The problems of the handler of a route.
fn own(path: &str) -> &'static [Code] {
    match path {
        "/readyz" => &[Code::NotReady],
        "/v1/matrices/{name}" => &[Code::MatrixUnknown],
        "/v1/matrices/{name}/centroids" => &[Code::MatrixUnknown, Code::NotFound],
        "/v1/matrices/{name}/apply" => &[
            Code::CiphertextMalformed,
            Code::BodyUnreadable,
            Code::ShardsInvalid,
            Code::EpsilonRequired,
            Code::EpsilonInvalid,
            Code::IfMatchInvalid,
            Code::PrivacyBudgetExhausted,
            Code::MatrixUnknown,
            Code::MatrixChanged,
            Code::BodyTooLarge,
            Code::MediaTypeUnsupported,
            Code::WireVersionUnsupported,
            Code::DimensionMismatch,
            Code::GroupMismatch,
            Code::ContentMismatch,
            Code::Overloaded,
        ],
        _ => &[],
    }
}

/// Adds them to the document, with the token that most routes ask for.
pub(super) struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        components.schemas.insert("Problem".to_owned(), Body::schema());
        for (path, item) in &mut document.paths.paths {
            let guarded: &[Code] = if OPEN.contains(&path.as_str()) { &[] } else { &GUARDED };
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                if !PLAINTEXT.contains(&path.as_str()) {
                    let codes = own(path).iter().chain(guarded).chain(&BODY);
                    add(operation, codes.copied());
                }
                if !guarded.is_empty() {
                    let token = SecurityRequirement::new::<_, [&str; 0], &str>("token", []);
                    operation.security = Some(vec![token, SecurityRequirement::default()]);
                }
            }
        }
    }
}

/// One response for each status, with an example for each code.
fn add(operation: &mut Operation, codes: impl Iterator<Item = Code>) {
    let mut by_status: BTreeMap<StatusCode, Vec<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let titles: Vec<_> =
            codes.iter().map(|code| format!("{}: {}", code.name(), code.title())).collect();
        let examples = codes.iter().map(|code| {
            let problem = Problem::new(*code, code.title()).body();
            let value = serde_json::to_value(problem).unwrap_or_default();
            (
                code.name(),
                utoipa::openapi::example::ExampleBuilder::new().value(Some(value)).build(),
            )
        });
        let content = ContentBuilder::new()
            .schema(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
            .examples_from_iter(examples)
            .build();
        let response =
            ResponseBuilder::new().description(titles.join("; ")).content(MEDIA_TYPE, content);
        operation.responses.responses.insert(status.as_str().to_owned(), response.into());
    }
}
