"""Chats of ``/v1/chat/completions``, the API of OpenAI and of most that run models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._chat_form import Form, Piece, object_in
from ._exceptions import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._chat_form import Message

__all__ = ["COMPLETIONS"]

_END = "[DONE]"


def _fields(messages: Sequence[Message]) -> dict[str, object]:
    return {"messages": list(messages)}


def _event(event: str) -> Piece:
    return Piece(last=True) if event == _END else _content(object_in(event), "delta")


def _document(value: dict[str, Any]) -> Piece:
    return _content(value, "message")


def _content(value: dict[str, Any], key: str) -> Piece:
    """Return what the first choice of a chunk or of a document says; others do not count."""
    choices = value.get("choices")
    if not isinstance(choices, list):
        raise ProtocolError("an answer without choices")
    choice = next(
        (one for one in choices if isinstance(one, dict) and one.get("index", 0) == 0), {}
    )
    reason, inner = choice.get("finish_reason"), choice.get(key)
    text = inner.get("content") if isinstance(inner, dict) else None
    return Piece(text if isinstance(text, str) else "", reason if isinstance(reason, str) else None)


COMPLETIONS = Form(
    path="/v1/chat/completions",
    own=frozenset({"messages", "model", "stream"}),
    fields=_fields,
    event=_event,
    document=_document,
)
