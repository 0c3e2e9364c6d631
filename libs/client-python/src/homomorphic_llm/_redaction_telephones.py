"""Telephone numbers in rows of digits, whatever else stands in the row: pure functions."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._redaction_dates import date_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["BREAK", "FEWEST", "JOINTS", "ROW", "telephone_spans", "untouched"]

#: What joins groups of digits; dashes that stand between clauses, too, and the dots of bullets.
JOINTS = r"\-./" "\u00b7\u2022\u2027\u2219\u2014\u2015\u2500\u30fc\u2044\u2215"
#: A tab, or the end of a line: a value seldom goes on behind it, so it takes more to believe it.
BREAK = r" {0,3}(?:\t[ \t]{0,3}|\r?\n[ \t]{0,8})"
_GAP = rf"(?:{BREAK}| {{1,3}}(?:[{JOINTS}] {{0,3}})?|[{JOINTS}] {{0,3}})"

#: Groups of digits with what may stand between those of one number. Only the first has a plus.
ROW = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\(\+\d{1,5}\)|\+?(?:\d+|\(\d{1,5}\)))"
    rf"(?:(?:{_GAP}|(?<=\)))\d+|{_GAP}?\(\d{{1,5}}\))*",
    re.ASCII,
)
_GROUP = re.compile(r"\(\+?\d+\)|\+\(\d+\)|\+?\d+", re.ASCII)
#: In a row of such, nothing is a telephone number: 0.25 12.5, or 3.13.0 3.12.11.
_DECIMAL = re.compile(
    r"(?:0|[1-9]\d?)\.\d+|[1-9]\d\d\.(?:\d{1,3}|\d{5,6}|\d{8,})"
    r"|(?:0|[1-9]\d?)(?:\.(?:0|[1-9]\d?)){2,3}",
    re.ASCII,
)
_DOUBTFUL = "\u00b7\u2022\u2027\u2219\u2044\u2215"
_THOUSANDS = re.compile(r"\d{1,2}(?:\.\d{3})+", re.ASCII)
# Digits of a telephone number (E.164).
FEWEST, _MOST = 7, 15
_LONGEST_CODE = 4
#: Of a number whose groups are columns, so that little is taken of columns behind it.
_MOST_OF_COLUMNS = {"+": 12, "0": 10}


@dataclass(frozen=True)
class _Group:
    """Digits in the row, with the plus or the brackets around them, and what is before them."""

    start: int
    end: int
    text: str
    gap: str

    @property
    def digits(self) -> int:
        return len(self.text.strip("+()"))

    @property
    def dials(self) -> bool:
        """Whether a number may begin here as it is dialled."""
        return self.text[0] in "+(" or (self.text[0] == "0" and len(self.text) > 1)

    @property
    def broken(self) -> bool:
        """Whether it may be of another line or column."""
        return any(gap in self.gap for gap in ("\n", "\t", "   "))

    @property
    def doubtful(self) -> bool:
        """Whether what joins it joins other things, too: a product, a fraction."""
        return any(letter in self.gap for letter in _DOUBTFUL)


def untouched(row: str, *, begins: bool, ends: bool) -> tuple[int, int]:
    """Return the part of a row without its first or last group, unless a number may be there.

    With the first group go those that a dot joins to it.
    """
    groups = [match.span() for match in _GROUP.finditer(row)]
    first, last = 0 if begins else 1, len(groups) if ends else len(groups) - 1
    while 0 < first < last and row[groups[first - 1][1] : groups[first][0]] == ".":
        first += 1
    return (groups[first][0], groups[last - 1][1]) if first < last else (0, 0)


def telephone_spans(row: str, *, begins_line: bool) -> list[tuple[int, int]]:
    """Return the parts of a match of :data:`ROW` that are telephone numbers.

    A row that begins a line may be a list of something else, so that less is believed of it.
    """
    found: list[tuple[int, int]] = []
    for part in _parts(row, begins_line=begins_line):
        if sum(group.digits for group in part) <= _MOST:
            found += _whole(row, part)
            continue
        begun = _begun(row, part)
        found += begun
        for rest in _between(part, begun):
            found += _whole(row, rest)
    return sorted(found)


def _parts(row: str, *, begins_line: bool) -> Iterator[Sequence[_Group]]:
    """Part the row where no number goes on: dates, too many digits, most columns and lines."""
    part: list[_Group] = []
    dates = deque(date_spans(row))
    end = 0
    for match in _GROUP.finditer(row):
        group = _Group(match.start(), match.end(), match[0], row[end : match.start()])
        end = match.end()
        while dates and dates[0][1] <= group.start:
            dates.popleft()
        alien = group.digits > _MOST or (dates and dates[0][0] <= group.start)
        if part and (
            alien or (group.broken and not _goes_on(part, group, begins_line=begins_line))
        ):
            yield part
            part = []
        if not alien:
            part.append(group)
    if part:
        yield part


def _goes_on(part: Sequence[_Group], group: _Group, *, begins_line: bool) -> bool:
    """Whether a number goes on in the next column or line: it began, and is too short."""
    first = part[0]
    begun = first.dials and (first.text[0] != "0" or not begins_line or "\n" not in group.gap)
    digits = sum(one.digits for one in part)
    return begun and (digits < FEWEST or _is_cut_everywhere(part, group, digits))


def _is_cut_everywhere(part: Sequence[_Group], group: _Group, digits: int) -> bool:
    """Whether a number has one column, or one line, for each of its short groups."""
    longest = _MOST_OF_COLUMNS.get(part[0].text[0], 0)
    cut = all(one.gap == group.gap for one in part[1:])
    short = part[0].digits <= _LONGEST_CODE
    return cut and short and group.digits > 1 and digits + group.digits <= longest


def _whole(row: str, part: Sequence[_Group]) -> list[tuple[int, int]]:
    """Return the part if all of it is one number."""
    span = part[0].start, part[-1].end
    plain = len(part) == 1 or any(group.doubtful for group in part[1:])
    fits = FEWEST <= sum(group.digits for group in part) <= _MOST
    return (
        [span]
        if fits and (part[0].dials or not plain) and not _are_numbers(row[slice(*span)])
        else []
    )


def _begun(row: str, part: Sequence[_Group]) -> list[tuple[int, int]]:
    """Return what begins as a number does, in a part of too many digits; what overlaps is one."""
    if _are_numbers(row[part[0].start : part[-1].end]):
        return []
    spans: list[tuple[int, int]] = []
    for at, group in enumerate(part):
        ends = [_tight_end(row, part, at)] + ([_longest_end(part, at)] if group.dials else [])
        end = max((one for one in ends if one is not None), default=None)
        if end is not None:
            begin = group.start
            if spans and spans[-1][1] > begin:
                begin, before = spans.pop()
                end = max(end, before)
            spans.append((begin, end))
    return spans


def _between(part: Sequence[_Group], spans: Sequence[tuple[int, int]]) -> Iterator[list[_Group]]:
    """Give the groups that are in no span, those beside each other together."""
    left = deque(spans)
    rest: list[_Group] = []
    for group in part:
        while left and left[0][1] <= group.start:
            left.popleft()
        if left and left[0][0] <= group.start:
            if rest:
                yield rest
            rest = []
        else:
            rest.append(group)
    if rest:
        yield rest


def _are_numbers(text: str) -> bool:
    """Whether there are only decimals, versions and single digits, and not only the latter."""
    words = [word.lstrip("-") for word in text.split()]
    if len(words) == 1:
        return re.fullmatch(r"\d\.\d+", text, re.ASCII) is not None
    dotted = [word for word in words if len(word) > 1]
    return bool(dotted) and all(_DECIMAL.fullmatch(word) for word in dotted)


def _longest_end(part: Sequence[_Group], at: int) -> int | None:
    """Return where the longest number ends that is dialled from a group on."""
    digits, found, last = 0, None, at
    while last < len(part) and (digits := digits + part[last].digits) <= _MOST:
        if digits >= FEWEST:
            found = part[last].end
        last += 1
    return found


def _tight_end(row: str, part: Sequence[_Group], at: int) -> int | None:
    """Return where a number ends that is joined without a space, and that begins with a group."""
    if at > 0 and not _is_space(part[at].gap):
        return None
    digits, last = part[at].digits, at
    while last + 1 < len(part) and not _is_space(part[last + 1].gap) and digits <= _MOST:
        last += 1
        digits += part[last].digits
    joined = row[part[at].start : part[last].end]
    amount = _DECIMAL.fullmatch(joined) or _THOUSANDS.fullmatch(joined)
    fits = last > at and FEWEST <= digits <= _MOST and not amount
    return part[last].end if fits else None


def _is_space(gap: str) -> bool:
    return any(letter.isspace() for letter in gap)
