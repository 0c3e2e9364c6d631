//! The same over TLS, with real handshakes.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;

use rcgen::CertifiedKey;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ALL_VERSIONS, ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
};

use crate::http::{exchange, get, until_closed};
use crate::server::{Server, refused};
use crate::slow::{server_of_long_answers, sip};
use crate::support::{Folder, eventually, set_mode};

/// A new certificate for `localhost`, as the two files of the configuration.
fn issue(folder: &Folder) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("it is issued");
    folder.write("cert.pem", cert.pem());
    folder.write("key.pem", signing_key.serialize_pem());
    cert.der().clone()
}

fn config(folder: &Folder) -> String {
    format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nheader_timeout_seconds = 1\n\
         [server.tls]\ncertificate = {:?}\nkey = {:?}",
        folder.path("cert.pem"),
        folder.path("key.pem")
    )
}

/// A client that speaks these versions and trusts this certificate and no other.
fn client(
    trusted: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("it is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("ring has them")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn connect(server: &Server, config: ClientConfig) -> StreamOwned<ClientConnection, TcpStream> {
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(client, server.connect())
}

fn status(server: &Server, trusted: &CertificateDer<'static>) -> Option<u16> {
    let mut stream = connect(server, client(trusted, ALL_VERSIONS));
    stream.write_all(get("/healthz", "").as_bytes()).ok()?;
    Some(crate::http::receive(stream).status)
}

#[test]
fn requests_are_answered_over_tls_and_certificates_can_be_renewed() {
    let folder = Folder::new();
    let first = issue(&folder);
    let config = config(&folder);
    let server = Server::start_in(folder, &config);

    let mut both = client(&first, ALL_VERSIONS);
    both.alpn_protocols = [&b"h2"[..], b"http/1.1"].map(<[u8]>::to_vec).to_vec();
    let mut stream = connect(&server, both);
    for _ in 0..2 {
        assert_eq!(exchange(&mut stream, get("/v1/privacy/budget", "").as_bytes()).status, 200);
    }
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert_eq!(stream.conn.protocol_version(), Some(TLS13.version));
    let mut older = connect(&server, client(&first, &[&TLS12]));
    assert_eq!(exchange(&mut older, get("/healthz", "").as_bytes()).status, 200);
    assert_eq!(older.conn.protocol_version(), Some(TLS12.version));

    let second = issue(&server.folder);
    server.signal("HUP");
    eventually("the new certificate holds", || status(&server, &second));
    assert_eq!(status(&server, &first), None);
    // A connection that is there goes on.
    assert_eq!(exchange(&mut stream, get("/v1/privacy/budget", "").as_bytes()).status, 200);
}

#[test]
fn a_certificate_that_cannot_be_read_again_is_told_by_the_metrics_until_one_can() {
    let folder = Folder::new();
    let trusted = issue(&folder);
    let config = config(&folder);
    let server = Server::start_in(folder, &config);
    let told = || {
        let stream = connect(&server, client(&trusted, ALL_VERSIONS));
        let metrics = exchange(stream, get("/metrics", "").as_bytes());
        let line = |line: &&str| line.starts_with("hlp_reload_failed{what=\"certificate\"}");
        metrics.body.lines().find(line).map(|line| line[line.len() - 2..].to_owned())
    };
    assert_eq!(told().as_deref(), Some(" 0"));

    let certificate = std::fs::read(server.folder.path("cert.pem")).unwrap();
    server.folder.write("cert.pem", "");
    server.signal("HUP");
    let line = server.logged("not reloaded");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("cert.pem"), "{line}");
    assert_eq!(told().as_deref(), Some(" 1"));

    server.folder.write("cert.pem", certificate);
    server.signal("HUP");
    eventually("all is well", || (told().as_deref() == Some(" 0")).then_some(()));
}

#[test]
fn what_speaks_no_tls_is_cut_off_and_hinders_nobody() {
    let folder = Folder::new();
    let trusted = issue(&folder);
    let config = config(&folder) + "\n[log]\nlevel = \"trace\"";
    let server = Server::start_in(folder, &config);
    let silent = server.connect();
    let mut plain = server.connect();
    let request = get("/healthz?canary", "authorization: Bearer canary\r\n");
    plain.write_all(request.as_bytes()).unwrap();
    let answer = until_closed(&plain);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let line = server.logged("handshake failed");
    assert!(!line.contains("canary"), "{line}");
    assert_eq!(status(&server, &trusted), Some(200));
    assert_eq!(until_closed(&silent), b"");
}

#[test]
fn a_key_that_does_not_fit_or_can_be_read_by_others_is_noticed_at_the_start() {
    let folder = Folder::new();
    issue(&folder);
    let config = config(&folder);
    let CertifiedKey { signing_key, .. } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let secret = signing_key.serialize_pem();
    for (name, text, reason) in [
        ("key.pem", &*secret, "key.pem: server.tls.key: the key of another certificate"),
        ("key.pem", "canary", "key.pem: server.tls.key: no private key in it that is PEM"),
        ("cert.pem", "canary", "cert.pem: server.tls.certificate: no certificate in it"),
        (
            "cert.pem",
            "-----BEGIN CERTIFICATE-----\ncanary",
            "cert.pem: server.tls.certificate: not a PEM file",
        ),
    ] {
        issue(&folder);
        folder.write(name, text);
        let (status, text) = refused(&folder, &config);
        assert_eq!(status, Some(2));
        assert!(text.contains(reason) && !text.contains("canary"), "{text}");
    }
    folder.write("key.pem", "canary");
    let (_, text) = refused(&folder, &config);
    assert!(text.contains("the configuration has 2 faults"), "{text}");
    issue(&folder);
    set_mode(&folder.path("key.pem"), 0o644);
    let server = Server::start_in(folder, &config);
    assert!(server.logged("chmod 600").contains("key.pem"));
}

#[test]
fn an_answer_that_is_sipped_over_tls_is_cut_off() {
    let files = Folder::new();
    let trusted = issue(&files);
    let limits = "max_queries = 24\nanswer_timeout_seconds = 5";
    // A busy machine may need more than that second for its handshake.
    let config = config(&files).replace("header_timeout_seconds = 1", limits);
    let (server, request) = server_of_long_answers(&config);
    let mut stream = connect(&server, client(&trusted, ALL_VERSIONS));
    request.send(&mut stream);
    let socket = stream.sock.try_clone().expect("the socket has a twin");
    let reader = std::thread::spawn(move || sip(stream));
    let cut = || {
        let metrics = exchange(
            connect(&server, client(&trusted, ALL_VERSIONS)),
            get("/metrics", "").as_bytes(),
        );
        metrics.body.contains("hlp_slow_readers_total 1\n").then_some(())
    };
    eventually("the reader is given up", cut);
    socket.shutdown(std::net::Shutdown::Both).expect("it was open");
    reader.join().expect("it has read");
}
