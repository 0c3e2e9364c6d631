"""Matrices on disk: whoever reads, and whenever this is killed, finds whole versions only."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Callable

from ._dead_files import dead_files, named_in
from ._drafts import remove_drafts, withdrawn_on_error
from ._locked_file import locked, sync_folder
from ._manifest import DRAFT, files_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ._dead_files import Named
    from ._manifest import File, Manifest, MatrixFiles

__all__ = ["write_files", "write_manifest"]

#: Windows does not let go of a file that somebody reads.
_HELD_WHILE_READ = os.name == "nt"


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=5)


def write_manifest(
    folder: Path, manifest: Manifest, data: bytes, centroids: bytes | None = None
) -> Path:
    """Write one matrix; return the path of its manifest."""
    return write_files(folder, [files_of(manifest, data, centroids)])[0]


def write_files(
    folder: Path, matrices: Sequence[MatrixFiles], told: Callable[[str], object] | None = None
) -> list[Path]:
    """Write matrices, in place of those with their names; return the paths of the manifests.

    Everything is on disk before the first manifest is renamed to its name. Data that a manifest
    named until then stay until the next run, for a reader that has read that manifest and not yet
    opened its data, and so do data that any other manifest in the folder names. What earlier and
    killed runs left besides is removed, drafts before anything is written and after an error; why
    something stays is ``told``, by default as a warning. A link at the name of a file is replaced,
    not followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifests = [matrix.manifest for matrix in matrices]
    data = [file for matrix in matrices for file in matrix.data]
    names = [matrix.name for matrix in matrices]
    with locked(folder / ".hlp-index"):
        remove_drafts(folder, names)
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
        _tidy(folder, names, before, told or _warn)
    return [folder / file.name for file in manifests]


def _tidy(
    folder: Path, matrices: Sequence[str], before: Named, told: Callable[[str], object]
) -> None:
    """Remove what is dead. The index is written: nothing that fails here takes that back."""
    now = named_in(folder)
    dead = dead_files(folder, matrices, before, now)
    if dead and now.unknown:
        told(
            f"{now.unknown[0]}: what it names cannot be read as JSON, so that the data of earlier "
            f"versions stay\n\nhint: move it out of {folder}"
        )
    if before.unknown or now.unknown:
        return
    for path in dead:
        _remove(path, told)


def _remove(path: Path, told: Callable[[str], object]) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        if not (_HELD_WHILE_READ and isinstance(error, PermissionError)):
            told(
                f"{path}: the data of an earlier version stay: {error.strerror or error}"
                "\n\nhint: remove the file as its owner"
            )


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
