//! The routes of providers and of whoever watches over the server.

use utoipa::Modify;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Required};

/// Adds them to the document.
pub(super) struct Plaintext;

impl Modify for Plaintext {
    fn modify(&self, document: &mut OpenApi) {
        let paths = &mut document.paths.paths;
        for (path, id, shape) in [
            ("/v1/chat/completions", "chat_completions", "OpenAI"),
            ("/v1/messages", "messages", "Anthropic"),
        ] {
            let operation = chat(id, shape);
            paths.insert(path.to_owned(), PathItem::new(HttpMethod::Post, operation));
        }
        let models = get("models", "plaintext", "The models that are configured")
            .response("200", json("A list in the shape of OpenAI"))
            .response("401", json("The request has no valid token; in the shape of OpenAI"))
            .response("429", json("This client asks too often; in the shape of OpenAI"))
            .response("500", json("The server failed; in the shape of OpenAI"));
        paths.insert("/v1/models".to_owned(), PathItem::new(HttpMethod::Get, models));
        let text =
            ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        let metrics = ResponseBuilder::new()
            .description("Counters and gauges of the process")
            .content("text/plain", text.build());
        let metrics = get("metrics", "operation", "Metrics in the text form of Prometheus")
            .response("200", metrics);
        paths.insert("/metrics".to_owned(), PathItem::new(HttpMethod::Get, metrics));
    }
}

fn get(id: &str, tag: &str, summary: &str) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(id)).tag(tag).summary(Some(summary))
}

fn json(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(ObjectBuilder::new())).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}

/// A request that goes on to a provider as it is.
fn chat(id: &str, shape: &str) -> OperationBuilder {
    let consent = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["accept"]));
    let consent = ParameterBuilder::new()
        .name("HLP-Disclosure")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("Consent: the provider reads the request"))
        .schema(Some(consent));
    let model = ObjectBuilder::new().schema_type(Type::String);
    let body = ObjectBuilder::new().property("model", model).required("model");
    let body = ContentBuilder::new().schema(Some(body)).build();
    let body =
        RequestBodyBuilder::new().content("application/json", body).required(Some(Required::True));
    let operation = get(id, "plaintext", &format!("Passes a request of {shape} on, in plaintext"))
        .parameter(consent)
        .request_body(Some(body.build()))
        .response(
            "200",
            json("What the provider has answered, unchanged; a stream where asked for"),
        );
    [
        ("400", "The body is no JSON object"),
        ("401", "The request has no valid token"),
        ("403", "disclosure_required: the header HLP-Disclosure is missing"),
        ("404", "No provider of this server has the model"),
        ("408", "The body did not arrive in time"),
        ("413", "The body is too large"),
        ("429", "This client asks too often"),
        ("500", "The server failed"),
        ("501", "This server has no providers"),
        ("502", "The provider cannot be reached, or its answer cannot be passed on"),
        ("503", "Too many requests are passed on already, or there is no memory for the body"),
        ("504", "The provider did not answer in time"),
        ("default", "What the provider has answered, unchanged"),
    ]
    .into_iter()
    .fold(operation, |operation, (status, text)| {
        operation.response(status, json(&format!("{text}; in the shape of {shape}")))
    })
}
