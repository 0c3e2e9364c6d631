"""From passages and vectors to the two matrices of an index: decided first, written after."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import interlock_he

from .._manifest import Manifest, best_group, files_of, generation_of, records_name, traffic
from .._npy import matrix_bytes
from .._writing import write_files
from ._clusters import clustered
from ._errors import IndexInputError
from ._names import check_name
from ._passages import record_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from ._passages import Passage

__all__ = ["Index", "build_index", "write_index"]


@dataclass(frozen=True)
class Index:
    """An index that is yet to be written: two manifests and their data.

    ``order`` says which passage became which row; shards put similar ones together.
    """

    scores: Manifest
    records: Manifest
    order: tuple[int, ...]
    scores_data: bytes = field(repr=False)
    records_data: bytes = field(repr=False)
    centroids: bytes | None = field(default=None, repr=False)


def build_index(
    passages: Sequence[Passage],
    vectors: Sequence[Sequence[float]],
    name: str,
    *,
    scale: float = 700.0,
    shards: int = 1,
) -> Index:
    """Return the index of passages whose vectors have length 1.

    ``scale`` is what an entry is multiplied by before it is rounded; the norm of the result is at
    most 724, and no vector becomes one of zeros alone. Raises :class:`IndexInputError`.
    """
    check_name(name)
    if len(passages) != len(vectors):
        raise IndexInputError(f"{len(vectors)} vectors for {len(passages)} passages")
    columns = len(vectors[0])
    if columns > interlock_he.MAX_DIMENSION or len(vectors) > interlock_he.MAX_ROWS:
        raise IndexInputError(
            f"{len(vectors)} vectors of {columns} numbers: at most {interlock_he.MAX_ROWS} of "
            f"{interlock_he.MAX_DIMENSION} fit"
        )
    try:
        clusters = clustered(vectors, shards) if shards > 1 else []
    except ValueError as error:
        raise IndexInputError(str(error)) from error
    order = [row for rows, _ in clusters for row in rows] or list(range(len(vectors)))
    rounded = [_rounded(vectors[row], scale, passages[row].id) for row in order]
    centroids = [_rounded(centre, scale, "a centroid") for _, centre in clusters]
    records, records_data = _records(name, [record_of(passages[row]) for row in order])
    scores_data = matrix_bytes(rounded, "<i2")
    centroids_data = matrix_bytes(centroids, "<i2") if centroids else None
    generation = generation_of(name.encode(), scores_data, centroids_data, records_data)
    return Index(
        scores=Manifest(
            name=name,
            kind="scores",
            group=best_group(len(order), columns),
            scale=scale,
            shards=tuple(len(rows) for rows, _ in clusters),
            generation=generation,
        ),
        records=replace(records, generation=generation),
        order=tuple(order),
        scores_data=scores_data,
        records_data=records_data,
        centroids=centroids_data,
    )


def write_index(
    index: Index,
    folder: str | os.PathLike[str],
    *,
    told: Callable[[str], object] | None = None,
) -> list[Path]:
    """Write the files of an index; return the manifests, the one of scores first.

    An older index of that name is replaced: until the new one is whole on disk, all of the old one
    stays. Its data stay until the next index of that name is written, as long as a copy of a
    manifest in the folder names them, and while the folder has a file ``*.json*`` that cannot be
    read as JSON, which may name them. Why data stay against that is ``told``; the default is a
    ``RuntimeWarning``.
    """
    return write_files(
        Path(folder),
        [
            files_of(index.scores, index.scores_data, index.centroids),
            files_of(index.records, index.records_data),
        ],
        told,
    )


def _rounded(vector: Sequence[float], scale: float, what: str) -> list[int]:
    if not 0 < scale <= interlock_he.MAX_NORM:
        raise IndexInputError(f"a scale is above 0 and at most {interlock_he.MAX_NORM}")
    values = [round(value * scale) for value in vector]
    if sum(value * value for value in values) > interlock_he.MAX_NORM**2:
        raise IndexInputError(
            f"{what}: rounded at scale {scale:g}, the vector is longer than "
            f"{interlock_he.MAX_NORM}\n\nhint: take a smaller scale"
        )
    if any(vector) and not any(values):
        raise IndexInputError(
            f"{what}: rounded at scale {scale:g}, the vector is all zeros and would never be found"
            "\n\nhint: take a larger scale, such as 700"
        )
    return values


def _records(name: str, records: list[bytes]) -> tuple[Manifest, bytes]:
    """Lay the records out with the least traffic: so many of them in each column."""
    size = max(len(record) for record in records)
    fitting = [
        per_column
        for per_column in range(1, len(records) + 1)
        if -(-len(records) // per_column) <= interlock_he.MAX_DIMENSION
        and per_column * size <= interlock_he.MAX_ROWS
    ]
    if not fitting:
        raise IndexInputError(f"{len(records)} passages of up to {size} bytes do not fit a matrix")
    _, group, per_column = min(
        (traffic(per_column * size, -(-len(records) // per_column), group), group, per_column)
        for per_column in fitting
        for group in interlock_he.GROUPS
    )
    columns = -(-len(records) // per_column)
    filled = [record.ljust(size, b"\0") for record in records]
    filled += [bytes(size)] * (per_column * columns - len(records))
    bundles = [b"".join(filled[at : at + per_column]) for at in range(0, len(filled), per_column)]
    manifest = Manifest(
        name=records_name(name),
        kind="records",
        group=group,
        record_bytes=size,
        records=len(records),
    )
    return manifest, matrix_bytes(list(zip(*bundles)), "|u1")
