"""A chat with a provider, behind the server: plaintext, so it needs consent. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._chat_completions import COMPLETIONS
from ._exceptions import DisclosureRequiredError, InvalidRequestError
from ._models import Request
from ._redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._chat_form import Form, Message

__all__ = ["ChatRequest", "chat_request"]


@dataclass(frozen=True)
class ChatRequest:
    """What is sent, what the placeholders in it stand for, and what form the answer has."""

    request: Request
    originals: Mapping[str, str] = field(repr=False)
    form: Form = COMPLETIONS


def chat_request(
    messages: Sequence[Message],
    model: str,
    *,
    disclose: bool,
    redact: bool,
    options: Mapping[str, object] | None,
    form: Form = COMPLETIONS,
) -> ChatRequest:
    """Return the request of a chat, redacted if that is wanted.

    Raises :class:`DisclosureRequiredError` unless ``disclose`` is exactly ``True``.
    """
    if disclose is not True:
        raise DisclosureRequiredError(
            "a chat is not encrypted: the server and the provider read it\n\nhint: pass "
            "disclose=True (hlp ask: --disclose) if they may"
        )
    if form.own & set(options or ()):
        raise InvalidRequestError(f"not for the options: {sorted(form.own & set(options or ()))}")
    for at, message in enumerate(messages):
        _check(message, at)
    if not messages:
        raise InvalidRequestError("a chat without messages")
    redaction = Redaction(text for message in messages for text in _texts(message))
    sent = [_redacted(message, redaction) for message in messages] if redact else list(messages)
    value = {**form.defaults, **(options or {}), **form.fields(sent)}
    value.update({"model": model, "stream": True})
    try:
        body = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(f"the messages or options are no JSON: {error}") from error
    headers = (("Content-Type", "application/json"), ("HLP-Disclosure", "accept"), *form.headers)
    request = Request("POST", form.path, body, headers, idempotent=False)
    return ChatRequest(request, redaction.originals, form)


def _check(message: object, at: int) -> None:
    """Refuse what could not be redacted whole: it would go out unseen."""
    if not isinstance(message, Mapping) or set(message) != {"role", "content"}:
        raise InvalidRequestError(f"message {at} is not a role and a content, and nothing else")
    role, content = message["role"], message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(role, str) or not isinstance(parts, (list, tuple)):
        raise InvalidRequestError(f"message {at} has no text as role or content")
    for part in parts:
        if (
            not isinstance(part, Mapping)
            or set(part) != {"type", "text"}
            or part["type"] != "text"
            or not isinstance(part["text"], str)
        ):
            raise InvalidRequestError(
                f"message {at} has a part that is not text: it could not be redacted"
            )


def _texts(message: Message) -> Iterator[str]:
    content = message["content"]
    if isinstance(content, str):
        yield content
    elif isinstance(content, (list, tuple)):
        yield from (part["text"] for part in content)


def _redacted(message: Message, redaction: Redaction) -> Message:
    content = message["content"]
    if isinstance(content, str):
        return {**message, "content": redaction.redact(content)}
    assert isinstance(content, (list, tuple))  # noqa: S101 - _check() came before
    parts = [{**part, "text": redaction.redact(part["text"])} for part in content]
    return {**message, "content": parts}
