"""Integers of callers, of any type that is one."""

from __future__ import annotations

import operator
from typing import SupportsIndex

from ._exceptions import InvalidRequestError

__all__ = ["integer_of"]


def integer_of(value: SupportsIndex, what: str) -> int:
    """Return an integer, also one of ``numpy``; a truth value or a fraction is none."""
    if not isinstance(value, bool):
        try:
            return operator.index(value)
        except TypeError:
            pass
    raise InvalidRequestError(f"{what} is an integer, not {value!r}")
