"""The text that is shown is that of the row that was found, whatever becomes of the index."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from homomorphic_llm import AsyncClient, IndexReplacedError, InvalidRequestError, MemoryLedger
from homomorphic_llm.index import passage_in, write_index

from .indexes import BEST, QUERY, assert_right, client_of, replace, rotated, serving
from .interrupted import interrupted
from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .server import Server


#: How often the index is made anew while it is searched.
ROUNDS = 12


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


def test_while_an_index_is_made_anew_again_and_again_no_other_text_is_shown(
    indexed: Server,
) -> None:
    done, answered = threading.Event(), threading.Event()

    def replacing() -> None:
        try:
            for step in range(1, ROUNDS + 1):
                replace(indexed, rotated(step))
                answered.clear()
                answered.wait(60)
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
