"""Matrices on disk: whoever reads, and whenever this is killed, finds whole versions only."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ._dead_files import dead_files, named_in
from ._drafts import remove_drafts, withdrawn_on_error
from ._locked_file import locked, sync_folder
from ._manifest import DRAFT, files_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ._manifest import File, Manifest, MatrixFiles

__all__ = ["write_files", "write_manifest"]


def write_manifest(
    folder: Path, manifest: Manifest, data: bytes, centroids: bytes | None = None
) -> Path:
    """Write one matrix; return the path of its manifest."""
    return write_files(folder, [files_of(manifest, data, centroids)])[0]


def write_files(folder: Path, matrices: Sequence[MatrixFiles]) -> list[Path]:
    """Write matrices, in place of those with their names; return the paths of the manifests.

    Everything is on disk before the first manifest is renamed to its name. Data that a manifest
    named until then stay until the next run, for a reader that has read that manifest and not yet
    opened its data, and so do data that any other manifest in the folder names. What earlier and
    killed runs left besides is removed: drafts before anything is written, and after an error.
    A link at the name of a file is replaced, not followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifests = [matrix.manifest for matrix in matrices]
    data = [file for matrix in matrices for file in matrix.data]
    with locked(folder / ".hlp-index"):
        remove_drafts(folder, [matrix.name for matrix in matrices])
        before = named_in(folder)
        with withdrawn_on_error(folder, [file.name for file in (*data, *manifests)]):
            for file in (*data, *manifests):
                _draft(folder, file)
            for file in data:
                _publish(folder, file)
            sync_folder(folder)
            for file in manifests:
                _publish(folder, file)
            sync_folder(folder)
        for path in dead_files(folder, [matrix.name for matrix in matrices], before):
            # Windows does not let go of a file that somebody reads; the next run will.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)
    return [folder / file.name for file in manifests]


def _draft(folder: Path, file: File) -> None:
    path = folder / (file.name + DRAFT)
    path.unlink(missing_ok=True)
    try:
        with path.open("xb") as opened:
            opened.write(file.content)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:  # that of a write does not name the file
        raise OSError(error.errno, error.strerror, str(path)) from error


def _publish(folder: Path, file: File) -> None:
    (folder / (file.name + DRAFT)).replace(folder / file.name)
