"""A client for the arguments of ``hlp``."""

from __future__ import annotations

import ssl
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .._client import Client
from .._exceptions import InvalidRequestError
from .._ledger import FileLedger
from .._transport import HttpTransport

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["client_for", "ledger_for", "token_for"]

_LONGEST_TOKEN = 8_192


def client_for(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Client:
    """Return a client; a token never comes from the command line, where others could read it."""
    tls = None if arguments.ca is None else ssl.create_default_context(cafile=arguments.ca)
    return Client(
        arguments.url,
        token=token_for(arguments.token_file, environment),
        transport=HttpTransport(arguments.url, arguments.timeout, tls=tls),
        ledger=ledger_for(arguments),
    )


def ledger_for(arguments: argparse.Namespace) -> FileLedger:
    """Return the ledger that the arguments name, or that of the user."""
    return FileLedger(arguments.ledger, epsilon=arguments.epsilon_per_day)


def token_for(file: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the token of the environment or of a file; two of them are an error."""
    token = environment.get("HLP_TOKEN")
    if file is None:
        return token or None
    if token:
        raise InvalidRequestError("a token in HLP_TOKEN and a file of one: which?")
    path = Path(file)
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        sys.stderr.write(f"hlp: warning: others may read {path}\n\nhint: chmod 600 {path}\n")
    with path.open("rb") as opened:
        data = opened.read(_LONGEST_TOKEN + 1)
    if len(data) > _LONGEST_TOKEN:
        raise InvalidRequestError(f"{path} is too long for a token")
    return data.decode("ascii", "replace").strip()
