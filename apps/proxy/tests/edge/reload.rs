//! What SIGHUP reads again, and what a file is warned of.

use std::path::Path;

use crate::server::{Server, token_file};
use crate::support::{Folder, eventually, set_mode};

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

#[test]
fn a_hang_up_reads_the_tokens_again_and_keeps_them_when_the_file_is_broken() {
    let server = start_with_token(|_| ());
    let status = |token| server.get_as(token, "/v1/privacy/budget").status;
    assert_eq!([status(TOKEN), status(OTHER)], [200, 401]);

    server.folder.write("tokens.toml", token_file(&[("alice", OTHER)]));
    server.signal("HUP");
    eventually("the new token holds", || (status(OTHER) == 200).then_some(()));
    assert_eq!(status(TOKEN), 401);

    server.folder.write("tokens.toml", "[clients.alice\n");
    server.signal("HUP");
    let line = server.logged("not reloaded");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("tokens.toml: line 1"), "{line}");
    assert_eq!([status(TOKEN), status(OTHER)], [401, 200]);
}

#[test]
fn a_hang_up_with_an_emptied_token_file_locks_nobody_out() {
    let server = start_with_token(|_| ());
    for (count, empty) in [(1, ""), (2, "[clients]\n")] {
        server.folder.write("tokens.toml", empty);
        server.signal("HUP");
        eventually("it is refused", || {
            let log = server.log();
            let refused = log.lines().filter(|line| line.contains("names no client any more"));
            let errors = refused.filter(|line| line.contains("\"level\":\"ERROR\""));
            (errors.count() == count).then_some(())
        });
    }
    assert_eq!(server.get_as(TOKEN, "/v1/privacy/budget").status, 200);

    server.folder.write("tokens.toml", token_file(&[("alice", OTHER)]));
    server.signal("HUP");
    eventually("the new token holds", || {
        (server.get_as(OTHER, "/v1/privacy/budget").status == 200).then_some(())
    });
    assert_eq!(server.get_as(TOKEN, "/v1/privacy/budget").status, 401);
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
