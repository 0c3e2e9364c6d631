//! Which shards a request asks for, and what that costs.

use axum::http::HeaderMap;

use crate::matrices::{Part, Served};
use crate::problem::{Code, Problem};

/// The header with the ε of a choice of shards.
const EPSILON: &str = "hlp-epsilon";
const PREFIX: &str = "shards=";

/// What a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asked {
    /// Every part of the matrix, which says nothing about the vector.
    All,
    /// These shards, chosen by a mechanism of this ε.
    Some { shards: Vec<usize>, epsilon: f64 },
}

impl Asked {
    /// Reads the query and the headers of a request for a matrix.
    pub(super) fn read(
        query: Option<&str>,
        headers: &HeaderMap,
        matrix: &Served,
    ) -> Result<Self, Problem> {
        let sharded = matrix.shards.as_ref().map(|_| matrix.parts.len());
        Self::parse(query.unwrap_or_default(), headers, sharded)
    }

    fn parse(query: &str, headers: &HeaderMap, sharded: Option<usize>) -> Result<Self, Problem> {
        let mut values = query.split('&').filter_map(|pair| pair.strip_prefix(PREFIX));
        let Some(value) = values.next() else {
            // Who sends an ε means something by it: one that is no number is not passed over.
            return if headers.contains_key(EPSILON) {
                parse_epsilon(headers).map(|_| Self::All)
            } else {
                Ok(Self::All)
            };
        };
        let invalid = |detail: String| Problem::new(Code::ShardsInvalid, detail);
        let Some(count) = sharded else {
            return Err(invalid("the matrix has no shards".to_owned()));
        };
        if values.next().is_some() {
            return Err(invalid("shards is given twice".to_owned()));
        }
        let shards = parse_shards(value)
            .ok_or_else(|| invalid("shards are numbers with commas between them".to_owned()))?;
        if !shards.is_sorted_by(|left, right| left < right) {
            return Err(invalid("the shards are not ascending and distinct".to_owned()));
        }
        if let Some(last) = shards.last().filter(|last| **last >= count) {
            return Err(invalid(format!(
                "there is no shard {last}: the last one is {}",
                count - 1
            )));
        }
        Ok(Self::Some { shards, epsilon: parse_epsilon(headers)? })
    }

    /// The parts of the matrix in the order of the answer.
    pub(super) fn parts<'a>(&'a self, matrix: &'a Served) -> impl Iterator<Item = &'a Part> {
        let parts = matrix.parts.iter().enumerate();
        let asked = |index: usize| match self {
            Self::All => true,
            Self::Some { shards, .. } => shards.binary_search(&index).is_ok(),
        };
        parts.filter(move |(index, _)| asked(*index)).map(|(_, part)| part)
    }

    /// The value of the header `HLP-Privacy` of the answer.
    pub(super) fn privacy(&self) -> String {
        match self {
            Self::All => "encrypted".to_owned(),
            Self::Some { epsilon, .. } => format!("randomized;eps={epsilon}"),
        }
    }
}

fn parse_shards(value: &str) -> Option<Vec<usize>> {
    // A comma may be percent-encoded in a query, and some clients do so.
    let value = value.replace("%2C", ",").replace("%2c", ",");
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    value.split(',').map(|word| Some(word).filter(|word| digits(word))?.parse().ok()).collect()
}

fn parse_epsilon(headers: &HeaderMap) -> Result<f64, Problem> {
    let mut values = headers.get_all(EPSILON).iter();
    let Some(value) = values.next() else {
        let detail = "a choice of shards says something about the vector";
        return Err(Problem::new(Code::EpsilonRequired, detail));
    };
    let number = value.to_str().ok().and_then(|text| text.parse::<f64>().ok());
    match (number, values.next()) {
        // The ledger decides how small or large it may be.
        (Some(epsilon), None) if epsilon.is_finite() && epsilon > 0.0 => Ok(epsilon),
        _ => Err(Problem::new(Code::EpsilonInvalid, "HLP-Epsilon is not one positive number")),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn parse(query: &str, epsilon: &[&'static str]) -> Result<Asked, Code> {
        let headers = epsilon.iter().map(|value| (EPSILON, HeaderValue::from_static(value)));
        let mut map = HeaderMap::new();
        headers.for_each(|(name, value)| {
            map.append(name, value);
        });
        Asked::parse(query, &map, Some(16)).map_err(|problem| problem.code)
    }

    #[test]
    fn without_shards_everything_is_asked_and_nothing_is_spent() {
        assert_eq!(parse("", &[]), Ok(Asked::All));
        assert_eq!(parse("other=1", &["3"]), Ok(Asked::All));
        assert_eq!(Asked::All.privacy(), "encrypted");
    }

    #[test]
    fn shards_come_with_their_epsilon() {
        let asked = parse("shards=3,7", &["0.5"]).unwrap();
        assert_eq!(asked, Asked::Some { shards: vec![3, 7], epsilon: 0.5 });
        assert_eq!(asked.privacy(), "randomized;eps=0.5");
        assert_eq!(parse("shards=3%2C7", &["0.5"]), Ok(asked));
        assert_eq!(parse("a=b&shards=0", &["3"]).unwrap().privacy(), "randomized;eps=3");
    }

    #[test]
    fn shards_that_cannot_be_are_refused() {
        for query in ["shards=", "shards=,", "shards=1,", "shards=-1", "shards=+1", "shards=x"] {
            assert_eq!(parse(query, &["3"]), Err(Code::ShardsInvalid), "{query}");
        }
        let huge = "shards=99999999999999999999999";
        for query in ["shards=7,3", "shards=3,3", "shards=16", "shards=1&shards=2", huge] {
            assert_eq!(parse(query, &["3"]), Err(Code::ShardsInvalid), "{query}");
        }
        let whole = Asked::parse("shards=0", &HeaderMap::new(), None);
        assert_eq!(whole.map_err(|problem| problem.code), Err(Code::ShardsInvalid));
    }

    #[test]
    fn an_epsilon_is_one_positive_number() {
        assert_eq!(parse("shards=1", &[]), Err(Code::EpsilonRequired));
        for values in [&["x"][..], &["NaN"], &["inf"], &["0"], &["-1"], &[""], &["1", "1"]] {
            assert_eq!(parse("shards=1", values), Err(Code::EpsilonInvalid), "{values:?}");
            assert_eq!(parse("", values), Err(Code::EpsilonInvalid), "{values:?}");
        }
    }
}
