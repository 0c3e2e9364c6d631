"""Integer arithmetic between the layers: no float, so the result is the same everywhere."""

from __future__ import annotations

from math import isqrt

__all__ = ["attended", "normalised", "rectified"]

#: Norm to which a vector is scaled before a layer; the server takes at most 724.
NORM = 600
#: Bits of the fraction while a root is taken.
_FRACTION = 20
#: A weight of attention is 2^_WEIGHT_BITS for the best position, and halves with every unit below.
_WEIGHT_BITS = 16
#: Logarithm of how much a score of attention counts.
_SHARPNESS = 13


def normalised(vector: list[int]) -> list[int]:
    """Scale a vector to a norm of about 600, rounding towards zero; zero stays zero."""
    root = isqrt(sum(entry * entry for entry in vector) << 2 * _FRACTION)
    if root == 0:
        return [0] * len(vector)
    return [_towards_zero(entry * NORM << _FRACTION, root) for entry in vector]


def rectified(vector: list[int]) -> list[int]:
    """Set what is negative to zero."""
    return [max(0, entry) for entry in vector]


def attended(query: list[int], keys: list[list[int]], values: list[list[int]]) -> list[int]:
    """Return the mean of the values, weighted by a softmax to the base 2 of query times key."""
    scores = [sum(a * b for a, b in zip(query, key)) >> _SHARPNESS for key in keys]
    best = max(scores)
    weights = [(1 << _WEIGHT_BITS) >> min(best - score, _WEIGHT_BITS + 1) for score in scores]
    total = sum(weights)
    mixed = (sum(w * value[at] for w, value in zip(weights, values)) for at in range(len(query)))
    return [_towards_zero(entry, total) for entry in mixed]


def _towards_zero(numerator: int, denominator: int) -> int:
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient
