"""Scores and records belong together if they are of one generation, or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace as changed
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import IndexReplacedError, InvalidRequestError, MatrixChangedError
from homomorphic_llm._manifest import files_of
from homomorphic_llm._writing import write_files
from homomorphic_llm.index import Index, passage_in, write_index

from .indexes import (
    BEST,
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
from .interrupted import interrupted
from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command
    from .server import Server


def without_generation(index: Index) -> Index:
    return changed(
        index,
        scores=changed(index.scores, generation=None),
        records=changed(index.records, generation=None),
    )


def write_scores(index: Index, folder: Path) -> None:
    """What an indexer leaves behind that is killed between its two manifests."""
    write_files(folder, [files_of(index.scores, index.scores_data, index.centroids)])


def assert_old_index_is_served(indexed: Server) -> None:
    with client_of(indexed) as client:
        both = client.retrieve("handbook", QUERY)
        assert_right(both)
        assert both.found.generation == rotated(0).scores.generation


def test_beside_damaged_records_all_of_the_old_index_is_served(indexed: Server) -> None:
    write_index(rotated(7), indexed.folder)
    os.truncate(data_of(indexed.folder, "handbook-text"), 1000)
    look(indexed)
    logged(indexed, "the file is truncated: it has 1000 bytes")
    assert_old_index_is_served(indexed)
    replace(indexed, rotated(7))


def test_an_index_without_a_generation_does_not_take_the_place_of_one_with_it(
    indexed: Server,
) -> None:
    write_index(without_generation(rotated(7)), indexed.folder)
    look(indexed)
    logged(indexed, "handbook-text.json: it has no generation")
    assert_old_index_is_served(indexed)


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


def test_centroids_of_another_version_cost_nothing(tmp_path: Path) -> None:
    write_index(rotated(0, shards=5), tmp_path)
    with serving(tmp_path) as server, client_of(server) as client:
        client.matrices()
        replace(server, rotated(7, shards=5))
        with pytest.raises(MatrixChangedError, match="the centroids"):
            client.search("handbook", QUERY, hint_epsilon=0.5)
        assert client.ledger.report().basic == 0
        assert client.search("handbook", QUERY, 1, hint_epsilon=0.5).privacy == "randomized;eps=0.5"


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
