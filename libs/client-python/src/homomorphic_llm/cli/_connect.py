"""A client for the arguments of ``hlp``."""

from __future__ import annotations

import codecs
import os
import ssl
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .._address import address_of, is_private
from .._client import Client
from .._exceptions import InvalidRequestError
from .._ledger import FileLedger
from .._regular_file import NotRegularError, open_regular
from .._transport import HttpTransport
from ._output import print_warning
from ._secret_paths import unshown

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["client_for", "ledger_for", "token_for"]

_LONGEST_TOKEN = 8_192
#: Waits that a whole answer may take, where --max-time does not say it in seconds.
_WAITS = 10
_HINT_OF_FILE = "--token-file and HLP_TOKEN_FILE name a file; the token itself goes into HLP_TOKEN"
_HINT_OF_CA = "--ca takes the name of a file, not what is in it"


def client_for(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Client:
    """Return a client; a token never comes from the command line, where others could read it."""
    deadline = arguments.max_time or _WAITS * arguments.timeout
    transport = HttpTransport(
        arguments.url, arguments.timeout, deadline=deadline, tls=_trusting(arguments.ca)
    )
    token = token_for(arguments.token_file, environment)
    sends = not getattr(arguments, "local", False)
    if sends and token is not None and not is_private(address_of(arguments.url)):
        print_warning(
            f"the token goes to {arguments.url} unencrypted: who is on the way can read it\n\n"
            "hint: take an https:// address"
        )
    return Client(arguments.url, token=token, transport=transport, ledger=ledger_for(arguments))


def ledger_for(arguments: argparse.Namespace) -> FileLedger:
    """Return the ledger that the arguments name, or that of the user."""
    patience = min(arguments.timeout, arguments.max_time or arguments.timeout)
    return FileLedger(arguments.ledger, epsilon=arguments.epsilon_per_day, patience=patience)


def token_for(file: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the token of the environment or of a file; two of them are an error."""
    token = environment.get("HLP_TOKEN")
    if file is None:
        return token or None
    if token:
        raise InvalidRequestError("a token in HLP_TOKEN and a file of one: which?")
    path = Path(file)
    with unshown(file, "the token", _HINT_OF_FILE):
        opened = _opened(path, "token")
    with opened:
        mode = os.fstat(opened.fileno()).st_mode
        data = opened.read(_LONGEST_TOKEN + 1)
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        print_warning(f"others may read {path}\n\nhint: chmod 600 {path}")
    if len(data) > _LONGEST_TOKEN:
        raise InvalidRequestError(f"{path} is too long for a token")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidRequestError(
            f"{path} holds no token: it begins with a byte order mark of UTF-16\n\n"
            "hint: save it as UTF-8 or ASCII"
        )
    data = data[len(codecs.BOM_UTF8) :] if data.startswith(codecs.BOM_UTF8) else data
    return data.decode("ascii", "replace").strip()


def _trusting(file: str | None) -> ssl.SSLContext | None:
    """Return what trusts the certificates of a file; errors of ``ssl`` do not name it."""
    if file is None:
        return None
    with unshown(file, "certificates", _HINT_OF_CA):
        _opened(Path(file), "certificates").close()
    try:
        return ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise InvalidRequestError(
            f"{file} holds no certificates\n\nhint: --ca takes a file of certificates in PEM form"
        ) from error


def _opened(path: Path, what: str) -> IO[bytes]:
    try:
        return open_regular(path)
    except NotRegularError as error:
        raise InvalidRequestError(f"{path} holds no {what}: {error}") from error
