"""Drafts of files: what a run that is no longer there left, and what one that fails takes along."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ._manifest import DRAFT, is_file_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["remove_drafts", "withdrawn_on_error"]

_OF_DATA = re.compile(rf"[^@]+@[0-9a-f]+(-centroids)?\.npy{re.escape(DRAFT)}")


def remove_drafts(folder: Path, matrices: Sequence[str]) -> None:
    """Remove drafts of data, and those of manifests of these matrices; the caller has the lock."""
    for path in sorted(folder.iterdir()):
        own = path.name.endswith(DRAFT) and any(is_file_of(one, path.name) for one in matrices)
        if own or _OF_DATA.fullmatch(path.name):
            _remove(path)


@contextmanager
def withdrawn_on_error(folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Remove the drafts of files of these names if an error comes: on a full disk, they fill it."""
    try:
        yield
    except BaseException:
        for name in names:
            _remove(folder / (name + DRAFT))
        raise


def _remove(path: Path) -> None:
    # A folder of that name, or what somebody reads on Windows: neither is a draft to lose time on.
    with suppress(OSError):
        path.unlink()
