"""Chats of ``/v1/messages``, the API of Anthropic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._chat_form import Form, Piece, object_in
from ._exceptions import InvalidRequestError, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._chat_form import Message

__all__ = ["MESSAGES"]

#: The version of the API that is read here.
_VERSION = "2023-06-01"
#: The API wants a limit of the answer, in tokens.
_MAX_TOKENS = 4_096


def _fields(messages: Sequence[Message]) -> dict[str, object]:
    """Put what the system says where the API wants it, apart from the messages."""
    roles = [message["role"] for message in messages]
    count = next((at for at, role in enumerate(roles) if role != "system"), len(roles))
    if "system" in roles[count:]:
        raise InvalidRequestError(
            "a message of the system behind another one: /v1/messages has none\n\n"
            "hint: put it before the others"
        )
    if count == len(roles):
        raise InvalidRequestError("a chat without messages but those of the system")
    fields: dict[str, object] = {"messages": list(messages[count:])}
    if count:
        fields["system"] = [part for message in messages[:count] for part in _parts(message)]
    return fields


def _parts(message: Message) -> list[object]:
    content = message["content"]
    if isinstance(content, (list, tuple)):
        return list(content)
    return [{"type": "text", "text": content}]


def _event(event: str) -> Piece:
    """Read an event; one of a kind that is not known says nothing."""
    value = object_in(event)
    kind = value.get("type")
    if not isinstance(kind, str):
        raise ProtocolError("an event without a type")
    if kind == "message_stop":
        return Piece(last=True)
    if kind == "message_delta":
        return Piece(reason=_text(value.get("delta"), "stop_reason"))
    if kind == "content_block_start":
        return Piece(_text_of(value.get("content_block"), "text"))
    if kind == "content_block_delta":
        return Piece(_text_of(value.get("delta"), "text_delta"))
    return Piece()


def _document(value: dict[str, Any]) -> Piece:
    content = value.get("content")
    if not isinstance(content, list):
        raise ProtocolError("an answer without content")
    text = "".join(_text_of(block, "text") for block in content)
    return Piece(text, _text(value, "stop_reason"))


def _text_of(block: object, kind: str) -> str:
    """Return the text of a block of that kind; thoughts, tools and citations have none."""
    return (_text(block, "text") or "") if _text(block, "type") == kind else ""


def _text(value: object, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


MESSAGES = Form(
    path="/v1/messages",
    # What the system says is redacted as a message; as an option it would not be.
    own=frozenset({"messages", "model", "stream", "system"}),
    fields=_fields,
    event=_event,
    document=_document,
    headers=(("Anthropic-Version", _VERSION),),
    defaults={"max_tokens": _MAX_TOKENS},
)
