"""The token of a client, and the header that carries it."""

from __future__ import annotations

import re

from ._exceptions import InvalidRequestError

__all__ = ["authorization"]

_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


def authorization(token: str | None) -> tuple[tuple[str, str], ...]:
    """Return the headers for a token; an error about one does not show it."""
    if token is None:
        return ()
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise InvalidRequestError(
            "the token is empty, too long, or not of visible ASCII characters"
        )
    return (("Authorization", f"Bearer {token}"),)
