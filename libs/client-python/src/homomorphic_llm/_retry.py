"""Whether a refused request is sent again: only if the server names a time, only harmlessly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._models import Request, Response

__all__ = ["Retry"]

_LATER = (429, 503)


@dataclass(frozen=True)
class Retry:
    """How often to ask again, and how many seconds at most to wait before each time.

    Only a 429 or 503 with ``Retry-After`` is asked again, and only if asking twice does no harm.
    What the server wants to wait longer for is an error at once. ``Retry(attempts=0)``: never.
    """

    attempts: int = 2
    longest: float = 20.0

    def pause(self, request: Request, response: Response, done: int, now: datetime) -> float | None:
        """Return the seconds to wait before the next attempt, or ``None`` for no other one.

        ``done`` is how many times the request was repeated already.
        """
        if response.status not in _LATER or not request.idempotent or done >= self.attempts:
            return None
        seconds = _seconds(response.header("Retry-After"), now)
        return seconds if seconds is not None and seconds <= self.longest else None


def _seconds(value: str | None, now: datetime) -> float | None:
    """Read ``Retry-After``: seconds, or the date of HTTP."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else math.inf
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    zoned = date if date.tzinfo is not None else date.replace(tzinfo=timezone.utc)
    return max(0.0, (zoned - now).total_seconds())
