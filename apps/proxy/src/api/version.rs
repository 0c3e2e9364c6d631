//! Whether a request is meant for the version that is served.

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;

use crate::problem::{Code, Problem};

/// The version as an entity tag.
pub(super) fn entity_tag(version: &str) -> String {
    format!("\"{version}\"")
}

/// Refuses a request whose `If-Match` names other versions only (RFC 9110, 13.1.1).
pub(super) fn check(headers: &HeaderMap, version: &str) -> Result<(), Problem> {
    let tag = entity_tag(version);
    let mut values = headers.get_all(IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Ok(());
    }
    // A version holds no comma, so neither does a tag that matches.
    let matches =
        |part: &[u8]| matches!(part.trim_ascii(), b"*") || part.trim_ascii() == tag.as_bytes();
    if values.any(|value| value.as_bytes().split(|byte| *byte == b',').any(matches)) {
        return Ok(());
    }
    Err(Problem::new(Code::MatrixChanged, format!("the matrix has the version {version} now")))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepts(values: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_static(value));
        }
        check(&headers, "sha256:ab").is_ok()
    }

    #[test]
    fn a_request_without_a_version_is_for_any() {
        assert!(accepts(&[]));
        assert!(accepts(&["*"]));
    }

    #[test]
    fn the_version_may_be_one_of_several() {
        assert!(accepts(&["\"sha256:ab\""]));
        assert!(accepts(&["\"sha256:00\", \"sha256:ab\""]));
        assert!(accepts(&["\"sha256:00\"", "\"sha256:ab\""]));
    }

    #[test]
    fn another_version_a_weak_one_and_one_without_quotes_do_not_match() {
        for value in ["\"sha256:00\"", "W/\"sha256:ab\"", "sha256:ab", "", "\"\""] {
            assert!(!accepts(&[value]), "{value}");
        }
    }
}
