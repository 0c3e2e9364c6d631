"""The client's own decisions, with a transport that answers from a list."""

from __future__ import annotations

import pickle
from typing import cast

import pytest
from homomorphic_llm import (
    ApiError,
    Client,
    DecryptionError,
    HttpTransport,
    InvalidVectorError,
    ProtocolError,
    Request,
    Response,
)


class Canned:
    """Answers with one response and remembers what was asked."""

    def __init__(self, status: int, body: bytes) -> None:
        self.response = Response(status, body)
        self.requests: list[Request] = []
        self.closed = False

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        return self.response

    def close(self) -> None:
        self.closed = True


def client_of(transport: Canned) -> Client:
    return Client("http://unused", transport=transport)


def test_requests_are_what_the_server_expects() -> None:
    transport = Canned(200, b'{"status":"ok","version":"1.2.3","rows":1,"columns":2}')
    health = client_of(transport).health()
    assert (health.version, health.rows, health.columns) == ("1.2.3", 1, 2)
    with pytest.raises(DecryptionError):
        client_of(transport).apply([1, 2])
    assert transport.requests[0] == Request("GET", "/healthz")
    apply = transport.requests[1]
    assert (apply.method, apply.path, apply.body[:10]) == (
        "POST",
        "/v1/apply",
        b"HLP1\x01\x20\x02\x00\x00\x00",
    )


def test_every_request_has_its_own_key_and_randomness() -> None:
    transport = Canned(200, b"")
    for _ in range(2):
        with pytest.raises(DecryptionError):
            client_of(transport).apply([1, 2])
    first, second = (request.body for request in transport.requests)
    assert first[9:] != second[9:]


@pytest.mark.parametrize("vector", [["1"], [1.5], None, "12"])
def test_what_is_no_vector_of_integers_is_refused_unsent(vector: object) -> None:
    transport = Canned(200, b"")
    with pytest.raises(InvalidVectorError):
        client_of(transport).apply(cast("list[int]", vector))
    assert transport.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"status":1,"version":"1","rows":1,"columns":1}',
        b'{"status":"ok","version":"1","rows":true,"columns":1}',
        b'{"status":"ok","version":"1","rows":1}',
    ],
)
def test_an_answer_that_is_no_health_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="status 200"):
        client_of(Canned(200, body)).health()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"error":[]}', b'{"error":{"code":"X","message":"y"}}']
)
def test_a_refusal_of_something_else_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="status 502"):
        client_of(Canned(502, body)).apply([1])


def test_a_refusal_of_the_server_keeps_its_parts() -> None:
    body = b'{"error":{"code":"INTERNAL","message":"the server failed","hint":"report it"}}'
    with pytest.raises(ApiError) as caught:
        client_of(Canned(500, body)).health()
    error = caught.value
    assert str(error) == "500 INTERNAL: the server failed\n\nhint: report it"
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (copy.status, copy.code, copy.message, copy.hint) == (
        500,
        "INTERNAL",
        "the server failed",
        "report it",
    )


def test_leaving_the_context_closes_the_transport() -> None:
    transport = Canned(200, b"")
    with client_of(transport):
        assert not transport.closed
    assert transport.closed


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://host", "http://", "http://h?q", "http://h#f", "http://u@h"]
)
def test_what_is_no_base_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        HttpTransport(url)
