"""Signs that mean something where no word stands, which punctuation does not."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_sign", "signs_in"]

#: Unicode calls them punctuation, as it does commas and brackets.
_MEANT = "#%&@\u00a7\u00b6\u2020\u2021\u2030\u2031\uff03\uff05\uff06\uff20"
_NEITHER_WORD_NOR_SPACE = re.compile(r"[^\w\s]")


def is_sign(letter: str) -> bool:
    """Return whether a character is a sign, such as ``%``, ``+``, ``€`` or an emoji."""
    return letter in _MEANT or unicodedata.category(letter)[0] == "S"


def signs_in(text: str) -> list[str]:
    """Return the signs of a text, in their order."""
    return [letter for letter in _NEITHER_WORD_NOR_SPACE.findall(text) if is_sign(letter)]
