//! How often who may ask.

use crate::server::{Server, token_file};
use crate::support::Folder;

/// Alice and Bob may ask three times, and then once in a minute.
fn limited() -> Server {
    let folder = Folder::new();
    let clients = [("alice", "hlp_alice"), ("bob", "hlp_bob")];
    let tokens = folder.write("tokens.toml", token_file(&clients));
    let config = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[auth]\ntokens = {tokens:?}\n\
         [limits]\nrequests_per_minute = 1\nburst = 3"
    );
    Server::start_in(folder, &config)
}

#[test]
fn a_client_that_asks_too_often_learns_when_to_ask_again_and_disturbs_nobody() {
    let server = limited();
    for _ in 0..3 {
        assert_eq!(server.get_as("hlp_alice", "/v1/privacy/budget").status, 200);
    }
    let response = server.get_as("hlp_alice", "/v1/privacy/budget");
    assert_eq!((response.status, &*response.code()), (429, "RATE_LIMITED"));
    let seconds: u64 = response.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");

    assert_eq!(server.get_as("hlp_bob", "/v1/privacy/budget").status, 200);
    assert_eq!(server.get("/healthz", "").status, 200);
}

#[test]
fn guesses_from_an_address_are_limited_and_do_not_lock_out_who_has_a_token() {
    let server = limited();
    for _ in 0..3 {
        assert_eq!(server.get_as("hlp_guess", "/v1/privacy/budget").status, 401);
    }
    let response = server.get_as("hlp_guess", "/v1/privacy/budget");
    assert_eq!((response.status, &*response.code()), (429, "RATE_LIMITED"));
    assert!(response.header("retry-after").is_some());
    assert_eq!(server.get_as("hlp_alice", "/v1/privacy/budget").status, 200);
}
