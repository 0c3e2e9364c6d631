//! `GET /openapi.json`: the description of every route, which the routes are tested against.

mod plaintext;
mod privacy;
mod problems;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::plaintext::Plaintext;
use self::privacy::Told;
use self::problems::Problems;
use super::{apply, health, matrices, params};

static JSON: LazyLock<Result<String, serde_json::Error>> = LazyLock::new(|| document().to_json());

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Homomorphic LLM Proxy",
        description = "Multiplies encrypted vectors by the matrices of the server. Every byte that \
                       leaves a client is encrypted, randomized under a budget, or disclosed with \
                       consent; the header HLP-Privacy of each answer below /v1 says which.",
    ),
    paths(
        health::live,
        health::ready,
        openapi,
        params::params,
        matrices::all,
        matrices::one,
        matrices::centroids,
        apply::apply,
        super::privacy::budget,
    ),
    modifiers(&Token, &Plaintext, &Problems, &Told),
    tags(
        (name = "product", description = "Encrypted vectors in, encrypted scores out"),
        (name = "plaintext", description = "Passed on to a provider, with consent"),
        (name = "operation", description = "For whoever runs the server"),
    ),
)]
struct Routes;

/// Bearer tokens, where the server has them.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn document() -> Document {
    Routes::openapi()
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operation",
    responses((status = 200, description = "The document", body = Object)),
)]
pub(super) async fn openapi() -> impl IntoResponse {
    let json = JSON.as_deref().map_err(|_| crate::problem::Problem::internal());
    json.map(|json| ([(header::CONTENT_TYPE, "application/json")], json))
}
