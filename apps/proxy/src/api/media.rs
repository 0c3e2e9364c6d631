//! What bodies are sent as.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::problem::{Code, Problem};

/// Encrypted vectors and encrypted scores.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.hlp.v1";
/// What a client of another version is told.
pub(crate) const SUPPORTED: &str = "this server speaks HLP1, sent as application/vnd.hlp.v1";
const FAMILY: &str = "application/vnd.hlp.v";

/// Refuses a body that is announced as something else.
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        let detail = "the header Content-Type is missing";
        return Err(Problem::new(Code::MediaTypeUnsupported, detail));
    };
    let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii().to_ascii_lowercase();
    if essence == MEDIA_TYPE.as_bytes() {
        return Ok(());
    }
    match essence.strip_prefix(FAMILY.as_bytes()) {
        Some(version) if !version.is_empty() && version.iter().all(u8::is_ascii_digit) => {
            Err(unknown_version())
        }
        _ => {
            let detail = format!("the body is announced as something else than {MEDIA_TYPE}");
            Err(Problem::new(Code::MediaTypeUnsupported, detail))
        }
    }
}

fn unknown_version() -> Problem {
    Problem::new(Code::WireVersionUnsupported, SUPPORTED)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn code(value: &'static str) -> Option<Code> {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))]);
        check_type(&headers).err().map(|problem| problem.code)
    }

    #[test]
    fn the_type_is_compared_without_case_and_parameters() {
        for value in ["application/vnd.hlp.v1", "Application/Vnd.HLP.v1; charset=x"] {
            assert_eq!(code(value), None, "{value}");
        }
    }

    #[test]
    fn another_version_is_told_from_another_type() {
        for value in ["application/vnd.hlp.v2", "application/vnd.hlp.v10"] {
            assert_eq!(code(value), Some(Code::WireVersionUnsupported), "{value}");
        }
        for value in
            ["application/octet-stream", "application/vnd.hlp.v", "application/vnd.hlp.vx", ""]
        {
            assert_eq!(code(value), Some(Code::MediaTypeUnsupported), "{value}");
        }
        let missing = check_type(&HeaderMap::new()).expect_err("it is refused");
        assert_eq!(missing.code, Code::MediaTypeUnsupported);
    }
}
