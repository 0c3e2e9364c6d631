//! Whether a request is meant for the version that is served.

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;

use crate::problem::{Code, Problem};

/// The version as an entity tag.
pub(super) fn entity_tag(version: &str) -> String {
    format!("\"{version}\"")
}

/// Refuses a request whose `If-Match` names other versions only, or is none (RFC 9110, 13.1.1).
pub(super) fn check(headers: &HeaderMap, version: &str) -> Result<(), Problem> {
    let tag = entity_tag(version);
    let values: Vec<_> = headers.get_all(IF_MATCH).iter().collect();
    if values.is_empty() || matches!(&*values, [any] if any.as_bytes().trim_ascii() == b"*") {
        return Ok(());
    }
    let mut found = false;
    for value in values {
        let tags = entity_tags(value.as_bytes()).ok_or_else(|| {
            let detail = format!("an entity tag stands in quotes; the version now is {tag}");
            Problem::new(Code::IfMatchInvalid, detail)
        })?;
        found |= tags.contains(&tag.as_bytes());
    }
    if found {
        return Ok(());
    }
    Err(Problem::new(Code::MatrixChanged, format!("the matrix has the version {version} now")))
}

/// The tags of a list, in which elements may be empty; none when something else is in it.
fn entity_tags(mut list: &[u8]) -> Option<Vec<&[u8]>> {
    let legal = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..);
    let mut tags = Vec::new();
    loop {
        list = list.trim_ascii_start();
        if !matches!(list, [] | [b',', ..]) {
            let start = if list.starts_with(b"W/") { 2 } else { 0 };
            let opaque = list[start..].strip_prefix(b"\"")?;
            let length = opaque.iter().take_while(|byte| legal(byte)).count();
            opaque.get(length).filter(|byte| **byte == b'"')?;
            let (tag, rest) = list.split_at(start + length + 2);
            tags.push(tag);
            list = rest.trim_ascii_start();
        }
        match list {
            [] => return Some(tags),
            [b',', rest @ ..] => list = rest,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(values: &[&'static [u8]]) -> Result<(), Code> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_bytes(value).unwrap());
        }
        check(&headers, "sha256:ab").map_err(|problem| problem.code)
    }

    #[test]
    fn a_request_without_a_version_is_for_any() {
        assert_eq!(asked(&[]), Ok(()));
        assert_eq!(asked(&[b" *"]), Ok(()));
    }

    #[test]
    fn the_version_may_be_one_of_several() {
        assert_eq!(asked(&[b"\"sha256:ab\""]), Ok(()));
        assert_eq!(asked(&[b"\"sha256:00\" ,, \"sha256:ab\","]), Ok(()));
        assert_eq!(asked(&[b"\"sha256:00\"", b"W/\"a,b\",\"sha256:ab\""]), Ok(()));
    }

    #[test]
    fn another_version_and_a_weak_one_do_not_match() {
        for value in [
            &b"\"sha256:00\""[..],
            b"W/\"sha256:ab\"",
            b"",
            b" , ",
            b"\"\"",
            b"\"\xe9\"",
            b"\"sha256:ab,\"",
        ] {
            assert_eq!(asked(&[value]), Err(Code::MatrixChanged), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn a_version_without_quotes_and_what_else_is_no_entity_tag_is_malformed() {
        for value in [
            &b"sha256:ab"[..],
            b"\"sha256:ab",
            b"sha256:ab\"",
            b"\"sha256:ab\" \"sha256:ab\"",
            b"\"sha256: ab\"",
            b"w/\"sha256:ab\"",
            b"'sha256:ab'",
            b"*, \"sha256:ab\"",
            b"\"sha256:ab\", sha256:ab",
        ] {
            assert_eq!(asked(&[value]), Err(Code::IfMatchInvalid), "{}", value.escape_ascii());
        }
        let problem =
            check(&HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("x"))]), "v");
        let detail = problem.unwrap_err().detail().to_owned();
        assert_eq!(detail, "an entity tag stands in quotes; the version now is \"v\"");
    }
}
