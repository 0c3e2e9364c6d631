"""Without a whole answer there is a sentence: what, where, why, and what to do. Never a repr."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest
import trustme
from homomorphic_llm import HttpTransport, Request, TimeoutExpiredError, TransportError
from homomorphic_llm._address import address_of
from homomorphic_llm._failures import failure

from .raw_server import answer, hang, pieces, serving

if TYPE_CHECKING:
    from .command import Command

GET = Request("GET", "/healthz")
# What only a programmer reads: names of classes, numbers of errors, parts of source files.
RAW = re.compile(r"\w+Error\b|\bErrno\b|\w\(\d|\[SSL|_ssl\.c|\\x")


def said(url: str, tls: ssl.SSLContext | None = None) -> str:
    with pytest.raises(TransportError) as caught:
        HttpTransport(url, timeout=60, tls=tls).send(GET)
    text = str(caught.value)
    assert RAW.search(text) is None, text
    return text


@pytest.fixture
def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_where_nobody_listens(closed_port: str) -> None:
    assert said(closed_port) == (
        f"GET /healthz: nobody listens at {closed_port}\n\n"
        "hint: is the server running, and is this its address?"
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "ex\u00e4mple.invalid"])
def test_a_name_that_nobody_has(host: str) -> None:
    assert said(f"http://{host}:8080") == (
        f"GET /healthz: no machine is called {host}\n\n"
        "hint: is the address right, and the network there?"
    )


def test_a_name_server_that_does_not_answer(names: dict[str, str | int]) -> None:
    names["hlp.invalid"] = socket.EAI_AGAIN
    assert said("http://hlp.invalid:8080") == (
        "GET /healthz: the name hlp.invalid cannot be looked up now\n\n"
        "hint: is the network there, and its name server? if so, try again"
    )


@pytest.mark.parametrize("path", ["/a b", "/ü"])
def test_a_path_that_cannot_be_written_is_no_fault_of_the_server(path: str) -> None:
    with serving(answer(b"")) as server, pytest.raises(TransportError) as caught:
        HttpTransport(server.url).send(Request("GET", path))
    assert str(caught.value) == (
        f"GET {path}: the request has characters that no request of HTTP has"
    )


def test_plain_http_where_tls_is_spoken() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serving(answer(b""), tls=context) as server:
        text = said(server.url.replace("https", "http"))
    assert "\n\nhint: if its server speaks TLS, its address begins with https://" in text


def test_tls_where_plain_http_is_answered_names_the_other_scheme() -> None:
    def speak() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:

        thread = threading.Thread(target=speak)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        text = said(url)
        thread.join()
    assert text == (
        f"GET /healthz: {url} does not speak TLS\n\n"
        "hint: if its server speaks no TLS, its address begins with http://"
    )


def test_a_certificate_that_nobody_trusts() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serving(answer(b""), tls=context) as server:
        text = said(server.url)
    assert "the certificate is not trusted: unable to get local issuer certificate" in text
    assert "hint: hlp --ca FILE" in text


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((b"",), "closed the connection before a whole answer"),
        ((b"SSH-2.0-OpenSSH_9.6\r\n\r\n",), "is not HTTP"),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",), "is not HTTP"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel",), "cut off"),
    ],
)
def test_an_answer_that_is_none(parts: tuple[bytes, ...], reason: str) -> None:
    with serving(pieces(*parts)) as server:
        assert reason in said(server.url)


def test_a_time_out_names_the_address() -> None:
    with serving(hang()) as server, pytest.raises(TimeoutExpiredError) as caught:
        HttpTransport(server.url, timeout=0.2).send(GET)
    assert str(caught.value) == f"GET /healthz: no whole answer from {server.url} in time"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(101, "Network is unreachable"), "cannot be reached: Network is unreachable"),
        (OSError(), "cannot be reached: OSError"),
        (ConnectionResetError(), "closed the connection"),
        (ConnectionAbortedError(), "cancelled"),
        (ssl.SSLEOFError(), "closed the connection"),
        (ssl.SSLError(1, "x"), "TLS with http://h failed: sslerror"),
    ],
)
def test_what_is_rare_is_a_sentence_too(error: Exception, reason: str) -> None:
    assert reason in str(failure("GET /", address_of("http://h"), error))


def test_the_command_says_the_same(offline: Command, closed_port: str) -> None:
    assert offline("params", "--url", closed_port) == (
        6,
        "",
        f"hlp: GET /v1/params: nobody listens at {closed_port}\n\n"
        "hint: is the server running, and is this its address?\n",
    )
