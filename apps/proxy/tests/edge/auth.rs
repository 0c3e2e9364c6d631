//! Who may ask.

use crate::server::{Server, refused, token_file};
use crate::support::Folder;

const TOKEN: &str = "hlp_canary_of_a_valid_token";
const OTHER: &str = "hlp_canary_of_another_token";

/// A server with one client, whose log is as loud as it can be.
fn guarded() -> Server {
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", token_file(&[("alice", TOKEN)]));
    let config = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[auth]\ntokens = {tokens:?}\n[log]\nlevel = \"trace\""
    );
    Server::start_in(folder, &config)
}

#[test]
fn tokens_open_what_is_not_open_to_all_and_are_told_nowhere() {
    let server = guarded();
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert_ne!(server.get(path, "").status, 401, "{path}");
    }
    let hash = token_file(&[("alice", TOKEN)])[24..88].to_owned();
    let twice = format!("authorization: Bearer {TOKEN}\r\nauthorization: Bearer {TOKEN}\r\n");
    let wrong = [
        String::new(),
        format!("authorization: Bearer {OTHER}\r\n"),
        format!("authorization: Bearer {hash}\r\n"),
        format!("authorization: Basic {TOKEN}\r\n"),
        format!("authorization: {TOKEN}\r\n"),
        twice,
    ];
    for path in ["/v1/privacy/budget", "/v1/matrices/sample/apply", "/metrics", "/nowhere"] {
        for headers in &wrong {
            let response = server.get(path, headers);
            assert_eq!((response.status, &*response.code()), (401, "UNAUTHENTICATED"));
            assert_eq!(response.header("www-authenticate"), Some("Bearer"));
            let told = path.starts_with("/v1/").then_some("none");
            assert_eq!(response.header("hlp-privacy"), told, "{path}");
        }
    }
    assert_eq!(server.get_as(TOKEN, "/v1/privacy/budget?prompt=canary_of_a_query").status, 200);
    assert_eq!(server.get_as(TOKEN, "/nowhere/canary_of_a_path").status, 404);
    let metrics = server.get_as(TOKEN, "/metrics");
    assert_eq!(metrics.status, 200);

    let line = server.logged("\"status\":404");
    assert!(line.contains("\"client\":\"alice\""), "{line}");
    for text in [&server.log(), &metrics.body] {
        assert!(!text.contains("canary") && !text.contains(&hash), "{text}");
    }
    assert!(!metrics.body.contains("alice"), "{}", metrics.body);
}

#[test]
fn a_server_that_others_can_reach_does_not_start_open_by_accident() {
    let config = "[server]\nlisten = \"0.0.0.0:0\"";
    let (status, text) = refused(&Folder::new(), config);
    assert_eq!(status, Some(2));
    assert!(text.contains("0.0.0.0:0") && text.contains("auth.open = true"), "{text}");
    let open = Server::start(&format!("{config}\n[auth]\nopen = true"));
    assert!(open.address().starts_with("0.0.0.0:"));
}

#[test]
fn a_token_file_that_cannot_be_used_is_named_with_the_line_but_not_quoted() {
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", format!("[clients.alice]\nsha256 = \"{TOKEN}\"\n"));
    let (status, text) = refused(&folder, &format!("[auth]\ntokens = {tokens:?}"));
    assert_eq!(status, Some(2));
    assert!(text.contains(&format!("{}: auth.tokens: line 2: ", tokens.display())), "{text}");
    assert!(!text.contains("canary"), "{text}");
}
