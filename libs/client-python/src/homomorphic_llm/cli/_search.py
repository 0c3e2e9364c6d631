"""``hlp search``: find passages, and say what the server saw."""

from __future__ import annotations

import sys
import time
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._exceptions import InvalidRequestError
from .._manifest import records_name
from ..index import embedding_named, passage_in, vectors_of
from ..index._signs import is_sign
from ._output import Result, amount

if TYPE_CHECKING:
    import argparse

    from .._client import Client
    from .._resources import MatrixInfo
    from .._search import Hit, SearchResult
    from ..index import Passage

__all__ = ["search", "text_of"]

_LONGEST_QUERY = 1_048_576
_SHOWN = 300
_NO_TEXT = "the text is not UTF-8"


@dataclass(frozen=True)
class _Answer:
    """What was found, with passages where the server has them, and what went over the wire."""

    found: SearchResult
    passages: tuple[Passage, ...] | None
    requests: int
    bytes_up: int
    bytes_down: int


def search(client: Client, arguments: argparse.Namespace) -> Result:
    """Embed the query here, search, and fetch the passages that were found, all encrypted."""
    if arguments.embed is None:
        raise InvalidRequestError(
            "no embedding: the query must become a vector on this machine\n\nhint: name the "
            "function that made the index, by --embed module:function or HLP_EMBED"
        )
    query = text_of(arguments.query)
    if not has_content(query):
        raise InvalidRequestError(
            "nothing to search for: the query is blank, or only punctuation\n\nhint: a query has a "
            "word, a number or a sign such as %"
        )
    start = time.perf_counter()
    vector = vectors_of(embedding_named(arguments.embed), [query], name=arguments.embed)[0]
    embedded = time.perf_counter()
    matrices = client.matrices()
    scores = _scores(matrices, arguments.matrix)
    text = None if arguments.no_text else _records(matrices, scores, arguments.text)
    listed = time.perf_counter()
    hint = {"hint_epsilon": arguments.hint_epsilon, "chosen": arguments.chosen}
    if text is None:
        found = client.search(scores.name, vector, arguments.k, **hint)
        answer = _Answer(found, None, 1, found.bytes_up, found.bytes_down)
        seconds = {"search": time.perf_counter() - embedded, "fetch": 0.0}
    else:
        both = client.retrieve(scores.name, vector, arguments.k, records=text, **hint)
        passages = tuple(map(passage_in, both.records))
        answer = _Answer(both.found, passages, both.requests, both.bytes_up, both.bytes_down)
        search_seconds = listed - embedded + both.search_seconds
        seconds = {"search": search_seconds, "fetch": both.fetch_seconds}
    return _result(answer, {"embed": embedded - start, **seconds})


def text_of(argument: str) -> str:
    """Return the argument, or what standard input holds for ``-``."""
    text = argument
    if argument == "-":
        if sys.stdin is None:
            raise InvalidRequestError("a text from standard input, which is closed")
        try:
            text = sys.stdin.read(_LONGEST_QUERY + 1)
        except UnicodeDecodeError as error:
            raise InvalidRequestError(_NO_TEXT) from error
    if len(text) > _LONGEST_QUERY:
        raise InvalidRequestError(f"the text is longer than {_LONGEST_QUERY} characters")
    # Bytes that are no UTF-8 come as lone surrogates.
    if not text.isascii() and any(unicodedata.category(letter) == "Cs" for letter in text):
        raise InvalidRequestError(_NO_TEXT)
    return text


def has_content(text: str) -> bool:
    """Return whether there is a letter, a digit or a sign, such as ``%`` or an emoji."""
    return any(unicodedata.category(letter)[0] in "LN" or is_sign(letter) for letter in text)


def _scores(matrices: tuple[MatrixInfo, ...], name: str | None) -> MatrixInfo:
    named = [m for m in matrices if m.kind == "scores" and name in (None, m.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(sorted(m.name for m in matrices if m.kind == "scores")) or "none"
    which = "which matrix?" if name is None else f"no matrix of scores is called {name}:"
    raise InvalidRequestError(f"{which} the server has: {names}\n\nhint: --matrix NAME")


def _records(matrices: tuple[MatrixInfo, ...], scores: MatrixInfo, name: str | None) -> str | None:
    """Return the name of the matrix of passages, if there is one."""
    wanted = records_name(scores.name) if name is None else name
    if any(m.kind == "records" and m.name == wanted for m in matrices):
        return wanted
    if name is not None:
        raise InvalidRequestError(f"the server has no matrix of records {name}")
    return None


def _saw(answer: _Answer) -> dict[str, object]:
    found = answer.found
    return {
        "bytes_up": answer.bytes_up,
        "bytes_down": answer.bytes_down,
        "requests": answer.requests,
        "privacy": found.privacy,
        "content": "ciphertext only" if found.shards is None else "ciphertext and shards",
        "shards": None if found.shards is None else list(found.shards),
    }


def _result(answer: _Answer, seconds: dict[str, float]) -> Result:
    found, saw = answer.found, _saw(answer)
    passages = answer.passages or (None,) * len(found)
    lines = []
    for rank, (hit, passage) in enumerate(zip(found, passages), start=1):
        lines += _lines(rank, hit, passage)
    if all(hit.score <= 0 for hit in found):
        lines.append("none of these passages has anything in common with the query")
    size = f"{amount(answer.bytes_up)} up, {amount(answer.bytes_down)} down"
    asked = "" if found.shards is None else f", shards {', '.join(map(str, found.shards))} asked"
    lines.append(f"the server saw: {size}, {saw['content']} ({saw['privacy']}{asked})")
    times = ", ".join(f"{name} {1000 * taken:.0f} ms" for name, taken in seconds.items())
    lines.append(f"time: {times}")
    hits: list[object] = [
        {
            "index": hit.index,
            "score": hit.score,
            "similarity": hit.similarity,
            "passage": None if passage is None else vars(passage),
        }
        for hit, passage in zip(found, passages)
    ]
    value: dict[str, object] = {
        "hits": hits,
        "version": found.version,
        "server_saw": saw,
        "seconds": seconds,
    }
    return Result(tuple(lines), value)


def _lines(rank: int, hit: Hit, passage: Passage | None) -> list[str]:
    score = f"{hit.similarity:.3f}" if hit.similarity is not None else str(hit.score)
    if passage is None:
        return [f"{rank}. {score}  row {hit.index}"]
    text = " ".join(passage.text.split())
    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + " …"
    return [f"{rank}. {score}  {passage.title} [{passage.id}]", f"   {shown}", ""]
