"""Indexes of the same passages in other orders, at a server that replaces them."""

from __future__ import annotations

import json
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from homomorphic_llm import Client, Hit, MemoryLedger
from homomorphic_llm.index import (
    Index,
    build_index,
    hashed_words,
    passage_in,
    vectors_of,
    write_index,
)

from .passages import handbook
from .server import TOKEN, Server, running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAMES = ("handbook", "handbook-text")
QUERY = vectors_of(hashed_words, ["who remembers the lighthouses?"])[0]
#: The passage that answers it.
BEST = "lighthouses-remembers"
PASSAGES = handbook()
VECTORS = vectors_of(hashed_words, [f"{one.title}\n{one.text}" for one in PASSAGES])


def rotated(step: int, shards: int = 1) -> Index:
    """The index that begins with passage ``step``: other rows, other records, equal shapes."""
    passages = PASSAGES[step:] + PASSAGES[:step]
    vectors = VECTORS[step:] + VECTORS[:step]
    return build_index(passages, vectors, "handbook", shards=shards)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server of the index in a folder."""
    with running(folder, [folder / f"{name}.json" for name in NAMES]) as server:
        yield server


def client_of(server: Server) -> Client:
    return Client(server.url, token=TOKEN, ledger=MemoryLedger())


def look(server: Server) -> None:
    """Let the server look at its files."""
    server.process.send_signal(signal.SIGHUP)


def logged(server: Server, text: str) -> None:
    """Wait until the server has written this."""
    end = time.monotonic() + 120
    while text not in (server.folder / "log.jsonl").read_text(encoding="utf-8"):
        assert time.monotonic() < end, text
        time.sleep(0.01)


def replace(server: Server, index: Index) -> None:
    """Write an index and wait until it is served."""
    write_index(index, server.folder)
    look(server)
    end = time.monotonic() + 120
    with client_of(server) as client:
        while {one.generation for one in client.matrices()} != {index.scores.generation}:
            assert time.monotonic() < end
            time.sleep(0.01)


def assert_right(found: Iterable[tuple[Hit, bytes]]) -> None:
    """Every text is the one whose vector has that score, exactly."""
    query = [round(700 * entry) for entry in QUERY]
    for hit, record in found:
        vector = VECTORS[PASSAGES.index(passage_in(record))]
        assert hit.score == sum(round(700 * a) * b for a, b in zip(vector, query))


def data_of(folder: Path, name: str) -> Path:
    """The data file that a manifest names."""
    manifest = json.loads((folder / f"{name}.json").read_bytes())
    return folder / str(manifest["data"])
