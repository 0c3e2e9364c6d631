"""How requests reach the server."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Protocol

from ._address import address_of
from ._deadline import Waits
from ._exceptions import InvalidRequestError
from ._exchange import Exchange

if TYPE_CHECKING:
    from ._models import Request, Response

__all__ = ["HttpTransport", "Stream", "Transport"]


class Stream(Protocol):
    """An answer that is read as it comes."""

    @property
    def status(self) -> int:
        """Return the status of the answer."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers of the answer."""

    def read(self) -> bytes:
        """Return what has come, nothing at the end; raise :class:`TransportError` if it is cut."""

    def close(self) -> None:
        """Let go of the connection."""


class Transport(Protocol):
    """Carries one request and brings one answer; tests and other HTTP libraries bring their own.

    No method may follow a redirection or repeat a request.
    """

    def send(self, request: Request) -> Response:
        """Return the whole answer, or raise :class:`TransportError` if there is none."""

    def stream(self, request: Request) -> Stream:
        """Return an answer whose body is yet to come."""

    def close(self) -> None:
        """Let go of what is held."""


class HttpTransport:
    """The default transport: ``http.client`` of the standard library, one connection per request.

    ``timeout`` is in seconds and holds for connecting and for every wait on the socket;
    ``deadline`` for a whole request but not for the body of a stream. ``tls`` is used for
    ``https``; without one the certificates of the system decide. Threads may share a transport.
    """

    def __init__(
        self,
        base_url: str,
        timeout: float = 30.0,
        *,
        deadline: float = 300.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if not (timeout > 0 and deadline > 0):
            raise InvalidRequestError("a time-out and a deadline are above 0 seconds")
        self._address = address_of(base_url)
        self._timeout = timeout
        self._deadline = deadline
        secured = self._address.tls and tls is None
        self._tls = ssl.create_default_context() if secured else tls

    def send(self, request: Request) -> Response:
        """Send over a new connection and read the whole answer."""
        return self.exchange(request).send()

    def stream(self, request: Request) -> Stream:
        """Send over a new connection and read the head of the answer."""
        exchange = self.exchange(request)
        exchange.open()
        exchange.stream()
        return exchange

    def exchange(self, request: Request) -> Exchange:
        """Return an exchange that has not begun, and that another thread may abort."""
        return Exchange(self._address, request, Waits(self._timeout, self._deadline), self._tls)

    def close(self) -> None:
        """Do nothing: no connection outlives its request."""
