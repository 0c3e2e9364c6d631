//! What keeps the server from starting, and what it starts with only under protest.

use std::net::TcpListener;

use crate::server::{Server, refused};
use crate::support::Folder;

#[test]
fn a_port_that_is_taken_ends_with_status_6_and_a_hint() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (status, text) = refused(&Folder::new(), &format!("[server]\nlisten = \"{address}\""));
    assert_eq!(status, Some(6));
    assert!(text.contains(&format!("cannot listen on {address}: ")), "{text}");
    assert!(text.contains("a free address"), "{text}");
}

#[test]
fn an_address_of_another_machine_ends_with_status_6() {
    let config = "[server]\nlisten = \"192.0.2.1:80\"\n[auth]\nopen = true";
    let (status, text) = refused(&Folder::new(), config);
    assert_eq!(status, Some(6));
    assert!(text.contains("cannot listen on 192.0.2.1:80: "), "{text}");
}

#[test]
fn more_connections_than_the_system_allows_files_are_warned_of_not_hidden() {
    let config = "[server]\nlisten = \"127.0.0.1:0\"\nmax_connections = 200";
    let server = Server::start_with_files(256, config);
    let line = server.logged("open files");
    assert!(line.contains("\"level\":\"WARN\""), "{line}");
    assert!(line.contains("256 open files, and server.max_connections = 200 needs 264"), "{line}");
    assert_eq!(server.get("/healthz", "").status, 200);
}
