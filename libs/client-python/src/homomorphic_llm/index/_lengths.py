"""How long records are: all of them as long as the longest one, so that none tells itself apart."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from ._errors import IndexInputError
from ._passages import record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._passages import Passage

__all__ = ["Lengths", "check_lengths", "lengths_of"]


@dataclass(frozen=True)
class Lengths:
    """The bytes of every record, the passage that needs them, and what half of all need at most."""

    record: int
    longest: Passage
    half: int


def lengths_of(passages: Sequence[Passage]) -> Lengths:
    """Return how long the records of passages are."""
    sizes = [len(record_of(passage)) for passage in passages]
    record = max(sizes)
    return Lengths(record, passages[sizes.index(record)], median_low(sizes))


def check_lengths(passages: Sequence[Passage], most: int) -> None:
    """Raise :class:`IndexInputError` if a passage needs a record of more than ``most`` bytes."""
    beyond = sum(len(record_of(passage)) > most for passage in passages)
    if not beyond:
        return
    lengths = lengths_of(passages)
    raise IndexInputError(
        f"{beyond} of {len(passages)} passages need records of more than {most} bytes, the longest "
        f"one, {lengths.longest.id!r}, {lengths.record}; half of them need at most {lengths.half}"
        "\n\n"
        "hint: cut long passages into several, each with an id of its own"
    )
