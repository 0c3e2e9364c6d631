from __future__ import annotations

import pickle
import re
from pathlib import Path

import interlock_he
import pytest
from interlock_he import (
    GROUPS,
    MAX_DIMENSION,
    MAX_NORM,
    MAX_ROWS,
    BudgetError,
    CiphertextError,
    HeError,
    Matrix,
    MatrixError,
    SecretKey,
    VectorError,
    request_bytes,
    response_bytes,
)

STUB = Path(__file__).parent.parent / "interlock_he.pyi"


def test_the_public_names_are_those_of_the_stub() -> None:
    listed = re.search(r"__all__ = \[(.*?)\]", STUB.read_text(encoding="utf-8"), re.DOTALL)
    assert listed is not None

    names = set(re.findall(r'"(\w+)"', listed[1]))
    assert names == set(interlock_he.__all__)
    assert all(hasattr(interlock_he, name) for name in names)


def test_everything_public_has_a_docstring() -> None:
    for name in interlock_he.__all__:
        item = getattr(interlock_he, name)
        if callable(item):
            assert item.__doc__, name


@pytest.mark.parametrize("content", ["scores", "records"])
@pytest.mark.parametrize("group", GROUPS)
def test_the_decrypted_product_is_the_plain_one(group: int, content: str) -> None:
    rows = [[row * column % 11 for column in range(9)] for row in range(70)]
    vector = [column % 5 for column in range(9)]
    key = SecretKey()

    request = key.encrypt(vector, group=group, content=content)  # type: ignore[arg-type]
    matrix = Matrix(rows, group=group, content=content)  # type: ignore[arg-type]
    response = matrix.apply(request)

    assert key.decrypt(response) == [sum(a * b for a, b in zip(row, vector)) for row in rows]
    assert len(request) == request_bytes(9, group)
    assert len(response) == response_bytes(70, group)
    assert (matrix.rows, matrix.columns) == (70, 9)
    assert matrix.log2_failure < -64


def test_scores_are_signed_and_records_wrap_modulo_256() -> None:
    key = SecretKey()

    signed = Matrix([[-700, 100], [3, -4]]).apply(key.encrypt([-9, 2]))
    wrapped = Matrix([[255, 255]], content="records").apply(
        key.encrypt([255, 2], content="records")
    )

    assert key.decrypt(signed) == [6500, -35]
    assert key.decrypt(wrapped) == [(255 * 255 + 255 * 2) % 256]


def test_two_encryptions_of_one_vector_differ_and_have_one_length() -> None:
    key = SecretKey()

    first, second = key.encrypt([1, -2, 3]), key.encrypt([1, -2, 3])

    assert first != second
    assert len(first) == len(second)


def test_a_key_is_neither_shown_nor_pickled() -> None:
    assert re.fullmatch(r"<interlock_he\.SecretKey object at 0x[0-9a-f]+>", repr(SecretKey()))
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(SecretKey())


@pytest.mark.parametrize(
    "vector", [[], [0] * (MAX_DIMENSION + 1), [MAX_NORM + 1], [1 << 80], [-(1 << 80)]]
)
def test_a_vector_beyond_the_limits_is_refused(vector: list[int]) -> None:
    with pytest.raises(VectorError):
        SecretKey().encrypt(vector)


@pytest.mark.parametrize("vector", [[256], [-1], [1 << 80], [0] * (MAX_DIMENSION + 1)])
def test_a_vector_for_records_has_bytes_only(vector: list[int]) -> None:
    with pytest.raises(VectorError):
        SecretKey().encrypt(vector, content="records")


@pytest.mark.parametrize("data", [b"", b"\x00" * 7, b"not encrypted scores", b"HLP2"])
def test_bytes_that_are_not_scores_are_refused(data: bytes) -> None:
    with pytest.raises(CiphertextError):
        SecretKey().decrypt(data)


def test_another_version_of_the_format_is_named() -> None:
    with pytest.raises(CiphertextError, match="version 2"):
        SecretKey().decrypt(b"HLP2" + bytes(100))


@pytest.mark.parametrize(
    "rows", [[], [[]], [[1], [1, 2]], [[1 << 80]], [[MAX_NORM, 1]], [[0] * (MAX_DIMENSION + 1)]]
)
def test_a_matrix_beyond_the_limits_is_refused(rows: list[list[int]]) -> None:
    with pytest.raises(MatrixError):
        Matrix(rows)


def test_the_place_in_a_refused_matrix_is_named() -> None:
    with pytest.raises(MatrixError, match="row 1"):
        Matrix([[0, 0], [725, 0]])
    with pytest.raises(MatrixError, match="row 1 has an entry in column 1"):
        Matrix([[0, 0], [255, 256]], content="records")


def test_a_request_that_does_not_fit_the_matrix_is_refused() -> None:
    key, matrix = SecretKey(), Matrix([[1, 2]])
    with pytest.raises(CiphertextError, match="3 entries"):
        matrix.apply(key.encrypt([1, 2, 3]))
    with pytest.raises(CiphertextError, match="groups of 4"):
        matrix.apply(key.encrypt([1, 2], group=4))
    with pytest.raises(CiphertextError, match="records"):
        matrix.apply(key.encrypt([1, 2], content="records"))


def test_another_group_or_content_is_named() -> None:
    with pytest.raises(HeError, match="3"):
        SecretKey().encrypt([1], group=3)
    with pytest.raises(HeError, match='"bytes"'):
        Matrix([[1]], content="bytes")  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, MAX_ROWS + 1])
def test_sizes_of_messages_that_do_not_exist_are_refused(size: int) -> None:
    with pytest.raises(MatrixError):
        request_bytes(size, 4)
    with pytest.raises(MatrixError):
        response_bytes(size, 4)


@pytest.mark.parametrize("error", [VectorError, CiphertextError, MatrixError, BudgetError])
def test_every_error_of_the_module_is_one_family(error: type[Exception]) -> None:
    assert issubclass(error, HeError)
    assert issubclass(HeError, ValueError)
