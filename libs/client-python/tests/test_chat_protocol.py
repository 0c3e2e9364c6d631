"""Chats without a network: what is sent, and how an answer is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from homomorphic_llm import (
    ApiError,
    Client,
    DisclosureRequiredError,
    InvalidRequestError,
    ProtocolError,
    TransportError,
)
from homomorphic_llm._chat_answer import ChatReader, disclosed_bytes
from homomorphic_llm._chat_messages import MESSAGES
from homomorphic_llm._chat_request import ChatRequest, chat_request
from hypothesis import given
from hypothesis import strategies as st

from .canned import Canned, said

USER = {"role": "user", "content": "write to ann@example.org"}
EVENTS = (("Content-Type", "text/event-stream"),)
DOCUMENT = (("content-type", "application/json; charset=utf-8"),)


def asked(messages: Any = (USER,), **changes: Any) -> ChatRequest:  # noqa: ANN401
    arguments = {"disclose": True, "redact": True, "options": None, **changes}
    return chat_request(messages, "m", **arguments)


def chunk(text: str) -> bytes:
    value = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def read(reader: ChatReader, *pieces: bytes) -> str:
    return "".join(reader.feed(piece) for piece in pieces)


@pytest.mark.parametrize("disclose", [False, None, 1, "yes"])
def test_without_consent_nothing_is_made_to_send(disclose: object) -> None:
    with pytest.raises(DisclosureRequiredError, match="disclose=True"):
        asked(disclose=disclose)


def test_the_request_is_redacted_and_says_that_it_discloses() -> None:
    chat = asked(options={"temperature": 0})
    assert json.loads(chat.request.body) == {
        "temperature": 0,
        "model": "m",
        "messages": [{"role": "user", "content": "write to [EMAIL_1]"}],
        "stream": True,
    }
    assert ("HLP-Disclosure", "accept") in chat.request.headers
    assert not chat.request.idempotent
    assert chat.originals == {"[EMAIL_1]": "ann@example.org"}


def test_without_redaction_it_is_sent_as_it_is() -> None:
    assert json.loads(asked(redact=False).request.body)["messages"] == [USER]


def test_parts_of_text_are_redacted_too() -> None:
    parts = [{"type": "text", "text": "10.0.0.1"}]
    body = json.loads(asked([{"role": "user", "content": parts}]).request.body)
    assert body["messages"][0]["content"] == [{"type": "text", "text": "[IP_1]"}]


def test_nothing_of_a_chat_is_in_the_text_of_its_objects() -> None:
    assert "ann" not in repr(asked()) + repr(asked(redact=False).request)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        ["hello"],
        [{"role": "user"}],
        [{"role": 1, "content": "x"}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": "x", "name": "ann@example.org"}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
        [{"role": "user", "content": [{"type": "text", "text": 1}]}],
        [{"role": "user", "content": [{"type": "text", "text": "x", "note": "ann@example.org"}]}],
        [{"role": "user", "content": ["x"]}],
        [{"role": "user", "content": "\ud800"}],
    ],
)
def test_what_could_not_be_redacted_is_refused(messages: object) -> None:
    with pytest.raises(InvalidRequestError):
        asked(messages)


def test_what_the_documentation_says_goes_out_as_it_is_does() -> None:
    chat = asked([{"role": "ann@example.org", "content": "x"}], options={"user": "a@b.org"})
    sent = json.loads(chat.request.body)
    assert (sent["messages"][0]["role"], sent["user"]) == ("ann@example.org", "a@b.org")


@pytest.mark.parametrize("options", [{"stream": False}, {"model": "n"}, {"x": float("nan")}])
def test_options_that_do_not_fit_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        asked(options=options)


STREAM = b": hi\n\n" + chunk("grüße ") + chunk("an [EM") + chunk("AIL_1] 🎉") + b"data: [DONE]\n\n"


@given(st.sets(st.integers(0, len(STREAM))))
def test_a_stream_reads_the_same_wherever_it_is_cut(cuts: set[int]) -> None:
    ends = [0, *sorted(cuts - {0, len(STREAM)}), len(STREAM)]
    reader = ChatReader(EVENTS, {"[EMAIL_1]": "ann@example.org"})
    pieces = [STREAM[start:end] for start, end in zip(ends, ends[1:])]
    assert read(reader, *pieces) == "grüße an ann@example.org 🎉"
    assert reader.done


def test_a_stream_that_ends_early_is_cut_off() -> None:
    with pytest.raises(TransportError, match="cut off"):
        read(ChatReader(EVENTS, {}), chunk("half"), b"")


def test_a_stream_that_ends_inside_a_character_is_cut_off_or_no_text() -> None:
    half = chunk("🎉")[:-12]
    with pytest.raises(ProtocolError):
        read(ChatReader(EVENTS, {}), half, b"")


def test_what_comes_after_the_end_does_not_count() -> None:
    assert read(ChatReader(EVENTS, {}), chunk("a") + b"data: [DONE]\n\n" + chunk("b")) == "a"


def test_an_error_inside_a_stream_is_that_of_the_provider() -> None:
    event = b'data: {"error":{"message":"too many","type":"rate_limit","code":null}}\n\n'
    with pytest.raises(ApiError, match="rate_limit: too many"):
        read(ChatReader(EVENTS, {}), chunk("a"), event)


@pytest.mark.parametrize("event", [b"{", b"[]", b"7", b"{}", b'{"choices":1}', b"[" * 100_000])
def test_an_event_that_is_no_chunk_is_a_protocol_error(event: bytes) -> None:
    with pytest.raises(ProtocolError):
        read(ChatReader(EVENTS, {}), b"data: " + event + b"\n\n")


def test_chunks_without_text_and_other_choices_say_nothing() -> None:
    events = [
        {"choices": []},
        {"choices": [{"index": 1, "delta": {"content": "x"}}]},
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]},
        {"choices": [{"index": 0, "finish_reason": "stop"}], "usage": {}},
    ]
    data = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    assert read(ChatReader(EVENTS, {}), data + b"data: [DONE]\n\n") == ""


def test_a_provider_that_does_not_stream_is_read_whole() -> None:
    value = {"choices": [{"message": {"role": "assistant", "content": "to [IP_1]"}}]}
    reader = ChatReader(DOCUMENT, {"[IP_1]": "10.0.0.1"})
    data = json.dumps(value).encode()
    assert read(reader, data[:10], data[10:], b"") == "to 10.0.0.1"
    assert reader.done


def test_a_document_without_end_is_refused() -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        read(ChatReader(DOCUMENT, {}), *[b" " * 65_536] * 300)


def delta(text: str) -> bytes:
    inner = {"type": "text_delta", "text": text}
    value = {"type": "content_block_delta", "index": 0, "delta": inner}
    return b"event: content_block_delta\ndata: " + json.dumps(value).encode() + b"\n\n"


STOP = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
MESSAGE = delta("to [EM") + delta("AIL_1] now [") + STOP


@given(st.sets(st.integers(0, len(MESSAGE))))
def test_a_stream_of_messages_reads_the_same_wherever_it_is_cut(cuts: set[int]) -> None:
    ends = [0, *sorted(cuts - {0, len(MESSAGE)}), len(MESSAGE)]
    reader = ChatReader(EVENTS, {"[EMAIL_1]": "ann@example.org"}, MESSAGES)
    pieces = [MESSAGE[start:end] for start, end in zip(ends, ends[1:])]
    assert read(reader, *pieces) == "to ann@example.org now ["
    assert reader.done


@pytest.mark.parametrize("event", [b"{", b"[]", b"{}", b'{"type":1}', b'{"choices":[]}'])
def test_an_event_that_is_none_of_messages_is_a_protocol_error(event: bytes) -> None:
    with pytest.raises(ProtocolError):
        read(ChatReader(EVENTS, {}, MESSAGES), b"data: " + event + b"\n\n")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "ping"},
        {"type": "of tomorrow", "delta": {"type": "text_delta", "text": "x"}},
        {"type": "content_block_start", "content_block": {"type": "tool_use", "text": "x"}},
        {"type": "content_block_delta", "delta": {"type": "input_json_delta", "text": "x"}},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": 1}},
        {"type": "content_block_delta"},
        {"type": "message_delta", "delta": {"stop_reason": None}},
    ],
)
def test_events_without_text_say_nothing(event: dict[str, object]) -> None:
    reader = ChatReader(EVENTS, {}, MESSAGES)
    assert reader.feed(b"data: " + json.dumps(event).encode() + b"\n\n") == ""
    assert (reader.done, reader.finish_reason) == (False, None)


@pytest.mark.parametrize("value", [{}, {"content": "x"}, {"choices": []}])
def test_a_document_that_is_no_message_is_a_protocol_error(value: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read(ChatReader(DOCUMENT, {}, MESSAGES), json.dumps(value).encode(), b"")


@pytest.mark.parametrize(("path", "name"), [("chat/completions", "completions"), ("messages",) * 2])
def test_a_model_of_another_api_is_refused_with_the_name_of_its_own(path: str, name: str) -> None:
    error = {"code": "model_not_found", "message": f"the model `m` is served at /v1/{path}"}
    transport = Canned(said({"error": error}, 404))
    with Client("http://unused", transport=transport) as client, pytest.raises(ApiError) as caught:
        client.chat([USER], "m", disclose=True)
    assert caught.value.hint == f'pass api="{name}" (hlp ask: --api {name})'
    assert (caught.value.status, caught.value.code) == (404, "model_not_found")


@pytest.mark.parametrize("value", ["", "encrypted", "disclosed;bytes=", "disclosed;bytes=-1"])
def test_an_answer_must_say_what_was_disclosed(value: str) -> None:
    with pytest.raises(ProtocolError, match="does not say"):
        disclosed_bytes((("HLP-Privacy", value),))


def test_what_was_disclosed_is_a_number_of_bytes() -> None:
    assert disclosed_bytes((("hlp-privacy", "disclosed;bytes=42"),)) == 42
