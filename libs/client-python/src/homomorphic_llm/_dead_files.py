"""Which files of matrices nobody can need any more: those that no manifest names, now or before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ._manifest import DRAFT, is_file_of
from ._regular_file import NotRegularError, open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Named", "dead_files", "named_in"]

#: No server reads a manifest that is longer, in bytes.
_LONGEST_MANIFEST = 1_048_576


@dataclass(frozen=True)
class Named:
    """The names of the data of manifests, and those of which nobody knows what they name."""

    names: frozenset[str]
    unknown: tuple[Path, ...] = ()


def named_in(folder: Path) -> Named:
    """Return the names of the data of all manifests in a folder, copies of manifests included."""
    names: set[str] = set()
    unknown = []
    for path in sorted(folder.glob("*.json*")):
        if path.name.endswith(DRAFT):
            continue
        try:
            names |= _named_by(path)
        except NotRegularError:
            continue
        except (OSError, ValueError, RecursionError):
            unknown.append(path)
    return Named(frozenset(names), tuple(unknown))


def dead_files(folder: Path, matrices: Sequence[str], before: Named, now: Named) -> list[Path]:
    """Return the data and drafts of matrices that no manifest names, and that none named before."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name not in before.names | now.names
        and any(is_file_of(matrix, path.name) for matrix in matrices)
        and (path.is_symlink() or path.is_file())
    ]


def _named_by(path: Path) -> set[str]:
    try:
        with open_regular(path) as file:
            text = file.read(_LONGEST_MANIFEST + 1)
    except FileNotFoundError:  # a link to nowhere, or gone since
        return set()
    if len(text) > _LONGEST_MANIFEST:
        return set()
    return {
        PurePosixPath(name).name
        for value in _values(text)
        if isinstance(value, dict)
        for name in (value.get("data"), value.get("centroids"))
        if isinstance(name, str)
    }


def _values(text: bytes) -> Iterator[object]:
    """Give the value of a file, or of each of its lines; passages are written so."""
    try:
        yield json.loads(text)
    except ValueError:
        for line in text.splitlines():
            if line.strip():
                yield json.loads(line)
