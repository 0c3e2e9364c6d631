"""A piece of text and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Block"]


@dataclass(frozen=True)
class Block:
    """A text, the number of its first line from 1, and the heading or name that it belongs to."""

    text: str
    line: int
    title: str = ""
