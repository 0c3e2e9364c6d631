"""Greedy generation, one byte at a time, with what was computed for earlier bytes kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._exceptions import InvalidRequestError
from ._arithmetic import attended, normalised, rectified
from ._weights import CHANNELS, HEADS, LAYERS, embedding_of

if TYPE_CHECKING:
    from ._linear import Linear

__all__ = ["MAX_BYTES", "generate"]

#: Longest text with its prompt. Every byte is nine products, and attends to all before it.
MAX_BYTES = 256

#: Scale of an embedding beside what the layers add.
_EMBEDDING_SCALE = 64


class _Layer:
    """One layer, with the keys and values of all positions so far."""

    def __init__(self, number: int, linear: Linear) -> None:
        self._name = f"hybrid-{number}-"
        self._linear = linear
        self._keys: list[list[int]] = []
        self._values: list[list[int]] = []

    def __call__(self, state: list[int]) -> list[int]:
        state = _sum(state, self._attention(normalised(state)))
        hidden = rectified(self._linear(self._name + "up", normalised(state)))
        return _sum(state, normalised(self._linear(self._name + "down", normalised(hidden))))

    def _attention(self, vector: list[int]) -> list[int]:
        product = self._linear(self._name + "attention", vector)
        query, key, value = (normalised(product[at : at + CHANNELS]) for at in _THIRDS)
        self._keys.append(key)
        self._values.append(value)
        mixed: list[int] = []
        for head in _HEADS:
            keys = [earlier[head] for earlier in self._keys]
            mixed += attended(query[head], keys, [earlier[head] for earlier in self._values])
        return normalised(self._linear(self._name + "output", normalised(mixed)))


def generate(prompt: bytes, count: int, linear: Linear) -> bytes:
    """Return the ``count`` bytes that follow ``prompt``, each the most likely one.

    Every layer is one call of ``linear``: nine for each byte of the prompt and of the result.
    """
    if not prompt:
        raise InvalidRequestError("a prompt has at least one byte")
    if not 0 <= count <= MAX_BYTES - len(prompt):
        raise InvalidRequestError(
            f"a prompt of {len(prompt)} bytes and {count} more: {MAX_BYTES} together is the most"
        )
    layers = [_Layer(number, linear) for number in range(LAYERS)]
    text = bytearray(prompt)
    while len(text) < len(prompt) + count:
        state: list[int] = []
        for position in range(_seen(layers), len(text)):
            state = _embedded(text[position], position)
            for layer in layers:
                state = layer(state)
        scores = linear("hybrid-head", normalised(state))
        text.append(scores.index(max(scores)))
    return bytes(text[len(prompt) :])


def _seen(layers: list[_Layer]) -> int:
    return len(layers[0]._keys)


def _embedded(token: int, position: int) -> list[int]:
    vector = _sum(list(embedding_of("token", token)), list(embedding_of("position", position)))
    return [_EMBEDDING_SCALE * entry for entry in vector]


def _sum(left: list[int], right: list[int]) -> list[int]:
    return [a + b for a, b in zip(left, right)]


_THIRDS = (0, CHANNELS, 2 * CHANNELS)
_HEADS = tuple(
    slice(start, start + CHANNELS // HEADS) for start in range(0, CHANNELS, CHANNELS // HEADS)
)
