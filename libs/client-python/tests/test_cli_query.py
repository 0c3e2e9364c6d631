"""Queries and embeddings of ``hlp search`` that cannot be searched for."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command


def test_a_query_without_end_is_refused(hlp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x" * (2**20 + 1)))
    status, _, err = hlp("search", "-")
    assert (status, "longer than" in err) == (2, True)


def test_a_query_of_another_embedding_is_refused(hlp: Command) -> None:
    status, _, err = hlp("search", "comets", "--matrix", "routes")
    assert (status, "takes 3" in err) == (2, True)


def test_a_search_without_an_embedding_says_what_to_name(offline: Command) -> None:
    status, _, err = offline("search", "comets")
    assert (status, "hint: name the function" in err) == (2, True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise RuntimeError('no weights')", "failed: RuntimeError: no weights"),
        ("return None", "made NoneType, not one vector for each text"),
        ("return [[1.0]] * 3", "made 3 vectors of 1 texts"),
        ("return ['ab']", "the vector of text 0 is no row of numbers but str"),
    ],
)
def test_an_embedding_that_fails_is_named_and_is_usage(
    offline: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, reason: str
) -> None:
    module = f"own_{abs(hash(body))}"
    (tmp_path / f"{module}.py").write_text(f"def made(texts):\n    {body}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    status, out, err = offline("search", "comets", "--embed", f"{module}:made")
    assert (status, out) == (2, "")
    assert f"{module}:made" in err
    assert reason in err
    assert "Traceback" not in err


@pytest.mark.parametrize("query", ["", " ", "\u200b ?!…", "...", "-- ()"])
def test_a_query_without_content_is_usage_before_anything_is_asked(
    offline: Command, query: str
) -> None:
    status, out, err = offline("search", query, "--embed", "homomorphic_llm.index:hashed_words")
    assert (status, out) == (2, "")
    assert err == (
        "hlp: nothing to search for: the query is blank, or only punctuation\n\n"
        "hint: a query has a word, a number or a sign such as %\n"
    )


def test_bytes_that_are_no_text_are_usage(
    offline: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = ["--embed", "homomorphic_llm.index:hashed_words"]
    expected = (2, "", "hlp: the text is not UTF-8\n")
    assert offline("search", "comets \udcff", *embed) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), "utf-8"))
    assert offline("search", "-", *embed) == expected
    monkeypatch.setattr(sys, "stdin", None)
    assert offline("search", "-", *embed)[0] == 2
