"""Chats through the real server, with a provider that misbehaves as real ones do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import (
    ApiError,
    AsyncClient,
    Client,
    DisclosureRequiredError,
    ProtocolError,
    TransportError,
)

from .server import TOKEN

if TYPE_CHECKING:
    from .provider import Provider
    from .server import Server

TEXT = "grüße 🎉| an ann@example.org,| card 4111 1111 1111 1111"
HIDDEN = "grüße 🎉| an [EMAIL_1],| card [CARD_1]"
RESTORED = "You wrote: " + TEXT.replace("|", "")


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_without_consent_no_byte_leaves_the_client(client: Client, provider: Provider) -> None:
    before = client.budget()
    with pytest.raises(DisclosureRequiredError):
        client.chat(asked(TEXT), "echo")
    assert client.budget() == before
    assert provider.bodies == [body for body in provider.bodies if TEXT not in str(body)]


@pytest.mark.parametrize("model", ["echo", "whole"])
def test_the_provider_sees_placeholders_and_the_answer_has_the_originals(
    client: Client, provider: Provider, model: str
) -> None:
    before = client.budget()
    with client.chat(asked(TEXT), model, disclose=True) as chat:
        text = chat.text()
    assert text.replace("|", "") == RESTORED
    assert provider.bodies[-1]["messages"] == asked(HIDDEN)
    assert chat.redacted == {"[EMAIL_1]": "ann@example.org", "[CARD_1]": "4111 1111 1111 1111"}
    after = client.budget()
    assert after.disclosed_requests == before.disclosed_requests + 1
    assert after.disclosed_bytes == before.disclosed_bytes + chat.disclosed_bytes
    assert chat.disclosed_bytes > len(HIDDEN)


def test_without_redaction_the_provider_sees_everything(client: Client, provider: Provider) -> None:
    chat = client.chat(asked(TEXT), "echo", disclose=True, redact=False)
    assert chat.text() == RESTORED
    assert provider.bodies[-1]["messages"] == asked(TEXT)


def test_an_answer_comes_in_pieces(client: Client) -> None:
    pieces = list(client.chat(asked("a| b| c"), "echo", disclose=True))
    assert "".join(pieces) == "You wrote: a b c"
    assert "" not in pieces


def test_a_stream_that_is_cut_inside_a_character_is_an_error_after_what_came(
    client: Client,
) -> None:
    chat = client.chat(asked("half"), "cut", disclose=True)
    assert next(chat) == "You wrote: half"
    with pytest.raises((TransportError, ProtocolError)):
        next(chat)
    assert list(chat) == []


def test_a_provider_that_is_busy_is_an_error_and_is_not_asked_again(
    client: Client, provider: Provider
) -> None:
    before = len(provider.bodies)
    with pytest.raises(ApiError) as caught:
        client.chat(asked("hello"), "busy", disclose=True)
    assert caught.value.status == 429
    assert len(provider.bodies) == before + 1


def test_a_chat_may_be_left_early(client: Client) -> None:
    with client.chat(asked("a| b| c"), "echo", disclose=True) as chat:
        assert next(chat).startswith("You")
    assert list(chat) == []


def test_the_client_for_asyncio_chats_too(server: Server) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, token=TOKEN) as client:
            chat = await client.chat(asked(TEXT), "echo", disclose=True)
            assert await chat.text() == RESTORED

    asyncio.run(main())
