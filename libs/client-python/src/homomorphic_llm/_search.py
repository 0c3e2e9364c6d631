"""Private search: what to ask is decided before anything is known, results are ranked after.

A hinted search asks only some shards, drawn so that the server learns the right one at most up to
epsilon. Whether to hint is decided before any result is seen, and a miss is never made good by
asking the rest: that would tell the server that the right shard was not among those asked.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, overload

import interlock_he

from ._exceptions import InvalidRequestError
from ._product import Hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._resources import MatrixInfo

__all__ = ["Hit", "SearchResult", "hint_for", "nearest", "ranked"]


@dataclass(frozen=True)
class Hit:
    """A row of the matrix: its number, its exact integer score, and the score as a float.

    ``similarity`` is the inner product of the vectors before they were rounded, to the precision
    of the scale; ``None`` where the matrix has no scale.
    """

    index: int
    score: int
    similarity: float | None


@dataclass(frozen=True)
class SearchResult:
    """The best rows, best first; a sequence of :class:`Hit`.

    ``privacy`` is what the server said of the request: ``"encrypted"`` or ``"randomized;eps=3"``.
    ``shards`` are those that a hinted search asked, which the server sees; ``None`` is all.
    ``bytes_up`` and ``bytes_down`` are the ciphertexts. ``generation`` is that of the index, which
    its records have too.
    """

    hits: tuple[Hit, ...] = field(repr=False)
    privacy: str
    version: str
    shards: tuple[int, ...] | None
    bytes_up: int
    bytes_down: int
    generation: str | None = None

    def __len__(self) -> int:
        """Return the number of hits."""
        return len(self.hits)

    @overload
    def __getitem__(self, at: int) -> Hit: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, at: int | slice) -> Hit | tuple[Hit, ...]:
        """Return a hit, the best at 0."""
        return self.hits[at]

    def __iter__(self) -> Iterator[Hit]:
        """Iterate over the hits, best first."""
        return iter(self.hits)


def ranked(
    matrix: MatrixInfo, parts: Sequence[list[int]], hint: Hint | None, k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best rows of the parts that were asked; the lower number wins a tie."""
    shards = range(len(matrix.parts)) if hint is None else hint.shards
    starts = [0, *accumulate(part.rows for part in matrix.parts)]
    rows = (
        (-score, starts[shard] + at)
        for shard, scores in zip(shards, parts)
        for at, score in enumerate(scores)
    )
    return tuple(hit_of(matrix, index, -negated) for negated, index in heapq.nsmallest(k, rows))


def hit_of(matrix: MatrixInfo, index: int, score: int) -> Hit:
    """Return a row with its score, as a float too where the matrix has a scale."""
    similarity = None if matrix.scale is None else score / matrix.scale**2
    return Hit(index, score, similarity)


def nearest(centroids: Sequence[Sequence[int]], values: Sequence[int]) -> int:
    """Return the shard whose centroid has the largest product; the lower number wins a tie."""
    products = [sum(a * b for a, b in zip(centroid, values)) for centroid in centroids]
    return products.index(max(products))


def hint_for(matrix: MatrixInfo, shard: int, chosen: int, epsilon: float) -> Hint:
    """Draw the shards to ask for: ``shard`` is the right one, ``chosen`` of all are asked."""
    if not 0 <= shard < len(matrix.shards):
        raise InvalidRequestError(f"matrix {matrix.name} has no shard {shard}")
    try:
        drawn = interlock_he.choose_shards(shard, len(matrix.shards), chosen, epsilon)
    except (OverflowError, ValueError) as error:
        raise InvalidRequestError(f"matrix {matrix.name}: {error}") from error
    return Hint(tuple(drawn), float(epsilon))
