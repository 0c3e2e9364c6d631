"""What a chat that fails has disclosed all the same: told by its error."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ._exceptions import ClientError, TransportError
from ._models import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._models import Request

__all__ = ["disclosing", "said_bytes", "sending", "told_or_sent_bytes"]

_DISCLOSED = re.compile(r"disclosed;bytes=(\d{1,15})")
_NOTHING = "none"


def said_bytes(headers: tuple[tuple[str, str], ...]) -> int | None:
    """Return how many bytes the server says it sent on, or ``None`` if it says nothing of it."""
    said = _said(headers)
    found = _DISCLOSED.fullmatch(said)
    return int(found[1]) if found else None


def told_or_sent_bytes(headers: tuple[tuple[str, str], ...], request: Request) -> int:
    """Return the same, or all that was sent where the server does not say what became of it."""
    told = said_bytes(headers)
    if told is None:
        return 0 if _said(headers) == _NOTHING else len(request.body)
    return told


@contextmanager
def disclosing(count: int) -> Iterator[None]:
    """Let an error tell that so many bytes were disclosed before it."""
    try:
        yield
    except ClientError as error:
        error.disclosed_bytes = count
        raise


@contextmanager
def sending(request: Request) -> Iterator[None]:
    """Let an error tell what of a request was sent that has no answer."""
    try:
        yield
    except TransportError as error:
        error.disclosed_bytes = len(request.body) if error.sent else 0
        raise


def _said(headers: tuple[tuple[str, str], ...]) -> str:
    return Response(200, b"", headers).header("HLP-Privacy") or ""
