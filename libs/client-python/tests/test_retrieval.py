"""The text that is shown is that of the row that was found, whatever becomes of the index."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Callable

import numpy as np
import pytest
from homomorphic_llm import (
    AsyncClient,
    Client,
    HttpTransport,
    IndexReplacedError,
    InvalidRequestError,
    MatrixChangedError,
    MemoryLedger,
    Request,
    Response,
)
from homomorphic_llm._manifest import files_of
from homomorphic_llm._writing import write_files
from homomorphic_llm.index import Index, passage_in, write_index

from .indexes import (
    QUERY,
    assert_right,
    client_of,
    data_of,
    logged,
    look,
    replace,
    rotated,
    serving,
)
from .server import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homomorphic_llm import Stream

    from .command import Command
    from .server import Server

BEST = "lighthouses-remembers"
#: How often the index is made anew while it is searched.
ROUNDS = 12


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


def without_generation(index: Index) -> Index:
    return changed(
        index,
        scores=changed(index.scores, generation=None),
        records=changed(index.records, generation=None),
    )


def write_scores(index: Index, folder: Path) -> None:
    """What an indexer leaves behind that is killed between its two manifests."""
    write_files(folder, [files_of(index.scores, index.scores_data, index.centroids)])


def test_records_come_with_the_rows_that_were_found(indexed: Server) -> None:
    with client_of(indexed) as client:
        both = client.retrieve("handbook", QUERY, k=3)
        assert_right(both)
        assert len(both) == 3
        assert passage_in(both[0][1]).id == BEST
        listed = {one.name: one for one in client.matrices()}
        text = listed["handbook-text"]
        assert both.found.generation == text.generation == listed["handbook"].generation
        assert (both.requests, both.bytes_up, both.bytes_down) == (
            4,
            both.found.bytes_up + 3 * text.request_bytes,
            both.found.bytes_down + 3 * text.response_bytes,
        )
        assert min(both.search_seconds, both.fetch_seconds) > 0


def test_the_async_client_has_it_too(indexed: Server) -> None:
    async def retrieve() -> None:
        async with AsyncClient(indexed.url, token=TOKEN, ledger=MemoryLedger()) as client:
            both = await client.retrieve("handbook", QUERY, k=2)
            assert_right(both)
            index, generation = both.found[0].index, both.found.generation
            record = await client.fetch("handbook-text", index, generation=generation)
            assert record == both.records[0]

    asyncio.run(retrieve())


def test_beside_damaged_records_all_of_the_old_index_is_served(indexed: Server) -> None:
    write_index(rotated(7), indexed.folder)
    os.truncate(data_of(indexed.folder, "handbook-text"), 1000)
    look(indexed)
    logged(indexed, "the file is truncated: it has 1000 bytes")
    with client_of(indexed) as client:
        both = client.retrieve("handbook", QUERY)
        assert_right(both)
        assert both.found.generation == rotated(0).scores.generation
    replace(indexed, rotated(7))


def test_halves_of_two_indexes_show_no_text(
    tmp_path: Path, offline: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_index(rotated(0), tmp_path)
    write_scores(rotated(7), tmp_path)
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    words = ["--embed", "homomorphic_llm.index:hashed_words"]
    with serving(tmp_path) as server:
        monkeypatch.setenv("HLP_URL", server.url)
        client, transport = interrupted(server, lambda *_: None)
        with client, pytest.raises(IndexReplacedError, match="do not belong together"):
            client.retrieve("handbook", QUERY)
        assert transport.products == []
        status, out, err = offline("search", "lighthouses", *words)
        assert (status, out) == (3, "")
        assert "the index is being replaced\n\nhint: try again" in err
        status, _, err = offline("search", "lighthouses", *words, "--json")
        assert (status, json.loads(err)["error"]["code"]) == (3, "IndexReplacedError")
        assert offline("search", "lighthouses", *words, "--no-text")[0] == 0
        replace(server, rotated(9))
        status, out, _ = offline("search", "who remembers the lighthouses?", *words)
        assert (status, f"[{BEST}]" in out) == (0, True)


@pytest.mark.parametrize("at", [0, 1, 3])
def test_an_index_that_is_replaced_in_between_is_searched_anew(indexed: Server, at: int) -> None:
    def before(number: int, _: str) -> None:
        if number == at:
            replace(indexed, rotated(7))

    client, transport = interrupted(indexed, before)
    with client:
        client.matrices()
        both = client.retrieve("handbook", QUERY, k=3)
        assert_right(both)
        assert both.found.generation == rotated(7).scores.generation
    assert both.requests == len(transport.products) == at + 1 + 4
    assert transport.products[at + 1 :] == ["handbook", *["handbook-text"] * 3]


def test_an_index_that_does_not_stay_is_given_up(indexed: Server) -> None:
    def before(number: int, path: str) -> None:
        if "handbook-text" in path:
            replace(indexed, rotated(number + 1))

    client, transport = interrupted(indexed, before)
    with client, pytest.raises(IndexReplacedError):
        client.retrieve("handbook", QUERY)
    assert transport.products == ["handbook", "handbook-text"] * 3


def test_a_hinted_search_is_sent_once(tmp_path: Path) -> None:
    write_index(rotated(0, shards=5), tmp_path)
    with serving(tmp_path) as server:

        def before(number: int, _: str) -> None:
            if number == 1:
                replace(server, rotated(7, shards=5))

        client, transport = interrupted(server, before)
        with client:
            with pytest.raises(IndexReplacedError):
                client.retrieve("handbook", QUERY, hint_epsilon=0.5)
            assert transport.products == ["handbook", "handbook-text"]
            assert client.ledger.report().basic == 0.5
            assert_right(client.retrieve("handbook", QUERY, k=1, hint_epsilon=0.5))


def test_centroids_of_another_version_cost_nothing(tmp_path: Path) -> None:
    write_index(rotated(0, shards=5), tmp_path)
    with serving(tmp_path) as server, client_of(server) as client:
        client.matrices()
        replace(server, rotated(7, shards=5))
        with pytest.raises(MatrixChangedError, match="the centroids"):
            client.search("handbook", QUERY, hint_epsilon=0.5)
        assert client.ledger.report().basic == 0
        assert client.search("handbook", QUERY, 1, hint_epsilon=0.5).privacy == "randomized;eps=0.5"


def test_while_an_index_is_made_anew_again_and_again_no_other_text_is_shown(
    indexed: Server,
) -> None:
    done, answered = threading.Event(), threading.Event()

    def replacing() -> None:
        try:
            for step in range(1, ROUNDS + 1):
                replace(indexed, rotated(step))
                answered.clear()
                answered.wait(5)
        finally:
            done.set()

    seen: set[str | None] = set()
    writer = threading.Thread(target=replacing)
    with client_of(indexed) as client:
        writer.start()
        while not done.is_set():
            try:
                both = client.retrieve("handbook", QUERY, k=2)
            except IndexReplacedError:
                continue
            assert_right(both)
            seen.add(both.found.generation)
            answered.set()
        writer.join()
        assert_right(client.retrieve("handbook", QUERY, k=2))
    assert len(seen) >= 2


def test_what_was_found_is_fetched_of_its_generation_or_not_at_all(indexed: Server) -> None:
    with client_of(indexed) as client:
        client.matrices()
        replace(indexed, rotated(7))
        with pytest.raises(MatrixChangedError):
            client.search("handbook", QUERY, 1)
        found = client.search("handbook", QUERY, 1)
        # The client still holds the old version of the records.
        record = client.fetch("handbook-text", found[0].index, generation=found.generation)
        assert passage_in(record).id == BEST
        replace(indexed, rotated(9))
        with pytest.raises(MatrixChangedError):
            client.fetch("handbook-text", found[0].index, generation=found.generation)
        with pytest.raises(IndexReplacedError, match="another generation"):
            client.fetch("handbook-text", found[0].index, generation=found.generation)


def test_matrices_without_a_generation_are_pinned_to_one_listing(tmp_path: Path) -> None:
    write_index(without_generation(rotated(0)), tmp_path)
    with serving(tmp_path) as server:

        def before(number: int, _: str) -> None:
            if number == 2:
                write_index(without_generation(rotated(7)), tmp_path)
                look(server)
                logged(server, "a new version is served")

        client, transport = interrupted(server, before)
        with client:
            client.matrices()
            client.retrieve("handbook", QUERY, k=3)
            logged(server, '"matrix":"handbook-text"')
            both = client.retrieve("handbook", QUERY, k=3)
            assert both.found.generation is None
            assert_right(both)
        assert transport.products.count("handbook") >= 3


@pytest.mark.parametrize("missing", ["handbook", "handbook-text"])
def test_one_matrix_without_a_generation_is_named_and_asked_no_more(
    tmp_path: Path, offline: Command, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    whole = rotated(0)
    parts = without_generation(whole)
    scores, records = (
        (parts.scores, whole.records) if missing == "handbook" else (whole.scores, parts.records)
    )
    write_index(changed(whole, scores=scores, records=records), tmp_path)
    other = ({"handbook", "handbook-text"} - {missing}).pop()
    reason = f"matrix {missing} was made without a generation, {other} was made with one"
    with serving(tmp_path) as server:
        client, transport = interrupted(server, lambda *_: None)
        with client:
            for _ in range(2):
                with pytest.raises(InvalidRequestError, match=reason):
                    client.retrieve("handbook", QUERY)
            found = client.search("handbook", QUERY, 1)
            if missing == "handbook-text":
                with pytest.raises(InvalidRequestError, match="what was searched was made with"):
                    client.fetch(missing, found[0].index, generation=found.generation)
        assert transport.products == ["handbook"]
        monkeypatch.setenv("HLP_URL", server.url)
        monkeypatch.setenv("HLP_TOKEN", TOKEN)
        words = ["--embed", "homomorphic_llm.index:hashed_words"]
        status, out, err = offline("search", "lighthouses", *words)
        assert (status, out) == (2, "")
        assert f"{reason}: nothing tells" in err
        assert "hint: make the index again with `hlp index`" in err


def test_what_is_no_pair_is_named(indexed: Server) -> None:
    with client_of(indexed) as client:
        for name, records, reason in (
            ("absent", "handbook-text", "no matrix absent"),
            ("handbook", "absent", "no matrix absent"),
            ("handbook", "handbook", "holds scores, not records"),
        ):
            with pytest.raises(InvalidRequestError, match=reason):
                client.retrieve(name, QUERY, records=records)
        for count, reason in ((0, "for 0 results"), (True, "is an integer, not True")):
            with pytest.raises(InvalidRequestError, match=reason):
                client.retrieve("handbook", QUERY, count)
        assert len(client.retrieve("handbook", QUERY, np.int64(2))) == 2
