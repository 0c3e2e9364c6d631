"""A chat that fails says what it has disclosed all the same."""

from __future__ import annotations

import asyncio
import json
import pickle
import re
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import ApiError, AsyncClient, Client, ClientError, HttpTransport

from .canned import AsyncCanned, Canned, said
from .raw_server import answer, hang, pieces, serving

if TYPE_CHECKING:
    from .command import Command
    from .provider import Provider
    from .raw_server import Behaviour

ASK = [{"role": "user", "content": "hello"}]
TOLD = "HLP-Privacy: disclosed;bytes=42\r\n"
ERROR = b'{"error": {"message": "no", "type": "t", "code": "c"}}'
EVENT = (
    f"HTTP/1.1 200 OK\r\n{TOLD}\r\n".encode() + b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
)
ALL = -1

FAILURES: list[tuple[Behaviour, int]] = [
    (answer(ERROR, status=502, headers=TOLD), 42),
    (answer(ERROR, status=502, headers="HLP-Privacy: none\r\n"), 0),
    (answer(ERROR, status=502), ALL),
    (answer(b"<html>", status=502, headers=TOLD), 42),
    (answer(b"{}"), ALL),
    (pieces(EVENT), 42),
    (hang(EVENT), 42),
    (pieces(EVENT, b'data: {"error": {"message": "no", "code": "c"}}\n\n'), 42),
    (pieces(b""), ALL),
    (hang(), ALL),
]


@pytest.mark.parametrize(("behaviour", "count"), FAILURES)
def test_an_error_of_a_chat_tells_what_was_disclosed(
    offline: Command, behaviour: Behaviour, count: int
) -> None:
    words = ["ask", "hello", "--model", "m", "--disclose", "--timeout", "0.5"]
    with serving(behaviour) as server:
        status, _, err = offline(*words, "--url", server.url)
        _, _, structured = offline(*words, "--url", server.url, "--json")
        sent = len(server.requests[0].partition(b"\r\n\r\n")[2])
    expected = sent if count == ALL else count
    assert (status in (2, 6), sent > 42) == (True, True)
    assert re.findall(r"^disclosed: (.*) bytes$", err, re.M) == [str(expected)] * bool(expected)
    assert json.loads(structured)["error"]["disclosed_bytes"] == expected


def test_where_no_connection_came_about_nothing_was_disclosed(offline: Command) -> None:
    with serving(hang()) as server:
        url = server.url
    words = ["ask", "hello", "--model", "m", "--disclose", "--url", url]
    status, _, err = offline(*words)
    assert (status, "disclosed" in err) == (6, False)
    assert json.loads(offline(*words, "--json")[2])["error"]["disclosed_bytes"] == 0


def test_who_ends_a_chat_learns_what_was_disclosed(
    offline: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("homomorphic_llm.cli._verbs.write", interrupt)
    with serving(hang(EVENT)) as server:
        words = ["ask", "hello", "--model", "m", "--disclose", "--url", server.url]
        assert offline(*words) == (130, "\n", "disclosed: 42 bytes\n")


def test_what_is_no_chat_tells_nothing_of_a_disclosure(offline: Command) -> None:
    with serving(answer(ERROR, status=502, headers=TOLD)) as server:
        _, _, err = offline("models", "--url", server.url, "--json")
    assert "disclosed_bytes" not in json.loads(err)["error"]


def test_a_real_chat_that_its_provider_cuts_off_tells_it(hlp: Command, provider: Provider) -> None:
    before = len(provider.bodies)
    status, _, err = hlp("ask", "half", "--model", "cut", "--disclose")
    assert (status, len(provider.bodies)) == (6, before + 1)
    assert re.search(r"^disclosed: [1-9][0-9]* bytes$", err, re.M)


@pytest.mark.parametrize("model", ["busy", "slow"])
def test_a_real_chat_that_its_provider_refuses_tells_it(hlp: Command, model: str) -> None:
    status, _, err = hlp("ask", "hello", "--model", model, "--disclose")
    assert (status, re.search(r"^disclosed: [1-9][0-9]* bytes$", err, re.M) is None) == (3, False)


def test_both_clients_tell_it_and_the_error_crosses_processes() -> None:
    refused = said({"error": {"message": "no", "code": "c"}}, 502, HLP_Privacy="disclosed;bytes=7")
    with Client("http://h", transport=Canned(refused)) as client:
        with pytest.raises(ApiError) as found:
            client.chat(ASK, "m", disclose=True)
        assert pickle.loads(pickle.dumps(found.value)).disclosed_bytes == 7  # noqa: S301

    async def ask() -> None:
        async with AsyncClient("http://h", transport=AsyncCanned(refused)) as client:
            await client.chat(ASK, "m", disclose=True)

    with pytest.raises(ClientError) as failed:
        asyncio.run(ask())
    assert failed.value.disclosed_bytes == 7


def test_a_stream_that_breaks_tells_it_to_programs() -> None:
    with (
        serving(pieces(EVENT)) as server,
        Client(server.url, transport=HttpTransport(server.url, 5)) as client,
        pytest.raises(ClientError) as failed,
    ):
        client.chat(ASK, "m", disclose=True).text()
    assert failed.value.disclosed_bytes == 42
