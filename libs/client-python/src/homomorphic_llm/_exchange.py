"""One request over one connection of its own, which another thread may abort."""

from __future__ import annotations

import http.client
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from ._deadline import DeadlineSocket, Waits
from ._exceptions import AnswerTooLargeError, TransportError
from ._failures import failure
from ._models import Response

if TYPE_CHECKING:
    import socket
    import ssl

    from ._address import Address
    from ._models import Request

__all__ = ["Exchange"]

_CHUNK = 65_536


class Exchange:
    """Sends a request once; its answer is read whole by :meth:`send`, or bit by bit.

    Every failure is a :class:`TransportError`, or :class:`AnswerTooLargeError`.
    """

    def __init__(
        self, address: Address, request: Request, waits: Waits, tls: ssl.SSLContext | None
    ) -> None:
        self._address = address
        self._request = request
        self._waits = waits
        self._tls = tls
        self._lock = threading.Lock()
        self._socket: DeadlineSocket | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._answer: http.client.HTTPResponse | None = None
        self._left: int | None = None
        self._aborted = False
        self._sent = False

    def send(self) -> Response:
        """Send the request and read the whole answer, of at most ``request.limit`` bytes."""
        try:
            self.open()
            return Response(self.status, self._whole(), self.headers)
        finally:
            self.close()

    def open(self) -> None:
        """Send the request and read the head of the answer."""
        try:
            self._answer = self._ask()
            self._left = self._answer.length
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            self.close()
            raise self._failed(error) from error

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        return self._opened.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers of the answer."""
        return tuple(self._opened.getheaders())

    def stream(self) -> None:
        """Let the rest of the answer take as long as it likes; each wait still has its end."""
        self._waits.lift()

    def read(self) -> bytes:
        """Return what has come of the answer, and nothing at its end."""
        if self._left == 0:
            return b""
        try:
            data = self._opened.read1(_CHUNK if self._left is None else min(_CHUNK, self._left))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._failed(error) from error
        if self._left is not None:
            # http.client counts here only from 3.12 on, and never says that the end is early.
            self._left -= len(data)
            if not data:
                raise self._cut()
        return data

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._answer is not None:
                self._answer.close()
            if self._connection is not None:
                self._connection.close()
            if self._socket is not None:
                self._socket.close()

    def abort(self) -> None:
        """End the exchange from another thread: who waits on it gets a :class:`TransportError`."""
        with self._lock:
            self._aborted = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown()

    @property
    def _opened(self) -> http.client.HTTPResponse:
        assert self._answer is not None  # noqa: S101 - open() came before
        return self._answer

    def _ask(self) -> http.client.HTTPResponse:
        # Without a port http.client takes the end of an IPv6 address for one.
        host, port = self._address.host, self._address.port or (443 if self._address.tls else 80)
        wait = self._waits.next()
        connection = (
            http.client.HTTPSConnection(host, port, timeout=wait, context=self._tls)
            if self._address.tls
            else http.client.HTTPConnection(host, port, timeout=wait)
        )
        self._connection = connection
        connection.connect()
        connected = DeadlineSocket(connection.sock, self._waits)
        with self._lock:
            self._socket = connected
            if self._aborted:
                raise ConnectionAbortedError("the request was cancelled")
        connection.sock = cast("socket.socket", connected)
        path = self._address.prefix + self._request.path
        headers = {**dict(self._request.headers), "Connection": "close"}
        self._sent = True
        connection.request(self._request.method, path, self._request.body or None, headers)
        return connection.getresponse()

    def _whole(self) -> bytes:
        limit = self._request.limit
        if self._left is not None and self._left > limit:
            raise self._too_large(f"announces {self._left} bytes")
        body = bytearray()
        while data := self.read():
            body += data
            if len(body) > limit:
                raise self._too_large("goes on")
        return bytes(body)

    def _too_large(self, what: str) -> AnswerTooLargeError:
        return AnswerTooLargeError(
            f"{self._what}: the answer {what}, beyond the {self._request.limit} bytes that fit here"
        )

    def _cut(self) -> TransportError:
        return TransportError(f"{self._what}: the answer was cut off")

    def _failed(self, error: Exception) -> TransportError:
        failed = failure(self._what, self._address, error)
        failed.sent = self._sent
        return failed

    @property
    def _what(self) -> str:
        return f"{self._request.method} {self._request.path}"
