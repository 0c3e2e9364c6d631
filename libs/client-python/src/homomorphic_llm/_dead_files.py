"""Which files of matrices nobody can need any more: those that no manifest names, now or before."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ._manifest import DRAFT, is_file_of
from ._regular_file import NotRegularError, open_regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["dead_files", "named_in"]

#: No server reads a manifest that is longer, in bytes.
_LONGEST_MANIFEST = 1_048_576


def named_in(folder: Path) -> frozenset[str] | None:
    """Return the names of the data of all manifests in a folder, copies of manifests included.

    ``None`` says that one of them cannot be read, so that any file may be one of its data.
    """
    named: set[str] = set()
    for path in sorted(folder.glob("*.json*")):
        if path.name.endswith(DRAFT):
            continue
        try:
            named |= _named_by(path)
        except NotRegularError:
            continue
        except OSError:
            return None
    return frozenset(named)


def dead_files(folder: Path, matrices: Sequence[str], before: frozenset[str] | None) -> list[Path]:
    """Return the data and drafts of matrices that no manifest names, and that none named before."""
    now = named_in(folder)
    if before is None or now is None:
        return []
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name not in before | now
        and any(is_file_of(matrix, path.name) for matrix in matrices)
        and (path.is_symlink() or path.is_file())
    ]


def _named_by(path: Path) -> set[str]:
    try:
        with open_regular(path) as file:
            text = file.read(_LONGEST_MANIFEST + 1)
    except FileNotFoundError:  # a link to nowhere, or gone since
        return set()
    try:
        value: object = json.loads(text) if len(text) <= _LONGEST_MANIFEST else None
    except (ValueError, RecursionError):
        return set()
    found = [value.get("data"), value.get("centroids")] if isinstance(value, dict) else []
    return {PurePosixPath(name).name for name in found if isinstance(name, str)}
