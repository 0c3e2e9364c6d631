"""Vectors as the caller has them, made into the integers that are encrypted.

Everything that can be wrong with a vector is found here, before a key is made or a byte is sent.
"""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import TYPE_CHECKING, Any, Protocol, SupportsIndex, Union

from ._entries import entries_of
from ._exceptions import InvalidRequestError, InvalidVectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._resources import MatrixInfo

    class ArrayLike(Protocol):
        """An array of ``numpy`` or of the standard library: anything with ``tolist``."""

        def tolist(self) -> object:
            """Return the entries as a list."""

    IntVector = Union[Sequence[SupportsIndex], ArrayLike]
    Vector = Union[Sequence[float], ArrayLike]

__all__ = ["integers_for", "values_for"]


def integers_for(matrix: MatrixInfo, vector: Vector | IntVector) -> list[int]:
    """Return a vector of integers that ``matrix`` takes, or raise :class:`InvalidVectorError`."""
    values = _entries(matrix, vector)
    try:
        integers = [operator.index(value) for value in values]
    except TypeError as error:
        raise InvalidVectorError(f"{_of(matrix)} takes integers: {error}") from error
    return _within_norm(matrix, integers)


def values_for(matrix: MatrixInfo, vector: Vector | IntVector) -> list[int]:
    """Return ``round(x * scale)`` of every entry; integers where the matrix has no scale.

    Raises :class:`InvalidVectorError`, or :class:`InvalidRequestError` for a matrix of records.
    """
    if matrix.kind == "records":
        raise InvalidRequestError(f"{_of(matrix)} holds records\n\nhint: use fetch")
    if matrix.scale is None:
        return integers_for(matrix, vector)
    scaled = []
    for at, value in enumerate(_entries(matrix, vector)):
        if not isinstance(value, Real):
            raise InvalidVectorError(
                f"entry {at} of the vector is no number but {type(value).__name__}"
            )
        product = _float(value) * matrix.scale
        if not math.isfinite(product):
            raise InvalidVectorError(f"entry {at} of the vector is not finite")
        scaled.append(round(product))
    return _within_norm(matrix, scaled)


def _entries(matrix: MatrixInfo, vector: Any) -> list[Any]:  # noqa: ANN401 - from any library
    try:
        values = entries_of(vector)
    except TypeError as error:
        raise InvalidVectorError(f"the vector is no sequence of numbers: {error}") from error
    if len(values) != matrix.columns:
        raise InvalidVectorError(
            f"the vector has {len(values)} entries, {_of(matrix)} takes {matrix.columns}"
        )
    return values


def _within_norm(matrix: MatrixInfo, values: list[int]) -> list[int]:
    squares = sum(value * value for value in values)
    if matrix.max_norm is not None and squares > matrix.max_norm**2:
        scaled = "" if matrix.scale is None else f" after scaling by {matrix.scale:g}"
        raise InvalidVectorError(
            f"the vector has norm {_root(squares)}{scaled}, {_of(matrix)} takes at most "
            f"{matrix.max_norm}\n\nhint: divide an embedding by its length; split a larger "
            "vector into parts and add the products"
        )
    return values


def _float(value: Real) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _root(squares: int) -> str:
    return f"{math.sqrt(squares):.1f}" if squares < 2**1000 else "beyond any float"


def _of(matrix: MatrixInfo) -> str:
    return f"matrix {matrix.name}"
