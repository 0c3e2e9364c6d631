"""Answers of the server, read strictly: pure functions from bytes to data or an error."""

from __future__ import annotations

import json
from typing import Any

from ._exceptions import ApiError, ProtocolError
from ._models import Health, Response

__all__ = ["body_of", "health_of"]

_OK = 200


def body_of(response: Response) -> bytes:
    """Return the body of a success; raise :class:`ApiError` for a refusal."""
    if response.status == _OK:
        return response.body
    error = _object(_object(_json(response)).get("error"))
    texts = [error.get(key) for key in ("code", "message", "hint")]
    if not all(isinstance(text, str) for text in texts):
        raise _unexpected(response)
    raise ApiError(response.status, *(str(text) for text in texts))


def health_of(response: Response) -> Health:
    """Return what ``/healthz`` says."""
    body_of(response)
    value = _object(_json(response))
    status, version = value.get("status"), value.get("version")
    rows, columns = value.get("rows"), value.get("columns")
    if not (isinstance(status, str) and isinstance(version, str)):
        raise _unexpected(response)
    if not (type(rows) is int and type(columns) is int):
        raise _unexpected(response)
    return Health(status=status, version=version, rows=rows, columns=columns)


def _json(response: Response) -> object:
    try:
        value: object = json.loads(response.body)
    except ValueError as error:
        raise _unexpected(response) from error
    return value


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _unexpected(response: Response) -> ProtocolError:
    start = response.body[:80]
    return ProtocolError(f"unexpected answer with status {response.status}: {start!r}")
