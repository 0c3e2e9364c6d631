"""HTTP against a server that may do anything."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest
from homomorphic_llm import (
    AnswerTooLargeError,
    HttpTransport,
    Request,
    TimeoutExpiredError,
    TransportError,
    _deadline,
)
from homomorphic_llm._deadline import Waits
from hypothesis import given
from hypothesis import strategies as st

from .raw_server import answer, hang, pieces, serving

GET = Request("GET", "/healthz")


def test_an_answer_has_its_status_headers_and_body() -> None:
    with serving(answer(b"hello", status=418, headers="X-Kind: teapot\r\n")) as server:
        response = HttpTransport(server.url).send(GET)
    assert (response.status, response.body) == (418, b"hello")
    assert response.header("x-KIND") == "teapot"
    assert response.header("absent") is None


def test_a_request_is_sent_with_its_headers_body_and_prefix() -> None:
    request = Request("POST", "/v1/x", b"\x00body", (("If-Match", '"v"'),))
    with serving(answer(b"")) as server:
        HttpTransport(server.url + "/below/").send(request)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /below/v1/x HTTP/1.1\r\n")
    assert b'If-Match: "v"' in head
    assert b"Connection: close" in head
    assert body == b"\x00body"


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel",),
        (b"",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",),
        (b"not http at all\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",),
    ],
)
def test_an_answer_that_is_cut_or_broken_is_a_transport_error(parts: tuple[bytes, ...]) -> None:
    with serving(pieces(*parts)) as server, pytest.raises(TransportError, match="GET /healthz"):
        HttpTransport(server.url).send(GET)


def test_an_answer_beyond_the_limit_is_refused_unread_when_it_says_so() -> None:
    with serving(answer(b"x" * 11)) as server, pytest.raises(AnswerTooLargeError, match="11 bytes"):
        HttpTransport(server.url).send(Request("GET", "/", limit=10))


def test_an_answer_that_grows_beyond_the_limit_is_not_read_on() -> None:
    endless = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    endless += [b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 8
    with serving(hang(*endless)) as server, pytest.raises(AnswerTooLargeError, match="goes on"):
        HttpTransport(server.url).send(Request("GET", "/", limit=100_000))


def test_an_answer_of_exactly_the_limit_is_read() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"
    with serving(answer(b"0123456789"), pieces(chunked)) as server:
        for _ in range(2):
            response = HttpTransport(server.url).send(Request("GET", "/", limit=10))
            assert response.body == b"0123456789"


def test_an_answer_of_unknown_length_ends_with_the_connection() -> None:
    with serving(pieces(b"HTTP/1.0 200 OK\r\n\r\n", b"to the end")) as server:
        assert HttpTransport(server.url).send(GET).body == b"to the end"


HEAD = b"HTTP/1.1 200 OK\r\n"
LINES = st.sampled_from(
    [
        b"Content-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b": \r\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"ffffffffffffffff\r\n",
        b"-5\r\n",
        b"0\r\n\r\n",
    ]
)


def test_no_bytes_of_a_server_make_the_client_fail_otherwise() -> None:
    said: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        connection.sendall(said.pop())

    with serving(behave) as server:
        transport = HttpTransport(server.url, timeout=10)

        @given(st.sampled_from([b"", HEAD]), st.lists(LINES | st.binary(max_size=9), max_size=8))
        def ask(head: bytes, lines: list[bytes]) -> None:
            said.append(head + b"".join(lines))
            with suppress(TransportError, AnswerTooLargeError):
                assert len(transport.send(GET).body) <= GET.limit

        ask()


@pytest.mark.parametrize("parts", [(), (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",)])
def test_a_server_that_hangs_is_a_time_out(parts: tuple[bytes, ...]) -> None:
    with serving(hang(*parts)) as server, pytest.raises(TimeoutExpiredError):
        HttpTransport(server.url, timeout=0.2).send(GET)


def test_a_server_that_drips_is_a_time_out_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    with serving(drip) as server, pytest.raises(TimeoutExpiredError):
        HttpTransport(server.url, timeout=10, deadline=0.3).send(GET)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(_deadline, "time", self)

    def monotonic(self) -> float:
        return self.now


def test_a_deadline_that_has_passed_leaves_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    waits = Waits(1, 9)
    clock.now = 8.5
    assert waits.next() == 0.5
    clock.now = 9.0
    with pytest.raises(socket.timeout, match="deadline"):
        waits.next()


def test_a_port_where_nobody_listens_is_a_transport_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportError, match="GET /healthz"):
        HttpTransport(f"http://127.0.0.1:{port}").send(GET)


def test_a_redirection_is_an_answer_and_is_not_followed() -> None:
    moved = answer(b"", status=307, headers="Location: http://127.0.0.1:1/\r\n")
    with serving(moved) as server:
        assert HttpTransport(server.url).send(GET).status == 307
    assert len(server.requests) == 1


def test_a_stream_gives_what_has_come_and_outlives_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, asked = Clock(monkeypatch), threading.Semaphore(0)

    def slowly(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(4):
            asked.acquire(timeout=60)
            connection.sendall(b"2\r\nab\r\n")
        connection.sendall(b"0\r\n\r\n")

    with serving(slowly) as server:
        stream = HttpTransport(server.url, timeout=60, deadline=90).stream(GET)
        assert stream.status == 200
        for _ in range(4):
            clock.now += 100
            asked.release()
            assert stream.read() == b"ab"
        assert stream.read() == b""
        stream.close()


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_time_out_is_above_zero(seconds: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        HttpTransport("http://h", seconds)
    with pytest.raises(ValueError, match="above 0"):
        HttpTransport("http://h", deadline=seconds)
