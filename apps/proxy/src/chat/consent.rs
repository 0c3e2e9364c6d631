//! Consent to disclosure, in a header of each request.

use axum::http::{HeaderMap, HeaderName};

/// The header that consents.
pub(super) const DISCLOSURE: HeaderName = HeaderName::from_static("hlp-disclosure");

/// Whether the client accepts that the provider reads the request: `accept` and nothing else.
pub(super) fn is_given(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(DISCLOSURE).iter().peekable();
    values.peek().is_some()
        && values.all(|value| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"accept"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_accept_is_consent() {
        let given = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(DISCLOSURE, HeaderValue::from_static(value));
            }
            is_given(&headers)
        };
        assert!(given(&["accept"]) && given(&["Accept "]));
        for values in [&[][..], &[""], &["yes"], &["accept, not"], &["accept", "refuse"]] {
            assert!(!given(values), "{values:?}");
        }
    }
}
