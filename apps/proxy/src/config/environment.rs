//! Variables of the environment: `HLP__SECTION__KEY` is the key `section.key`.

use std::ffi::OsString;

use super::finding::Finding;
use super::place::Place;
use super::tree::{Node, Value};

/// What the names of all variables of the configuration begin with.
const PREFIX: &str = "HLP__";

/// All variables that are text, and one finding for each of ours that is not.
pub(crate) fn variables(
    all: impl IntoIterator<Item = (OsString, OsString)>,
) -> (Vec<(String, String)>, Vec<Finding>) {
    let mut texts = Vec::new();
    let mut findings = Vec::new();
    for (name, value) in all {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => texts.push((name, value)),
            (Ok(name), Err(_)) if name.starts_with(PREFIX) => {
                let message = "the value is not UTF-8";
                let place = Place::Variable(name);
                findings.push(Finding::error(place, "", message, "give the variable a text"));
            }
            _ => {}
        }
    }
    (texts, findings)
}

/// Writes our variables over the values of `tree`.
pub(super) fn overlay(tree: &mut Node, environment: &[(String, String)]) {
    for (name, value) in environment {
        if let Some(key) = name.strip_prefix(PREFIX) {
            let key = key.to_lowercase();
            let path: Vec<&str> = key.split("__").collect();
            tree.set(&path, &Place::Variable(name.clone()), Value::Text(value.clone()));
        }
    }
}

/// The variable that sets the key at `path`, if one can.
pub(super) fn variable(path: &[String]) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let can = |part: &String| part.bytes().all(plain) && !part.is_empty() && !part.contains("__");
    path.iter().all(can).then(|| format!("{PREFIX}{}", path.join("__").to_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_variable_that_is_not_text_is_named_when_it_is_one_of_ours() {
        use std::os::unix::ffi::OsStringExt as _;

        let bytes = || OsString::from_vec(vec![0xff]);
        let all = [("HLP__LOG__LEVEL".into(), bytes()), ("OTHER".into(), bytes())];
        let (texts, findings) = variables(all);
        assert_eq!(texts, []);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].to_string(), "HLP__LOG__LEVEL: the value is not UTF-8");
    }

    #[test]
    fn a_key_names_its_variable_if_there_can_be_one() {
        let variable = |key: &str| variable(&key.split('.').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(variable("server.tls.key").as_deref(), Some("HLP__SERVER__TLS__KEY"));
        for name in ["bad name", "Big", "a__b", "", "é"] {
            assert_eq!(variable(&format!("providers.{name}.kind")), None, "{name}");
        }
    }
}
