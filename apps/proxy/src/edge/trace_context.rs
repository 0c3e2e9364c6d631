//! The place of a request in a trace, as the W3C recommendation Trace Context has it.
//!
//! `tracestate` is not carried on: it may hold anything, and what goes to a provider is disclosed.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use rand::RngCore;

use crate::hex::{Hex, decode};

/// Where a trace comes from and goes to.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Where a client finds the trace of its request.
pub(super) const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// A request within a trace; an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    pub(super) trace: [u8; 16],
    pub(super) span: [u8; 8],
    pub(super) parent: Option<[u8; 8]>,
    pub(super) sampled: bool,
}

impl TraceContext {
    /// Continues the trace of the request. Without a valid `traceparent`, or with several, a new
    /// trace begins.
    pub(super) fn of(headers: &HeaderMap, random: &mut impl RngCore) -> Self {
        let mut values = headers.get_all(TRACEPARENT).iter();
        let given = match (values.next(), values.next()) {
            (Some(value), None) => parse(value.as_bytes()),
            _ => None,
        };
        let span = nonzero(random);
        match given {
            Some((trace, parent, sampled)) => Self { trace, span, parent: Some(parent), sampled },
            None => Self { trace: nonzero(random), span, parent: None, sampled: true },
        }
    }

    /// The 16 bytes that all requests of the trace share.
    pub(super) fn trace(&self) -> Hex<'_> {
        Hex(&self.trace)
    }

    /// The 8 bytes of this request.
    pub(super) fn span(&self) -> Hex<'_> {
        Hex(&self.span)
    }

    /// The 8 bytes of what caused this request.
    pub(super) fn parent(&self) -> Option<Hex<'_>> {
        self.parent.as_ref().map(|parent| Hex(parent))
    }

    /// The value of `traceparent` for a request that this one causes.
    pub(crate) fn traceparent(&self) -> HeaderValue {
        let flags = u8::from(self.sampled);
        let text = format!("00-{}-{}-{flags:02x}", self.trace(), self.span());
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// Trace, parent and whether it is sampled; of a later version only what version 00 has.
fn parse(value: &[u8]) -> Option<([u8; 16], [u8; 8], bool)> {
    let (known, rest) = value.split_at_checked(b"00-".len() + 32 + 1 + 16 + 1 + 2)?;
    if known.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut parts = known.split(|&byte| byte == b'-');
    let [version] = decode(parts.next()?)?;
    let trace = decode(parts.next()?)?;
    let parent = decode(parts.next()?)?;
    let [flags] = decode(parts.next()?)?;
    let ends = match version {
        0 => rest.is_empty(),
        0xff => false,
        _ => rest.is_empty() || rest.starts_with(b"-"),
    };
    let valid = ends && parts.next().is_none() && trace != [0; 16] && parent != [0; 8];
    valid.then_some((trace, parent, flags & 1 == 1))
}

/// Random bytes that are not all zero, which would be no identity.
fn nonzero<const N: usize>(random: &mut impl RngCore) -> [u8; N] {
    let mut bytes = [0; N];
    while bytes == [0; N] {
        random.fill_bytes(&mut bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    const GIVEN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn of(values: &[&str]) -> TraceContext {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(TRACEPARENT, HeaderValue::from_str(value).unwrap());
        }
        TraceContext::of(&headers, &mut StdRng::seed_from_u64(7))
    }

    #[test]
    fn a_valid_trace_is_continued_under_a_new_span() {
        let context = of(&[GIVEN]);
        let sent = context.traceparent();
        let sent = sent.to_str().unwrap();
        assert!(sent.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && sent.ends_with("-01"));
        assert!(!sent.contains("b7ad6b7169203331"));
        assert_eq!(context.parent().unwrap().to_string(), "b7ad6b7169203331");
    }

    #[test]
    fn what_is_not_sampled_stays_so_and_unknown_flags_end_here() {
        let flags = |flags: &str| {
            let value = format!("{}{flags}", &GIVEN[..GIVEN.len() - 2]);
            of(&[&value]).traceparent().to_str().unwrap()[53..].to_owned()
        };
        assert_eq!([flags("00"), flags("01"), flags("02"), flags("ff")], ["00", "01", "00", "01"]);
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        let later = format!("cc{}", &GIVEN[2..]);
        for value in [later.clone(), format!("{later}-what-the-future-brings")] {
            assert!(of(&[&value]).parent().is_some(), "{value}");
        }
        assert!(of(&[&format!("{later}.x")]).parent().is_none());
    }

    #[test]
    fn anything_else_begins_a_new_trace() {
        let cases = [
            String::new(),
            "garbage".to_owned(),
            GIVEN.to_uppercase(),
            format!("{GIVEN}-"),
            format!("{GIVEN}0"),
            format!("ff{}", &GIVEN[2..]),
            GIVEN.replace('-', "_"),
            GIVEN.replace("b7ad6b7169203331", "0000000000000000"),
            GIVEN.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            GIVEN.replace("b7ad", "b7a-"),
            GIVEN[..GIVEN.len() - 1].to_owned(),
        ];
        for value in cases {
            let context = of(&[&value]);
            assert_eq!(context.parent, None, "{value}");
            assert!(!context.traceparent().to_str().unwrap().contains("0af7651916cd43dd"));
        }
        assert_eq!(of(&[GIVEN, GIVEN]).parent, None);
        assert_eq!(of(&[]).parent, None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn what_is_sent_is_valid(seed in any::<u64>()) {
            let context = TraceContext::of(&HeaderMap::new(), &mut StdRng::seed_from_u64(seed));
            let sent = context.traceparent();
            let expected = Some((context.trace, context.span, true));
            prop_assert_eq!(parse(sent.as_bytes()), expected);
        }
    }
}
