//! The published shapes of answers, from the files beside this one.

use boon::{Compiler, Schemas};
use serde_json::Value;

/// Fails unless `value` has the shape `name`.
pub(crate) fn check(name: &str, value: &Value) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/chat/schemas/");
    let mut schemas = Schemas::new();
    let schema = Compiler::new()
        .compile(&format!("{file}{name}.json"), &mut schemas)
        .expect("the schema can be read");
    if let Err(error) = schemas.validate(value, schema) {
        panic!("{value} is no {name}: {error}");
    }
}
