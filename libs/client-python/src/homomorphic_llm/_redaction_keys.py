"""Secrets by their own form: keys in PEM, and those that begin as their services let them begin."""

from __future__ import annotations

import re

from ._redaction_touching import ESCAPED

__all__ = ["KEYS"]

_MARKER = "-----(?:BEGIN|END) "
#: A private key in PEM, to its end or where another block or the end of the text comes before that.
#: It never reads beyond the next marker, where the next one begins: no character is read for two.
_PRIVATE_KEY = (
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
    rf"(?:(?!{_MARKER})[\s\S]){{0,20000}}"
    rf"(?:-----END [A-Z ]{{0,40}}PRIVATE KEY-----|(?={_MARKER})|\Z)"
)
_SERVICES = "sk|pk|rk|gh[oprsu]|github_pat|glpat|xox[abposr]|hf|npm|pypi"

KEYS = re.compile(
    rf"{_PRIVATE_KEY}"
    rf"|(?:\b|{ESCAPED})(?:(?:{_SERVICES})[-_][\w-]{{16,512}}"
    r"|(?:AKIA|ASIA|AIza)[\w-]{12,64}"
    r"|eyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{8,4096})",
    re.ASCII,
)
