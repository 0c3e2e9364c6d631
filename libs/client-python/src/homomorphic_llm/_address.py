"""The address of a server, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["Address", "address_of"]


@dataclass(frozen=True)
class Address:
    """Where a server is: host, port (``None``: the usual one), path prefix, and whether by TLS."""

    host: str
    port: int | None
    prefix: str
    tls: bool


def address_of(base_url: str) -> Address:
    """Read a base URL, or raise :class:`ValueError`.

    A user name, a query or a fragment in it is an error: none of them would be sent.
    """
    parts = urlsplit(base_url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user name or a password does not belong in the URL of the server")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not an http or https URL: {base_url!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"only scheme, host, port and path belong in the URL: {base_url!r}")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(f"no port of an http or https URL: {base_url!r}") from error
    return Address(parts.hostname, port, parts.path.rstrip("/"), tls=parts.scheme == "https")
