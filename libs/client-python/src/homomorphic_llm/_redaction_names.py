"""Secrets by the names of settings and fields that stand before them; pure forms."""

from __future__ import annotations

import re

from ._redaction_headers import WORD, forms

__all__ = ["QUERIES", "URL_PASSWORD", "WHOLE", "WORDS"]

_KEYS = "(?:secret|private|access|signing|encryption|master|session)"
#: The working folder is called so, too.
_NO_FOLDER = r"(?![\"'`]?\s{0,8}[:=]\s{0,8}[\"'`]?(?:[/~]|[a-z]:\\))"
_NAME = (
    rf"(?:passwor[dt]|passwd|passphrase|kennwort|secret|token|{_KEYS}[ _-]?key(?:[ _-]?base)?"
    rf"|api[ _-]?key|(?:(?<=_)|(?<=--))pass|(?<!old)pwd{_NO_FOLDER})"
)
_PHRASE = r"(?:(?:pass|seed|recovery|secret)[ _-]?phrase|mnemonic)"
_TYPE = (
    r"&?(?:str|bytes|bytearray|string|int|integer|float|number|bool|boolean|none|null|nil"
    r"|undefined|true|false|any|object|unknown|void|never|secretstr|optional|option|union|vec)"
)
#: What is surely no value: a type or a constant of a language, or a call.
_CODE = (
    rf"(?:{_TYPE}[ \t]{{0,8}}(?:[,;)\]}}|=<>&\[]|[\r\n]|\Z)"
    r"|\(?(?:(?:await|new)[ \t]{1,8})?"
    r"(?:(?:[a-z_]\w{0,31}(?:\.|::)){1,4}[a-z_]\w{0,31}|[a-z_]{1,64})"
    r"!?\((?:\)(?!\w)|[a-z_\"'*&][^\r\n]{0,200}\)(?!\w)|[ \t]{0,8}[\r\n]|[{\[]"
    r"|\d{0,9}\)\.[a-z]))"
)
#: Between a name and its value: a type, too, and the quotes or the asterisks around the name.
_IS = (
    r"(?:\\?[\"'`]|\*{1,3})?\s{0,8}"
    rf"(?::\s{{0,8}}{_TYPE}\s{{0,8}}=(?!=)|=>|:=|:(?![:=])|=(?!=))\*{{0,3}}\s{{0,8}}"
)
_PLACEHOLDER = r"(?-i:\[[A-Z]{1,8}_\d)"
#: An escaped quote is part of the value, also where the quotes around it are escaped themselves.
_QUOTED = (
    rf"[bfru@]{{0,2}}(?P<quote>\\?[\"'`])(?!\\?[\"'`])"
    rf"((?:\\{{3}}[\"']|(?!(?P=quote)|{_PLACEHOLDER})(?:\\[^\r\n]|[^\\\r\n])){{4,4096}})(?P=quote)"
)
#: To the end of the line, or of the text of JSON or another language in which the line stands.
_LINE = rf"((?:(?!{_PLACEHOLDER}|\\[nr]|\"\s{{0,8}}(?:[,;)\]}}]|\Z))[^\r\n]){{4,512}})"
_PART = r"[^\s&#\"'<>\[\]]"


#: The last group is the secret, to the end that its quotes, its line or its element say.
WHOLE = forms(
    rf"(?:{_NAME}|{_PHRASE}){_IS}{_QUOTED}",
    rf"{_PHRASE}\*{{0,3}}\s{{0,8}}[:=]\*{{0,3}}[ \t]{{0,8}}(?![\s\"'`]|\\[\"']|{_CODE}){_LINE}",
    rf"<[\w.:-]{{0,64}}(?:{_NAME}|{_PHRASE})[\w.:-]{{0,16}}(?:\s[^<>]{{0,128}})?>"
    rf"((?:(?!{_PLACEHOLDER})[^<>]){{4,4096}})</",
)
#: Values of a URL: they end where the next one begins.
QUERIES = forms(
    rf"(?<=[?&;])[\w.-]{{0,32}}{_NAME}=({_PART}{{4,4096}})",
    rf"(?<=[?&;])key=((?={_PART}{{0,128}}\d){_PART}{{8,4096}}|{_PART}{{20,4096}})",
)
WORDS = forms(rf"{_NAME}{_IS}(?:\\?[\"'`])?(?!{_CODE})({WORD}{{4,512}})")
#: To the last @ of the authority. With a slash in it, it must not be a port and a path.
URL_PASSWORD = re.compile(
    r"://[^\s/@:\[\]]{0,128}:(?!\d{1,5}[/?#])"
    r"((?:[^\s/@\[\]]{1,512}|[^\s@\[\]\"'<>,]{1,512})(?:@[^\s/?#@\[\]]{0,128}(?=@)){0,8})@"
)
