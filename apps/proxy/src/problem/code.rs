//! Every kind of problem, with its status, its words and what to do about it.

use axum::http::StatusCode;

/// A stable kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    CiphertextMalformed,
    BodyUnreadable,
    ShardsInvalid,
    EpsilonRequired,
    EpsilonInvalid,
    IfMatchInvalid,
    Unauthenticated,
    PrivacyBudgetExhausted,
    NotFound,
    MatrixUnknown,
    MethodNotAllowed,
    BodyTooSlow,
    MatrixChanged,
    BodyTooLarge,
    MediaTypeUnsupported,
    WireVersionUnsupported,
    DimensionMismatch,
    GroupMismatch,
    ContentMismatch,
    RateLimited,
    Overloaded,
    NotReady,
    Internal,
}

struct Row {
    status: StatusCode,
    name: &'static str,
    urn: &'static str,
    title: &'static str,
    hint: &'static str,
}

macro_rules! row {
    ($status:ident, $name:literal, $kebab:literal, $title:literal, $hint:literal) => {
        Row {
            status: StatusCode::$status,
            name: $name,
            urn: concat!("urn:hlp:problem:", $kebab),
            title: $title,
            hint: $hint,
        }
    };
}

impl Code {
    /// Every code.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 23] = [
        Self::CiphertextMalformed,
        Self::BodyUnreadable,
        Self::ShardsInvalid,
        Self::EpsilonRequired,
        Self::EpsilonInvalid,
        Self::IfMatchInvalid,
        Self::Unauthenticated,
        Self::PrivacyBudgetExhausted,
        Self::NotFound,
        Self::MatrixUnknown,
        Self::MethodNotAllowed,
        Self::BodyTooSlow,
        Self::MatrixChanged,
        Self::BodyTooLarge,
        Self::MediaTypeUnsupported,
        Self::WireVersionUnsupported,
        Self::DimensionMismatch,
        Self::GroupMismatch,
        Self::ContentMismatch,
        Self::RateLimited,
        Self::Overloaded,
        Self::NotReady,
        Self::Internal,
    ];

    /// The status of the response.
    pub(crate) fn status(self) -> StatusCode {
        self.row().status
    }

    /// The code as clients compare it.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// The code as a URN.
    pub(crate) fn urn(self) -> &'static str {
        self.row().urn
    }

    /// What happened, in a few words.
    pub(crate) fn title(self) -> &'static str {
        self.row().title
    }

    /// What to do about it.
    pub(crate) fn hint(self) -> &'static str {
        self.row().hint
    }

    #[rustfmt::skip] // One kind of problem per line.
    fn row(self) -> Row {
        match self {
            Self::CiphertextMalformed => row!(BAD_REQUEST, "CIPHERTEXT_MALFORMED", "ciphertext-malformed", "the body is no encrypted vector", "send the bytes of encrypted vectors, unchanged"),
            Self::BodyUnreadable => row!(BAD_REQUEST, "BODY_UNREADABLE", "body-unreadable", "the body could not be read", "send the request again"),
            Self::ShardsInvalid => row!(BAD_REQUEST, "SHARDS_INVALID", "shards-invalid", "these shards cannot be asked", "ask as ?shards=3,7: distinct, ascending, of a sharded matrix"),
            Self::EpsilonRequired => row!(BAD_REQUEST, "EPSILON_REQUIRED", "epsilon-required", "a choice of shards needs its epsilon", "send the header HLP-Epsilon with the epsilon of the choice, or ask for every shard"),
            Self::EpsilonInvalid => row!(BAD_REQUEST, "EPSILON_INVALID", "epsilon-invalid", "this is no epsilon", "send a positive decimal number"),
            Self::IfMatchInvalid => row!(BAD_REQUEST, "IF_MATCH_INVALID", "if-match-invalid", "the header If-Match names no version", "send the version in quotes, as the header ETag has it: If-Match: \"sha256:…\""),
            Self::Unauthenticated => row!(UNAUTHORIZED, "UNAUTHENTICATED", "unauthenticated", "the request has no valid token", "send the header Authorization: Bearer with a token of this server"),
            Self::PrivacyBudgetExhausted => row!(FORBIDDEN, "PRIVACY_BUDGET_EXHAUSTED", "privacy-budget-exhausted", "the budget of the day does not cover this choice", "ask for every shard, which spends nothing, or wait for the next day in UTC"),
            Self::NotFound => row!(NOT_FOUND, "NOT_FOUND", "not-found", "there is nothing at this path", "GET /openapi.json lists the paths"),
            Self::MatrixUnknown => row!(NOT_FOUND, "MATRIX_UNKNOWN", "matrix-unknown", "there is no such matrix", "GET /v1/matrices lists the matrices"),
            Self::MethodNotAllowed => row!(METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "method-not-allowed", "this path does not answer to this method", "the header Allow lists the methods of this path"),
            Self::BodyTooSlow => row!(REQUEST_TIMEOUT, "BODY_TOO_SLOW", "body-too-slow", "the body did not arrive in time", "send the request again over a faster connection"),
            Self::MatrixChanged => row!(PRECONDITION_FAILED, "MATRIX_CHANGED", "matrix-changed", "the matrix has another version", "read the matrix again and repeat the request with its version"),
            Self::BodyTooLarge => row!(PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", "body-too-large", "the body has too many bytes", "request_bytes of the matrix tells the bytes of one query"),
            Self::MediaTypeUnsupported => row!(UNSUPPORTED_MEDIA_TYPE, "MEDIA_TYPE_UNSUPPORTED", "media-type-unsupported", "the body is of another type", "send Content-Type: application/vnd.hlp.v1"),
            Self::WireVersionUnsupported => row!(UNSUPPORTED_MEDIA_TYPE, "WIRE_VERSION_UNSUPPORTED", "wire-version-unsupported", "the body is in a version that this server does not know", "GET /v1/params lists the versions as wire"),
            Self::DimensionMismatch => row!(UNPROCESSABLE_ENTITY, "DIMENSION_MISMATCH", "dimension-mismatch", "the vector does not have one entry per column", "encrypt a vector with one entry per column of the matrix"),
            Self::GroupMismatch => row!(UNPROCESSABLE_ENTITY, "GROUP_MISMATCH", "group-mismatch", "the vector is encrypted in other groups", "encrypt in the group of the matrix"),
            Self::ContentMismatch => row!(UNPROCESSABLE_ENTITY, "CONTENT_MISMATCH", "content-mismatch", "the vector is encrypted for other content", "encrypt for the content that the kind of the matrix tells"),
            Self::RateLimited => row!(TOO_MANY_REQUESTS, "RATE_LIMITED", "rate-limited", "this client asks too often", "wait for as long as the header Retry-After tells"),
            Self::Overloaded => row!(SERVICE_UNAVAILABLE, "OVERLOADED", "overloaded", "the server has too much to do", "wait for as long as the header Retry-After tells"),
            Self::NotReady => row!(SERVICE_UNAVAILABLE, "NOT_READY", "not-ready", "the server cannot work now", "ask another replica, or ask later"),
            Self::Internal => row!(INTERNAL_SERVER_ERROR, "INTERNAL", "internal", "the server failed", "this is a defect of the server; please report it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_urn_is_the_name_in_kebab_case() {
        for code in Code::ALL {
            let kebab = code.name().to_lowercase().replace('_', "-");
            assert_eq!(code.urn(), format!("urn:hlp:problem:{kebab}"));
        }
    }

    #[test]
    fn the_readme_lists_every_code_under_its_status_and_no_other() {
        let readme = include_str!("../../README.md");
        let (_, table) = readme.split_once("\n| status | code |\n| --- | --- |\n").unwrap();
        let rows = table.lines().take_while(|line| line.starts_with("| "));
        let is_code =
            |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let codes = |row: &'static str| {
            let (status, codes) = row[2..].split_once(" | ").unwrap();
            let quoted = codes.split('`').skip(1).step_by(2).filter(is_code);
            quoted.map(move |code| (status.to_owned(), code))
        };
        let mut listed: Vec<_> = rows.flat_map(codes).collect();
        let mut known = Code::ALL.map(|code| (code.status().as_str().to_owned(), code.name()));
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known);
    }

    #[test]
    fn no_name_is_used_twice() {
        let mut names = Code::ALL.map(Code::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
