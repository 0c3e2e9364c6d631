"""The APIs of chats by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._chat_completions import COMPLETIONS
from ._chat_messages import MESSAGES
from ._exceptions import ApiError, InvalidRequestError

if TYPE_CHECKING:
    from ._chat_form import Form

__all__ = ["API_NAMES", "form_named", "with_hint"]

_FORMS = {"completions": COMPLETIONS, "messages": MESSAGES}
API_NAMES = tuple(_FORMS)


def form_named(name: str) -> Form:
    """Return the API of this name."""
    if name not in _FORMS:
        raise InvalidRequestError(f"no API of chats is called {name!r}: {' or '.join(API_NAMES)}")
    return _FORMS[name]


def with_hint(refusal: ApiError) -> ApiError:
    """Return the refusal of a chat; where the server names the API of the model, with a hint."""
    for name, form in _FORMS.items():
        if f"served at {form.path}" in refusal.message:
            hint = f'pass api="{name}" (hlp ask: --api {name})'
            return ApiError(refusal.status, refusal.code, refusal.message, hint)
    return refusal
