"""Chats of ``/v1/messages`` through the real server, with a provider in the shapes of Anthropic."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Callable

import pytest
from homomorphic_llm import (
    ApiError,
    AsyncClient,
    Client,
    DisclosureRequiredError,
    InvalidRequestError,
    TransportError,
)

from .provider_messages import THOUGHT, fault_of, message
from .server import PROVIDER_KEY, ROOT, TOKEN

if TYPE_CHECKING:
    from .provider import Provider
    from .server import Server

TEXT = "gr\u00fc\u00dfe \U0001f389 an ann@example.org, card 4111 1111 1111 1111"
HIDDEN = "gr\u00fc\u00dfe \U0001f389 an [EMAIL_1], card [CARD_1]"
SCHEMA = ROOT / "apps" / "proxy" / "tests" / "chat" / "schemas" / "anthropic-message.json"
TYPES = {"string": str, "integer": int, "object": dict, "array": list, "null": type(None)}


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def fits(schema: dict[str, Any], value: Any) -> bool:  # noqa: ANN401
    """Whether a value has a shape: the words of JSON Schema that the stored one uses."""
    kinds = schema.get("type", list(TYPES))
    checks: dict[str, Callable[[Any], bool]] = {
        "$schema": lambda _: True,
        "$comment": lambda _: True,
        "const": lambda rule: bool(value == rule),
        "enum": lambda rule: value in rule,
        "type": lambda _: any(type(value) is TYPES[one] for one in list_of(kinds)),
        "minLength": lambda rule: len(value) >= rule,
        "required": lambda rule: set(rule) <= set(value),
        "properties": lambda rule: all(fits(rule[key], value[key]) for key in rule if key in value),
        "items": lambda rule: all(fits(rule, item) for item in value),
    }
    # The type first: the others may need it.
    words = sorted(schema, key=lambda word: word != "type")
    return all(checks[word](schema[word]) for word in words)


def list_of(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def test_the_provider_of_these_tests_answers_in_the_published_shape() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    right = message("m", 1, "one two", 1)
    assert fits(schema, right)
    for key in schema["required"]:
        assert not fits(schema, {name: value for name, value in right.items() if name != key})
    faults: list[dict[str, object]] = [{"id": ""}, {"content": [{}]}, {"usage": {}}, {"role": "x"}]
    for wrong in faults:
        assert not fits(schema, {**right, **wrong})


RIGHT = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"n": 1}, "n: Extra inputs"),
    ({"max_tokens": None}, "max_tokens: Field required"),
    ({"messages": []}, "at least one message"),
    ({"messages": [{"role": "system", "content": "x"}]}, "messages.0.role"),
]


@pytest.mark.parametrize(("change", "reason"), FAULTS)
def test_the_provider_of_these_tests_refuses_what_the_api_does_not_have(
    change: dict[str, object], reason: str
) -> None:
    assert fault_of(RIGHT, "2023-06-01") is None
    assert reason in (fault_of({**RIGHT, **change}, "2023-06-01") or "")
    assert "anthropic-version" in (fault_of(RIGHT, None) or "")


@pytest.mark.parametrize("model", ["claude-echo", "claude-whole"])
def test_the_provider_sees_placeholders_and_the_answer_has_the_originals(
    client: Client, provider: Provider, model: str
) -> None:
    before = client.budget()
    with client.chat(asked(TEXT), model, disclose=True, api="messages") as chat:
        text = chat.text()
    assert text == "You wrote: " + TEXT
    assert THOUGHT not in text
    assert provider.bodies[-1] == {
        "model": model,
        "max_tokens": 4096,
        "messages": asked(HIDDEN),
        "stream": True,
    }
    assert provider.keys[-1] == PROVIDER_KEY
    assert chat.redacted == {"[EMAIL_1]": "ann@example.org", "[CARD_1]": "4111 1111 1111 1111"}
    assert chat.finish_reason == "end_turn"
    after = client.budget()
    assert after.disclosed_bytes == before.disclosed_bytes + chat.disclosed_bytes
    assert chat.disclosed_bytes > len(HIDDEN)


def test_what_the_system_says_is_redacted_and_goes_where_the_api_wants_it(
    client: Client, provider: Provider
) -> None:
    parts = [{"type": "text", "text": "Call 10.0.0.1."}]
    messages: list[dict[str, object]] = [
        {"role": "system", "content": "You are ann@example.org."},
        {"role": "system", "content": parts},
        {"role": "user", "content": "Who are you?"},
    ]
    chat = client.chat(messages, "claude-echo", disclose=True, api="messages")
    assert chat.text() == "You wrote: You are ann@example.org.Call 10.0.0.1. Who are you?"
    assert provider.bodies[-1]["messages"] == asked("Who are you?")
    assert provider.bodies[-1]["system"] == [
        {"type": "text", "text": "You are [EMAIL_1]."},
        {"type": "text", "text": "Call [IP_1]."},
    ]


def test_options_go_on_but_none_that_would_not_be_redacted(
    client: Client, provider: Provider
) -> None:
    options = {"max_tokens": 2, "temperature": 0}
    chat = client.chat(asked("a b"), "claude-echo", disclose=True, api="messages", options=options)
    assert (chat.text(), chat.finish_reason) == ("You wrote:", "max_tokens")
    assert provider.bodies[-1]["temperature"] == 0
    before = len(provider.bodies)
    refused: list[dict[str, object]] = [{"system": "I am ann@example.org"}, {"messages": []}]
    for wrong in refused:
        with pytest.raises(InvalidRequestError, match="not for the options"):
            client.chat(asked("a"), "claude-echo", disclose=True, api="messages", options=wrong)
    assert len(provider.bodies) == before


SYSTEM = {"role": "system", "content": "x"}


@pytest.mark.parametrize("messages", [[*asked("a"), SYSTEM], [SYSTEM], []])
def test_messages_that_the_api_does_not_have_are_refused(
    client: Client, messages: list[dict[str, str]]
) -> None:
    with pytest.raises(InvalidRequestError):
        client.chat(messages, "claude-echo", disclose=True, api="messages")


def test_consent_and_a_known_api_are_needed(client: Client, provider: Provider) -> None:
    before = len(provider.bodies)
    with pytest.raises(DisclosureRequiredError):
        client.chat(asked(TEXT), "claude-echo", api="messages")
    with pytest.raises(InvalidRequestError, match="completions or messages"):
        client.chat(asked(TEXT), "claude-echo", disclose=True, api="mail")  # type: ignore[arg-type]
    assert len(provider.bodies) == before


def test_an_error_in_the_stream_is_that_of_the_provider(client: Client) -> None:
    chat = client.chat(asked("half"), "claude-overloaded", disclose=True, api="messages")
    with pytest.raises(ApiError, match="overloaded_error: Overloaded"):
        chat.text()


def test_a_stream_that_ends_early_is_an_error_after_what_came(client: Client) -> None:
    chat = client.chat(asked("half"), "claude-cut", disclose=True, api="messages")
    assert next(chat).startswith("You")
    with pytest.raises(TransportError):
        chat.text()


def test_refusals_of_server_and_provider_are_told(client: Client) -> None:
    for model, status in (("claude-busy", 429), ("echo", 404)):
        with pytest.raises(ApiError) as caught:
            client.chat(asked("hello"), model, disclose=True, api="messages")
        assert caught.value.status == status


def test_the_client_for_asyncio_chats_too(server: Server) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, token=TOKEN) as client:
            chat = await client.chat(asked(TEXT), "claude-echo", disclose=True, api="messages")
            assert await chat.text() == "You wrote: " + TEXT
            assert chat.finish_reason == "end_turn"

    asyncio.run(main())
