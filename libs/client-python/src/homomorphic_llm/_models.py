"""What goes in and out of a transport, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Request", "Response"]

#: Longest answer of a request that names no limit, in bytes. Refusals are shorter than this.
DEFAULT_LIMIT = 65_536


@dataclass(frozen=True)
class Request:
    """A request for a transport: a method, a path such as ``/healthz``, headers and a body.

    ``limit`` is the largest answer that may be read, in bytes. ``idempotent`` says that asking
    twice does no harm. Headers and body are not in the ``repr``: they hold a token and a text.
    """

    method: str
    path: str
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    limit: int = DEFAULT_LIMIT
    idempotent: bool = True


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status; a transport raises only if there is none."""

    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or ``None``; case does not matter."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
