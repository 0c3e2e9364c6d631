r"""Redaction: what looks like personal data or a secret is replaced before it is sent.

It finds what has a form: e-mail addresses, card numbers, IBANs, telephone numbers, IP addresses,
keys and tokens, whatever spaces, hyphens and digits they are typed with, beside other numbers and
over tabs and lines. It does not find names, places or anything else that only a reader recognises,
nor what is written so that no rule sees it: "ann at example dot org", a telephone number of plain
digits or with commas, credentials of ``Basic`` without the name of their header, the end of a
number that goes on in the next line although seven digits stand before it, a number with 0 that
begins a line of only a few digits.

A secret behind its name goes to its closing quote, a passphrase to the end of its line. Missed are
values of fewer than four characters, further words without quotes, and what looks like code.

What a Latin letter or an underscore touches is mostly part of an identifier, a digest or a version.
It is found where something says that it is not: the escape of a line break before it (a literal
``\n079…``), a word for telephone numbers (``Tel079…``) or a plus, a word without a digit beside a
card of a brand or an IBAN (``card4111…``, ``IBANCH93…``), ``ip`` before an address. The rest is not
found: ``hotel079…``, ``079…abc``, ``node1_4111…``, ``v10.0.0.1``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._plain_form import plain_form
from ._redaction_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._redaction_rules import Rule

__all__ = ["Redaction", "Restorer"]

_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(rule.name for rule in RULES)})_[0-9]{{1,6}}\]")
_LONGEST = max(len(rule.name) for rule in RULES) + len("[_999999]")


class Redaction:
    """Replaces the same value by the same placeholder, in as many texts as it is given.

    ``taken`` are all texts that will be sent: a placeholder that one of them holds already is
    never used, so that no answer is restored wrongly.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {found for text in taken for found in _PLACEHOLDER.findall(text)}
        self._placeholders: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    @property
    def originals(self) -> Mapping[str, str]:
        """Return what each placeholder stands for."""
        return {placeholder: value for (_, value), placeholder in self._placeholders.items()}

    def redact(self, text: str) -> str:
        """Return the text with placeholders such as ``[EMAIL_1]``."""
        for rule in RULES:
            text = self._without(rule, text)
        return text

    def _without(self, rule: Rule, text: str) -> str:
        plain = plain_form(text)
        kept, cut, at = [], 0, 0
        while match := rule.form.search(plain.text, at):
            found = rule.found(match)
            at = found.after
            for start, end in (plain.span(*span) for span in found.spans):
                # A local part may reach back into the address before it.
                begin = max(start, cut)
                kept += [text[cut:begin], self._placeholder(rule.name, text[begin:end])]
                cut = end
        return "".join(kept) + text[cut:]

    def _placeholder(self, name: str, value: str) -> str:
        held = self._placeholders.get((name, value))
        while held is None:
            self._counts[name] = self._counts.get(name, 0) + 1
            made = f"[{name}_{self._counts[name]}]"
            if made not in self._taken:
                held = self._placeholders[name, value] = made
        return held


class Restorer:
    """Puts the originals back into an answer that comes in pieces, cut anywhere."""

    def __init__(self, originals: Mapping[str, str]) -> None:
        self._originals = dict(originals)
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what is certain so far; the start of a possible placeholder is held back."""
        text = self._held + piece
        cut = text.rfind("[")
        whole = cut < 0 or "]" in text[cut:] or len(text) - cut >= _LONGEST
        self._held = "" if whole else text[cut:]
        return self._restored(text if whole else text[:cut])

    def finish(self) -> str:
        """Return what was held back, at the end of the answer."""
        held, self._held = self._held, ""
        return held

    def _restored(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self._originals.get(match[0], match[0]), text)
