//! The headers that pass, and no others: neither the token of this server nor a cookie does.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::{ProviderKind, Secret};

const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
/// The version of Anthropic's API for clients that name none.
const DEFAULT_ANTHROPIC_VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");

/// From the client to the provider.
const REQUEST: [HeaderName; 5] = [
    header::ACCEPT,
    header::CONTENT_TYPE,
    HeaderName::from_static("anthropic-beta"),
    ANTHROPIC_VERSION,
    HeaderName::from_static("openai-beta"),
];

/// From the provider to the client.
const RESPONSE: [HeaderName; 8] = [
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::RETRY_AFTER,
    HeaderName::from_static("request-id"),
    HeaderName::from_static("retry-after-ms"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-should-retry"),
];

/// What goes on to a provider, without its key.
pub(super) fn of_request(kind: ProviderKind, from: &HeaderMap) -> HeaderMap {
    let mut headers = only(&REQUEST, from);
    if kind == ProviderKind::Anthropic {
        headers.entry(ANTHROPIC_VERSION).or_insert(DEFAULT_ANTHROPIC_VERSION);
    }
    headers
}

/// What comes back from a provider.
pub(super) fn of_response(from: &HeaderMap) -> HeaderMap {
    only(&RESPONSE, from)
}

/// The header that shows a key to a provider. Its value is hidden from `Debug`; none when the key
/// cannot stand in a header.
pub(super) fn of_key(kind: ProviderKind, key: &Secret) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = match kind {
        ProviderKind::Openai => (header::AUTHORIZATION, format!("Bearer {}", key.expose())),
        ProviderKind::Anthropic => (HeaderName::from_static("x-api-key"), key.expose().to_owned()),
    };
    let mut value = HeaderValue::try_from(value).ok()?;
    value.set_sensitive(true);
    Some((name, value))
}

fn only(names: &[HeaderName], from: &HeaderMap) -> HeaderMap {
    let mut to = HeaderMap::new();
    for name in names {
        for value in from.get_all(name) {
            to.append(name, value.clone());
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_this_server_and_cookies_do_not_pass() {
        let mut from = HeaderMap::new();
        for name in ["authorization", "cookie", "x-api-key", "hlp-disclosure", "x-forwarded-for"] {
            from.insert(HeaderName::from_static(name), HeaderValue::from_static("canary"));
        }
        assert!(of_request(ProviderKind::Openai, &from).is_empty());
        from.insert(header::SET_COOKIE, HeaderValue::from_static("canary"));
        from.insert(header::LOCATION, HeaderValue::from_static("canary"));
        assert!(of_response(&from).is_empty());
    }

    #[test]
    fn a_client_that_names_no_version_of_anthropic_gets_one() {
        let mut from = HeaderMap::new();
        let version =
            |from: &HeaderMap| of_request(ProviderKind::Anthropic, from)[ANTHROPIC_VERSION].clone();
        assert_eq!(version(&from), "2023-06-01");
        from.insert(ANTHROPIC_VERSION, HeaderValue::from_static("2033-01-01"));
        assert_eq!(version(&from), "2033-01-01");
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = Secret::new("sk-canary".to_owned());
        for kind in [ProviderKind::Openai, ProviderKind::Anthropic] {
            let header = of_key(kind, &key).unwrap();
            assert!(!format!("{header:?}{key:?}").contains("canary"));
        }
    }
}
