"""What tells one API of chats from another: its path, its request, and what its answers say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

from ._exceptions import ProtocolError
from ._refusals import error_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Message = Mapping[str, object]

__all__ = ["Form", "Piece", "object_in"]

_BAD_GATEWAY = 502


@dataclass(frozen=True)
class Piece:
    """What an event says, or a whole answer: text, why the answer ends, whether this is its end."""

    text: str = ""
    reason: str | None = None
    last: bool = False


@dataclass(frozen=True)
class Form:
    """One API of chats.

    ``fields`` makes of messages those fields of the request that hold text; ``defaults`` are what
    the options of a caller may change, ``own`` what they may not name.
    """

    path: str
    own: frozenset[str]
    fields: Callable[[Sequence[Message]], dict[str, object]]
    event: Callable[[str], Piece]
    document: Callable[[dict[str, Any]], Piece]
    headers: tuple[tuple[str, str], ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)


def object_in(text: str) -> dict[str, Any]:
    """Return the JSON object of an event or of an answer; raise the refusal that it may be."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON in the answer: {text[:80]!r}") from error
    if not isinstance(value, dict):
        raise ProtocolError(f"not an object in the answer: {text[:80]!r}")
    refusal = error_in(value, _BAD_GATEWAY)
    if refusal is not None:
        raise refusal
    return value
