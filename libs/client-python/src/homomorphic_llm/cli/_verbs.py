"""The other verbs that ask the server."""

from __future__ import annotations

import base64
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from .._exceptions import ClientError
from .._ledger import today
from .._ledger_refusal import day_of
from ..index import IndexInputError, passage_in
from ._output import Result, amount, complain, counted, disclosed, print_warning, write
from ._search import text_of

if TYPE_CHECKING:
    import argparse

    from .._client import Client
    from .._ledger import FileLedger

__all__ = ["ask", "budget", "fetch", "models", "params"]

_TOO_LONG = (
    "the answer is cut: it reached the length that the provider allows\n\n"
    "hint: ask for a shorter answer, or for the rest of it, or allow more by --max-tokens"
)
_FILTERED = (
    "the answer is cut: a filter of the provider took something out\n\nhint: ask in other words"
)
#: What is said of an answer that is not whole, by what the provider calls the reason.
_CUT = {
    "length": _TOO_LONG,
    "max_tokens": _TOO_LONG,
    "model_context_window_exceeded": _TOO_LONG,
    "content_filter": _FILTERED,
    "refusal": _FILTERED,
}


def fetch(client: Client, arguments: argparse.Namespace) -> Result:
    """Fetch a record: a passage where it holds one, else bytes."""
    record = client.fetch(arguments.matrix, arguments.index)
    value: dict[str, object] = {"matrix": arguments.matrix, "index": arguments.index}
    try:
        passage = passage_in(record)
    except IndexInputError:
        text = base64.b64encode(record).decode("ascii")
        return Result((text,), {**value, "base64": text})
    lines = (f"{passage.title} [{passage.id}]", passage.text)
    return Result(lines, {**value, "passage": asdict(passage)})


def ask(client: Client, arguments: argparse.Namespace) -> Result:
    """Chat; for people the answer appears as it comes."""
    prompt = text_of(arguments.prompt)
    with client.chat(
        [{"role": "user", "content": prompt}],
        arguments.model,
        disclose=arguments.disclose,
        redact=not arguments.no_redact,
        options=None if arguments.max_tokens is None else {"max_tokens": arguments.max_tokens},
        api=arguments.api,
    ) as chat:
        pieces: list[str] = []
        try:
            for piece in chat:
                pieces.append(piece)
                if not arguments.json:
                    write(sys.stdout, piece)
                    sys.stdout.flush()
        except (ClientError, KeyboardInterrupt) as error:
            if pieces and not arguments.json:
                sys.stdout.write("\n")  # the error begins a line of its own
            if isinstance(error, KeyboardInterrupt):
                complain(disclosed(chat.disclosed_bytes))
            raise
        except OSError:  # of the output
            complain(disclosed(chat.disclosed_bytes))
            raise
    hidden = sorted(chat.redacted)
    cut = _CUT.get(chat.finish_reason or "")
    if cut is not None:
        if not arguments.json:
            sys.stdout.write("\n")
            sys.stdout.flush()
        print_warning(cut)
    lines = (
        *(("",) if cut is None else ()),
        f"{disclosed(chat.disclosed_bytes)}; " f"redacted: {', '.join(hidden) or 'nothing'}",
    )
    value: dict[str, object] = {
        "text": "".join(pieces),
        "finish_reason": chat.finish_reason,
        "disclosed_bytes": chat.disclosed_bytes,
        "redacted": hidden,
    }
    return Result(lines, value)


def models(client: Client, _: argparse.Namespace) -> Result:
    """Show which models a chat may name."""
    found = client.models()
    lines = [
        f"{model.name} ({model.provider}{', any name of this form' if model.is_glob else ''})"
        for model in found
    ]
    value: dict[str, object] = {"models": [asdict(model) for model in found]}
    return Result(tuple(lines or ["the server has no provider of models"]), value)


def params(client: Client, _: argparse.Namespace) -> Result:
    """Show the parameters of the scheme, and the matrices."""
    found, matrices = client.params(), client.matrices()
    lines = [f"{name}: {_shown(value)}" for name, value in asdict(found).items()]
    for matrix in matrices:
        size = f"{amount(matrix.request_bytes)} up, {amount(matrix.response_bytes)} down"
        shards = f", {counted(len(matrix.shards), 'shard')}" if matrix.shards else ""
        lines.append(
            f"matrix {matrix.name}: {matrix.kind}, {matrix.rows} x {matrix.columns}{shards}, {size}"
        )
    value: dict[str, object] = {
        "params": asdict(found),
        "matrices": [asdict(matrix) for matrix in matrices],
    }
    return Result(tuple(lines), value)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def budget(client: Client, ledger: FileLedger, arguments: argparse.Namespace) -> Result:
    """Show what the ledger of the client counted, and what the server did."""
    own = ledger.report()
    searches = counted(own.queries, "hinted search", "hinted searches")
    lines = [
        f"client: epsilon {own.epsilon:g} of {own.cap:g} spent on {searches} "
        f"(delta {own.delta:g}; {ledger.path})"
    ]
    if own.day > today():
        lines.append(f"the ledger is of {day_of(own.day)}, after the day of the clock")
    value: dict[str, object] = {"client": {**asdict(own), "file": str(ledger.path)}}
    if not arguments.local:
        server = client.budget()
        lines.append(
            f"server: epsilon {server.spent:g} of {server.cap:g} declared by {server.client} on "
            f"{server.day}; {counted(server.disclosed_requests, 'chat')}, "
            f"{counted(server.disclosed_bytes, 'byte')} disclosed"
        )
        value["server"] = asdict(server)
    return Result(tuple(lines), value)
