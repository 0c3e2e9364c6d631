"""The weights as files for the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .._manifest import Manifest, best_group, files_of
from .._npy import matrix_bytes
from .._writing import write_files
from ._weights import MATRICES, weights_of

if TYPE_CHECKING:
    import os

__all__ = ["write_matrices"]


def write_matrices(folder: str | os.PathLike[str]) -> list[Path]:
    """Write every matrix of the model with its manifest; return the manifests."""
    return write_files(
        Path(folder),
        [
            files_of(
                Manifest(name=name, kind="linear", group=best_group(rows, columns)),
                matrix_bytes(weights_of(name), "|i1"),
            )
            for name, (rows, columns) in MATRICES.items()
        ],
    )
