"""Markdown, as far as passages need it: paragraphs, list items and table rows below headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .block import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["blocks"]

_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"^\s*([-*+]|\d+\.)\s+")
_RULE = re.compile(r"[|\s:-]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"\*\*|[`*]|<[^>]+>")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page; code, front matter and bare headings are left out."""
    headings: list[str] = []
    lines: list[str] = []
    start, fenced = 1, False
    for number, line in enumerate([*text.split("\n"), ""], 1):
        heading, row = _HEADING.match(line), line.lstrip().startswith("|")
        fence = _FENCE.match(line)
        begins = bool(fence or heading or row or _ITEM.match(line) or not line.strip())
        if begins and not fenced:
            yield from _block(lines, start, headings)
            lines = []
        if fence:
            fenced = not fenced
        elif not fenced and heading:
            headings = [*headings[: len(heading[1]) - 1], _plain(heading[2])]
        elif not fenced and line.strip() and not (row and _RULE.fullmatch(line)):
            start = start if lines else number
            lines.append(_ITEM.sub("", line, count=1))


def _block(lines: list[str], line: int, headings: list[str]) -> Iterator[Block]:
    text = _plain(" ".join(lines)).strip()
    if text and not text.startswith("---"):
        yield Block(text, line, " / ".join(headings))


def _plain(text: str) -> str:
    """Without markup; cells of a table become sentences."""
    cells = [cell.strip() for cell in _LINK.sub(r"\1", text).split("|")]
    return _MARKUP.sub("", ": ".join(cell for cell in cells if cell))
