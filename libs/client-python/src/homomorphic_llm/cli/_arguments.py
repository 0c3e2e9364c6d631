"""The arguments of ``hlp``."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NoReturn

from .._chat_forms import API_NAMES
from ._output import check_output

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["UsageError", "asks_for_json", "parser"]

_DEFAULT_URL = "http://127.0.0.1:8080"
#: In seconds; sockets do not take any number of them.
_LONGEST_WAIT = 1e6
_DESCRIPTION = """\
Ask a Homomorphic LLM Proxy. Searches and fetches are encrypted: the server sees neither the query
nor what is found. A chat (ask) is plaintext and needs --disclose.

A token is read from HLP_TOKEN, or from the file that --token-file or HLP_TOKEN_FILE names."""
_EPILOG = """\
exit status: 0 done, 2 usage, 3 try again later, 4 the matrix changed, 5 refused, 6 environment"""


class UsageError(Exception):
    """The arguments are those of no verb; ``program`` is ``hlp`` with the verb, if there is one."""

    def __init__(self, message: str, program: str, usage: str) -> None:
        super().__init__(message)
        self.program = program
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise what is wrong, where argparse would print it and end the process."""
        raise UsageError(message, self.prog, self.format_usage())

    def _print_message(self, message: str, file: object = None) -> None:
        """Write --help or --version; argparse would not tell that it cannot be written."""
        del file  # there is only one: errors are raised
        check_output()
        sys.stdout.write(message)
        sys.stdout.flush()


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether ``--json`` is among the options, also if the arguments cannot be read."""
    words = list(arguments)
    return "--json" in words[: words.index("--") if "--" in words else len(words)]


def parser(environment: dict[str, str]) -> argparse.ArgumentParser:
    """Return the parser; defaults come from the environment."""
    top = _Parser(
        "hlp",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"hlp {_version()}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    output = _output()
    asking = [output, _connection(environment)]

    def verb(name: str, summary: str, parents: list[_Parser]) -> _Parser:
        return verbs.add_parser(name, parents=parents, help=summary, allow_abbrev=False)

    _search(verb("search", "find passages", asking), environment)
    _fetch(verb("fetch", "fetch a record", asking))
    _ask(verb("ask", "chat with a provider, in plaintext", asking))
    verb("models", "show the models of chats", asking)
    verb("params", "show parameters and matrices", asking)
    _budget(verb("budget", "show what was spent", asking))
    _index(verb("index", "make the matrices of passages", [output]), environment)
    return top


def _output() -> _Parser:
    group = _Parser(add_help=False)
    group.add_argument("--json", action="store_true", help="print one JSON object")
    return group


def _connection(environment: dict[str, str]) -> _Parser:
    group = _Parser(add_help=False)
    url = environment.get("HLP_URL") or _DEFAULT_URL
    group.add_argument("--url", default=url, help="the server (HLP_URL; now %(default)s)")
    group.add_argument(
        "--token-file",
        default=environment.get("HLP_TOKEN_FILE") or None,
        metavar="FILE",
        help="a file that holds the token (HLP_TOKEN_FILE)",
    )
    group.add_argument("--ca", metavar="FILE", help="certificates to trust instead of the system's")
    group.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="SECONDS", help="longest single wait"
    )
    group.add_argument(
        "--max-time",
        type=_seconds,
        metavar="SECONDS",
        help="longest whole answer, but for that of a chat (ten times --timeout)",
    )
    group.add_argument(
        "--ledger",
        default=environment.get("HLP_LEDGER") or None,
        metavar="FILE",
        help="the file of the privacy ledger (HLP_LEDGER)",
    )
    group.add_argument(
        "--epsilon-per-day", type=_positive, default=12.0, metavar="E", help="cap of the ledger"
    )
    return group


def _embedding(verb: argparse.ArgumentParser, environment: dict[str, str]) -> None:
    verb.add_argument(
        "--embed",
        default=environment.get("HLP_EMBED") or None,
        metavar="MODULE:FUNCTION",
        help="from a list of texts to vectors (HLP_EMBED); homomorphic_llm.index:hashed_words "
        "needs no model",
    )


def _search(verb: argparse.ArgumentParser, environment: dict[str, str]) -> None:
    verb.add_argument("query", metavar="QUERY", help="a text; - reads it from standard input")
    verb.add_argument("-k", type=_count, default=5, help="number of results (%(default)s)")
    verb.add_argument("--matrix", metavar="NAME", help="matrix of scores, if there are several")
    verb.add_argument("--text", metavar="NAME", help="matrix of passages (NAME-text of the other)")
    verb.add_argument("--no-text", action="store_true", help="print numbers and scores only")
    _embedding(verb, environment)
    verb.add_argument(
        "--hint-epsilon",
        type=_positive,
        metavar="E",
        help="search only some shards; the server learns which was right up to this epsilon",
    )
    verb.add_argument(
        "--chosen", type=_count, default=2, help="shards of a hinted search (%(default)s)"
    )


def _fetch(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("matrix", metavar="MATRIX")
    verb.add_argument("index", type=int, metavar="INDEX")


def _ask(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("prompt", metavar="PROMPT", help="a text; - reads it from standard input")
    verb.add_argument("--model", required=True)
    verb.add_argument("--disclose", action="store_true", help="server and provider may read it")
    verb.add_argument("--no-redact", action="store_true", help="send it as it is")
    verb.add_argument(
        "--api",
        choices=API_NAMES,
        default=API_NAMES[0],
        help="that of the model's provider: /v1/chat/completions or /v1/messages (%(default)s)",
    )
    verb.add_argument("--max-tokens", type=_count, metavar="N", help="longest answer of the model")


def _budget(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--local", action="store_true", help="do not ask the server")


def _index(verb: argparse.ArgumentParser, environment: dict[str, str]) -> None:
    verb.add_argument("passages", metavar="PASSAGES", help="JSON lines of id, title and text")
    verb.add_argument("--out", required=True, metavar="FOLDER")
    verb.add_argument("--name", default="handbook", help="name of the matrix (%(default)s)")
    _embedding(verb, environment)
    verb.add_argument("--vectors", metavar="FILE", help=".npy or JSON, a row for each passage")
    verb.add_argument("--scale", type=_positive, default=700.0, help="of rounding (%(default)s)")
    verb.add_argument("--shards", type=_count, default=1, help="for hinted searches")
    verb.add_argument(
        "--longest-passage",
        type=_count,
        metavar="BYTES",
        help="refuse passages that need longer records: all records are as long as the longest",
    )


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"not a number above 0: {text}")
    return value


def _seconds(text: str) -> float:
    value = _positive(text)
    if value > _LONGEST_WAIT:
        raise argparse.ArgumentTypeError(f"more than {_LONGEST_WAIT:g} seconds: {text}")
    return value


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"not a count: {text}")
    return value


def _version() -> str:
    try:
        return version("homomorphic-llm-client")
    except PackageNotFoundError:
        return "of a source folder"
