"""Embeddings: functions of a caller that may do anything, and the one that counts words."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from homomorphic_llm.index import IndexInputError, embedding_named, hashed_words, vectors_of
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command


@pytest.mark.parametrize(
    "rows",
    [[[3.0, 4.0]], ((3, 4),), np.array([[3.0, 4.0]]), [np.array([3, 4], dtype=np.float32)]],
)
def test_vectors_are_made_of_length_one(rows: Any) -> None:  # noqa: ANN401
    assert vectors_of(lambda _: rows, ["x"]) == [[0.6, 0.8]]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "made 0 vectors of 1 texts"),
        ([[0.0, 0.0]], "no direction"),
        ([[math.nan]], "no direction"),
        ([[math.inf]], "no direction"),
        ([[10**400]], "no direction"),
        ([[]], "no direction"),
        ([["1"]], "something else than numbers"),
        ([1.0], "no row of numbers"),
        ([b"ab"], "no row of numbers but bytes"),
        ([{0: 1.0}], "no row of numbers but dict"),
        (None, "made NoneType, not one vector"),
        ("x", "failed: TypeError: str is no sequence of numbers"),
        ({"x": [1.0]}, "failed: TypeError: dict is no sequence of numbers"),
        (7, "failed: TypeError: 'int' object is not iterable"),
    ],
)
def test_an_embedding_that_makes_no_vector_is_named(rows: object, reason: str) -> None:
    with pytest.raises(IndexInputError, match=reason):
        vectors_of(lambda _: rows, ["x"])


def test_an_embedding_that_raises_is_named() -> None:
    def broken(_: list[str]) -> None:
        raise KeyError("weights")

    with pytest.raises(
        IndexInputError, match=r"test_index_emb\w+:.*broken failed: KeyError: 'weights'"
    ):
        vectors_of(broken, ["x"])
    with pytest.raises(IndexInputError, match="the embedding m:f failed: KeyError"):
        vectors_of(broken, ["x"], name="m:f")
    with pytest.raises(IndexInputError, match="failed: ZeroDivisionError: division by zero"):
        vectors_of(lambda texts: ([1 / 0] for _ in texts), ["x"])


def test_texts_are_embedded_in_batches_if_that_is_asked_for() -> None:
    asked: list[list[str]] = []
    told: list[int] = []

    def embedding(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return [[float(text), 0.0] for text in texts]

    texts = ["1", "-1000", "20", "300", "5", "-66", "7"]
    signs = [-1.0 if text.startswith("-") else 1.0 for text in texts]
    assert vectors_of(embedding, texts, batch=3, told=told.append) == [[one, 0.0] for one in signs]
    assert asked == [["-1000", "300", "-66"], ["20", "1", "5"], ["7"]]
    assert told == [3, 6, 7]
    with pytest.raises(IndexInputError, match="text 2 has no direction"):
        vectors_of(embedding, ["1", "2", "0", "44"], batch=3)


def test_vectors_of_different_lengths_are_refused() -> None:
    with pytest.raises(IndexInputError, match="different lengths"):
        vectors_of(lambda _: [[1.0], [1.0, 0.0]], ["x", "y"])
    with pytest.raises(IndexInputError, match="different lengths"):
        vectors_of(lambda texts: [[1.0] * len(texts)] * len(texts), ["x", "y", "z"], batch=2)


def test_an_embedding_is_loaded_by_its_name() -> None:
    assert embedding_named("homomorphic_llm.index:hashed_words") is hashed_words


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hashed_words", "not of the form"),
        (":x", "not of the form"),
        ("no.such.module:f", "cannot be loaded"),
        ("json:no_such", "cannot be loaded"),
        ("json:__name__", "is no function"),
        ("..:f", "cannot be loaded"),
    ],
)
def test_an_embedding_that_is_none_is_named(name: str, reason: str) -> None:
    with pytest.raises(IndexInputError, match=reason):
        embedding_named(name)


def test_an_embedding_in_the_current_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_embedding.py").write_text(
        "def ones(texts):\n    return [[1.0]] * len(texts)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert embedding_named("own_embedding:ones")(["a", "b"]) == [[1.0], [1.0]]


@pytest.mark.parametrize("source", ["def ones(:", "raise RuntimeError('no model')", "1 / 0"])
def test_an_embedding_whose_module_does_not_load_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "broken_embedding.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(IndexInputError, match="broken_embedding:ones cannot be loaded"):
        embedding_named("broken_embedding:ones")


@pytest.mark.parametrize("status", ["", "0", "7", "'no weights'"])
def test_an_embedding_that_ends_the_program_is_an_error(
    offline: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text('{"id": "1", "title": "t", "text": "a text"}\n', encoding="utf-8")
    exits = f"import sys\nsys.exit({status})\n"
    (tmp_path / "exits_when_loaded.py").write_text(exits)
    (tmp_path / "exits_when_called.py").write_text(
        f"import sys\ndef embed(texts):\n    sys.exit({status})\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "exits_when_called", raising=False)
    said = "SystemExit" + (f": {status}".replace("'", "") if status else "")
    for verb in (["index", str(file), "--out", str(tmp_path / "out")], ["search", "comets"]):
        for module, what in (("loaded", "cannot be loaded"), ("called", "failed")):
            found = offline(*verb, "--embed", f"exits_when_{module}:embed")
            name = f"exits_when_{module}:embed"
            assert found == (2, "", f"hlp: the embedding {name} {what}: {said}\n")
    assert not (tmp_path / "out").exists()


@given(st.lists(st.text(st.sampled_from("ab ü.🎉"), max_size=20), min_size=1, max_size=5))
def test_every_text_has_a_hashed_vector(texts: list[str]) -> None:
    assert all(len(vector) == 384 for vector in vectors_of(hashed_words, texts))


def test_hashed_vectors_find_shared_words() -> None:
    texts = ["how to reset a password", "opening hours of the library", "reset my passwords"]
    first, second, query = vectors_of(hashed_words, texts)

    def similarity(vector: list[float]) -> float:
        return sum(a * b for a, b in zip(vector, query))

    assert similarity(first) > 0.3 > similarity(second)


@pytest.mark.parametrize(
    "sign", ["%", "&", "\uff05", "#", "@", "\u00a7", "\u20ac", "+", "\U0001f389"]
)
def test_hashed_vectors_find_shared_signs(sign: str) -> None:
    texts = ["a word, and (more) of them: yes!", f"a word, {sign} and (more) of them: yes!", sign]
    without, with_sign, query = vectors_of(hashed_words, texts)
    assert query != vectors_of(hashed_words, ["?"])[0]

    def similarity(vector: list[float]) -> float:
        return sum(a * b for a, b in zip(vector, query))

    assert similarity(with_sign) > similarity(without) + 0.05


def test_punctuation_does_not_change_a_hashed_vector() -> None:
    assert hashed_words(["two words"]) == hashed_words(["(two), 'words'... \u2014!?"])
