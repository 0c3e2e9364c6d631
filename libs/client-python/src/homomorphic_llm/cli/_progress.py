"""How far something is that takes a while: a line every few seconds, on standard error."""

from __future__ import annotations

import time
from typing import Callable

__all__ = ["Progress"]

_SECONDS = 3.0


class Progress:
    """Says how many of ``total`` texts are embedded; nothing of what is done within seconds."""

    def __init__(
        self,
        total: int,
        say: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._say = say
        self._clock = clock
        self._start = self._last = clock()

    def __call__(self, done: int) -> None:
        """Take note that so many are done."""
        now = self._clock()
        if done >= self._total or now - self._last < _SECONDS:
            return
        self._last = now
        passed = now - self._start
        left = passed * (self._total - done) / done
        self._say(f"{done} of {self._total} passages embedded ({passed:.0f} s, {left:.0f} s to go)")
