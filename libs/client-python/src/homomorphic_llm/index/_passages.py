"""Passages: one JSON object in a line, and the same in a record."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .._json_objects import without_twins
from ._errors import IndexInputError

__all__ = ["Passage", "passage_in", "passages_in", "record_of"]


#: What some editors write at the beginning of a file of UTF-8.
_MARK = "\ufeff"


@dataclass(frozen=True)
class Passage:
    """A text that can be found: its name for programs, its title for people, and the text."""

    id: str
    title: str
    text: str


def passages_in(text: str, file: str) -> list[Passage]:
    """Read passages, one JSON object in a line; ``file`` is the name for errors.

    A byte order mark at the beginning does not count. Raises :class:`IndexInputError` for a line
    that is none, for two of one id, and for none at all.
    """
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.removeprefix(_MARK).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            passage = _passage(_loaded(line))
        except (ValueError, RecursionError) as error:
            raise IndexInputError(f"{file}:{number}: {error}") from error
        if passage.id in seen:
            raise IndexInputError(
                f"{file}:{number}: the id {passage.id!r} is that of line {seen[passage.id]} too"
            )
        seen[passage.id] = number
        passages.append(passage)
    if not passages:
        raise IndexInputError(f"{file}: no passages")
    return passages


def record_of(passage: Passage) -> bytes:
    """Return the passage as it lies in a record, without the zeros that fill it up."""
    return json.dumps(asdict(passage), ensure_ascii=False).encode("utf-8")


def passage_in(record: bytes) -> Passage:
    """Read a record that :func:`build_index` made; another one is an :class:`IndexInputError`."""
    try:
        return _passage(_loaded(record.rstrip(b"\0").decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise IndexInputError(f"the record holds no passage: {error}") from error


def _loaded(text: str) -> object:
    if text.startswith(_MARK):
        raise ValueError(
            "a byte order mark inside the file, where another one was appended\n\nhint: remove the "
            "mark (U+FEFF) at the beginning of this line"
        )
    try:
        return json.loads(text, object_pairs_hook=without_twins)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON at column {error.colno}: {error.msg}") from error


def _passage(value: object) -> Passage:
    if not isinstance(value, dict) or set(value) != {"id", "title", "text"}:
        raise ValueError("not an object with id, title and text, and nothing else")
    if not all(isinstance(entry, str) for entry in value.values()):
        raise ValueError("id, title and text are strings")
    try:
        "".join(value.values()).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a lone half of a surrogate pair is no text") from None
    return Passage(**value)
