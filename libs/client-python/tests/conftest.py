from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import Client, MemoryLedger
from homomorphic_llm._manifest import Manifest
from homomorphic_llm._npy import matrix_bytes
from homomorphic_llm._writing import write_manifest
from homomorphic_llm.hybrid import write_matrices
from homomorphic_llm.index import build_index, hashed_words, vectors_of, write_index
from hypothesis import settings

from .command import Command
from .interrupted import indexed
from .ledgers import clock
from .names import names, resolver
from .passages import handbook
from .provider import Provider, providing
from .server import TOKEN, UNLIMITED, Server, running
from .written import indexes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["clock", "indexed", "indexes", "names", "resolver"]

# How long a test takes says nothing on a machine that does other things too.
settings.register_profile("tests", deadline=None, max_examples=50)
settings.load_profile("tests")

COLUMNS = 70
ROWS = [[(row * column) % 17 - 8 for column in range(COLUMNS)] for row in range(130)]
ROUTES = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.6, 0.0, 0.8]]


def write_all(folder: Path) -> list[Path]:
    """Write every kind of matrix; return the manifests."""
    passages = handbook()
    vectors = vectors_of(hashed_words, [f"{one.title}\n{one.text}" for one in passages])
    scaled = [[round(700 * entry) for entry in row] for row in ROUTES]
    # Three records of three bytes, two in a column; the third is ff 00 fe.
    raw = [[1, 255], [2, 0], [3, 254], [4, 0], [5, 0], [6, 0]]
    return [
        write_manifest(
            folder,
            Manifest("raw", "records", 32, record_bytes=3, records=3),
            matrix_bytes(raw, "|u1"),
        ),
        *write_index(build_index(passages, vectors, "handbook"), folder),
        *write_index(build_index(passages, vectors, "sharded", shards=5), folder),
        *write_matrices(folder),
        write_manifest(folder, Manifest("plain", "linear", 32), matrix_bytes(ROWS, "|i1")),
        write_manifest(
            folder, Manifest("routes", "scores", 4, scale=700.0), matrix_bytes(scaled, "<i2")
        ),
        write_manifest(
            folder, Manifest("layer", "linear", 4, scale=700.0), matrix_bytes(scaled, "<i2")
        ),
    ]


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """A provider of language models."""
    with providing() as running_provider:
        yield running_provider


@pytest.fixture(scope="session")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("server")
    configuration = (
        f'{UNLIMITED}[providers.fake]\nkind = "openai"\nbase_url = "{provider.url}"\n'
        'api_key_env = "FAKE_PROVIDER_KEY"\nmodels = ["echo", "*"]\n'
        f'[providers.other]\nkind = "anthropic"\nbase_url = "{provider.url}"\n'
        'api_key_env = "FAKE_PROVIDER_KEY"\nmodels = ["claude-*"]\n'
    )
    with running(folder, write_all(folder), configuration) as started:
        yield started


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A client of that server, with a budget of its own."""
    with Client(server.url, token=TOKEN, ledger=MemoryLedger()) as made:
        yield made


@pytest.fixture
def offline(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    """The command with nothing of this machine in its environment."""
    for name in ("HLP_URL", "HLP_TOKEN", "HLP_TOKEN_FILE", "HLP_EMBED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HLP_LEDGER", str(tmp_path / "state" / "ledger.json"))
    return Command(capsys)


@pytest.fixture
def hlp(offline: Command, server: Server, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command for the server of the session."""
    monkeypatch.setenv("HLP_URL", server.url)
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    monkeypatch.setenv("HLP_EMBED", "homomorphic_llm.index:hashed_words")
    return offline
