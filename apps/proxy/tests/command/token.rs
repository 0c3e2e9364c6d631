//! `hlp-proxy token`.

use crate::{Outcome, run};

#[test]
fn a_token_is_shown_once_and_its_digest_apart_from_it() {
    let Outcome { status, stdout, stderr } = run(&["token", "anna"], &[]);
    assert_eq!(status, Some(0));
    let token = stdout.strip_suffix('\n').unwrap();
    let random = token.strip_prefix("hlp_").unwrap();
    assert!(random.len() == 64 && random.bytes().all(|byte| byte.is_ascii_hexdigit()), "256 bits");
    let digest = stderr.strip_prefix("[clients.anna]\nsha256 = \"").unwrap();
    assert!(digest.strip_suffix("\"\n").is_some_and(|hex| hex.len() == 64), "{stderr}");
    assert!(!stderr.contains(random));
}

#[test]
fn no_two_tokens_are_alike() {
    assert_ne!(run(&["token", "anna"], &[]).stdout, run(&["token", "anna"], &[]).stdout);
}

#[test]
fn a_name_that_cannot_stand_in_the_file_is_refused() {
    for name in ["", "a b", "ä", "a]\n[b"] {
        let Outcome { status, stdout, stderr } = run(&["token", name], &[]);
        assert_eq!((status, &*stdout), (Some(2), ""), "{name:?}");
        assert!(stderr.starts_with("error: ") && stderr.contains("\n\nhint: "), "{stderr}");
    }
}
