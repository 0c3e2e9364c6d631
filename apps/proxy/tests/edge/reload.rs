//! What SIGHUP reads again, and what a file is warned of.

use std::io::{Read as _, Write as _};
use std::path::Path;

use he_client::SecretKey;

use crate::server::{Server, token_file};
use crate::support::{Folder, Request, eventually, receive, set_mode};

const TOKEN: &str = "hlp_first";
const OTHER: &str = "hlp_second";

/// A server whose one client has the first token, in a file that is prepared before it starts.
fn start_with_token(prepare: impl FnOnce(&Path)) -> Server {
    let folder = Folder::new();
    let tokens = folder.write("tokens.toml", token_file(&[("alice", TOKEN)]));
    prepare(&tokens);
    let config = format!("[server]\nlisten = \"127.0.0.1:0\"\n[auth]\ntokens = {tokens:?}");
    Server::start_in(folder, &config)
}

/// Whether the metrics, as the client with this token sees them, have this line.
fn tells(server: &Server, token: &str, line: &str) -> bool {
    server.get_as(token, "/metrics").body.lines().any(|it| it == line)
}

#[test]
fn a_hang_up_reads_the_tokens_again_and_keeps_them_when_the_file_cannot_be_used() {
    let server = start_with_token(|_| ());
    let status = |token| server.get_as(token, "/v1/privacy/budget").status;
    assert_eq!([status(TOKEN), status(OTHER)], [200, 401]);
    let failed = |number| format!("hlp_reload_failed{{what=\"tokens\"}} {number}");
    assert!(tells(&server, TOKEN, &failed(0)) && tells(&server, TOKEN, "hlp_clients 1"));

    let both = token_file(&[("alice", OTHER), ("bob", "hlp_third")]);
    server.folder.write("tokens.toml", &both);
    server.signal("HUP");
    eventually("the new token holds", || (status(OTHER) == 200).then_some(()));
    assert_eq!(status(TOKEN), 401);

    server.folder.write("tokens.toml", "[clients.alice\n");
    server.signal("HUP");
    let line = server.logged("not reloaded");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("tokens.toml: line 1"), "{line}");
    std::fs::remove_file(server.folder.path("tokens.toml")).unwrap();
    server.signal("HUP");
    let line = server.logged("No such file");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("not reloaded"), "{line}");
    assert_eq!([status(TOKEN), status(OTHER)], [401, 200]);
    assert!(tells(&server, OTHER, &failed(1)) && tells(&server, OTHER, "hlp_clients 2"));

    server.folder.write("tokens.toml", &both);
    server.signal("HUP");
    eventually("all is well", || tells(&server, OTHER, &failed(0)).then_some(()));
}

#[test]
fn a_hang_up_with_a_file_that_names_nobody_revokes_the_last_token_aloud() {
    for empty in ["", "[clients]\n", "# nobody\n"] {
        let server = start_with_token(|_| ());
        assert_eq!(server.get_as(TOKEN, "/v1/privacy/budget").status, 200);

        server.folder.write("tokens.toml", empty);
        server.signal("HUP");

        let line = server.logged("names no client, so nobody may ask");
        assert!(line.contains("\"level\":\"ERROR\"") && line.contains("tokens.toml"), "{line}");
        eventually("it is revoked", || {
            (server.get_as(TOKEN, "/v1/privacy/budget").status == 401).then_some(())
        });
        // The metrics need a token, too; whoever sends traffic learns it without one.
        assert_eq!(server.get_as(TOKEN, "/metrics").status, 401);
        let ready = server.get("/readyz", "");
        assert_eq!((ready.status, &*ready.code()), (503, "NOT_READY"));
        assert_eq!(server.get("/healthz", "").status, 200);

        server.folder.write("tokens.toml", token_file(&[("alice", OTHER)]));
        server.signal("HUP");
        eventually("the new token holds", || {
            (server.get_as(OTHER, "/v1/privacy/budget").status == 200).then_some(())
        });
        assert!(tells(&server, OTHER, "hlp_clients 1"));
        assert_eq!(server.get("/readyz", "").status, 200);
    }
}

#[test]
fn a_file_that_names_nobody_is_an_error_at_the_start_too() {
    let server = start_with_token(|tokens| std::fs::write(tokens, "").unwrap());
    let line = server.logged("names no client, so nobody may ask");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("tokens.toml"), "{line}");
    assert_eq!(server.get("/readyz", "").status, 503);
}

#[test]
fn a_request_that_is_running_when_its_token_is_revoked_goes_on_to_its_end() {
    let server = start_with_token(|_| ());
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let request = Request::apply("sample", b"").header("authorization", "Bearer hlp_first");
    let mut stream = server.connect();
    let head = request.header("expect", "100-continue").head(vector.len());
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).expect("an interim response arrives");

    server.folder.write("tokens.toml", token_file(&[("alice", OTHER)]));
    server.signal("HUP");
    eventually("it is revoked", || {
        (server.get_as(TOKEN, "/v1/privacy/budget").status == 401).then_some(())
    });

    stream.write_all(&vector).unwrap();
    let answer = receive(&mut stream);
    assert_eq!(answer.status, 200);
    assert!(!answer.ciphertexts().is_empty());
}

#[test]
fn a_token_file_that_others_can_read_is_warned_of() {
    for (mode, warned) in [(0o640, true), (0o604, true), (0o600, false)] {
        let server = start_with_token(|tokens| set_mode(tokens, mode));
        assert_eq!(server.get_as(TOKEN, "/v1/privacy/budget").status, 200);
        // The line of a request comes after all that is said at the start.
        server.logged("\"status\":200");
        let log = server.log();
        let warning = log.lines().find(|line| line.contains("chmod 600"));
        assert_eq!(warning.is_some(), warned, "{mode:o}");
        if let Some(line) = warning {
            assert!(line.contains("\"level\":\"WARN\"") && line.contains("tokens.toml"), "{line}");
        }
    }
}
