"""Search and fetch as one: the records of the rows that were found, never those of other rows.

Scores and records are two matrices, which a server loads one by one. They belong together if they
are of one generation. Every request names the version that it is meant for, so that a server that
has replaced one of them in between refuses, and both are looked at again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, SupportsIndex

from ._exceptions import IndexReplacedError, InvalidRequestError, MatrixChangedError
from ._generations import without_generation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._hints import HintOptions
    from ._protocol import Operation, Protocol
    from ._resources import MatrixInfo
    from ._search import Hit, SearchResult
    from ._vectors import Vector

__all__ = ["Question", "Retrieval", "pair_in", "retrieve"]

#: How often both matrices are looked at, until they are of one generation and stay it.
_ATTEMPTS = 3


@dataclass(frozen=True)
class Question:
    """What is searched where; ``records`` is the name of the matrix of records."""

    scores: str
    records: str
    vector: Vector
    k: SupportsIndex
    options: HintOptions | None


@dataclass(frozen=True)
class Retrieval:
    """The best rows with their records, best first; iterating gives pairs of both.

    ``bytes_up`` and ``bytes_down`` are the ciphertexts of all ``requests``, those that were in
    vain included because the index was replaced meanwhile.
    """

    found: SearchResult
    records: tuple[bytes, ...] = field(repr=False)
    requests: int
    bytes_up: int
    bytes_down: int
    search_seconds: float
    fetch_seconds: float

    def __len__(self) -> int:
        """Return the number of hits."""
        return len(self.records)

    def __getitem__(self, at: int) -> tuple[Hit, bytes]:
        """Return a hit and its record, the best at 0."""
        return self.found[at], self.records[at]

    def __iter__(self) -> Iterator[tuple[Hit, bytes]]:
        """Iterate over hits and their records, best first."""
        return zip(self.found, self.records)


@dataclass
class _Sent:
    """What went over the wire so far."""

    requests: int = 0
    up: int = 0
    down: int = 0

    def ask(self, matrix: MatrixInfo) -> None:
        self.requests += 1
        self.up += matrix.request_bytes


def retrieve(
    protocol: Protocol, question: Question, clock: Callable[[], float] = time.perf_counter
) -> Operation[Retrieval]:
    """Search and fetch in one version of an index; raise :class:`IndexReplacedError` if none stays.

    A hinted search is sent once, to what a fresh listing has: another one would cost another
    epsilon.
    """
    sent, start = _Sent(), clock()
    held = protocol.held(question.scores, question.records)
    matrices = held if question.options is None else None
    for _ in range(_ATTEMPTS):
        if matrices is None:
            matrices = yield from protocol.matrices()
        scores, records = pair_in(matrices, question.scores, question.records)
        if scores.generation == records.generation:
            try:
                found = yield from _search(protocol, scores, question, sent)
                searched = clock()
                texts = yield from _fetch(protocol, records, found, sent)
            except MatrixChangedError:
                if question.options is not None:
                    break
            else:
                times = (searched - start, clock() - searched)
                return Retrieval(found, texts, sent.requests, sent.up, sent.down, *times)
        matrices = None
    raise IndexReplacedError(
        f"{question.scores} and {question.records} do not belong together: the index is being "
        "replaced\n\nhint: try again in a few seconds; if it stays so, make the index again"
    )


def pair_in(
    matrices: Sequence[MatrixInfo], scores: str, records: str
) -> tuple[MatrixInfo, MatrixInfo]:
    """Return both matrices of one listing; :class:`InvalidRequestError` if they are no pair."""
    named = {matrix.name: matrix for matrix in matrices}
    for name in (scores, records):
        if name not in named:
            raise InvalidRequestError(f"the server has no matrix {name}")
    first, second = named[scores], named[records]
    generations = {first.generation, second.generation}
    if second.kind != "records":
        raise InvalidRequestError(f"matrix {records} holds {second.kind}, not records")
    replaced = None not in generations and len(generations) > 1
    if not replaced and second.records != first.rows:
        raise InvalidRequestError(
            f"{records} has {second.records} records, {scores} has {first.rows} rows"
        )
    if None in generations and len(generations) > 1:
        without, other = sorted((first, second), key=lambda one: one.generation is not None)
        raise without_generation(without.name, f"{other.name} was")
    return first, second


def _search(
    protocol: Protocol, scores: MatrixInfo, question: Question, sent: _Sent
) -> Operation[SearchResult]:
    sent.ask(scores)
    found = yield from protocol.search_in(scores, question.vector, question.k, question.options)
    sent.down += found.bytes_down
    return found


def _fetch(
    protocol: Protocol, records: MatrixInfo, found: SearchResult, sent: _Sent
) -> Operation[tuple[bytes, ...]]:
    texts = []
    for hit in found:
        sent.ask(records)
        texts.append((yield from protocol.fetch_in(records, hit.index)))
        sent.down += records.response_bytes
    return tuple(texts)
