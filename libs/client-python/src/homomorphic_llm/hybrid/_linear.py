"""The linear layers, in the clear or at the server: the rest of the model cannot tell which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ._weights import weights_of

if TYPE_CHECKING:
    from .._client import Client

__all__ = ["Linear", "over", "plain"]

#: The product of the matrix of that name and a vector.
Linear = Callable[[str, "list[int]"], "list[int]"]


def plain() -> Linear:
    """Return the layers as plain integer products."""

    def product(name: str, vector: list[int]) -> list[int]:
        return [sum(a * b for a, b in zip(row, vector)) for row in weights_of(name)]

    return product


def over(client: Client) -> Linear:
    """Return the layers at a server that has loaded what :func:`write_matrices` wrote."""
    return client.apply
