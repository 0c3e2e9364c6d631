"""The address of a server, read strictly."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ._exceptions import InvalidRequestError

__all__ = ["Address", "address_of", "is_private"]


@dataclass(frozen=True)
class Address:
    """Where a server is: host, port (``None``: the usual one), path prefix, and whether by TLS."""

    host: str
    port: int | None
    prefix: str
    tls: bool

    def __str__(self) -> str:
        """Return the address as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{'https' if self.tls else 'http'}://{host}{port}{self.prefix}"


def address_of(base_url: str) -> Address:
    """Read a base URL, or raise :class:`InvalidRequestError`.

    A user name, a query or a fragment in it is an error: none of them would be sent.
    """
    if not isinstance(base_url, str):
        raise InvalidRequestError(f"the URL of the server is a {type(base_url).__name__}, no str")
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError as error:
        raise InvalidRequestError(f"not an http or https URL: {_shown(base_url)}") from error
    if parts.username is not None or parts.password is not None:
        raise InvalidRequestError(
            "a user name or a password does not belong in the URL of the server"
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidRequestError(
            f"not an http or https URL: {_shown(base_url)}\n\nhint: it is of the form "
            "http://127.0.0.1:8080"
        )
    if parts.query or parts.fragment:
        raise InvalidRequestError(
            f"only scheme, host, port and path belong in the URL: {_shown(base_url)}"
        )
    return Address(parts.hostname, port, parts.path.rstrip("/"), tls=parts.scheme == "https")


def is_private(address: Address) -> bool:
    """Return whether nobody on the way can read what is sent: by TLS, or on this machine."""
    if address.tls or address.host == "localhost" or address.host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return False


def _shown(base_url: str) -> str:
    """Return a URL without what may be a password before an ``@``."""
    return repr(base_url if "@" not in base_url else "…@" + base_url.rpartition("@")[2])
