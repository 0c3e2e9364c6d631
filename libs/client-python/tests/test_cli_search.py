"""``hlp search``: what is found, what the server saw, and which matrix is asked."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import homomorphic_llm
import pytest

from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command
    from .server import Server


def test_a_search_shows_passages_what_the_server_saw_and_the_time(hlp: Command) -> None:
    status, out, err = hlp(
        "search", "who remembers the lighthouses?", "--matrix", "handbook", "-k", "2"
    )
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("Remembers Lighthouses [lighthouses-remembers]")
    assert lines[1].startswith("   This page remembers lighthouses")
    assert "ciphertext only (encrypted)" in lines[-2]
    assert lines[-1].startswith("time: embed ")


def test_a_search_as_json_has_the_same(hlp: Command, server: Server) -> None:
    found = hlp.json("search", "who remembers the lighthouses?", "--matrix", "handbook", "-k", "3")
    assert found["hits"][0]["passage"]["id"] == "lighthouses-remembers"
    assert len(found["hits"]) == 3
    client = homomorphic_llm.Client(server.url, token=TOKEN)
    scores, text = client.matrix("handbook"), client.matrix("handbook-text")
    assert found["server_saw"] == {
        "bytes_up": scores.request_bytes + 3 * text.request_bytes,
        "bytes_down": scores.response_bytes + 3 * text.response_bytes,
        "requests": 4,
        "privacy": "encrypted",
        "content": "ciphertext only",
        "shards": None,
    }
    assert set(found["seconds"]) == {"embed", "search", "fetch"}


def test_a_search_without_text_fetches_nothing(hlp: Command) -> None:
    found = hlp.json("search", "comets", "--matrix", "handbook", "--no-text", "-k", "1")
    assert found["hits"][0]["passage"] is None
    assert found["server_saw"]["requests"] == 1
    status, out, _ = hlp("search", "comets", "--matrix", "handbook", "--no-text", "-k", "1")
    assert (status, "row " in out) == (0, True)


def test_a_query_may_come_from_standard_input(
    hlp: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query = tmp_path / "query"
    query.write_text("who remembers the lighthouses?", encoding="utf-8")
    with query.open(encoding="utf-8") as opened:
        monkeypatch.setattr(sys, "stdin", opened)
        found = hlp.json("search", "-", "--matrix", "handbook", "-k", "1")
    assert found["hits"][0]["passage"]["id"] == "lighthouses-remembers"


def test_a_hinted_search_is_counted_in_the_ledger(hlp: Command) -> None:
    found = hlp.json("search", "comets", "--matrix", "sharded", "--hint-epsilon", "0.25")
    assert found["server_saw"]["privacy"] == "randomized;eps=0.25"
    assert found["server_saw"]["content"] == "ciphertext and shards"
    assert len(found["server_saw"]["shards"]) == 2
    counted = hlp.json("budget")
    assert counted["client"]["basic"] == 0.25
    assert counted["server"]["client"] == "ann"
    assert counted["server"]["basic"] >= 0.25


def test_a_hinted_search_says_which_shards_the_server_saw(hlp: Command) -> None:
    arguments = ["search", "comets", "--matrix", "sharded", "--hint-epsilon", "0.25"]
    status, out, _ = hlp(*arguments, "--chosen", "1")
    assert status == 0
    assert re.search(r"ciphertext and shards \(randomized;eps=0\.25, shards \d asked\)", out)


def test_a_hint_beyond_the_budget_is_refused(hlp: Command) -> None:
    arguments = ["search", "comets", "--matrix", "sharded", "--hint-epsilon", "1"]
    status, out, err = hlp(*arguments, "--epsilon-per-day", "0.5")
    assert (status, out) == (5, "")
    assert "hint: search in full" in err


def test_which_matrix_is_asked_when_there_are_several(hlp: Command) -> None:
    status, _, err = hlp("search", "comets")
    assert status == 2
    assert "the server has: handbook, routes, sharded" in err
    status, _, err = hlp("search", "comets", "--matrix", "handbook", "--text", "plain")
    assert (status, "no matrix of records plain" in err) == (2, True)
    status, _, err = hlp("search", "comets", "--matrix", "handbook", "--text", "absent")
    assert status == 2
    status, _, err = hlp("search", "comets", "--matrix", "routes", "--text", "handbook-text")
    assert (status, "has 50 records, routes has 3 rows" in err) == (2, True)


def test_a_matrix_that_does_not_exist_is_named_with_those_that_do(hlp: Command) -> None:
    status, _, err = hlp("search", "comets", "--matrix", "nope")
    assert status == 2
    assert "no matrix of scores is called nope: the server has: handbook, routes, sharded" in err


@pytest.mark.parametrize("query", ["%", "&", "&&", "\u00a7 \u20ac", "\U0001f389"])
def test_a_query_of_signs_alone_is_searched(hlp: Command, query: str) -> None:
    found = hlp.json("search", query, "--matrix", "handbook", "-k", "1")
    assert len(found["hits"]) == 1


def test_a_query_that_shares_nothing_with_any_passage_says_so(hlp: Command) -> None:
    status, out, _ = hlp("search", "z", "--matrix", "handbook")
    assert status == 0
    assert "none of these passages has anything in common with the query" in out
