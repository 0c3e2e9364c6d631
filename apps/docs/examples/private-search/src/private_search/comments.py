"""The documentation comments of Rust and Python."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .block import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["python", "rust"]

_RUST = re.compile(r"\s*//[/!] ?(.*)")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\))?")
_MARKUP = re.compile(r"[`*]")
_NAME = re.compile(
    r"\b(?:fn|struct|enum|trait|mod|const|static|type|function|class|interface)\s+(\w+)"
)


def rust(text: str) -> Iterator[Block]:
    """Yield each paragraph of the ``///`` and ``//!`` comments, without their examples."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        match = _RUST.match(line)
        if match:
            lines.append((number, match[1]))
        elif lines and not line.lstrip().startswith("#["):
            yield from _paragraphs(lines, _name(line))
            lines = []


def python(text: str) -> Iterator[Block]:
    """Yield each paragraph of the docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and (docstring := ast.get_docstring(node)):
            first = 1 if isinstance(node, ast.Module) else node.body[0].lineno
            lines = [(first + at, line) for at, line in enumerate(docstring.split("\n"))]
            yield from _paragraphs(lines, getattr(node, "name", ""))


def _name(line: str) -> str:
    match = _NAME.search(line)
    return match[1] if match else ""


def _paragraphs(lines: list[tuple[int, str]], title: str) -> Iterator[Block]:
    paragraph: list[tuple[int, str]] = []
    fenced = False
    for number, line in [*lines, (0, "")]:
        fence = line.strip().startswith("```")
        fenced = fenced != fence
        if fence or fenced or not line.strip() or line.startswith(("    ", "#")):
            if paragraph:
                text = " ".join(part for _, part in paragraph)
                yield Block(_MARKUP.sub("", _LINK.sub(r"\1", text)).strip(), paragraph[0][0], title)
            paragraph = []
        else:
            paragraph.append((number, line))
