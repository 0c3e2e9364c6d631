"""The client against answers that no well-behaved server gives."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable

import interlock_he
import pytest
from homomorphic_llm import (
    AnswerTooLargeError,
    ApiError,
    Client,
    DecryptionError,
    HttpTransport,
    InvalidRequestError,
    InvalidVectorError,
    MatrixChangedError,
    MemoryLedger,
    ProtocolError,
    Request,
    Response,
    Retry,
    WireVersionError,
)
from hypothesis import given
from hypothesis import strategies as st

from .canned import Canned, said
from .matrices import VERSION, described
from .raw_server import answer, hang, serving

if TYPE_CHECKING:
    from pathlib import Path

DESCRIBED = said(described())
CHANGED = said({"code": "MATRIX_CHANGED", "title": "changed"}, 412)
TOKEN = "-".join(["t0ken", "of", "a", "test"])
ROWS = [[row, 1, 0, -row] for row in range(10)]


def client_of(transport: Canned, **options: Any) -> Client:  # noqa: ANN401
    return Client("http://unused", transport=transport, ledger=MemoryLedger(), **options)


def product(request: Request, **headers: str) -> Response:
    """What an honest server answers, with other headers."""
    body = interlock_he.Matrix(ROWS, group=4).apply(request.body)
    stated = {"ETag": f'"{VERSION}"', "HLP-Privacy": "encrypted", **headers}
    return Response(200, body, tuple(stated.items()))


def applied(change: Any) -> Canned:  # noqa: ANN401
    """A server whose honest product is changed before it is sent."""
    return Canned(DESCRIBED, lambda request: change(product(request)))


def with_body(response: Response, body: bytes) -> Response:
    return Response(response.status, body, response.headers)


def test_an_honest_product_is_decrypted() -> None:
    assert client_of(applied(lambda honest: honest)).apply("m", [3, 1, 0, 1]) == [
        2 * row + 1 for row in range(10)
    ]


def test_a_request_is_pinned_to_the_version_and_bounded() -> None:
    transport = applied(lambda honest: honest)
    client_of(transport, token=TOKEN).apply("m", [1, 0, 0, 0])
    describe, apply = transport.requests
    assert (describe.method, describe.path) == ("GET", "/v1/matrices/m")
    assert (apply.method, apply.path) == ("POST", "/v1/matrices/m/apply")
    assert ("If-Match", f'"{VERSION}"') in apply.headers
    assert ("Content-Type", "application/vnd.hlp.v1") in apply.headers
    assert all(
        ("Authorization", f"Bearer {TOKEN}") in request.headers for request in (describe, apply)
    )
    assert len(apply.body) == interlock_he.request_bytes(4, 4)
    assert apply.limit == 65_536
    assert TOKEN not in repr(transport.requests)


def test_every_request_has_its_own_key_and_randomness() -> None:
    transport = Canned(DESCRIBED, product)
    client = client_of(transport)
    assert client.apply("m", [1, 2, 3, 4]) == client.apply("m", [1, 2, 3, 4])
    first, second = (request.body for request in transport.requests[1:])
    differing = sum(a != b for a, b in zip(first[10:], second[10:]))
    assert differing > 0.9 * len(first[10:])


@pytest.mark.parametrize("version", [b"2", b"9", b"0"])
def test_an_answer_of_another_wire_version_says_so(version: bytes) -> None:
    transport = applied(lambda honest: with_body(honest, b"HLP" + version + honest.body[4:]))
    with pytest.raises(WireVersionError, match=f"wire version {version.decode()}"):
        client_of(transport).apply("m", [1, 2, 3, 4])


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda body: body[:-1],
        lambda body: body + b"\0",
        lambda body: body[: len(body) // 2],
        lambda body: b"XYZ" + body[3:],
        lambda body: body[:4] + b"\x09" + body[5:],
        lambda body: body[:4] + b"\x04" + body[5:],
        lambda body: body[:5] + bytes(len(body) - 5),
    ],
)
def test_an_answer_that_is_no_product_is_a_decryption_error(change: Any) -> None:  # noqa: ANN401
    transport = applied(lambda honest: with_body(honest, change(honest.body)))
    with pytest.raises(DecryptionError):
        client_of(transport).apply("m", [1, 2, 3, 4])
    assert len(transport.requests) == 2  # there is no second try


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_an_error_or_noise_and_nothing_else(at: int, mask: int) -> None:
    def change(honest: Response) -> Response:
        body = bytearray(honest.body)
        body[at % len(body)] ^= mask
        return with_body(honest, bytes(body))

    with suppress(DecryptionError):
        assert len(client_of(applied(change)).apply("m", [1, 2, 3, 4])) == 10


@pytest.mark.parametrize(
    "headers",
    [
        {"HLP-Privacy": "randomized;eps=3"},
        {"HLP-Privacy": "disclosed;bytes=3"},
        {"HLP-Privacy": ""},
        {"ETag": '"sha256:' + "cd" * 32 + '"'},
        {"ETag": ""},
    ],
)
def test_an_answer_that_says_something_else_than_was_asked_is_refused(
    headers: dict[str, str],
) -> None:
    transport = Canned(DESCRIBED, lambda request: product(request, **headers))
    with pytest.raises(ProtocolError):
        client_of(transport).apply("m", [1, 2, 3, 4])


def test_a_changed_matrix_is_one_error_and_then_the_new_one_is_asked() -> None:
    transport = Canned(DESCRIBED, CHANGED, DESCRIBED, product)
    client = client_of(transport)
    with pytest.raises(MatrixChangedError):
        client.apply("m", [1, 2, 3, 4])
    assert client.apply("m", [1, 0, 0, 0]) == list(range(10))
    paths = [request.path for request in transport.requests]
    assert paths == ["/v1/matrices/m", "/v1/matrices/m/apply"] * 2


def test_a_description_is_asked_once() -> None:
    transport = Canned(said({"matrices": [described()]}), product)
    client = client_of(transport)
    client.matrices()
    client.apply("m", [1, 2, 3, 4])
    client.apply("m", [1, 2, 3, 4])
    assert [request.path for request in transport.requests[1:]] == ["/v1/matrices/m/apply"] * 2


def test_a_matrix_of_another_name_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="calls"):
        client_of(Canned(DESCRIBED)).matrix("other")


@pytest.mark.parametrize(("name", "path"), [("a/../b?c", "a%2F..%2Fb%3Fc"), ("ü", "%C3%BC")])
def test_a_name_is_quoted_whatever_is_in_it(name: str, path: str) -> None:
    transport = Canned(said(described(name=name)))
    client_of(transport).matrix(name)
    assert transport.requests[0].path == "/v1/matrices/" + path


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_be_another_path_is_refused(name: str) -> None:
    transport = Canned(DESCRIBED)
    with pytest.raises(InvalidRequestError):
        client_of(transport).matrix(name)
    assert transport.requests == []


@pytest.mark.parametrize("vector", [[1, 2, 3], [725, 0, 0, 0], [1.5, 0, 0, 0]])
def test_a_vector_that_does_not_fit_is_never_sent(vector: list[int]) -> None:
    transport = Canned(DESCRIBED)
    with pytest.raises(InvalidVectorError):
        client_of(transport).apply("m", vector)
    assert [request.path for request in transport.requests] == ["/v1/matrices/m"]


def test_the_wheel_has_the_last_word_on_the_norm() -> None:
    transport = Canned(said(described(max_norm=10**6)))
    with pytest.raises(InvalidVectorError, match="724"):
        client_of(transport).apply("m", [725, 0, 0, 0])
    assert len(transport.requests) == 1


@pytest.mark.parametrize("k", [0, -1])
def test_a_search_for_nothing_is_refused(k: int) -> None:
    with pytest.raises(InvalidRequestError):
        client_of(Canned(DESCRIBED)).search("m", [0, 0, 0, 0], k)


class TestRetries:
    """What is asked again, and what is not."""

    def test_a_busy_server_is_asked_again_with_the_same_bytes(self) -> None:
        busy = said({"code": "OVERLOADED", "title": "busy"}, 503, Retry_After="0")
        transport = Canned(DESCRIBED, busy, busy, product)
        assert client_of(transport).apply("m", [1, 0, 0, 0]) == list(range(10))
        assert len({request.body for request in transport.requests[1:]}) == 1

    def test_a_server_that_stays_busy_is_an_error(self) -> None:
        busy = said({"code": "RATE_LIMITED", "title": "slower"}, 429, Retry_After="0")
        transport = Canned(busy)
        with pytest.raises(ApiError, match="RATE_LIMITED"):
            client_of(transport).health()
        assert len(transport.requests) == 3
        with pytest.raises(ApiError):
            client_of(transport, retry=Retry(attempts=0)).health()
        assert len(transport.requests) == 4


def test_answers_longer_than_announced_are_not_read() -> None:
    value = json.dumps(described()).encode()
    with serving(answer(value), answer(b"x" * 65_537)) as server:
        client = Client(server.url, ledger=MemoryLedger())
        with pytest.raises(AnswerTooLargeError):
            client.apply("m", [1, 2, 3, 4])


def test_no_error_of_a_hanging_server_shows_what_was_sent() -> None:
    with serving(hang()) as server:
        transport = HttpTransport(server.url, timeout=0.2)
        client = Client(server.url, token=TOKEN, transport=transport)
        with pytest.raises(Exception, match="in time") as caught:
            client.health()
    assert TOKEN.encode() in server.requests[0]
    assert TOKEN not in str(caught.value) + repr(vars(client))


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ü", "x" * 5_000])
def test_a_token_that_is_none_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match="token") as caught:
        Client("http://unused", token=token)
    assert not token or token not in str(caught.value)


def test_leaving_the_context_closes_the_transport() -> None:
    transport = Canned(DESCRIBED)
    with client_of(transport):
        assert not transport.closed
    assert transport.closed


def test_a_client_that_is_closed_is_not_asked_again() -> None:
    transport = Canned(DESCRIBED)
    with client_of(transport) as client:
        client.matrix("m")
    with pytest.raises(InvalidRequestError, match="the client is closed"):
        client.matrix("m")
    with pytest.raises(InvalidRequestError, match="the client is closed"):
        client.chat([{"role": "user", "content": "x"}], "m", disclose=True)
    assert len(transport.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Client("ftp://host"),
        lambda: Client("http://[::1"),
        lambda: Client(None),  # type: ignore[arg-type]
        lambda: Client("http://h", token=b"bytes"),  # type: ignore[arg-type]
        lambda: HttpTransport("http://h", 0),
        lambda: MemoryLedger(epsilon=0),
        lambda: client_of(Canned(DESCRIBED)).matrix(7),  # type: ignore[arg-type]
        lambda: client_of(Canned(DESCRIBED)).search("m", [0, 0, 0, 0], "5"),  # type: ignore[arg-type]
    ],
)
def test_an_argument_that_cannot_be_right_is_an_error_of_this_package(
    wrong: Callable[[], object],
) -> None:
    with pytest.raises(InvalidRequestError):
        wrong()


def test_a_client_makes_no_file_until_a_hint_is_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    Client("http://unused", transport=Canned(DESCRIBED)).matrix("m")
    assert list(tmp_path.iterdir()) == []
