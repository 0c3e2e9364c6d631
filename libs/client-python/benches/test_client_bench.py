"""Encryption, decryption, and searches against a server on this machine."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Callable, Protocol

import interlock_he
import pytest
from homomorphic_llm import Client
from homomorphic_llm._manifest import Manifest
from homomorphic_llm._npy import matrix_bytes
from homomorphic_llm._writing import write_manifest
from homomorphic_llm.index import passage_in
from tests.server import TOKEN, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    class Benchmark(Protocol):
        """What the fixture of pytest-benchmark is used as."""

        def __call__(self, function: Callable[..., object], *arguments: object) -> object:
            """Call the function often and return its last result."""


ROWS = 8_192
COLUMNS = 384
GROUP = 4


def numbers(count: int, largest: int, seed: int) -> list[int]:
    """Return small integers that are the same every time."""
    choice = random.Random(seed)  # noqa: S311 - not for cryptography
    return [choice.randint(-largest, largest) for _ in range(count)]


VECTOR = numbers(COLUMNS, 36, 0)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with 8,192 rows of 384 columns."""
    folder = tmp_path_factory.mktemp("large")
    rows = [numbers(COLUMNS, 36, seed) for seed in range(1, ROWS + 1)]
    manifest = Manifest("large", "scores", GROUP, scale=700.0)
    path = write_manifest(folder, manifest, matrix_bytes(rows, "<i2"))
    with running(folder, [path]) as server, Client(server.url, token=TOKEN) as client:
        yield client


def test_encrypt(benchmark: Benchmark) -> None:
    key = interlock_he.SecretKey()
    body = benchmark(lambda: key.encrypt(VECTOR, group=GROUP))
    assert isinstance(body, bytes)
    assert len(body) == interlock_he.request_bytes(COLUMNS, GROUP)


def test_decrypt(benchmark: Benchmark) -> None:
    key = interlock_he.SecretKey()
    matrix = interlock_he.Matrix([VECTOR] * ROWS, group=GROUP)
    answer = matrix.apply(key.encrypt(VECTOR, group=GROUP))
    expected = sum(entry * entry for entry in VECTOR)
    assert benchmark(key.decrypt, answer) == [expected] * ROWS


def test_search_of_8192_rows(benchmark: Benchmark, large: Client) -> None:
    vector = [entry / 700 for entry in VECTOR]
    found = benchmark(lambda: large.search("large", vector, 5).hits)
    assert isinstance(found, tuple)
    assert len(found) == 5


def test_fetch_of_a_passage(benchmark: Benchmark, client: Client) -> None:
    record = benchmark(lambda: client.fetch("handbook-text", 7))
    assert isinstance(record, bytes)
    assert json.dumps(passage_in(record).id)
