"""How requests reach the server; the one module that touches the network."""

from __future__ import annotations

import http.client
from typing import Protocol
from urllib.parse import urlsplit

from ._exceptions import TransportError
from ._models import Request, Response

__all__ = ["HttpTransport", "Transport"]


class Transport(Protocol):
    """Carries one request and brings one answer; tests and other HTTP libraries bring their own."""

    def send(self, request: Request) -> Response:
        """Return the answer, or raise :class:`TransportError` if there is none."""

    def close(self) -> None:
        """Let go of what is held."""


class HttpTransport:
    """The default transport: ``http.client`` of the standard library, one connection per request.

    ``timeout`` is in seconds and holds for connecting and for every wait on the socket.
    """

    def __init__(self, base_url: str, timeout: float = 30.0) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"not an http or https URL: {base_url!r}")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError(f"only scheme, host, port and path belong in the URL: {base_url!r}")
        self._https = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout

    def send(self, request: Request) -> Response:
        """Send over a new connection and read the whole answer."""
        connection = self._connect()
        headers = {"Content-Type": "application/octet-stream"} if request.body else {}
        try:
            connection.request(
                request.method, self._prefix + request.path, request.body or None, headers
            )
            answer = connection.getresponse()
            return Response(answer.status, answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise TransportError(f"{request.method} {request.path}: {error!r}") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Do nothing: no connection outlives its request."""

    def _connect(self) -> http.client.HTTPConnection:
        if self._https:
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
