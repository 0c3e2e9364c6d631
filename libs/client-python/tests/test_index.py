"""Indexes: from passages to the files that the server loads."""

from __future__ import annotations

import hashlib
import json
import math
import re
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
    passage_in,
    vectors_of,
    write_index,
)

if TYPE_CHECKING:
    from pathlib import Path


PASSAGES = [Passage(f"p{at}", f"Title {at}", "text " * (at % 4) + "grüße 🎉") for at in range(12)]


VECTORS = vectors_of(lambda _: [[math.cos(at), math.sin(at), 0.1] for at in range(12)], ["x"] * 12)


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
