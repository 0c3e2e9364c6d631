"""Files of the format .npy, compared with what numpy reads and writes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from homomorphic_llm._npy import matrix_bytes, read_matrix
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    Rows = list[list[int]]

RANGES = {
    "|i1": (-128, 127),
    "|u1": (0, 255),
    "<i2": (-(2**15), 2**15 - 1),
    "<i4": (-(2**31), 2**31 - 1),
    "<i8": (-(2**63), 2**63 - 1),
}


@st.composite
def matrices(draw: st.DrawFn) -> tuple[str, Rows]:
    dtype = draw(st.sampled_from(sorted(RANGES)))
    columns = draw(st.integers(1, 5))
    row = st.lists(st.integers(*RANGES[dtype]), min_size=columns, max_size=columns)
    return dtype, draw(st.lists(row, min_size=1, max_size=5))


def saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@given(matrices())
def test_a_file_is_the_one_that_numpy_writes(matrix: tuple[str, Rows]) -> None:
    dtype, rows = matrix
    assert matrix_bytes(rows, dtype) == saved(np.array(rows, dtype=dtype))


@given(matrices())
def test_a_file_reads_as_what_was_written(matrix: tuple[str, Rows]) -> None:
    dtype, rows = matrix
    assert read_matrix(matrix_bytes(rows, dtype)) == rows


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_floats_of_numpy_are_read(dtype: str) -> None:
    rows = [[0.5, -1.25], [3.0, 0.0]]
    assert read_matrix(saved(np.array(rows, dtype=dtype))) == rows


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(3),
        np.zeros((2, 2, 2)),
        np.zeros((2, 2), dtype=">f8"),
        np.zeros((2, 2), dtype=np.complex128),
        np.asfortranarray(np.array([[1.0, 2.0], [3.0, 4.0]])),
        np.array([["a", "b"]]),
    ],
    ids=["vector", "cube", "big-endian", "complex", "fortran", "text"],
)
def test_another_array_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not a matrix of numbers"):
        read_matrix(saved(array))


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY\x02\x00", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_matrix(data)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0"])
def test_a_file_of_another_length_is_refused(change: object) -> None:
    data = matrix_bytes([[1, 2], [3, 4]], "<i2")
    assert callable(change)
    with pytest.raises(ValueError, match="instead of 8"):
        read_matrix(change(data))


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not|instead"):
        read_matrix(b"\x93NUMPY\x01\x00" + data)


def test_an_entry_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(OverflowError):
        matrix_bytes([[128]], "|i1")


def test_rows_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        matrix_bytes([[1], [1, 2]], "|i1")
