"""What ``hlp`` prints: text for people, or one JSON object."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field

__all__ = ["Result", "amount", "print_error", "print_result", "printable"]

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
    """Write an error to standard error."""
    message, _, hint = str(error).partition("\n\nhint: ")
    if as_json:
        value = {"error": {"code": code, "message": message, "hint": hint or None}}
        sys.stderr.write(json.dumps(value) + "\n")
    else:
        sys.stderr.write(printable(f"hlp: {error}") + "\n")


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
