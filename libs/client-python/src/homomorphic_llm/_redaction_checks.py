"""Whether a text of the right form is a card number, an IBAN, an address: pure checks."""

from __future__ import annotations

import ipaddress
import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

__all__ = [
    "card_spans",
    "iban_end",
    "is_card_of_a_brand",
    "is_ip_address",
    "is_secret",
    "strict_iban_end",
]

# Digits of a payment card (ISO/IEC 7812).
_CARD_DIGITS = range(12, 20)
#: American Express, Diners Club, those of sixteen digits, and the longest of Visa and others.
_BRANDS = re.compile(
    r"3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:[3-6]\d|2[2-7])\d{14}|[46]\d{18}", re.ASCII
)
#: Twice a digit, its own digits added: what the check of Luhn takes of every other one.
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
# Characters of an IBAN: the shortest and the longest, and those of each country (ISO 13616).
_IBAN_LENGTH = range(15, 35)
_IBAN_TABLE = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22
    BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24
    DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
    FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27
    GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27
    JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20
    LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27
    MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28
    PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31
    SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28
    TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_NUMBERS = {ord(letter): str(int(letter, 36)) for letter in ascii_uppercase}
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_TABLE.split()}


def card_spans(
    text: str, begin: int, stop: int, fits: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    """Return the parts of a row of digits that are payment cards, by length and check digit.

    The row is that from ``begin`` to ``stop``. A part begins and ends where a group of digits does,
    begins with no zero, and ``fits``; parts that overlap are one. Two sums along the row answer the
    check of every part at once, so that a long row takes no longer per digit.
    """
    places = [at for at in range(begin, stop) if text[at].isdigit()]
    even, odd = [0], [0]
    for number, at in enumerate(places):
        digit = int(text[at])
        even.append(even[-1] + (_DOUBLED[digit] if number % 2 else digit))
        odd.append(odd[-1] + (digit if number % 2 else _DOUBLED[digit]))
    starts = [at == 0 or places[at - 1] + 1 < places[at] for at in range(len(places))] + [True]
    spans: list[tuple[int, int]] = []
    for end in range(_CARD_DIGITS[0], len(places) + 1):
        sums = odd if end % 2 == 0 else even
        if not starts[end]:
            continue
        for length in reversed(_CARD_DIGITS):
            start = end - length
            begins = start >= 0 and starts[start] and text[places[start]] != "0"
            if not begins or (sums[end] - sums[start]) % 10 != 0:
                continue
            span = places[start], places[end - 1] + 1
            if fits(*span):
                _add(spans, *span)
                break
    return spans


def _add(spans: list[tuple[int, int]], start: int, end: int) -> None:
    while spans and spans[-1][1] > start:
        start = min(start, spans.pop()[0])
    spans.append((start, end))


def is_card_of_a_brand(value: str) -> bool:
    """Return whether the digits begin as the cards of a brand do and have their number."""
    return _BRANDS.fullmatch("".join(filter(str.isdigit, value))) is not None


def iban_end(value: str) -> int | None:
    """Return where the IBAN ends that the text begins with, or ``None`` if it begins with none."""
    places = [at for at, letter in enumerate(value) if letter.isalnum()]
    known = _IBAN_LENGTHS.get(value[:2].upper())
    for length in reversed(_IBAN_LENGTH) if known is None else (known,):
        whole = len(places) == length or (
            length < len(places) and places[length - 1] + 1 < places[length]
        )
        if whole and _is_iban("".join(value[at] for at in places[:length])):
            return places[length - 1] + 1
    return None


def strict_iban_end(value: str, *, any_case: bool) -> int | None:
    """Return the same for one that a word touches, where chance must not make an IBAN.

    It is of a known country, in capital letters unless ``any_case``; at least half of it is digits;
    a letter may follow its last digit.
    """
    length = _IBAN_LENGTHS.get(value[:2].upper() if any_case else value[:2])
    places = [at for at, letter in enumerate(value) if letter.isalnum()]
    if length is None or len(places) < length:
        return None
    end = places[length - 1] + 1
    plain = "".join(value[at] for at in places[:length])
    behind = value[end : end + 1]
    ends = not behind.isalnum() or (behind.isalpha() and plain[-1].isdigit())
    digits = sum(map(str.isdigit, plain))
    return end if ends and 2 * digits >= length and _is_iban(plain) else None


def _is_iban(plain: str) -> bool:
    return int((plain[4:] + plain[:4]).upper().translate(_NUMBERS)) % 97 == 1


def is_ip_address(value: str) -> bool:
    """Return whether the text is an IP address with at least one digit in it."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return value.strip(":") != ""


def is_secret(value: str) -> bool:
    """Return whether a long word has letters and digits, as keys and digests do."""
    return bool(re.search("[0-9]", value)) and bool(re.search("[A-Za-z]", value))
