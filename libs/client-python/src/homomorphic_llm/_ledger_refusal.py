"""Why a hint is refused, in words: pure functions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ._exceptions import PrivacyBudgetError

if TYPE_CHECKING:
    from pathlib import Path

    from ._ledger import Account

__all__ = ["day_of", "refusal"]

_FIRST_DAY = date(1970, 1, 1).toordinal()


def refusal(
    spent: Account, epsilon: float, today: int, path: Path | None = None
) -> PrivacyBudgetError:
    """Return the error for a hint that does not fit in the day any more."""
    wait = "wait for tomorrow (UTC)"
    if spent.day > today:
        away = "" if path is None else f"; if its clock was wrong then, move {path} away"
        wait = f"wait until {day_of(spent.day)} is over (UTC), which the ledger has seen{away}"
    return PrivacyBudgetError(
        f"{spent.epsilon:g} of {spent.cap:g} is spent, and a hint of epsilon {epsilon:g} would "
        f"exceed that budget\n\nhint: search in full, without a hint, or {wait}"
    )


def day_of(day: int) -> str:
    """Return a date, or the number of a day that is beyond the calendar."""
    ordinal = _FIRST_DAY + day
    return str(date.fromordinal(ordinal)) if ordinal <= date.max.toordinal() else f"day {day}"
