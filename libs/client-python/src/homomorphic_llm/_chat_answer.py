"""The answer of a chat, from bytes that are cut anywhere to pieces of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._chat_completions import COMPLETIONS
from ._chat_form import object_in
from ._disclosure import said_bytes
from ._exceptions import ProtocolError, TransportError
from ._models import Response
from ._redaction import Restorer
from ._sse import EventReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._chat_form import Form, Piece

__all__ = ["MAX_WHOLE_BYTES", "ChatReader", "disclosed_bytes"]

#: Longest answer that is read when the provider does not stream, in bytes.
MAX_WHOLE_BYTES = 16_777_216


def disclosed_bytes(headers: tuple[tuple[str, str], ...]) -> int:
    """Return how many bytes the server says it sent on in plaintext."""
    found = said_bytes(headers)
    if found is None:
        said = Response(200, b"", headers).header("HLP-Privacy") or ""
        raise ProtocolError(f"the answer does not say what was disclosed: {said[:80]!r}")
    return found


class ChatReader:
    """Reads a stream of events, or one JSON document where the provider does not stream."""

    def __init__(
        self,
        headers: tuple[tuple[str, str], ...],
        originals: Mapping[str, str],
        form: Form = COMPLETIONS,
    ) -> None:
        kind = Response(200, b"", headers).header("Content-Type") or ""
        self._events = None if kind.startswith("application/json") else EventReader()
        self._whole = bytearray()
        self._restorer = Restorer(originals)
        self._form = form
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
        return "" if self.done else self._said(self._form.event(event))

    def _document(self, data: bytes) -> str:
        self._whole += data
        if len(self._whole) > MAX_WHOLE_BYTES:
            raise ProtocolError(f"the answer is longer than {MAX_WHOLE_BYTES} bytes")
        if data:
            return ""
        text = self._said(self._form.document(object_in(self._whole.decode("utf-8", "replace"))))
        self.done = True
        return text + self._restorer.finish()

    def _said(self, piece: Piece) -> str:
        """Return the text of a piece, restored; take note of why the answer ends."""
        self.finish_reason = piece.reason or self.finish_reason
        text = self._restorer.feed(piece.text)
        if piece.last:
            self.done = True
            text += self._restorer.finish()
        return text
