"""What is redacted: a form for each kind, and a check where the form alone would say too much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ._redaction_checks import (
    card_spans,
    iban_end,
    is_card_of_a_brand,
    is_ip_address,
    is_secret,
    strict_iban_end,
)
from ._redaction_dates import date_spans
from ._redaction_headers import HEADERS, NAMED
from ._redaction_keys import KEYS
from ._redaction_names import QUERIES, URL_PASSWORD, WHOLE, WORDS
from ._redaction_telephones import BREAK, FEWEST, JOINTS, ROW, telephone_spans, untouched
from ._redaction_touching import (
    ESCAPED,
    begins_freely,
    behind_iban_label,
    ends_freely,
    telephone_begins,
    telephone_ends,
    word_before,
    word_behind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True)
class Found:
    """What a match holds: the spans of values in the text, and where to look on."""

    spans: Iterable[tuple[int, int]]
    after: int


@dataclass(frozen=True)
class Rule:
    """A kind of value: the name of its placeholders, its form, and which parts of a match are one.

    The form is that of :mod:`._plain_form`.
    """

    name: str
    form: re.Pattern[str]
    found: Callable[[re.Match[str]], Found]


def _group(number: int) -> Callable[[re.Match[str]], Found]:
    """Return a group of the match; 0 is the whole."""
    return lambda match: Found([match.span(number)], match.end())


def _last(match: re.Match[str]) -> Found:
    """Return the last group, without blanks around it."""
    start, end = match.span(match.lastindex or 0)
    value = match.string[start:end]
    end -= len(value) - len(value.rstrip())
    return Found([(start + len(value) - len(value.lstrip()), end)], match.end())


def _word(match: re.Match[str]) -> Found:
    """Return the last group without closing brackets that were opened before it."""
    start, end = match.span(match.lastindex or 0)
    while match.string[end - 1] in _OPENED:
        value = match.string[start:end]
        if value.count(value[-1]) <= value.count(_OPENED[value[-1]]):
            break
        end -= 1
    return Found([(start, end)] if start < end else [], match.end())


def _if(check: Callable[[str], bool]) -> Callable[[re.Match[str]], Found]:
    """Return the whole match if ``check`` holds."""
    return lambda match: Found([match.span()] if check(match[0]) else [], match.end())


def _cards(match: re.Match[str]) -> Found:
    """Look for cards between dates; beside a word only one of a brand counts."""
    text, start, end = match.string, *match.span()
    begins, ends = begins_freely(text, start), ends_freely(text, end)

    def fits(first: int, last: int) -> bool:
        touched_before, touched_behind = first == start and not begins, last == end and not ends
        if not (touched_before or touched_behind):
            return True
        words = (not touched_before or word_before(text, first)) and (
            not touched_behind or word_behind(text, last)
        )
        return words and is_card_of_a_brand(text[first:last])

    spans, begin = [], start
    for date, after in [*date_spans(match[0]), (end - start, end - start)]:
        spans += card_spans(text, begin, start + date, fits)
        begin = start + after
    return Found(spans, end)


def _iban(match: re.Match[str]) -> Found:
    """Look on behind the country, where another IBAN may begin, unless this is one."""
    text, start = match.string, match.start()
    free = begins_freely(text, start)
    end = iban_end(match[0]) if free else None
    if end is None and (free or text[start - 1] == "_" or word_before(text, start)):
        any_case = behind_iban_label(text, start)
        end = strict_iban_end(match[0], any_case=any_case)
    if end is None:
        return Found([], match.end("country"))
    return Found([(start, start + end)], start + end)


def _telephone(match: re.Match[str]) -> Found:
    text, start, end = match.string, *match.span()
    if sum(map(str.isdigit, match[0])) < FEWEST:
        return Found([], end)
    begins = telephone_begins(text, start, match[0])
    first, last = untouched(match[0], begins=begins, ends=telephone_ends(text, start, end))
    start, row = start + first, match[0][first:last]
    before = text[max(0, start - _INDENT) : start].rpartition("\n")[2]
    found = telephone_spans(row, begins_line=not before.strip())
    return Found([(start + a, start + b) for a, b in found], end)


def _address(match: re.Match[str]) -> Found:
    """Return the address with all that may be its local part before the ``@``."""
    text, at = match.string, match.start()
    before = text[max(0, at - _LONGEST_LOCAL) : at]
    if match[0][0] == "%":
        local = _ESCAPED.search(before)
    else:
        local = _QUOTED.search(before) or _LOCAL.search(before)
    if local is None:
        return Found([], match.end())
    return Found([(at - len(before) + local.start("local"), match.end())], match.end())


#: More than the 64 characters that a local part has, for what is written with escapes.
_LONGEST_LOCAL = 128
_QUOTED = re.compile(r'(?P<local>"(?:[^"\\\r\n\[\]]|\\[^\r\n\[\]])+"\Z)')
#: Punctuation is part of it, but hardly ever its start: brackets and marks of a text are.
_LOCAL = re.compile(r"(?P<local>\w[\w.!#$%&'*+/=?^`{|}~-]*|[.!#$%&'*+/=?^`{|}~-]+)\Z")
#: In a URL the letters of an escape before it are not part of it.
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}|(?<![\w.+%-]))(?P<local>[\w.+-]+)\Z", re.ASCII)

_OPENED = {")": "(", "}": "{", ">": "<"}

#: How far to look back for the beginning of a line.
_INDENT = 64
#: A digit before is part of the number, and a dot between digits a decimal one. Whether a letter
#: before is part of what it stands in, the check decides.
_BEGIN = r"(?<!\d)(?<!\d\.)"
_JOINED = rf" ?[{JOINTS}] ?|[_,:|]"
#: What may stand in a card that is broken by a tab or the end of a line.
_GAP = rf"(?:{BREAK}|[ -]{{0,3}})"
#: A card that is typed as lists are, but begins as cards do. With one more group of four digits it
#: is a list.
_LISTED = re.compile(
    rf"(?:(?<!\w)|{ESCAPED})(?<!\d\.)(?<!\d[,:|_])(?<!\d[,:|_] )"
    r"(?:[3-6]\d|2[2-7])\d\d"
    r"(?:( ?[,:|_] )\d{4}\1\d{4}\1\d{4}(?!\1\d{4}(?!\d))|( ?[,:|_] )\d{6}\2\d{5})(?![\w.]\d)(?!\w)",
    re.ASCII,
)

#: In the order in which they are tried: the surer form first.
RULES = (
    *(Rule("SECRET", form, _group(1)) for form in HEADERS),
    *(Rule("SECRET", form, _last) for form in WHOLE),
    Rule("SECRET", KEYS, _group(0)),
    *(Rule("SECRET", form, _group(1)) for form in NAMED),
    # The password of a URL, before what follows it makes it a part of an address.
    Rule("SECRET", URL_PASSWORD, _group(1)),
    *(Rule("SECRET", form, _last) for form in QUERIES),
    *(Rule("SECRET", form, _word) for form in WORDS),
    Rule(
        "EMAIL",
        re.compile(
            r"(?:@|%40)(?:(?:[\w-]{1,63}\.){1,8}(?:xn--[\w-]{2,59}|[^\W\d_]{2,24})"
            r"|\[(?:IPv6:)?[0-9A-Fa-f:.]{3,45}\])"
        ),
        _address,
    ),
    Rule(
        "IBAN",
        re.compile(
            r"(?P<country>[A-Za-z]{2}\d{2})"
            rf"(?:(?:{BREAK}|[ _,:|{JOINTS}]{{0,3}})[A-Za-z0-9]){{11,36}}",
            re.ASCII,
        ),
        _iban,
    ),
    Rule("CARD", re.compile(rf"{_BEGIN}\d(?:[ -]{{0,3}}\d){{11,}}", re.ASCII), _cards),
    Rule(
        "CARD",
        re.compile(
            rf"{_BEGIN}(?:\d{{4}}({_JOINED})\d{{4}}\1\d{{4}}\1\d{{1,7}}"
            rf"|\d{{4}}({_JOINED})\d{{6}}\2\d{{5}})(?![\w.]\d)",
            re.ASCII,
        ),
        _cards,
    ),
    Rule(
        "CARD",
        re.compile(
            rf"{_BEGIN}(?:[3-6]\d|2[2-7])\d\d"
            rf"(?:{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,7}}|{_GAP}\d{{6}}{_GAP}\d{{5}})(?!\d)",
            re.ASCII,
        ),
        _cards,
    ),
    Rule("CARD", _LISTED, _cards),
    Rule(
        "IP",
        re.compile(
            rf"(?:(?<![\w.:])|{ESCAPED})"
            r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{1,4})?(?![\w:])"
            rf"|(?:(?<![\w.])|{ESCAPED}|(?<=(?<![A-Za-z])[Ii][Pp])|(?<=(?<![A-Za-z])[Ii][Pp]_))"
            r"\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)",
            re.ASCII,
        ),
        _if(is_ip_address),
    ),
    Rule(
        "SECRET",
        re.compile(r"(?<![\w/+=-])[\w/+=-]{32,4096}(?![\w/+=-])", re.ASCII),
        _if(is_secret),
    ),
    Rule("PHONE", ROW, _telephone),
)
