"""The paths of the server."""

from __future__ import annotations

from urllib.parse import quote

from ._exceptions import InvalidRequestError

__all__ = ["matrix_path"]


def matrix_path(name: str) -> str:
    """Return the path of a matrix; its name is quoted, whatever is in it."""
    if not isinstance(name, str) or name in {"", ".", ".."}:
        raise InvalidRequestError(f"not the name of a matrix: {name!r}")
    return "/v1/matrices/" + quote(name, safe="")
