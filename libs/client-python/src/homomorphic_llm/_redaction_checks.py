"""Whether a text of the right form is a card number, an IBAN, an address: pure checks."""

from __future__ import annotations

import ipaddress
import re

__all__ = ["is_card", "is_iban", "is_ip_address", "is_secret", "is_telephone"]

_DATE = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([-./])\d{1,2}\2\d{4}(?!\d)")
# Digits of a payment card (ISO/IEC 7812) and of a telephone number (E.164).
_CARD_DIGITS = range(12, 20)
_TELEPHONE_DIGITS = range(7, 16)
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
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_TABLE.split()}


def is_card(value: str) -> bool:
    """Return whether a number has the length and the check digit (Luhn) of a payment card."""
    digits = [int(digit) for digit in _digits(value)]
    if len(digits) not in _CARD_DIGITS:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[::-2])) % 10 == 0


def is_iban(value: str) -> bool:
    """Return whether the length and the check digits are those of an IBAN."""
    plain = value.replace(" ", "")
    if len(plain) not in _IBAN_LENGTH or not re.match("[A-Za-z]{2}[0-9]{2}", plain):
        return False
    if len(plain) != _IBAN_LENGTHS.get(plain[:2].upper(), len(plain)):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def is_ip_address(value: str) -> bool:
    """Return whether the text is an IP address with at least one digit in it."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return value.strip(":") != ""


def is_telephone(value: str) -> bool:
    """Return whether the digits may be a telephone number: not a plain number, not a date."""
    plain = value.isdigit() and not value.startswith("0")
    return len(_digits(value)) in _TELEPHONE_DIGITS and not plain and not _DATE.match(value)


def is_secret(value: str) -> bool:
    """Return whether a long word has letters and digits, as keys and digests do."""
    return bool(re.search("[0-9]", value)) and bool(re.search("[A-Za-z]", value))


def _digits(value: str) -> str:
    return re.sub("[^0-9]", "", value)
