"""A socket whose waits end: each one after a time-out, all together at a deadline.

``http.client`` knows only the time-out of one wait, so that a server which sends one byte every
few seconds would hold a caller for ever.
"""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["DeadlineSocket", "Waits"]


class Waits:
    """How long to wait, in seconds: ``timeout`` once, ``deadline`` in all (``None``: for ever)."""

    def __init__(self, timeout: float, deadline: float | None) -> None:
        self._timeout = timeout
        self._end = None if deadline is None else time.monotonic() + deadline

    def next(self) -> float:
        """Return the seconds that the next wait may take; or raise :class:`socket.timeout`."""
        if self._end is None:
            return self._timeout
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout("the deadline of the request has passed")
        return min(self._timeout, left)

    def lift(self) -> None:
        """Take the deadline away: what follows is a stream, which may take as long as it likes."""
        self._end = None


class DeadlineSocket:
    """What ``http.client`` needs of a socket, with :class:`Waits` in front of every wait."""

    def __init__(self, sock: socket.socket, waits: Waits) -> None:
        self._sock = sock
        self._waits = waits

    def sendall(self, data: Buffer) -> None:
        """Send everything; all of it counts as one wait."""
        self._sock.settimeout(self._waits.next())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a reader of the socket; the only mode is ``"rb"``."""
        assert mode == "rb"  # noqa: S101 - http.client asks for nothing else
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_DeadlineReader(raw, self._sock, self._waits), 65_536)

    def shutdown(self) -> None:
        """End both directions: a thread that waits on the socket wakes up."""
        # Not SSLSocket.shutdown, which takes its TLS state away from under the waiting thread.
        socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket once its readers are closed."""
        self._sock.close()


class _DeadlineReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, waits: Waits) -> None:
        self._raw = raw
        self._sock = sock
        self._waits = waits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        self._sock.settimeout(self._waits.next())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
