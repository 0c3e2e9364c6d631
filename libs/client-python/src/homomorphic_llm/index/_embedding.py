"""Embeddings: a function from texts to vectors, named by the caller and run on this machine."""

from __future__ import annotations

import hashlib
import importlib
import math
import re
import sys
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from .._entries import entries_of
from ._errors import IndexInputError
from ._signs import signs_in

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Embedding", "embedding_named", "hashed_words", "unit", "vectors_of"]

#: From texts to rows of numbers: lists, or an array of two dimensions.
Embedding = Callable[["list[str]"], Any]
_DIMENSION = 384


def embedding_named(name: str) -> Embedding:
    """Return the function that ``module:function`` names; the current folder is searched too."""
    module_name, separator, attribute = name.partition(":")
    if not (separator and module_name and attribute):
        raise IndexInputError(f"not of the form module:function: {name!r}")
    if str(Path.cwd()) not in sys.path:
        # Last, so that no file of the folder takes the place of an installed module.
        sys.path.append(str(Path.cwd()))
    try:
        found: object = importlib.import_module(module_name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:  # a module of the caller may do anything
        said = _said(error) if isinstance(error, SystemExit) else str(error)
        raise IndexInputError(f"the embedding {name} cannot be loaded: {said}") from error
    if not callable(found):
        raise IndexInputError(f"the embedding {name} is no function")
    return found


def vectors_of(
    embedding: Embedding,
    texts: Sequence[str],
    *,
    name: str | None = None,
    batch: int | None = None,
    told: Callable[[int], None] | None = None,
) -> list[list[float]]:
    """Return one vector of length 1 for each text.

    With ``batch`` the embedding is called for so many texts at a time, the longest first and those
    of like lengths together, and ``told`` after each call with the number of vectors so far. Raises
    :class:`IndexInputError` that names the embedding, and the text whose vector is none.
    """
    called = _name_of(embedding) if name is None else name
    order = list(range(len(texts)))
    if batch is not None:
        order.sort(key=lambda at: -len(texts[at]))
    size = batch or max(1, len(texts))
    found: dict[int, list[float]] = {}
    for start in range(0, max(1, len(texts)), size):
        places = order[start : start + size]
        found.update(zip(places, _some(embedding, [texts[at] for at in places], places, called)))
        if told is not None:
            told(len(found))
    vectors = [found[at] for at in range(len(texts))]
    if any(len(vector) != len(vectors[0]) for vector in vectors):
        raise IndexInputError(f"the embedding {called} made vectors of different lengths")
    return vectors


def _some(
    embedding: Embedding, texts: list[str], places: list[int], called: str
) -> list[list[float]]:
    rows = _rows(embedding, texts, called)
    if len(rows) != len(texts):
        raise IndexInputError(
            f"the embedding {called} made {len(rows)} vectors of {len(texts)} texts"
        )
    return [unit(row, f"{called}: the vector of text {at}") for at, row in zip(places, rows)]


def _rows(embedding: Embedding, texts: list[str], called: str) -> list[Any]:
    try:
        made = embedding(texts)
        if made is not None:
            return entries_of(made)
    except (Exception, SystemExit) as error:  # a function of the caller may do anything
        raise IndexInputError(f"the embedding {called} failed: {_said(error)}") from error
    raise IndexInputError(
        f"the embedding {called} made {type(made).__name__}, not one vector for each text"
    )


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _name_of(embedding: Embedding) -> str:
    name = getattr(embedding, "__qualname__", type(embedding).__qualname__)
    return f"{getattr(embedding, '__module__', '')}:{name}"


def unit(row: Any, what: str) -> list[float]:  # noqa: ANN401 - from any library
    """Return the row divided by its length; ``what`` names it in errors."""
    try:
        values = entries_of(row)
    except TypeError as error:
        raise IndexInputError(f"{what} is no row of numbers but {type(row).__name__}") from error
    if not all(isinstance(value, Real) for value in values):
        raise IndexInputError(f"{what} holds something else than numbers")
    try:
        length = math.hypot(*values)
    except OverflowError:
        length = math.inf
    if not 0 < length < math.inf:
        raise IndexInputError(f"{what} has no direction: its length is {length}")
    return [float(value) / length for value in values]


def hashed_words(texts: list[str]) -> list[list[float]]:
    """Return vectors of 384 numbers that count words and signs, by the hashing trick.

    It needs no model and finds texts that share words, parts of words, or signs such as ``%`` with
    the query; it knows nothing of meaning. For that, name the function of a real embedding model.
    """
    return [_hashed(text) for text in texts]


def _hashed(text: str) -> list[float]:
    vector = [0.0] * _DIMENSION
    for word in [*re.findall(r"\w+", text.lower()), *signs_in(text)]:
        _count(vector, word, 1.0)
        marked = f"<{word}>"
        for at in range(len(marked) - 2):
            _count(vector, marked[at : at + 3], 0.25)
    damped = [math.copysign(math.sqrt(abs(value)), value) for value in vector]
    return damped if any(damped) else [1.0, *damped[1:]]


def _count(vector: list[float], feature: str, weight: float) -> None:
    digest = hashlib.blake2b(feature.encode("utf-8"), digest_size=8).digest()
    number = int.from_bytes(digest, "little")
    vector[number // 2 % _DIMENSION] += weight if number % 2 else -weight
