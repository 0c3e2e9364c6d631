"""What touches a number: a name for such numbers, the escape of a line break, or any word.

Alone a letter beside a number says that it is part of an identifier, a digest, a version. These are
the signs that it is not. Only ASCII counts as touching.
"""

from __future__ import annotations

import re

__all__ = [
    "ESCAPED",
    "begins_freely",
    "behind_iban_label",
    "ends_freely",
    "telephone_begins",
    "telephone_ends",
    "word_before",
    "word_behind",
]

#: Behind the escape of a line break or a tab, as JSON and many languages write it.
ESCAPED = r"(?<=\\[nrt])"

_FREE = re.compile(rf"(?<!\w)|{ESCAPED}", re.ASCII)
_FREE_END = re.compile(r"(?!\w)", re.ASCII)
_LONGEST_WORD = 32
#: A word without a digit, from its beginning or to its end.
_WORD_BEFORE = re.compile(rf"(?<![A-Za-z0-9_])[A-Za-z_]{{1,{_LONGEST_WORD}}}\Z")
_WORD_BEHIND = re.compile(rf"[A-Za-z_]{{1,{_LONGEST_WORD}}}(?![A-Za-z0-9_])")

_TELEPHONES = (
    "telephone|telefono|telefone|telefon|telefax|t\u00e9l\u00e9phone|t\u00e9l|tel"
    "|phone|fon|handy|mobile|mobil|mob|natel|cellphone|celular|cell|gsm|fax|whatsapp|sms|hotline"
)
_HUMPS = "|".join(map(str.capitalize, _TELEPHONES.split("|")))
#: tel, userPhone, phone_number, TEL. NR: not the end of another word, such as hotel.
_TELEPHONE_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z\u00e9])(?i:{_TELEPHONES})|(?<=[a-z])(?:{_HUMPS}))"
    r"(?i:[_ ]?(?:number|nummer|num|nr|no))?(?:_|[.: ]{0,3})\Z"
)
_LONGEST_LABEL = _LONGEST_WORD
_EXTENSION = re.compile(r"[xX][0-9]|[eE]xt")
#: What stands behind a number where a page of contacts lost its blanks.
_CONTACT_BEHIND = re.compile(r"(?i:_?(?:e-?mail|mail|fax|tel|mobil|mob|phone|handy|web|www|http))")
#: Digits of a number with a plus that a word may follow: with fewer it may be an amount.
_FEWEST_OF_PLUS = 9
#: Digits of a number that is dialled with 00; with fewer, or with 000, it is one with zeros before.
_FEWEST_OF_ZEROS = 10


def begins_freely(text: str, at: int) -> bool:
    """Whether no letter, digit or underscore touches what begins here."""
    return _FREE.match(text, at) is not None


def ends_freely(text: str, at: int) -> bool:
    """Whether no letter, digit or underscore touches what ends here."""
    return _FREE_END.match(text, at) is not None


def word_before(text: str, at: int) -> bool:
    """Whether a whole word without a digit ends here."""
    return _WORD_BEFORE.search(text, max(0, at - _LONGEST_WORD), at) is not None


def word_behind(text: str, at: int) -> bool:
    """Whether a whole word without a digit begins here."""
    return _WORD_BEHIND.match(text, at) is not None


def behind_iban_label(text: str, at: int) -> bool:
    """Whether the word before says that this is an IBAN."""
    return text[max(0, at - 5) : at].rstrip("_").lower().endswith("iban")


def telephone_begins(text: str, at: int, row: str) -> bool:
    """Whether the first digits of a row may be those of a telephone number."""
    if begins_freely(text, at) or row.startswith(("+", "(+")):
        return True
    digits = "".join(filter(str.isdigit, row))
    padded = digits.startswith("000") or (
        digits.startswith("00") and len(digits) < _FEWEST_OF_ZEROS
    )
    return not padded and _is_labelled(text, at)


def telephone_ends(text: str, start: int, end: int) -> bool:
    """Whether the last digits of a row, from ``start`` to ``end``, may be those of one."""
    if ends_freely(text, end) or _EXTENSION.match(text, end) or _CONTACT_BEHIND.match(text, end):
        return True
    row = text[start:end]
    sure = row.startswith(("+", "(+")) and sum(map(str.isdigit, row)) >= _FEWEST_OF_PLUS
    return word_behind(text, end) and (sure or _is_labelled(text, start))


def _is_labelled(text: str, at: int) -> bool:
    return _TELEPHONE_BEFORE.search(text, max(0, at - _LONGEST_LABEL), at) is not None
