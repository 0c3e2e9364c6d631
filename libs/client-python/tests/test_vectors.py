"""Vectors as callers have them: everything wrong with one is found before anything is sent."""

from __future__ import annotations

import math
from array import array
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from homomorphic_llm import InvalidRequestError, InvalidVectorError
from homomorphic_llm._vectors import integers_for, values_for
from hypothesis import given
from hypothesis import strategies as st

from .matrices import matrix, records

SCALED = matrix(scale=100)
PLAIN = matrix(scale=None)


@pytest.mark.parametrize(
    "vector",
    [
        [0.5, -0.25, 0, 1],
        (0.5, -0.25, 0.0, 1.0),
        array("d", [0.5, -0.25, 0.0, 1.0]),
        np.array([0.5, -0.25, 0.0, 1.0]),
        np.array([0.5, -0.25, 0.0, 1.0], dtype=np.float32),
        list(np.array([0.5, -0.25, 0.0, 1.0], dtype=np.float32)),
        [Fraction(1, 2), Fraction(-1, 4), 0, 1],
    ],
)
def test_floats_are_rounded_at_the_scale_of_the_matrix(vector: Any) -> None:  # noqa: ANN401
    assert values_for(SCALED, vector) == [50, -25, 0, 100]


@pytest.mark.parametrize(
    "vector",
    [[1, 2, 3, -4], array("h", [1, 2, 3, -4]), np.array([1, 2, 3, -4], dtype=np.int8)],
)
def test_integers_are_taken_as_they_are(vector: Any) -> None:  # noqa: ANN401
    assert integers_for(SCALED, vector) == [1, 2, 3, -4]
    assert values_for(PLAIN, vector) == [1, 2, 3, -4]


@pytest.mark.parametrize(
    "vector",
    [
        [math.nan, 0, 0, 0],
        [0, math.inf, 0, 0],
        [0, 0, -math.inf, 0],
        [0, 0, 0, 1e308],
        [0, 0, 0, 10**400],
        [0, 0, 0, Fraction(10**400)],
        np.array([np.nan, 0, 0, 0]),
    ],
)
def test_what_is_not_finite_is_refused(vector: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidVectorError, match=r"entry \d of the vector is not finite"):
        values_for(SCALED, vector)


@pytest.mark.parametrize("vector", [[], [1, 2, 3], [1, 2, 3, 4, 5], np.zeros(3)])
def test_another_length_than_the_columns_is_refused(vector: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidVectorError, match="takes 4"):
        values_for(SCALED, vector)


@pytest.mark.parametrize(
    "vector",
    [
        None,
        7,
        "1234",
        b"1234",
        bytearray(4),
        dict.fromkeys(range(4)),
        {1, 2, 3, 4},
        ["1", "2", "3", "4"],
        [None] * 4,
        np.zeros((4, 4)),
        [[1.0]] * 4,
    ],
)
def test_what_is_no_vector_is_refused_and_not_shown(vector: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidVectorError):
        integers_for(PLAIN, vector)
    with pytest.raises(InvalidVectorError) as caught:
        values_for(SCALED, vector)
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize("vector", [[1.5, 0, 0, 0], ["1", 0, 0, 0], np.zeros(4)])
def test_a_matrix_without_scale_takes_integers_only(vector: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidVectorError, match="takes integers"):
        values_for(PLAIN, vector)


def test_the_largest_norm_is_taken_and_the_next_is_not() -> None:
    assert integers_for(PLAIN, [724, 0, 0, 0]) == [724, 0, 0, 0]
    with pytest.raises(InvalidVectorError, match=r"norm 724\.0, matrix m takes at most 724"):
        integers_for(PLAIN, [724, 1, 0, 0])


def test_a_vector_that_is_too_long_after_scaling_says_what_to_do() -> None:
    with pytest.raises(InvalidVectorError, match="after scaling by 100") as caught:
        values_for(SCALED, [10.0, 0, 0, 0])
    assert "hint: divide an embedding by its length" in str(caught.value)


def test_an_absurdly_large_integer_is_refused_like_any_other() -> None:
    with pytest.raises(InvalidVectorError, match="beyond any float"):
        integers_for(PLAIN, [10**400, 0, 0, 0])


def test_a_matrix_of_records_takes_no_vector() -> None:
    with pytest.raises(InvalidRequestError, match="fetch"):
        values_for(records(4, 2, 1), [0, 0, 0, 0])


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=4))
def test_rounding_is_within_half_of_the_scale(vector: list[float]) -> None:
    values = values_for(SCALED, vector)
    assert all(abs(value - 100 * entry) <= 0.5 for value, entry in zip(values, vector))
