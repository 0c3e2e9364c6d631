"""What ``hlp`` prints: text for people, or one JSON object."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field

__all__ = [
    "Result",
    "amount",
    "complain",
    "counted",
    "print_error",
    "print_result",
    "print_warning",
    "printable",
]

_KIBI = 1_024


@dataclass(frozen=True)
class Result:
    """What a verb found: lines for people, and the same as data."""

    lines: tuple[str, ...]
    value: dict[str, object] = field(default_factory=dict)


def print_result(result: Result, *, as_json: bool) -> None:
    """Write the result to standard output."""
    text = json.dumps(result.value, ensure_ascii=False) if as_json else "\n".join(result.lines)
    sys.stdout.write(printable(text) + "\n")


def print_error(code: str, error: object, *, as_json: bool) -> None:
    """Write the error to standard error, with its hint; a closed one hears nothing."""
    message, _, hint = str(error).partition("\n\nhint: ")
    if as_json:
        value = {"error": {"code": code, "message": message, "hint": hint or None}}
        complain(json.dumps(value))
    else:
        complain(printable(f"hlp: {error}"))


def print_warning(text: str) -> None:
    """Write to standard error what is done all the same, with its hint as errors have it."""
    complain(printable(f"hlp: warning: {text}"))


def complain(text: str) -> None:
    """Write a line to standard error; if nobody hears it, what is done goes on."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(text + "\n")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, in the plural if that is due."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def amount(count: int) -> str:
    """Return a number of bytes for people."""
    if count < _KIBI:
        return f"{count} B"
    if count < _KIBI**2:
        return f"{count / _KIBI:.1f} KiB"
    return f"{count / _KIBI**2:.1f} MiB"


def printable(text: str) -> str:
    """Return the text without control characters: passages and answers come from elsewhere."""
    kept = "\n\t"
    return "".join(
        letter if letter in kept or letter.isprintable() else f"\\x{ord(letter):02x}"
        for letter in text
    )
