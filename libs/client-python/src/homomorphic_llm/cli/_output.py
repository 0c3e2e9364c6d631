"""What ``hlp`` prints: text for people, or one JSON object.

Passages, answers and errors come from elsewhere. On a terminal their control characters are shown,
not obeyed; a file or a pipe gets the text as it is.
"""

from __future__ import annotations

import errno
import json
import sys
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

__all__ = [
    "Result",
    "amount",
    "check_output",
    "complain",
    "counted",
    "disclosed",
    "print_error",
    "print_result",
    "print_warning",
    "printable",
    "write",
]

_KIBI = 1_024
#: Lines, tabs, and what joins the parts of an emoji.
_KEPT = "\n\t\u200d"


@dataclass(frozen=True)
class Result:
    """What a verb found: lines for people, and the same as data."""

    lines: tuple[str, ...]
    value: dict[str, object] = field(default_factory=dict)


def print_result(result: Result, *, as_json: bool) -> None:
    """Write the result to standard output."""
    if as_json:
        sys.stdout.write(_json_for(sys.stdout, result.value) + "\n")
    else:
        write(sys.stdout, "\n".join(result.lines) + "\n")


def check_output() -> None:
    """Refuse before anything is asked what nobody would see."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "it is closed", "standard output")


def write(stream: TextIO, text: str) -> None:
    """Write a text; what the stream cannot encode is written as Python writes it."""
    shown = printable(text) if stream.isatty() else text
    encoding = stream.encoding or "utf-8"
    stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))


def _json_for(stream: TextIO, value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    if not stream.isatty():
        return text
    return "".join(letter if _is_shown(letter) else json.dumps(letter)[1:-1] for letter in text)


def print_error(
    code: str, error: object, *, as_json: bool, disclosed_bytes: int | None = None
) -> None:
    """Write the error to standard error, with its hint; a closed one hears nothing.

    ``disclosed_bytes`` is what a chat that failed has disclosed, or ``None`` for all else.
    """
    message, _, hint = str(error).partition("\n\nhint: ")
    if as_json:
        value: dict[str, object] = {"code": code, "message": message, "hint": hint or None}
        if disclosed_bytes is not None:
            value["disclosed_bytes"] = disclosed_bytes
        complain(json.dumps({"error": value}))
    else:
        complain(f"hlp: {error}")
        if disclosed_bytes:
            complain(disclosed(disclosed_bytes))


def print_warning(text: str) -> None:
    """Write to standard error what is done all the same, with its hint as errors have it."""
    complain(f"hlp: warning: {text}")


def complain(text: str) -> None:
    """Write a line to standard error; if nobody hears it, what is done goes on."""
    if sys.stderr is not None:
        with suppress(OSError):
            write(sys.stderr, text + "\n")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, in the plural if that is due."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def disclosed(count: int) -> str:
    """Return what a chat says of so many bytes that left in plaintext."""
    return f"disclosed: {counted(count, 'byte')}"


def amount(count: int) -> str:
    """Return a number of bytes for people."""
    if count < _KIBI:
        return f"{count} B"
    if count < _KIBI**2:
        return f"{count / _KIBI:.1f} KiB"
    return f"{count / _KIBI**2:.1f} MiB"


def printable(text: str) -> str:
    """Return the text without what a terminal obeys, such as control characters."""
    return "".join(letter if _is_shown(letter) else _escaped(letter) for letter in text)


def _is_shown(letter: str) -> bool:
    return letter in _KEPT or letter.isprintable() or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    if letter.isascii():
        return f"\\x{ord(letter):02x}"
    return letter.encode("ascii", "backslashreplace").decode("ascii")
