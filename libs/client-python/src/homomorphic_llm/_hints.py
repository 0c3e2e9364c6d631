"""What a caller says about a hinted search."""

from __future__ import annotations

from dataclasses import dataclass

from ._exceptions import InvalidRequestError

__all__ = ["HintOptions", "hint_options"]


@dataclass(frozen=True)
class HintOptions:
    """A hint is wanted: its epsilon, how many shards to ask, and the right one if it is known."""

    epsilon: float
    chosen: int
    shard: int | None
    when_spent: str


def hint_options(
    epsilon: float | None, *, chosen: int, shard: int | None, when_spent: str
) -> HintOptions | None:
    """Return the options of a hinted search, or ``None`` for a full one."""
    if when_spent not in ("error", "full"):
        raise InvalidRequestError(f"when_spent is 'error' or 'full', not {when_spent!r}")
    if epsilon is None:
        if shard is not None:
            raise InvalidRequestError("a shard is named but no hint_epsilon: nothing would hide it")
        return None
    return HintOptions(epsilon, chosen, shard, when_spent)
