"""Indexes: from passages to the files that the server loads."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from typing import TYPE_CHECKING, Any

import interlock_he
import numpy as np
import pytest
from homomorphic_llm._npy import read_matrix
from homomorphic_llm.index import (
    Index,
    IndexInputError,
    Passage,
    build_index,
    embedding_named,
    hashed_words,
    passage_in,
    passages_in,
    vectors_of,
    write_index,
)
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

PASSAGES = [Passage(f"p{at}", f"Title {at}", "text " * (at % 4) + "grüße 🎉") for at in range(12)]
VECTORS = vectors_of(lambda _: [[math.cos(at), math.sin(at), 0.1] for at in range(12)], ["x"] * 12)


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "title": "t", "text": "x", **fields})


def test_passages_are_read_line_by_line() -> None:
    text = line() + "\n\n" + line(id="b", text="two\nlines") + "\r\n"
    assert passages_in(text, "f") == [Passage("a", "t", "x"), Passage("b", "t", "two\nlines")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "f: no passages"),
        (line() + "\nno json", "f:2: "),
        ("[]", "f:1: not an object"),
        (line(x=1), "f:1: not an object"),
        ('{"id":"a","title":"t"}', "f:1: not an object"),
        (line(text=1), "f:1: id, title and text are strings"),
        (line() + "\n" + line(), "f:2: the id 'a' is that of line 1 too"),
        (line(text="\ud800"), "f:1: a lone half"),
        ("[" * 100_000, "f:1: "),
    ],
)
def test_a_line_that_is_no_passage_is_named(text: str, reason: str) -> None:
    with pytest.raises(IndexInputError, match=reason):
        passages_in(text, "f")


def built(shards: int = 1, **options: Any) -> Index:  # noqa: ANN401
    return build_index(PASSAGES, VECTORS, "n", shards=shards, **options)


@pytest.mark.parametrize("shards", [1, 3])
def test_record_i_is_the_passage_of_row_i(shards: int) -> None:
    index = built(shards)
    scores = read_matrix(index.scores_data)
    rows = read_matrix(index.records_data)
    size, count = index.records.record_bytes, index.records.records
    assert size is not None
    assert count == 12
    columns = [bytes(int(row[column]) for row in rows) for column in range(len(rows[0]))]
    per_column = len(rows) // size
    for at, original in enumerate(index.order):
        start = at % per_column * size
        assert passage_in(columns[at // per_column][start : start + size]) == PASSAGES[original]
        assert scores[at] == [round(700 * value) for value in VECTORS[original]]


def test_shards_hold_all_passages_and_their_centres() -> None:
    index = built(3)
    assert sorted(index.order) == list(range(12))
    assert sum(index.scores.shards) == 12
    assert min(index.scores.shards) >= 1
    assert index.centroids is not None
    centroids = read_matrix(index.centroids)
    assert len(centroids) == 3
    ends = [sum(index.scores.shards[:at]) for at in range(4)]
    rows = np.array(read_matrix(index.scores_data))
    nearest = np.argmax(rows @ np.array(centroids).T, axis=1)
    expected = [shard for shard in range(3) for _ in range(ends[shard], ends[shard + 1])]
    assert nearest.tolist() == expected


def test_the_same_passages_make_the_same_index() -> None:
    assert built(3) == built(3)


def test_equal_vectors_still_fill_every_shard() -> None:
    index = build_index(PASSAGES, [[1.0, 0.0]] * 12, "n", shards=5)
    assert min(index.scores.shards) >= 1


def test_the_layout_has_no_more_traffic_than_any_other_of_the_kind() -> None:
    index = built()
    rows = len(read_matrix(index.records_data))
    columns = len(read_matrix(index.records_data)[0])
    group = index.records.group
    chosen = interlock_he.request_bytes(columns, group) + interlock_he.response_bytes(rows, group)
    for other in interlock_he.GROUPS:
        assert chosen <= interlock_he.request_bytes(columns, other) + interlock_he.response_bytes(
            rows, other
        )


def test_files_are_written_with_their_digests(tmp_path: Path) -> None:
    manifests = write_index(built(3), tmp_path / "new" / "folder")
    assert [path.name for path in manifests] == ["n.json", "n-text.json"]
    scores, records = (json.loads(path.read_text()) for path in manifests)
    assert re.fullmatch(r"n@[0-9a-f]{16}-centroids\.npy", scores["centroids"])
    assert (manifests[0].parent / scores["centroids"]).read_bytes() == built(3).centroids
    assert scores["generation"] == records["generation"]
    for manifest in (scores, records):
        data = (manifests[0].parent / manifest["data"]).read_bytes()
        assert manifest["sha256"] == hashlib.sha256(data).hexdigest()
    assert set(scores) == {
        "format",
        "name",
        "kind",
        "data",
        "group",
        "sha256",
        "scale",
        "shards",
        "centroids",
        "generation",
    }
    assert set(records) == {
        "format",
        "name",
        "kind",
        "data",
        "group",
        "sha256",
        "record_bytes",
        "records",
        "generation",
    }


def test_a_generation_follows_from_the_name_and_all_data() -> None:
    texts = [*PASSAGES[:-1], Passage("p11", "Title 11", "another one")]
    others = [
        build_index(PASSAGES, VECTORS[::-1], "n"),
        build_index(texts, VECTORS, "n"),
        built(3),
        build_index(PASSAGES, VECTORS, "other"),
    ]
    found = {index.scores.generation for index in (built(), *others)}
    assert len(found) == 5
    assert {index.records.generation for index in (built(), *others)} == found


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"scale": 800.0}, "scale"), ({"scale": 0.0}, "scale"), ({"shards": 13}, "13 shards")],
)
def test_an_index_that_cannot_be_made_says_why(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(IndexInputError, match=reason):
        built(**options)


@pytest.mark.parametrize("name", ["", "A", "-a", "a/b", "..", "a" * 60, "ü"])
def test_a_name_that_no_server_takes_is_refused(name: str) -> None:
    with pytest.raises(IndexInputError, match="no name of a matrix"):
        build_index(PASSAGES, VECTORS, name)


def test_rounding_may_not_pass_the_largest_norm() -> None:
    ones = vectors_of(lambda _: [[1.0] * 3844], ["x"])
    with pytest.raises(IndexInputError, match="p0: rounded at scale 714"):
        build_index(PASSAGES[:1], ones, "n", scale=714)


@pytest.mark.parametrize("count", [11, 13])
def test_every_passage_needs_its_vector(count: int) -> None:
    with pytest.raises(IndexInputError, match=f"{count} vectors for 12 passages"):
        build_index(PASSAGES, [[1.0]] * count, "n")


def test_a_passage_that_no_matrix_holds_is_refused() -> None:
    with pytest.raises(IndexInputError, match=r"1 passages of up to 1[0-9]{6} bytes do not fit"):
        build_index([Passage("a", "t", "x" * 1_100_000)], VECTORS[:1], "n")


def test_a_vector_of_too_many_numbers_is_refused() -> None:
    with pytest.raises(IndexInputError, match="at most"):
        build_index(PASSAGES[:1], [[0.01] * 4097], "n")


@pytest.mark.parametrize("record", [b"", b"\0\0", b"{}", b"\xff", b'{"id":1,"title":"","text":""}'])
def test_a_record_that_holds_no_passage_is_refused(record: bytes) -> None:
    with pytest.raises(IndexInputError, match="no passage"):
        passage_in(record)


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

    with pytest.raises(IndexInputError, match=r"test_index:.*broken failed: KeyError: 'weights'"):
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
