"""The entries of whatever a caller has as a vector, or as rows of them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

__all__ = ["entries_of"]

#: They can be iterated over, but in no order or not over numbers.
_NO_SEQUENCES = (str, bytes, bytearray, Mapping, AbstractSet)


def entries_of(value: Any) -> list[Any]:  # noqa: ANN401 - from any library
    """Return the entries of a sequence or of an array with ``tolist``; or raise ``TypeError``."""
    if isinstance(value, _NO_SEQUENCES):
        raise TypeError(f"{type(value).__name__} is no sequence of numbers")
    tolist = getattr(value, "tolist", None)
    return list(tolist() if callable(tolist) else value)
