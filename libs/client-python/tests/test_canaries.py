"""What is secret, searched for in all that the server tells whoever runs it: log and metrics.

The key of an encryption is no canary: the wheel shows it to nobody, these tests included. The keys
here are those that a server or a request has, and what an encryption sent.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import ApiError, Client, HttpTransport, MemoryLedger, Request

from .conftest import COLUMNS
from .indexes import logged
from .server import PROVIDER_KEY, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homomorphic_llm import Response, Stream

    from .provider import Provider
    from .server import Server

VECTOR = [(at * at) % 11 - 5 for at in range(COLUMNS)]
PROMPT = "canaryprompt"
WRONG_TOKEN = "canary-of-a-token"  # noqa: S105
KEY = "canary-of-a-key"
#: The trace of the last request, which tells that all are in the log.
TRACE = "0af7651916cd43dd8448eb211c80319c"
#: So many bytes of a message are as good as all of it.
_PIECE = 24


class Watched:
    """The real transport, which keeps what it sends."""

    def __init__(self, url: str) -> None:
        self._inner = HttpTransport(url)
        self.bodies: list[bytes] = []

    def send(self, request: Request) -> Response:
        self.bodies.append(request.body)
        return self._inner.send(request)

    def stream(self, request: Request) -> Stream:
        return self._inner.stream(request)

    def close(self) -> None:
        self._inner.close()


def asked(server: Server, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Ask as no verb of this package would."""
    named = {"Authorization": f"Bearer {TOKEN}", **headers}
    method = "POST" if body else "GET"
    request = Request(method, path, body, tuple(named.items()))
    answer = HttpTransport(server.url).send(request)
    return answer.status, answer.body.decode()


def texts_of(message: bytes) -> Iterator[str]:
    """The beginnings of what a log may write of a message, behind what all messages begin with."""
    for start in (32, 33, 34, len(message) // 2):
        piece = message[start : start + _PIECE]
        yield piece.hex()
        yield base64.b64encode(piece).decode()
        yield ", ".join(map(str, piece))


def test_no_prompt_token_vector_or_key_is_in_the_log_or_in_the_metrics(
    server: Server, provider: Provider
) -> None:
    transport = Watched(server.url)
    chat = [{"role": "user", "content": PROMPT}]
    with Client(
        server.url, token=TOKEN, transport=transport, ledger=MemoryLedger(epsilon=9.0)
    ) as client:
        client.apply("plain", VECTOR)
        with pytest.raises(ApiError):
            client.apply("canary-of-a-name", VECTOR)
        assert client.chat(chat, "echo", disclose=True).text() == "You wrote: " + PROMPT
        with pytest.raises(ApiError):
            client.chat(chat, "busy", disclose=True)
    assert provider.keys[-1] == f"Bearer {PROVIDER_KEY}"
    with Client(server.url, token=WRONG_TOKEN) as stranger, pytest.raises(ApiError):
        stranger.matrices()
    plain = json.dumps({"vector": VECTOR, "prompt": PROMPT}).encode()
    path = f"/v1/matrices/plain/apply?prompt={PROMPT}"
    assert asked(server, path, plain)[0] >= 400
    assert asked(server, path, plain, **{"Content-Type": "application/vnd.hlp.v1"})[0] >= 400
    assert asked(server, path, plain, **{"X-Api-Key": KEY, "Cookie": f"a={KEY}"})[0] >= 400
    last = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    assert asked(server, "/v1/chat/completions", plain, **last)[0] >= 400
    logged(server, TRACE)

    log = (server.folder / "log.jsonl").read_text(encoding="utf-8")
    status, metrics = asked(server, "/metrics")
    assert (status, log.count("/v1/matrices/{name}/apply") >= 3) == (200, True)
    assert 'route="/v1/matrices/{name}/apply"' in metrics
    [message] = [body for body in transport.bodies if len(body) > 10_000][:1]
    secrets = [PROMPT, TOKEN, WRONG_TOKEN, KEY, PROVIDER_KEY, "canary-of-a-name"]
    secrets += [joint.join(map(str, VECTOR[:12])) for joint in (", ", ",", " ")]
    for secret in (*secrets, *texts_of(message)):
        assert secret not in log
        assert secret not in metrics
