"""JSON answers, read strictly: a value of another type than the contract says is an error."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ._exceptions import ProtocolError

if TYPE_CHECKING:
    from ._models import Response

__all__ = ["Fields", "fields_of", "unexpected"]


class Fields:
    """One JSON object of an answer; ``where`` is its place, for errors."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ProtocolError(f"{where} is not a JSON object")
        self._value: dict[str, Any] = value
        self._where = where

    def text(self, key: str) -> str:
        """Return a string."""
        value = self._value.get(key)
        if isinstance(value, str):
            return value
        raise self._refused(key, "a string")

    def optional_text(self, key: str) -> str | None:
        """Return a string, or ``None`` where the answer says null."""
        return None if self._value.get(key) is None else self.text(key)

    def count(self, key: str) -> int:
        """Return an integer that is not negative."""
        value = self._value.get(key)
        if type(value) is int and value >= 0:
            return value
        raise self._refused(key, "a count")

    def optional_count(self, key: str) -> int | None:
        """Return a count, or ``None`` where the answer says null."""
        return None if self._value.get(key) is None else self.count(key)

    def number(self, key: str) -> float:
        """Return a finite number."""
        value = self._value.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            with suppress(OverflowError):
                if math.isfinite(value):
                    return float(value)
        raise self._refused(key, "a finite number")

    def optional_number(self, key: str) -> float | None:
        """Return a finite number, or ``None`` where the answer says null."""
        return None if self._value.get(key) is None else self.number(key)

    def items(self, key: str) -> list[object]:
        """Return a list."""
        value = self._value.get(key)
        if isinstance(value, list):
            return value
        raise self._refused(key, "a list")

    def optional_items(self, key: str) -> list[object]:
        """Return a list, empty where the answer says null."""
        return [] if self._value.get(key) is None else self.items(key)

    def object(self, key: str) -> Fields:
        """Return an object inside this one."""
        return Fields(self._value.get(key), f"{self._where}.{key}")

    def _refused(self, key: str, expected: str) -> ProtocolError:
        return ProtocolError(f"{self._where}.{key} is not {expected}")


def fields_of(response: Response) -> Fields:
    """Return the JSON object that is the body of an answer."""
    try:
        value: object = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise unexpected(response) from error
    if not isinstance(value, dict):
        raise unexpected(response)
    return Fields(value, "answer")


def unexpected(response: Response) -> ProtocolError:
    """Return the error for an answer that this server does not give."""
    start = response.body[:80]
    return ProtocolError(f"unexpected answer with status {response.status}: {start!r}")
