"""What goes in and out, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Health", "Request", "Response"]


@dataclass(frozen=True)
class Request:
    """A request for a transport: a method, a path such as ``/healthz``, and a body."""

    method: str
    path: str
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status; a transport raises only if there is none."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Health:
    """What the server says about itself and the shape of its matrix."""

    status: str
    version: str
    rows: int
    columns: int
