"""The address of a server, read strictly: what is wrong with it is said before it is asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

from ._exceptions import InvalidRequestError

__all__ = ["Address", "address_of", "is_private"]

_FORM = re.compile(r"(?P<scheme>[^:/?#]*)://(?P<place>[^/?#\\]*)(?P<path>[^?#]*)(?P<rest>.*)")
_PLACE = re.compile(r"(?:\[(?P<ipv6>[^\[\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[^:]*))?")
#: The dots that names in other scripts are typed with are dots too (RFC 3490).
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABEL = re.compile("[A-Za-z0-9_-]+")
_LONGEST_LABEL = 63
_LONGEST_NAME = 253
_LAST_PORT = 65_535
_USUAL = "it is of the form http://127.0.0.1:8080"


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
    shown = repr(base_url if "@" not in base_url else "…@" + base_url.rpartition("@")[2])
    for letter in base_url:
        if letter.isspace() or not letter.isprintable():
            raise _wrong(
                f"a space, or what cannot be seen, is in the URL: U+{ord(letter):04X} in {shown}",
                "take it out",
            )
    parts = _FORM.fullmatch(base_url)
    scheme = "" if parts is None else parts["scheme"].lower()
    if parts is None or scheme not in {"http", "https"}:
        raise _wrong(f"not an http or https URL: {shown}", _USUAL)
    if "@" in base_url:  # wherever it is: what stands before it may be a password
        raise _wrong(
            "a user name or a password does not belong in the URL of the server",
            "a token is given apart: token=…, or HLP_TOKEN for hlp; an @ of a path is %40",
        )
    if parts["rest"].strip("?#"):
        raise InvalidRequestError(f"only scheme, host, port and path belong in the URL: {shown}")
    place = _PLACE.fullmatch(parts["place"])
    if place is None:
        raise _wrong(
            f"neither a host nor a host and one port: {parts['place']!r} in {shown}",
            "an IPv6 address stands in brackets, as in http://[::1]:8080",
        )
    if not parts["path"].isascii():
        raise _wrong(
            f"a path of other characters than ASCII: {shown}", f"write it as {quote(parts['path'])}"
        )
    host = _name(place["name"], shown) if place["ipv6"] is None else _ipv6(place["ipv6"])
    return Address(host, _port(place["port"]), parts["path"].rstrip("/"), tls=scheme == "https")


def is_private(address: Address) -> bool:
    """Return whether nobody on the way can read what is sent: by TLS, or on this machine."""
    if address.tls or address.host == "localhost" or address.host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return False


def _name(name: str, shown: str) -> str:
    """Return the name of a machine, or an IPv4 address, in small letters."""
    if not name:
        raise _wrong(f"no machine is named in {shown}", _USUAL)
    labels = _DOTS.split(name)
    for label in labels[:-1] if labels[-1] == "" else labels:
        reason = _wrong_label(label)
        if reason:
            raise _wrong(f"{name!r} cannot be the name of a machine: {reason}", _USUAL)
    if len(name) > _LONGEST_NAME:
        raise _wrong(
            f"a name of {len(name)} characters: one of a machine has at most {_LONGEST_NAME}",
            _USUAL,
        )
    return name.lower()


def _wrong_label(label: str) -> str:
    """Return why a part of a name between dots is none, or nothing if it is one."""
    if not label:
        return "nothing stands before or between dots"
    if len(label) > _LONGEST_LABEL:
        return f"a part of it is longer than {_LONGEST_LABEL} characters"
    try:
        encoded = label.encode("idna").decode("ascii")
    except UnicodeError:
        return f"{label!r} has characters that no name has, or too many that are not ASCII"
    return "" if _LABEL.fullmatch(encoded) else f"{label!r} has characters that no name has"


def _ipv6(text: str) -> str:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        raise _wrong(
            f"{text!r} in brackets is no IPv6 address", "one is as in http://[::1]:8080"
        ) from None
    return text.lower()


def _port(text: str | None) -> int | None:
    if not text:
        return None
    digits = text.lstrip("0")
    if text.isascii() and text.isdigit() and 0 < len(digits) <= len(str(_LAST_PORT)):
        port = int(digits)
        if port <= _LAST_PORT:
            return port
    raise _wrong(f"{text!r} is no port: one is a number from 1 to {_LAST_PORT}", _USUAL)


def _wrong(reason: str, hint: str) -> InvalidRequestError:
    return InvalidRequestError(f"{reason}\n\nhint: {hint}")
