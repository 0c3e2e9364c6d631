//! Reading a bearer token out of the head of a request (RFC 6750, section 2.1).

use axum::http::{HeaderMap, header};

/// The token, if the request has exactly one header `Authorization` and it is of the scheme
/// `Bearer`.
pub(super) fn token(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, token) = value.as_bytes().split_at_checked(b"Bearer ".len())?;
    if !scheme.eq_ignore_ascii_case(b"Bearer ") {
        return None;
    }
    let token = token.trim_ascii();
    (!token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_the_token_as_it_is() {
        assert_eq!(read(&["Bearer AbC-._~+/="]).as_deref(), Some("AbC-._~+/="));
        assert_eq!(read(&["bEARER  x "]).as_deref(), Some("x"));
    }

    #[test]
    fn anything_else_is_no_token() {
        for values in
            [&[][..], &[""], &["Bearer"], &["Bearer "], &["Basic eDp5"], &["Bearerx y"], &["x"]]
        {
            assert_eq!(read(values), None, "{values:?}");
        }
    }

    #[test]
    fn two_headers_are_no_token_even_when_one_would_do() {
        assert_eq!(read(&["Bearer a", "Bearer b"]), None);
        assert_eq!(read(&["Bearer a", "Basic b"]), None);
    }
}
