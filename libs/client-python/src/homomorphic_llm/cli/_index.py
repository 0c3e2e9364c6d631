"""``hlp index``: make the matrices of a file of passages. Nothing is sent anywhere."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .._npy import read_matrix
from .._regular_file import NotRegularError, open_regular
from ..index import (
    IndexInputError,
    build_index,
    embedding_named,
    passages_in,
    vectors_of,
    write_index,
)
from ..index._lengths import check_lengths, lengths_of
from ..index._names import check_name
from ._output import Result, amount, complain, counted, print_warning
from ._progress import Progress

if TYPE_CHECKING:
    import argparse

    from ..index import Index, Passage

__all__ = ["index"]

#: Texts that are embedded between two looks at the clock: some seconds of a small model.
_BATCH = 128


def index(arguments: argparse.Namespace) -> Result:
    """Read the passages, make or read their vectors, write manifests and data."""
    if arguments.embed is None and arguments.vectors is None:
        raise IndexInputError("no vectors\n\nhint: --embed module:function, or --vectors FILE")
    check_name(arguments.name)
    file = Path(arguments.passages)
    passages = passages_in(_text(file), str(file))
    if arguments.longest_passage is not None:
        check_lengths(passages, arguments.longest_passage)
    vectors = _vectors(arguments, passages)
    built = _built(arguments, passages, vectors)
    manifests = write_index(built, arguments.out, told=print_warning)
    size = len(built.scores_data) + len(built.records_data)
    lengths = lengths_of(passages)
    lines = (
        f"{counted(len(passages), 'passage')}, "
        f"{counted(max(1, len(built.scores.shards)), 'shard')}, {amount(size)}",
        f"each record takes {amount(lengths.record)}, as the longest passage does, "
        f"{lengths.longest.id!r}; half of them need at most {amount(lengths.half)}",
        *(f"wrote {path}" for path in manifests),
    )
    value: dict[str, object] = {
        "passages": len(passages),
        "shards": list(built.scores.shards),
        "bytes": size,
        "record_bytes": lengths.record,
        "longest_passage": lengths.longest.id,
        "half_of_records_bytes": lengths.half,
        "manifests": [str(path) for path in manifests],
    }
    return Result(lines, value)


def _built(
    arguments: argparse.Namespace, passages: list[Passage], vectors: list[list[float]]
) -> Index:
    scale, shards = arguments.scale, arguments.shards
    try:
        return build_index(passages, vectors, arguments.name, scale=scale, shards=shards)
    except IndexInputError as error:
        raise IndexInputError(f"{arguments.passages}: {error}") from error


def _text(file: Path) -> str:
    try:
        with _opened(file) as opened, io.TextIOWrapper(opened, encoding="utf-8") as text:
            return text.read()
    except UnicodeDecodeError as error:
        raise IndexInputError(
            f"{file}: not UTF-8: byte {error.start}: {error.reason}\n\nhint: save it as UTF-8"
        ) from error


def _opened(file: Path) -> IO[bytes]:
    try:
        return open_regular(file)
    except NotRegularError as error:
        raise IndexInputError(
            f"{file}: {error}\n\nhint: write what comes from elsewhere into a file first"
        ) from error


def _vectors(arguments: argparse.Namespace, passages: list[Passage]) -> list[list[float]]:
    if arguments.vectors is None:
        texts = [f"{passage.title}\n{passage.text}" for passage in passages]
        embedding = embedding_named(arguments.embed)
        told = None if arguments.json else Progress(len(texts), complain)
        return vectors_of(embedding, texts, name=arguments.embed, batch=_BATCH, told=told)
    file = Path(arguments.vectors)
    with _opened(file) as opened:
        data = opened.read()
    try:
        rows = json.loads(data) if file.suffix == ".json" else read_matrix(data)
    except (ValueError, RecursionError) as error:
        raise IndexInputError(f"{file}: {error}") from error
    if not isinstance(rows, list) or len(rows) != len(passages):
        raise IndexInputError(f"{file}: not one row for each of {len(passages)} passages")
    return vectors_of(lambda _: rows, [passage.id for passage in passages], name=f"in {file}")
