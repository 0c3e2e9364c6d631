"""Server-sent events, line by line, from bytes that are cut anywhere."""

from __future__ import annotations

from ._exceptions import ProtocolError

__all__ = ["MAX_EVENT_BYTES", "EventReader"]

#: Longest event that is read, in bytes.
MAX_EVENT_BYTES = 1_048_576


class EventReader:
    """Collects bytes into the data of events; a character may be split between two pieces."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: list[str] = []
        self._size = 0
        self._after_return = False

    def feed(self, piece: bytes) -> list[str]:
        """Return the data of the events that are complete now."""
        if self._after_return and piece[:1] == b"\n":
            piece = piece[1:]
            self._after_return = False
        if not piece:
            return []
        self._after_return = piece.endswith(b"\r")
        first, *others = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._line += first
        events = []
        for line in others:
            events += self._complete(bytes(self._line))
            self._line = bytearray(line)
        self._check(len(self._line))
        return events

    def finish(self) -> list[str]:
        """Return the data of an event that no empty line ended, at the end of the stream."""
        rest = bytes(self._line)
        self._line = bytearray()
        return [*self._complete(rest), *self._complete(b"")]

    def _complete(self, line: bytes) -> list[str]:
        if not line:
            data, self._data, self._size = self._data, [], 0
            return ["\n".join(data)] if data else []
        name, _, value = line.partition(b":")
        if name == b"data":
            self._check(len(line))
            self._size += len(line)
            self._data.append(_text(value[1:] if value[:1] == b" " else value))
        return []

    def _check(self, more: int) -> None:
        if self._size + more > MAX_EVENT_BYTES:
            raise ProtocolError(f"an event of the stream is longer than {MAX_EVENT_BYTES} bytes")


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError("a line of the stream is not UTF-8") from error
