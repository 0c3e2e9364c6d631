"""Dates in rows of digits: what is one is no part of a card or of a telephone number."""

from __future__ import annotations

import re

__all__ = ["date_spans"]

_DAY, _MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_FULL = r"[12]\d{3}([./-])[01]?\d\1[0-3]?\d|[0-3]?\d([./-])[0-3]?\d\2[12]\d{3}"
#: Two digits of a year, or two years, are one only if no number goes on behind them.
_SHORT = rf"{_DAY}([./-]){_MONTH}\3\d\d|{_MONTH}/{_DAY}/\d\d|(?:19|20)\d\d ?[/-] ?(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<![\d+(])(?<!\d[./-])(?:(?:{_FULL})(?!\d)|(?:{_SHORT})(?!\d|[./-]\d))", re.ASCII
)


def date_spans(row: str) -> list[tuple[int, int]]:
    """Return where dates and pairs of years are in a row of digits."""
    return [match.span() for match in _DATE.finditer(row)]
