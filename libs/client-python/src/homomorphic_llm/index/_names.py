"""Names of indexes: which of them a server takes, and which belong to the parts of an index."""

from __future__ import annotations

import re

from .._manifest import records_name
from ._errors import IndexInputError

__all__ = ["check_name"]

# A server takes 64 characters; five are for "-text".
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}")
_OF_PARTS = (records_name(""), "-centroids")


def check_name(name: str) -> None:
    """Raise :class:`IndexInputError` for a name that no index can have."""
    if not _NAME.fullmatch(name):
        raise IndexInputError(
            f"{name!r} is no name of a matrix: it is made of a-z, 0-9, -, _ and ., a letter or "
            "digit first, at most 59 of them"
        )
    for ending in _OF_PARTS:
        if name.endswith(ending):
            index = name[: -len(ending)] or "another"
            raise IndexInputError(
                f"{name!r} is no name of an index: names that end in {ending} are those of a part "
                f"of an index, here of {index}, which it would overwrite\n\nhint: take a name "
                f"with another end, such as {index}-2"
            )
