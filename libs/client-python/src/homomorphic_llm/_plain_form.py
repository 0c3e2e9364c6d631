"""Texts for the rules of redaction: the same value in the same characters, however it is typed.

Blanks of any kind, those that HTML and JSON write in other characters among them, are a space,
full-width letters and foreign digits are ASCII, hyphens of any kind are a hyphen, and what has no
width (joiners, direction marks, accents of their own) is left out. Every character knows where it
was, so that a value is cut out exactly as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["PlainForm", "plain_form"]

#: Hyphens and dashes that stand between digits; the em dash stands between clauses.
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_WITHOUT_WIDTH = ("Cf", "Mn", "Me", "Mc")
#: Letters and signs by their category that nobody sees.
_BLANKS = "\u2800\u115f\u1160\u3164\uffa0"
#: What stands for one character: blanks of web pages and JSON, its hyphens, the plus of a URL.
_WRITTEN = {
    "blank": r"&(?:nbsp|#160|#x[aA]0|#8239|#x202[fF]);|\\u(?:00[aA]0|2007|2009|202[fF])",
    "hyphen": r"\\u(?:201[0-3]|2212)",
    "plus": "%2[bB](?=[0-9])",
}
_ENTITY = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _WRITTEN.items()))
_SIGNS = {"blank": " ", "hyphen": "-", "plus": "+"}


@dataclass(frozen=True)
class PlainForm:
    """The text that rules read, and the place of each of its characters, or none if all stay."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the plain text is in the text as it was written."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def plain_form(text: str) -> PlainForm:
    """Return the plain form; a text of ASCII is its own, but for what stands for others."""
    # Most texts have none of the signs, and each rule asks.
    signs = any(sign in text for sign in ("&", "%2", "\\u"))
    entities = list(_ENTITY.finditer(text)) if signs else []
    if text.isascii() and not entities:
        return PlainForm(text, None)
    characters = [_plain(character) for character in text]
    for match in entities:
        characters[match.start() : match.end()] = [
            _SIGNS[match.lastgroup or ""],
            *[""] * (len(match[0]) - 1),
        ]
    if all(characters):
        return PlainForm("".join(characters), None)
    places = tuple(at for at, character in enumerate(characters) if character)
    return PlainForm("".join(characters), places)


@lru_cache(maxsize=4_096)
def _plain(character: str) -> str:
    """Return one character, or none for what has no width."""
    if character.isascii():
        return character
    if character in _HYPHENS:
        return "-"
    category = unicodedata.category(character)
    if category in _WITHOUT_WIDTH:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs" or character in _BLANKS:
        return " "
    if category in ("Zl", "Zp"):
        return "\n"
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
