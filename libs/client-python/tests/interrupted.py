"""A client of an index that something happens to while it is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest
from homomorphic_llm import Client, HttpTransport, MemoryLedger, Request, Response
from homomorphic_llm.index import write_index

from .indexes import rotated, serving
from .server import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homomorphic_llm import Stream

    from .server import Server


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Server]:
    """A server of an index that a test may replace."""
    write_index(rotated(0), tmp_path)
    with serving(tmp_path) as server:
        yield server


class Interrupted:
    """The real transport; before some requests for products something else happens."""

    def __init__(self, server: Server, before: Callable[[int, str], None]) -> None:
        self._inner = HttpTransport(server.url)
        self._before = before
        self.products: list[str] = []

    def send(self, request: Request) -> Response:
        if request.path.partition("?")[0].endswith("/apply"):
            self._before(len(self.products), request.path)
            self.products.append(request.path.split("/")[3])
        return self._inner.send(request)

    def stream(self, request: Request) -> Stream:
        return self._inner.stream(request)

    def close(self) -> None:
        self._inner.close()


def interrupted(server: Server, before: Callable[[int, str], None]) -> tuple[Client, Interrupted]:
    transport = Interrupted(server, before)
    ledger = MemoryLedger(epsilon=100.0)
    return Client(server.url, token=TOKEN, transport=transport, ledger=ledger), transport
