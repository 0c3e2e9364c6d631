//! The model that a request names, the only thing in it that is read.

use serde::Deserialize;

use super::refusal::Refusal;

#[derive(Deserialize)]
struct Named {
    model: Option<String>,
}

/// The model of a request body.
///
/// A body that names two models is refused: the provider might read the other one.
pub(super) fn of(body: &[u8]) -> Result<String, Refusal> {
    match serde_json::from_slice::<Named>(body) {
        Ok(Named { model: Some(model) }) => Ok(model),
        Ok(Named { model: None }) => Err(Refusal::ModelMissing),
        // The message of the parser may repeat a part of the prompt.
        Err(error) => Err(Refusal::NotJson { line: error.line(), column: error.column() }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_model_is_found_wherever_it_stands() {
        let body = br#"{"messages":[{"model":"not this"}],"model":"gpt-x","n":1e9}"#;
        assert_eq!(of(body), Ok("gpt-x".to_owned()));
    }

    #[test]
    fn a_body_without_a_model_is_told_from_one_that_is_no_json() {
        assert_eq!(of(b"{}"), Err(Refusal::ModelMissing));
        assert_eq!(of(br#"{"model":null}"#), Err(Refusal::ModelMissing));
        for body in [&b""[..], b"[", b"{\"model\":\"a\"", b"\xff", b"{\"model\":7}", b"[1]"] {
            assert!(matches!(of(body), Err(Refusal::NotJson { .. })), "{body:?}");
        }
    }

    #[test]
    fn a_body_that_names_two_models_is_refused() {
        let refusal = of(br#"{"model":"a","model":"b"}"#).unwrap_err();
        assert!(matches!(refusal, Refusal::NotJson { .. }));
    }

    #[test]
    fn a_body_that_is_nested_deeply_is_read_without_a_deep_stack() {
        let body =
            format!("{{\"model\":\"a\",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(of(body.as_bytes()), Ok("a".to_owned()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = of(&bytes);
        }
    }
}
