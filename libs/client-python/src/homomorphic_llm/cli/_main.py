"""From arguments to an exit status; the one place of the command that knows all verbs."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from .._exceptions import ApiError, ClientError
from ._arguments import UsageError, asks_for_json, parser
from ._connect import client_for, ledger_for
from ._exit_status import DONE, INTERRUPTED, USAGE, status_of
from ._index import index
from ._output import check_output, complain, print_error, print_result
from ._search import search
from ._verbs import ask, budget, fetch, models, params

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ._output import Result

__all__ = ["main"]

# Windows has no quotas of this kind.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``hlp`` and return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    as_json = asks_for_json(words)
    result: Result | None = None
    try:
        chosen = _chosen(words)
        if chosen is None:
            return DONE
        check_output()
        result = _run(chosen)
        print_result(result, as_json=chosen.json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads the output has seen enough, as ``head`` does; nothing is left to flush.
        _drop_output()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        _print_usage(error, as_json=as_json)
        return USAGE
    except (ClientError, OSError, ValueError) as error:
        _flush()
        print_error(
            _code(error),
            _message(error),
            as_json=as_json,
            disclosed_bytes=_disclosed(error, result),
        )
        return status_of(error)
    return DONE


def _disclosed(error: Exception, result: Result | None) -> int | None:
    """Return what a chat disclosed that failed, or whose result cannot be written."""
    if isinstance(error, ClientError):
        return error.disclosed_bytes
    count = None if result is None else result.value.get("disclosed_bytes")
    return count if isinstance(count, int) else None


def _chosen(words: Sequence[str]) -> argparse.Namespace | None:
    """Return what the arguments say, or ``None`` after --help and --version, which are written."""
    try:
        return parser(dict(os.environ)).parse_args(words)
    except SystemExit:
        return None


def _print_usage(error: UsageError, *, as_json: bool) -> None:
    if as_json:
        hint = f"{error.program} --help shows what it takes"
        print_error(type(error).__name__, f"{error}\n\nhint: {hint}", as_json=True)
    else:
        complain(f"{error.usage}{error.program}: error: {error}")


def _flush() -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _drop_output()


def _drop_output() -> None:
    """Let what is not written yet go nowhere: Python would fail on it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _message(error: Exception) -> str:
    """Return what went wrong; errors of files without their numbers."""
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{error.filename}: "
        full = error.errno in _FULL and error.filename is not None
        hint = "\n\nhint: make room on that disk, or name a folder on another one" if full else ""
        return f"{place}{error.strerror}{hint}"
    return str(error)


def _run(arguments: argparse.Namespace) -> Result:
    if arguments.verb == "index":
        return index(arguments)
    with client_for(arguments, os.environ) as client:
        if arguments.verb == "budget":
            return budget(client, ledger_for(arguments), arguments)
        return _VERBS[arguments.verb](client, arguments)


def _code(error: Exception) -> str:
    return error.code if isinstance(error, ApiError) else type(error).__name__


_VERBS = {"search": search, "fetch": fetch, "ask": ask, "models": models, "params": params}
