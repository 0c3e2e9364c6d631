"""Secrets by the names of the headers that stand before them; pure forms."""

from __future__ import annotations

import re

__all__ = ["HEADERS", "NAMED", "WORD", "forms"]

#: Between a name and its value: as a header, a setting, a field, an argument; a quote of JSON may
#: be escaped. A comma counts only behind a quote.
_IS = r"(?:\\?[\"']\s{0,8}(?:=>|[:=,])|\s{0,8}(?:=>|[:=]))\s{0,8}(?:\\?[\"'])?"
_CREDENTIALS = r"[^\s\"',;\[\]\\]"
#: A backslash is part of a password, unless it escapes the quote behind it.
WORD = r"(?:[^\s\"',;\[\]\\]|\\(?![\"']))"
_COOKIE = r"[^\s;,\"'\[\]\\]{1,4096}"
_PAIR = rf"[\w!#$%&*+.^`|~-]{{1,128}}=(?:\"{_COOKIE}\"|{_COOKIE})"


def forms(*texts: str) -> tuple[re.Pattern[str], ...]:
    """Compile what stands behind a name, in whatever case that is written."""
    return tuple(re.compile(text, re.IGNORECASE | re.ASCII) for text in texts)


#: Group 1 is the secret. These come first: of what they hold, other forms would take a part.
HEADERS = forms(
    rf"authorization{_IS}(?:basic|bearer|token|api-?key|negotiate|ntlm)\s{{1,8}}(?!token=)"
    rf"({_CREDENTIALS}{{4,4096}})",
    rf"authorization{_IS}(?=\S{{0,127}}\d)({_CREDENTIALS}{{20,4096}})",
    rf"cookie{_IS}({_PAIR}(?:;\s?{_PAIR}){{0,127}})",
    r"bearer\s{1,8}([\w.~+/=-]{16,4096})",
)
#: Group 1 is the secret, unless it is the first word of one that has a form, such as a key in PEM.
NAMED = forms(
    rf"(?:x-api-key|(?:auth|access|private|csrf|security)-token){_IS}({WORD}{{4,4096}})",
)
