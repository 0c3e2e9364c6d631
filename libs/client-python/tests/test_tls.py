"""TLS with a certificate authority that exists for the test only."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme
from homomorphic_llm import HttpTransport, Request, TransportError

from .raw_server import answer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .raw_server import RawServer

GET = Request("GET", "/healthz")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(answer(b"secured"), tls=context) as running:
        yield running


def test_a_server_with_a_trusted_certificate_answers(
    authority: trustme.CA, server: RawServer
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    assert HttpTransport(server.url, tls=trusting).send(GET).body == b"secured"


def test_a_certificate_that_nobody_trusts_is_an_error_and_nothing_is_sent(
    server: RawServer,
) -> None:
    with pytest.raises(TransportError, match="certificate is not trusted"):
        HttpTransport(server.url).send(GET)
    assert server.requests == []


def test_plain_http_to_a_server_of_tls_is_a_transport_error(server: RawServer) -> None:
    with pytest.raises(TransportError):
        HttpTransport(server.url.replace("https", "http"), timeout=2).send(GET)
