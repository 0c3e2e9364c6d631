"""``hlp search``: find passages, and say what the server saw."""

from __future__ import annotations

import sys
import time
import unicodedata
from typing import TYPE_CHECKING

from .._exceptions import InvalidRequestError
from ..index import embedding_named, passage_in, vectors_of
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


def search(client: Client, arguments: argparse.Namespace) -> Result:
    """Embed the query here, search, and fetch the passages that were found, all encrypted."""
    if arguments.embed is None:
        raise InvalidRequestError(
            "no embedding: the query must become a vector on this machine\n\nhint: name the "
            "function that made the index, by --embed module:function or HLP_EMBED"
        )
    query = text_of(arguments.query)
    if not has_content(query):
        raise InvalidRequestError("nothing to search for: the query has no letter, digit or sign")
    start = time.perf_counter()
    vector = vectors_of(embedding_named(arguments.embed), [query], name=arguments.embed)[0]
    embedded = time.perf_counter()
    matrices = client.matrices()
    scores = _scores(matrices, arguments.matrix)
    text = None if arguments.no_text else _records(matrices, scores, arguments.text)
    found = client.search(
        scores.name,
        vector,
        arguments.k,
        hint_epsilon=arguments.hint_epsilon,
        chosen=arguments.chosen,
    )
    searched = time.perf_counter()
    passages = [_passage(client, text, hit.index) for hit in found]
    fetched = time.perf_counter()
    seconds = {
        "embed": embedded - start,
        "search": searched - embedded,
        "fetch": fetched - searched,
    }
    return _result(found, passages, _saw(found, text), seconds)


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
    """Return whether there is a letter, a digit or a sign, such as an emoji, in the text."""
    return any(unicodedata.category(letter)[0] in "LNS" for letter in text)


def _scores(matrices: tuple[MatrixInfo, ...], name: str | None) -> MatrixInfo:
    named = [m for m in matrices if m.kind == "scores" and name in (None, m.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(sorted(m.name for m in matrices if m.kind == "scores")) or "none"
    which = "which matrix?" if name is None else f"no matrix of scores is called {name}:"
    raise InvalidRequestError(f"{which} the server has: {names}\n\nhint: --matrix NAME")


def _records(
    matrices: tuple[MatrixInfo, ...], scores: MatrixInfo, name: str | None
) -> MatrixInfo | None:
    wanted = f"{scores.name}-text" if name is None else name
    found = next((m for m in matrices if m.kind == "records" and m.name == wanted), None)
    if found is None and name is not None:
        raise InvalidRequestError(f"the server has no matrix of records {name}")
    if found is not None and found.records != scores.rows:
        raise InvalidRequestError(
            f"{found.name} has {found.records} records, {scores.name} has {scores.rows} rows"
        )
    return found


def _passage(client: Client, text: MatrixInfo | None, index: int) -> Passage | None:
    return None if text is None else passage_in(client.fetch(text.name, index))


def _saw(found: SearchResult, text: MatrixInfo | None) -> dict[str, object]:
    fetches = 0 if text is None else len(found)
    up, down = (0, 0) if text is None else (text.request_bytes, text.response_bytes)
    return {
        "bytes_up": found.bytes_up + fetches * up,
        "bytes_down": found.bytes_down + fetches * down,
        "requests": 1 + fetches,
        "privacy": found.privacy,
        "content": "ciphertext only" if found.shards is None else "ciphertext and shards",
        "shards": None if found.shards is None else list(found.shards),
    }


def _result(
    found: SearchResult,
    passages: list[Passage | None],
    saw: dict[str, object],
    seconds: dict[str, float],
) -> Result:
    lines = []
    for rank, (hit, passage) in enumerate(zip(found, passages), start=1):
        lines += _lines(rank, hit, passage)
    if all(hit.score <= 0 for hit in found):
        lines.append("none of these passages has anything in common with the query")
    size = f"{amount(int(str(saw['bytes_up'])))} up, {amount(int(str(saw['bytes_down'])))} down"
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
