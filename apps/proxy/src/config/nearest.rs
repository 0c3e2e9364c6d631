//! The known name that was probably meant.

/// The name of `known` that is nearest to `name`, when one is near.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), *candidate))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// What to say about an unknown name: the nearest known one, else all of them.
pub(crate) fn suggest(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keyboard_finds_the_name_that_was_meant() {
        let known = ["listen", "backend", "header_timeout_seconds", "body_timeout_seconds"];
        assert_eq!(nearest("lisen", &known), Some("listen"));
        assert_eq!(nearest("body_timeout", &known), Some("body_timeout_seconds"));
        assert_eq!(nearest("api_key", &["api_key_env", "base_url"]), Some("api_key_env"));
    }

    #[test]
    fn a_name_that_is_like_nothing_gets_the_whole_list() {
        assert_eq!(suggest("zzz", &["listen", "backend"]), "known are listen, backend");
    }
}
