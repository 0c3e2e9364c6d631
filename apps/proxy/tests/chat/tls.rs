//! Providers behind TLS.

use crate::CHAT;
use crate::provider::{Fault, KEY, Provider};
use crate::server::Server;
use crate::support::Folder;

fn config(provider: &Provider, more: &str) -> String {
    format!(
        "[providers.oa]\nkind = 'openai'\nbase_url = '{}'\nmodels = ['*']\n\
         api_key_env = 'TEST_KEY'\n{more}\n",
        provider.base_url()
    )
}

#[test]
fn a_body_that_ends_with_its_connection_is_broken_when_tls_does_not_end_before() {
    let provider = Provider::start_tls();
    let folder = Folder::new();
    let ca = folder.write("ca.pem", provider.ca.as_deref().unwrap());
    let trusting = config(&provider, &format!("ca = '{}'", ca.display()));
    let server = Server::start(&trusting, &[("TEST_KEY", KEY)]);
    // The stand-in drops the connection without the alert that ends TLS, as an attacker would.
    provider.fail_next(Fault::Raw(b"HTTP/1.0 200 OK\r\n\r\ndata: half".to_vec()));
    let answer = server.ask("/v1/chat/completions", CHAT);
    assert_eq!((answer.status, answer.complete), (200, false));
}

#[test]
fn a_provider_is_trusted_under_the_authority_that_is_configured_and_under_no_other() {
    let provider = Provider::start_tls();
    let folder = Folder::new();
    let ca = folder.write("ca.pem", provider.ca.as_deref().unwrap());
    let trusting = config(&provider, &format!("ca = '{}'", ca.display()));
    let server = Server::start(&trusting, &[("TEST_KEY", KEY)]);
    assert_eq!(server.ask("/v1/chat/completions", CHAT).status, 200);
    assert_eq!(provider.seen()[0].header("authorization"), [format!("Bearer {KEY}")]);

    let stranger = folder.write("stranger.pem", Provider::start_tls().ca.as_deref().unwrap());
    for distrusting in [String::new(), format!("ca = '{}'", stranger.display())] {
        let server = Server::start(&config(&provider, &distrusting), &[("TEST_KEY", KEY)]);
        let answer = server.ask("/v1/chat/completions", CHAT);
        assert_eq!(answer.error(), (502, "provider_unreachable".to_owned()));
    }
    assert_eq!(provider.seen().len(), 1, "nothing is sent before the certificate is accepted");
}
