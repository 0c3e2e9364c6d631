"""Why there is no whole answer, in a sentence with a hint: a pure function of what was raised."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING

from ._exceptions import TimeoutExpiredError, TransportError

if TYPE_CHECKING:
    from ._address import Address

__all__ = ["failure"]

_CUT = "the answer was cut off"
#: What OpenSSL says of bytes that are no TLS; which of them depends on its version.
_NO_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")
_RUNNING = "is the server running, and is this its address?"


def failure(what: str, address: Address, error: Exception) -> TransportError:
    """Return the error for a request such as ``GET /healthz`` that was made at ``address``."""
    reason, hint = _reason(address, error)
    kind = TimeoutExpiredError if isinstance(error, socket.timeout) else TransportError
    return kind(f"{what}: {reason}" + (f"\n\nhint: {hint}" if hint else ""))


def _reason(address: Address, error: Exception) -> tuple[str, str]:
    """Return what happened and what to do; the narrower class comes first."""
    if isinstance(error, socket.timeout):
        return f"no whole answer from {address} in time", ""
    if isinstance(error, ssl.SSLError):
        return _tls_reason(address, error)
    if isinstance(error, socket.gaierror):
        return _name_reason(address, error)
    if isinstance(error, (UnicodeError, http.client.InvalidURL)):
        return "the request has characters that no request of HTTP has", ""
    if isinstance(error, ConnectionRefusedError):
        return f"nobody listens at {address}", _RUNNING
    if isinstance(error, ConnectionAbortedError):
        return "the request was cancelled", ""
    if isinstance(error, (http.client.RemoteDisconnected, ConnectionError)):
        return f"{address} closed the connection before a whole answer", _other_scheme(address)
    if isinstance(error, http.client.IncompleteRead):
        return _CUT, ""
    if isinstance(error, (http.client.HTTPException, ValueError)):
        return f"the answer of {address} is not HTTP", _other_scheme(address)
    said = error.strerror if isinstance(error, OSError) else None
    return f"{address} cannot be reached: {said or type(error).__name__}", _RUNNING


def _name_reason(address: Address, error: socket.gaierror) -> tuple[str, str]:
    if error.errno == socket.EAI_AGAIN:
        return (
            f"the name {address.host} cannot be looked up now",
            "is the network there, and its name server? if so, try again",
        )
    return f"no machine is called {address.host}", "is the address right, and the network there?"


def _tls_reason(address: Address, error: ssl.SSLError) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate is not trusted: {error.verify_message}",
            "hlp --ca FILE names the certificates to trust, and so does "
            "HttpTransport(…, tls=ssl.create_default_context(cafile=FILE))",
        )
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return f"{address} closed the connection before a whole answer", ""
    code = getattr(error, "reason", None) or type(error).__name__
    if code in _NO_TLS:
        return f"{address} does not speak TLS", _other_scheme(address)
    return f"TLS with {address} failed: {code.replace('_', ' ').lower()}", ""


def _other_scheme(address: Address) -> str:
    if address.tls:
        return "if its server speaks no TLS, its address begins with http://"
    return "if its server speaks TLS, its address begins with https://"
