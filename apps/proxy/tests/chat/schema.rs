//! The published shapes of answers, from the files beside this one: JSON Schema, of which the few
//! words that they need are understood here. Another word fails the test.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Fails unless `value` has the shape `name`.
pub(crate) fn check(name: &str, value: &Value) {
    let faults = faults("", &read(name), value);
    assert!(faults.is_empty(), "{value} is no {name}: {faults:?}");
}

fn read(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chat/schemas");
    let text = fs::read_to_string(folder.join(name).with_extension("json")).expect("a schema");
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// Where `value` is not what `schema` asks for.
fn faults(at: &str, schema: &Value, value: &Value) -> Vec<String> {
    let rules = schema.as_object().expect("a schema is an object");
    rules.iter().flat_map(|(word, rule)| fault(at, word, rule, value)).collect()
}

fn fault(at: &str, word: &str, rule: &Value, value: &Value) -> Vec<String> {
    let holds = match word {
        "$schema" | "$comment" => true,
        "const" => value == rule,
        "enum" => list(rule).contains(value),
        "type" if rule.is_string() => has_type(rule, value),
        "type" => list(rule).iter().any(|rule| has_type(rule, value)),
        "minLength" => value.as_str().is_none_or(|text| text.len() as u64 >= number(rule)),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= number(rule)),
        "required" => value.as_object().is_none_or(|object| {
            list(rule).iter().all(|key| object.contains_key(key.as_str().expect("a key")))
        }),
        "properties" => {
            let properties = rule.as_object().expect("properties").iter();
            return properties
                .filter_map(|(key, rule)| {
                    Some(faults(&format!("{at}/{key}"), rule, value.get(key)?))
                })
                .flatten()
                .collect();
        }
        "items" => {
            let items = value.as_array().into_iter().flatten();
            return items.flat_map(|item| faults(&format!("{at}[]"), rule, item)).collect();
        }
        _ => panic!("the word {word} is not understood"),
    };
    if holds { Vec::new() } else { vec![format!("{at}: {word} {rule}")] }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().expect("a list")
}

fn number(rule: &Value) -> u64 {
    rule.as_u64().expect("a number")
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule.as_str().expect("the name of a type") {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not understood"),
    }
}

#[test]
fn an_answer_of_another_shape_is_told_from_a_right_one() {
    let right = serde_json::json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": 1, "output_tokens": 2 },
    });
    let schema = read("anthropic-message");
    assert_eq!(faults("", &schema, &right), [""; 0]);
    for (pointer, wrong, fault) in [
        ("/id", serde_json::json!(""), "/id: minLength 1"),
        ("/type", serde_json::json!("completion"), "/type: const \"message\""),
        ("/content", serde_json::json!([{ "text": "no type" }]), "/content[]: required [\"type\"]"),
        ("/stop_reason", serde_json::json!("tired"), "/stop_reason: enum "),
        ("/usage/input_tokens", serde_json::json!(1.5), "/usage/input_tokens: type \"integer\""),
        ("/usage", serde_json::json!({}), "/usage: required "),
    ] {
        let mut answer = right.clone();
        *answer.pointer_mut(pointer).unwrap() = wrong;
        let found = faults("", &schema, &answer);
        assert!(found.len() == 1 && found[0].starts_with(fault), "{pointer}: {found:?}");
    }
}
