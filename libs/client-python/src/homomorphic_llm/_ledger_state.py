"""What the ledger keeps, as text: pure functions that read it strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ._json_objects import without_twins

__all__ = [
    "LARGEST_EPSILON",
    "MAX_SPENDINGS",
    "SMALLEST_EPSILON",
    "LedgerState",
    "parse",
    "render",
]

#: More hinted searches in one day than this are refused: the file stays small.
MAX_SPENDINGS = 10_000
#: What the wheel takes as the epsilon of one query.
SMALLEST_EPSILON, LARGEST_EPSILON = 1e-6, 64.0
_FORMAT = 1
_LAST_DAY = 2**32 - 1


@dataclass(frozen=True)
class LedgerState:
    """The last day that was seen (days since 1970-01-01, UTC) and what was spent on it."""

    day: int = 0
    epsilons: tuple[float, ...] = ()


def render(state: LedgerState) -> str:
    """Return the text of the file."""
    value = {"format": _FORMAT, "day": state.day, "epsilons": list(state.epsilons)}
    return json.dumps(value) + "\n"


def parse(text: str) -> LedgerState:
    """Read the text of the file; raise :class:`ValueError` with the reason if it is not one."""
    try:
        value: object = json.loads(text, object_pairs_hook=without_twins)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict) or set(value) != {"format", "day", "epsilons"}:
        raise ValueError("not an object with format, day and epsilons")
    if value["format"] != _FORMAT:
        raise ValueError(f"format {value['format']!r} instead of {_FORMAT}")
    day, epsilons = value["day"], value["epsilons"]
    if type(day) is not int or not 0 <= day <= _LAST_DAY:
        raise ValueError("day is no number of days since 1970")
    if not isinstance(epsilons, list) or len(epsilons) > MAX_SPENDINGS:
        raise ValueError(f"epsilons is no list of at most {MAX_SPENDINGS} numbers")
    if not all(
        type(value) in (int, float) and SMALLEST_EPSILON <= value <= LARGEST_EPSILON
        for value in epsilons
    ):
        raise ValueError(
            f"an epsilon is not a number from {SMALLEST_EPSILON:g} to {LARGEST_EPSILON:g}"
        )
    return LedgerState(day, tuple(float(value) for value in epsilons))
