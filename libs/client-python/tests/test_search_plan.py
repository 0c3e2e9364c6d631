"""What a search asks, and how its results are ranked: without a server."""

from __future__ import annotations

from typing import Any

import interlock_he
import numpy as np
import pytest
from homomorphic_llm import Hit, InvalidRequestError, SearchResult
from homomorphic_llm._hints import HintOptions, hint_options
from homomorphic_llm._integers import integer_of
from homomorphic_llm._product import Hint
from homomorphic_llm._records import record_in, selector
from homomorphic_llm._search import hint_for, nearest, ranked
from hypothesis import given
from hypothesis import strategies as st

from .matrices import matrix, records, sharded


@given(st.lists(st.integers(-5, 5), min_size=10, max_size=10), st.integers(1, 12))
def test_the_best_rows_come_first_and_the_lower_number_wins_a_tie(
    scores: list[int], k: int
) -> None:
    hits = ranked(matrix(), [scores], None, k)
    expected = sorted(range(10), key=lambda row: (-scores[row], row))[:k]
    assert [hit.index for hit in hits] == expected
    assert all(hit.score == scores[hit.index] for hit in hits)


def test_a_score_is_a_float_at_the_scale_of_the_matrix() -> None:
    assert ranked(matrix(scale=10), [[50] + [0] * 9], None, 1) == (Hit(0, 50, 0.5),)
    assert ranked(matrix(scale=None), [[50] + [0] * 9], None, 1) == (Hit(0, 50, None),)


def test_rows_of_shards_are_numbered_through() -> None:
    hint = Hint((0, 2), 3.0)
    hits = ranked(sharded(2, 3, 5), [[1, 9], [0, 0, 8, 0, 0]], hint, 2)
    assert [hit.index for hit in hits] == [1, 7]
    full = ranked(sharded(2, 3, 5), [[0, 0], [0, 0, 7], [0] * 5], None, 1)
    assert [hit.index for hit in full] == [4]


def test_a_result_is_a_sequence_of_hits() -> None:
    hits = (Hit(3, 9, None), Hit(1, 8, None))
    result = SearchResult(hits, "encrypted", "v", None, 1, 2)
    assert (len(result), result[0], result[1:], list(result)) == (2, hits[0], hits[1:], [*hits])


def test_the_nearest_shard_has_the_largest_product() -> None:
    assert nearest([[1, 0], [0, 2], [0, 2]], [1, 1]) == 1


def test_a_hint_asks_so_many_shards_in_ascending_order() -> None:
    for _ in range(20):
        hint = hint_for(sharded(1, 2, 3, 4), 2, 2, 3.0)
        assert len(hint.shards) == 2
        assert list(hint.shards) == sorted(set(hint.shards))


def test_the_right_shard_is_asked_as_often_as_the_mechanism_says() -> None:
    asked = sharded(1, 1, 1, 1, 1, 1, 1, 1)
    count = sum(5 in hint_for(asked, 5, 2, 1.0).shards for _ in range(2_000))
    expected = 2_000 * interlock_he.shard_inclusion(8, 2, 1.0)
    # Six standard deviations of a binomial of 2,000: one run in five hundred million is outside.
    assert abs(count - expected) < 6 * (2_000 * 0.25) ** 0.5


@pytest.mark.parametrize(
    ("shard", "chosen", "epsilon"),
    [(-1, 2, 3), (4, 2, 3), (0, 0, 3), (0, 5, 3), (0, -1, 3), (0, 2, 0), (0, 2, float("nan"))],
)
def test_a_hint_that_cannot_be_drawn_is_refused(shard: int, chosen: int, epsilon: float) -> None:
    with pytest.raises(InvalidRequestError):
        hint_for(sharded(1, 2, 3, 4), shard, chosen, epsilon)


def test_options_of_a_hint_need_an_epsilon() -> None:
    assert hint_options(None, chosen=2, shard=None, when_spent="error") is None
    expected = HintOptions(1.5, 2, 3, "full")
    assert hint_options(1.5, chosen=2, shard=3, when_spent="full") == expected
    with pytest.raises(InvalidRequestError, match="nothing would hide it"):
        hint_options(None, chosen=2, shard=3, when_spent="error")
    with pytest.raises(InvalidRequestError, match="when_spent"):
        hint_options(1.0, chosen=2, shard=None, when_spent="retry")


@given(st.integers(1, 30), st.integers(1, 5), st.integers(1, 7), st.data())
def test_a_record_is_cut_out_of_the_column_that_holds_it(
    count: int, size: int, per_column: int, data: st.DataObject
) -> None:
    found = records(count, size, per_column)
    contents = [bytes([index] * size) for index in range(count)]
    padded = contents + [bytes(size)] * (per_column * found.columns - count)
    index = data.draw(st.integers(0, count - 1))
    chosen = selector(found, index)
    assert sum(chosen) == 1
    column = chosen.index(1)
    entries = b"".join(padded[column * per_column : (column + 1) * per_column])
    assert record_in(found, list(entries), index) == contents[index]


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_what_is_no_integer_is_no_number_of_a_record(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidRequestError, match="the number of a record is an integer"):
        integer_of(value, "the number of a record")


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_an_integer_of_any_type_is_one(value: Any) -> None:  # noqa: ANN401
    assert (integer_of(value, "it"), type(integer_of(value, "it"))) == (3, int)


@pytest.mark.parametrize("index", [-1, 4])
def test_a_record_that_does_not_exist_is_refused(index: int) -> None:
    with pytest.raises(InvalidRequestError, match="records 0 to 3"):
        selector(records(4, 2, 1), index)


def test_a_matrix_of_scores_has_no_records() -> None:
    with pytest.raises(InvalidRequestError, match="not records"):
        selector(matrix(), 0)
