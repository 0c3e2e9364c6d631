"""Matrices in files of the format ``.npy`` (version 1.0), without numpy."""

from __future__ import annotations

import re
import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["matrix_bytes", "read_matrix"]

_MAGIC = b"\x93NUMPY\x01\x00"
_ALIGNMENT = 64
#: Type codes of the format and of the module array, with the bytes of one entry.
_TYPES = {
    "|i1": ("b", 1),
    "|u1": ("B", 1),
    "<i2": ("h", 2),
    "<i4": ("i", 4),
    "<i8": ("q", 8),
    "<f4": ("f", 4),
    "<f8": ("d", 8),
}
_HEADER = re.compile(
    r"\{'descr': '([|<][iuf][1248])', 'fortran_order': False, "
    r"'shape': \((\d{1,10}), (\d{1,10})\), \} *\n"
)


def matrix_bytes(rows: Sequence[Sequence[int]], dtype: str) -> bytes:
    """Return the file of a matrix of integers; ``dtype`` is such as ``"<i2"`` or ``"|u1"``.

    An entry that does not fit the type is an :class:`OverflowError`.
    """
    code, size = _TYPES[dtype]
    columns = len(rows[0]) if rows else 0
    if any(len(row) != columns for row in rows):
        raise ValueError("the rows have different lengths")
    shape = f"({len(rows)}, {columns})"
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    length = len(_MAGIC) + 2 + len(header) + 1
    header += " " * (-length % _ALIGNMENT) + "\n"
    entries = array(code, (entry for row in rows for entry in row))
    assert entries.itemsize == size  # noqa: S101 - on every platform that has a wheel
    if sys.byteorder == "big":  # pragma: no cover
        entries.byteswap()
    return _MAGIC + len(header).to_bytes(2, "little") + header.encode("ascii") + entries.tobytes()


def read_matrix(data: bytes) -> list[list[float]]:
    """Return the rows of a matrix of numbers, or raise :class:`ValueError` with the reason."""
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not an .npy file of version 1.0")
    start = len(_MAGIC) + 2
    end = start + int.from_bytes(data[len(_MAGIC) : start], "little")
    found = _HEADER.fullmatch(data[start:end].decode("latin-1"))
    if found is None or found[1] not in _TYPES:
        raise ValueError("not a matrix of numbers in the order of C, little-endian")
    code, size = _TYPES[found[1]]
    rows, columns = int(found[2]), int(found[3])
    if len(data) - end != rows * columns * size:
        raise ValueError(f"{len(data) - end} bytes of entries instead of {rows * columns * size}")
    entries: array[float] = array(code, data[end:])
    if sys.byteorder == "big":  # pragma: no cover
        entries.byteswap()
    return [entries[row * columns : (row + 1) * columns].tolist() for row in range(rows)]
