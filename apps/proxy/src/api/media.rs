//! What bodies are sent as.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::problem::{Code, Problem};

/// Encrypted vectors and encrypted scores.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.hlp.v1";
const FAMILY: &str = "application/vnd.hlp.v";
/// The first bytes of every message, but for the digit of the version.
const MARK: &[u8; 3] = b"HLP";

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

/// Refuses a message of another version of the format; it may be what a newer client sends.
pub(super) fn check_version(message: &[u8]) -> Result<(), Problem> {
    match message.split_first_chunk::<3>() {
        Some((MARK, [version, ..])) if version.is_ascii_digit() && *version != b'1' => {
            Err(unknown_version())
        }
        _ => Ok(()),
    }
}

fn unknown_version() -> Problem {
    Problem::new(
        Code::WireVersionUnsupported,
        "this server speaks HLP1, sent as application/vnd.hlp.v1",
    )
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

    #[test]
    fn a_mark_with_another_digit_is_a_version_and_anything_else_is_not() {
        for message in [&b"HLP2"[..], b"HLP0 and more"] {
            let problem = check_version(message).expect_err("it is refused");
            assert_eq!(problem.code, Code::WireVersionUnsupported);
        }
        for message in [&b""[..], b"HLP", b"HLP1", b"HLPX", b"PNG2"] {
            assert_eq!(check_version(message), Ok(()));
        }
    }
}
