"""Values that should be paths of files but may be the secret itself: those are not shown."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._exceptions import InvalidRequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["may_be_secret", "unshown"]

_LONGEST_SHOWN = 100
#: A token of the server, a long word without a folder, or base 64, which may have a slash.
_SECRET = re.compile(
    r"hlp_.*|[^\s/\\]{24,}|(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/]{20,}={0,2}"
)


def may_be_secret(value: str) -> bool:
    """Return whether a value that names no file looks like a token or a text, not like a path."""
    return (
        len(value) > _LONGEST_SHOWN
        or not value.isprintable()  # a line break, too
        or _SECRET.fullmatch(value.strip()) is not None
    )


@contextmanager
def unshown(value: str, what: str, hint: str) -> Iterator[None]:
    """Take the value out of an error of opening it, if it may be the secret itself."""
    try:
        yield
    except InvalidRequestError:
        raise  # there is such a path, a folder or a device
    except (OSError, ValueError) as error:
        if not may_be_secret(value):
            raise
        reason = error.strerror if isinstance(error, OSError) else None
        raise InvalidRequestError(
            f"the file of {what} cannot be opened: {reason or 'it is no path'} (the value is not "
            f"shown: it looks like no path)\n\nhint: {hint}"
        ) from None
