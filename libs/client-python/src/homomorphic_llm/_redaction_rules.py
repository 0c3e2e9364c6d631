"""What is redacted: a form for each kind, and a check where the form alone would say too much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Optional

from ._redaction_checks import is_card, is_iban, is_ip_address, is_secret, is_telephone

__all__ = ["RULES", "Rule"]

#: The part of a match that is a value, or none.
Part = Callable[["re.Match[str]"], Optional[str]]


@dataclass(frozen=True)
class Rule:
    """A kind of value: the name of its placeholders, its form, and which part of a match is one."""

    name: str
    form: re.Pattern[str]
    part: Part


def _whole(match: re.Match[str]) -> str:
    return match[0]


def _if(check: Callable[[str], bool]) -> Part:
    """Return the whole match if ``check`` holds."""
    return lambda match: match[0] if check(match[0]) else None


def _longest(check: Callable[[str], bool]) -> Part:
    """Return the longest run of words, or of parts between hyphens, for which ``check`` holds."""

    def part(match: re.Match[str]) -> str | None:
        text = match[0]
        starts = [0, *(at.end() for at in re.finditer("[ -]", text))]
        ends = [*(at.start() for at in re.finditer("[ -]", text)), len(text)]
        runs = [text[start:end] for start in starts for end in ends if start < end]
        return max((run for run in runs if check(run)), key=len, default=None)

    return part


#: In the order in which they are tried: the surer form first.
RULES = (
    Rule(
        "SECRET",
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
            r"[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
            r"|\b(?:sk|pk|rk|gh[oprsu]|github_pat|glpat|xox[abposr]|hf|npm|pypi)[-_][\w-]{16,512}"
            r"|\b(?:AKIA|ASIA|AIza)[\w-]{12,64}"
            r"|\beyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{8,4096}"
            r"|(?<=Bearer )[\w.~+/=-]{16,4096}",
            re.ASCII,
        ),
        _whole,
    ),
    Rule(
        "SECRET",
        re.compile(
            r"(?:password|passwd|passphrase|secret|token|api[_-]?key)[\"']?\s{0,8}[:=]\s{0,8}"
            r"[\"']?([^\s\"',;\[\]]{4,512})",
            re.IGNORECASE,
        ),
        lambda match: match[1],
    ),
    Rule(
        "EMAIL",
        re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])"),
        _whole,
    ),
    Rule(
        "IBAN",
        re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,36}\b", re.ASCII),
        _longest(is_iban),
    ),
    Rule("CARD", re.compile(r"(?<![\w.])\d(?:[ -]?\d){11,24}(?!\w)", re.ASCII), _longest(is_card)),
    Rule(
        "IP",
        re.compile(
            r"(?<![\w.:])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{1,4})?"
            r"(?![\w:])"
            r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)",
            re.ASCII,
        ),
        _if(is_ip_address),
    ),
    Rule(
        "SECRET",
        re.compile(r"(?<![\w/+=-])[\w/+=-]{32,4096}(?![\w/+=-])", re.ASCII),
        _if(is_secret),
    ),
    Rule(
        "PHONE",
        re.compile(
            r"(?<![\w.])\+?(?:\d{1,5}|\(\d{1,5}\))(?:[ ./-]?(?:\d{1,5}|\(\d{1,5}\))){1,8}(?!\w)",
            re.ASCII,
        ),
        _if(is_telephone),
    ),
)
