"""The weights: small integers from a fixed seed, the same on every machine."""

from __future__ import annotations

import hashlib
from functools import cache

__all__ = ["CHANNELS", "HEADS", "HIDDEN", "LAYERS", "MATRICES", "embedding_of", "weights_of"]

LAYERS = 2
CHANNELS = 64
HEADS = 4
HIDDEN = 128
TOKENS = 256
#: Largest size of a weight: the norm of a row of 128 is then at most 91, far below the cap.
_LARGEST = 8

#: Names of the matrices of the server, with their rows and columns.
MATRICES = {
    **{
        f"hybrid-{layer}-{part}": shape
        for layer in range(LAYERS)
        for part, shape in (
            ("attention", (3 * CHANNELS, CHANNELS)),
            ("output", (CHANNELS, CHANNELS)),
            ("up", (HIDDEN, CHANNELS)),
            ("down", (CHANNELS, HIDDEN)),
        )
    },
    "hybrid-head": (TOKENS, CHANNELS),
}


@cache
def weights_of(name: str) -> tuple[tuple[int, ...], ...]:
    """Return a matrix, row by row; a name that is none is a :class:`KeyError`."""
    rows, columns = MATRICES[name]
    return _integers(name, rows, columns)


@cache
def embedding_of(kind: str, index: int) -> tuple[int, ...]:
    """Return the vector of a token or of a position; the client looks it up, nobody else does."""
    return _integers(f"{kind}-{index}", 1, CHANNELS)[0]


def _integers(name: str, rows: int, columns: int) -> tuple[tuple[int, ...], ...]:
    stream = hashlib.shake_256(b"homomorphic-llm/hybrid/1/" + name.encode()).digest(rows * columns)
    span = 2 * _LARGEST + 1
    values = [byte % span - _LARGEST for byte in stream]
    return tuple(tuple(values[row * columns : (row + 1) * columns]) for row in range(rows))
