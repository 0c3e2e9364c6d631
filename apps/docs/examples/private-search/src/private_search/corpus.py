"""What this repository says about itself, cut into passages.

The words come from the tracked files: paragraphs, list items and table rows of Markdown, and the
documentation comments of Rust and Python. Each passage knows where it stands.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from . import comments, markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["passages_of", "tracked_files", "write"]

LONGEST = 400
"""Bytes of a passage: every one takes as much room in the matrix of records as the longest."""
_SHORTEST = 60
_READERS = {
    ".md": markdown.blocks,
    ".rs": comments.rust,
    ".py": comments.python,
}
_IN_TESTS = re.compile(r"(^|/)(tests?|fixtures|testing)/|\.test\.|/test_")


def tracked_files(root: Path) -> list[str]:
    """Return the paths of the files that git tracks, relative to ``root``, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True  # noqa: S607
    )
    return sorted(path for path in listed.stdout.decode("utf-8").split("\0") if path)


def passages_of(root: Path, paths: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield ``id``, ``title`` and ``text`` of every passage; no text and no id comes twice.

    The id is the path and the line, ``guide.md:7``; what else begins there is ``guide.md:7.2``.
    """
    seen: set[str] = set()
    begun: Counter[str] = Counter()
    for path in paths:
        reader = _READERS.get(PurePosixPath(path).suffix)
        file = root / path
        if reader is None or _IN_TESTS.search(path) or not file.is_file():
            continue
        for block in reader(file.read_text(encoding="utf-8")):
            for text in _pieces(" ".join(block.text.split())):
                if len(text) < _SHORTEST or text in seen:
                    continue
                seen.add(text)
                place = f"{path}:{block.line}"
                begun[place] += 1
                name = place if begun[place] == 1 else f"{place}.{begun[place]}"
                yield {"id": name, "title": block.title or path, "text": text}


def write(passages: Iterable[dict[str, str]], file: Path) -> int:
    """Write one JSON object per line; return how many."""
    lines = [json.dumps(passage, ensure_ascii=False) + "\n" for passage in passages]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes("".join(lines).encode("utf-8"))
    return len(lines)


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text at the ends of its sentences, or at a word where a sentence is too long."""
    piece = ""
    for sentence in re.split(r"(?<=[.!?:;]) ", text):
        for part in _words(sentence):
            joined = f"{piece} {part}".strip()
            if len(joined.encode("utf-8")) > LONGEST:
                yield piece
                joined = part
            piece = joined
    yield piece


def _words(sentence: str) -> Iterator[str]:
    line = ""
    for word in sentence.split(" "):
        joined = f"{line} {word}".strip()
        if line and len(joined.encode("utf-8")) > LONGEST:
            yield line
            joined = word
        line = joined
    yield line.encode("utf-8")[:LONGEST].decode("utf-8", "ignore")
