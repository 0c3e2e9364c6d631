"""Refusals of the server: problem documents, and the two shapes of chat errors."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ._exceptions import ApiError, MatrixChangedError
from ._reading import unexpected

if TYPE_CHECKING:
    from ._models import Response

__all__ = ["error_in", "raise_for_status"]

_OK = 200
_PRECONDITION_FAILED = 412
_LATER = (429, 503)


def raise_for_status(response: Response) -> None:
    """Return for a success; raise :class:`ApiError` for a refusal, whatever its shape."""
    if response.status == _OK:
        return
    try:
        value: object = json.loads(response.body)
    except (ValueError, RecursionError):
        value = None
    error = error_in(value, response.status)
    if error is None and response.status in _LATER:
        # Whatever stands in between and says so: a script may ask again.
        error = _of(response.status, _phrase(response.status), "the answer says no more", "")
    raise unexpected(response) if error is None else error


def error_in(value: object, status: int) -> ApiError | None:
    """Return the refusal that a JSON value tells, or ``None`` if it tells none."""
    if not isinstance(value, dict):
        return None
    problem = _texts(value, "code", "detail", "title")
    if "code" in problem and len(problem) > 1:
        message = problem.get("detail") or problem["title"]
        return _of(status, problem["code"], message, _texts(value, "hint").get("hint", ""))
    nested = value.get("error")
    if isinstance(nested, str) and nested:
        return _of(status, _phrase(status), nested, "")
    if isinstance(nested, dict):
        chat = _texts(nested, "code", "type", "message")
        name = chat.get("code") or chat.get("type") or _phrase(status)
        if "message" in chat:
            return _of(status, name, chat["message"], _texts(nested, "hint").get("hint", ""))
    return None


def _phrase(status: int) -> str:
    """Return the name of a status, for refusals that have none of their own."""
    try:
        return HTTPStatus(status).phrase.lower().replace(" ", "_")
    except ValueError:
        return "refused"


def _texts(value: dict[str, Any], *keys: str) -> dict[str, str]:
    return {key: value[key] for key in keys if isinstance(value.get(key), str)}


def _of(status: int, code: str, message: str, hint: str) -> ApiError:
    kind = MatrixChangedError if status == _PRECONDITION_FAILED else ApiError
    return kind(status, code, message, hint)
