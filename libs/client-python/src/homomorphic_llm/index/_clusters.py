"""Shards of similar vectors: k-means on the sphere, deterministic."""

from __future__ import annotations

import math
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[float]]

__all__ = ["clustered"]

_ROUNDS = 8


def clustered(vectors: Rows, count: int) -> list[tuple[list[int], list[float]]]:
    """Return ``count`` clusters of vectors of length 1: the rows of each, and its centre.

    No cluster is empty. The result depends on nothing but the vectors and the count.
    """
    if not 1 <= count <= len(vectors):
        raise ValueError(f"{len(vectors)} passages do not make {count} shards")
    centres = [list(vectors[at * len(vectors) // count]) for at in range(count)]
    members: list[list[int]] = []
    for _ in range(_ROUNDS):
        nearest = [_nearest(centres, vector) for vector in vectors]
        found = [
            [row for row, at in enumerate(nearest) if at == cluster] for cluster in range(count)
        ]
        _fill(found)
        if found == members:
            break
        members = found
        centres = [_centre([vectors[row] for row in rows]) for rows in members]
    return list(zip(members, centres))


def _nearest(centres: Rows, vector: Sequence[float]) -> int:
    products = [sum(map(mul, centre, vector)) for centre in centres]
    return products.index(max(products))


def _fill(members: list[list[int]]) -> None:
    """Give an empty cluster the last row of the largest one."""
    for rows in members:
        if not rows:
            rows.append(max(members, key=len).pop())


def _centre(vectors: Rows) -> list[float]:
    sums = [math.fsum(column) for column in zip(*vectors)]
    length = math.hypot(*sums)
    return [value / length for value in sums] if length > 0 else list(vectors[0])
