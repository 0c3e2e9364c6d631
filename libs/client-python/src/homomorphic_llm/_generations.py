"""What is said of a matrix that belongs to no index although it is asked as if it did."""

from __future__ import annotations

from ._exceptions import InvalidRequestError

__all__ = ["without_generation"]


def without_generation(name: str, other: str) -> InvalidRequestError:
    """Return the error for a matrix without a generation beside ``other``, which has one."""
    return InvalidRequestError(
        f"matrix {name} was made without a generation, {other} made with one: nothing tells "
        "whether they are of one index\n\nhint: make the index again with `hlp index`, which "
        "writes both matrices with one generation, and let the server load both"
    )
