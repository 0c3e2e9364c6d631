"""What can be wrong with what an index is made of."""

from __future__ import annotations

from .._exceptions import ClientError

__all__ = ["IndexInputError"]


class IndexInputError(ClientError, ValueError):
    """Passages, vectors or the embedding cannot be used; the message names the place."""
