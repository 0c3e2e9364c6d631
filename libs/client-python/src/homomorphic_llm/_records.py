"""Private fetch of a record: select its column by an encrypted unit vector, cut it out here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._exceptions import InvalidRequestError

if TYPE_CHECKING:
    from ._resources import MatrixInfo

__all__ = ["record_in", "selector"]


def selector(matrix: MatrixInfo, index: int) -> list[int]:
    """Return the unit vector of the column that holds record ``index``."""
    if matrix.kind != "records":
        raise InvalidRequestError(
            f"matrix {matrix.name} holds {matrix.kind}, not records\n\nhint: use search or linear"
        )
    if not 0 <= index < matrix.records:
        raise InvalidRequestError(
            f"matrix {matrix.name} has records 0 to {matrix.records - 1}, not {index}"
        )
    column = index // _per_column(matrix)
    return [int(at == column) for at in range(matrix.columns)]


def record_in(matrix: MatrixInfo, column: list[int], index: int) -> bytes:
    """Cut record ``index`` out of the decrypted column that holds it."""
    start = index % _per_column(matrix) * matrix.record_bytes
    return bytes(column[start : start + matrix.record_bytes])


def _per_column(matrix: MatrixInfo) -> int:
    return matrix.rows // matrix.record_bytes
