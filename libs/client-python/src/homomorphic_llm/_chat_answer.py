"""The answer of a chat, from bytes that are cut anywhere to pieces of text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ._exceptions import ProtocolError, TransportError
from ._models import Response
from ._redaction import Restorer
from ._refusals import error_in
from ._sse import EventReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._exceptions import ApiError

__all__ = ["MAX_WHOLE_BYTES", "ChatReader", "disclosed_bytes"]

#: Longest answer that is read when the provider does not stream, in bytes.
MAX_WHOLE_BYTES = 16_777_216
_BAD_GATEWAY = 502
_DISCLOSED = re.compile(r"disclosed;bytes=(\d{1,15})")
_END = "[DONE]"


def disclosed_bytes(headers: tuple[tuple[str, str], ...]) -> int:
    """Return how many bytes the server says it sent on in plaintext."""
    said = Response(200, b"", headers).header("HLP-Privacy") or ""
    found = _DISCLOSED.fullmatch(said)
    if found is None:
        raise ProtocolError(f"the answer does not say what was disclosed: {said[:80]!r}")
    return int(found[1])


class ChatReader:
    """Reads a stream of events, or one JSON document where the provider does not stream."""

    def __init__(self, headers: tuple[tuple[str, str], ...], originals: Mapping[str, str]) -> None:
        kind = Response(200, b"", headers).header("Content-Type") or ""
        self._events = None if kind.startswith("application/json") else EventReader()
        self._whole = bytearray()
        self._restorer = Restorer(originals)
        self.done = False
        self.finish_reason: str | None = None

    def feed(self, data: bytes) -> str:
        """Return the text that is certain after these bytes; empty bytes are the end."""
        if self._events is None:
            return self._document(data)
        events = self._events.feed(data) if data else self._events.finish()
        text = "".join(self._event(event) for event in events)
        if not data and not self.done:
            raise TransportError("the stream of the answer was cut off")
        return text

    def _event(self, event: str) -> str:
        if self.done:
            return ""
        if event == _END:
            self.done = True
            return self._restorer.finish()
        return self._restorer.feed(self._content(_json(event), "delta"))

    def _document(self, data: bytes) -> str:
        self._whole += data
        if len(self._whole) > MAX_WHOLE_BYTES:
            raise ProtocolError(f"the answer is longer than {MAX_WHOLE_BYTES} bytes")
        if data:
            return ""
        self.done = True
        text = self._content(_json(self._whole.decode("utf-8", "replace")), "message")
        return self._restorer.feed(text) + self._restorer.finish()

    def _content(self, value: dict[str, Any], key: str) -> str:
        """Return the text of a chunk or of a document; take note of why the answer ends."""
        choice = _first(value)
        reason, inner = choice.get("finish_reason"), choice.get(key)
        if isinstance(reason, str):
            self.finish_reason = reason
        text = inner.get("content") if isinstance(inner, dict) else None
        return text if isinstance(text, str) else ""


def _json(text: str) -> dict[str, Any]:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON in the answer: {text[:80]!r}") from error
    if not isinstance(value, dict):
        raise ProtocolError(f"not an object in the answer: {text[:80]!r}")
    return value


def _first(value: dict[str, Any]) -> dict[str, Any]:
    """Return the first choice of a chunk or of a document; other choices do not count."""
    refusal: ApiError | None = error_in(value, _BAD_GATEWAY)
    if refusal is not None:
        raise refusal
    choices = value.get("choices")
    if not isinstance(choices, list):
        raise ProtocolError("an answer without choices")
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index", 0) == 0:
            return choice
    return {}
